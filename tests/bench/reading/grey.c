/* SPDX-License-Identifier: Apache-2.0 */
/* Writes pictures as grey ones, so that all readers start alike. */
#include <stdio.h>
#include <string.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "verifier/image.h"
#include "verifier/vision.h"

#define ARENA_BYTES (512 * RW_ARENA_MIB)
#define HEADER_MAX 64
#define NAME_MAX_BYTES 32
#define FILE_MODE 0600

/* FOLDER/0.pgm, FOLDER/1.pgm … in the order of the pictures. */
static bool write_grey(const char *folder, int number, const char *file, struct rw_arena *arena,
                       struct rw_error *err)
{
    char *bytes = NULL;
    size_t length = 0;
    struct picture picture;
    char header[HEADER_MAX];
    char name[NAME_MAX_BYTES];
    char path[RW_FILE_PATH_MAX];

    if (!rw_file_read(file, RW_FILE_INPUT_MAX, arena, &bytes, &length, err) ||
        !image_read((const uint8_t *)bytes, length, arena, &picture, err))
        return false;
    int start = snprintf(header, sizeof header, "P5\n%d %d\n255\n", picture.width, picture.height);
    size_t row = (size_t)picture.width;
    size_t total = (size_t)start + row * (size_t)picture.height;
    char *out = rw_arena_alloc(arena, total, err);
    if (out == NULL)
        return false;
    memcpy(out, header, (size_t)start);
    for (int y = 0; y < picture.height; y++)
        memcpy(out + (size_t)start + row * (size_t)y,
               picture.pixels + (ptrdiff_t)y * picture.stride, row);
    (void)snprintf(name, sizeof name, "%d.pgm", number);
    return rw_file_join(path, folder, name, err) && rw_file_write(path, out, total, FILE_MODE, err);
}

int main(int argc, char **argv)
{
    struct rw_error err = { 0 };
    struct rw_arena *arena = rw_arena_open(ARENA_BYTES);
    bool is_good = arena != NULL && argc > 1 && vision_start(&err);

    for (int i = 2; is_good && i < argc; i++) {
        rw_arena_reset(arena);
        is_good = write_grey(argv[1], i - 2, argv[i], arena, &err);
    }
    if (!is_good)
        (void)fprintf(stderr, "grey FOLDER PICTURE...: %s\n", err.text);
    rw_arena_close(arena);
    return is_good ? 0 : 1;
}
