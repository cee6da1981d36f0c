/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever file is given as a picture, reading its symbols ends. */
#include <assert.h>
#include <math.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "verifier/decode.h"
#include "verifier/image.h"
#include "verifier/reader.h"
#include "verifier/vision.h"

#define PIXELS_MAX 20000 /* larger ones are only slow */
#define ATTEMPTS_MAX 6   /* of a picture: more of the same */
#define ARENA_BYTES (256 * RW_ARENA_MIB)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* Opened once: its worker must outlive every picture. */
static struct reader *the_reader(void)
{
    static struct rw_arena *arena;
    static struct reader *reader;
    static struct decode *decode;

    if (reader == NULL) {
        arena = rw_arena_open(ARENA_BYTES);
        bool is_open = arena != NULL && decode_open(arena, &decode, NULL) && vision_start(NULL) &&
                       reader_open(decode, arena, &reader, NULL);
        assert(is_open);
    }
    return reader;
}

static void expect_sound(const struct reading *reading)
{
    const struct symbology *size = symbology_get(reading->grid.size);
    assert(reading->length > 0 && reading->length <= MESSAGE_BYTES_MAX);
    assert(reading->unused >= 2 && reading->errors >= 0);
    assert(reading->errors <= size->check_words / 2);
    for (int i = 0; i < 4; i++)
        assert(isfinite(reading->grid.quad.corner[i].x) &&
               isfinite(reading->grid.quad.corner[i].y));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    const struct reader_limits limits = { .small = READER_SMALL_ALL,
                                          .thorough = true,
                                          .attempts_max = ATTEMPTS_MAX };
    struct reader *reader = the_reader();
    struct image_header header;
    struct picture picture;
    struct readings readings;

    if (!image_header_read(bytes, length, &header, NULL) ||
        header.width * header.height > PIXELS_MAX)
        return 0;
    struct rw_arena *arena = rw_arena_open(ARENA_BYTES);
    assert(arena != NULL);
    if (image_read(bytes, length, arena, &picture, NULL)) {
        bool is_read = reader_read(reader, &picture, &limits, arena, &readings, NULL);
        assert(is_read && readings.attempts <= ATTEMPTS_MAX);
        for (size_t i = 0; i < readings.count; i++)
            expect_sound(&readings.readings[i]);
    }
    rw_arena_close(arena);
    return 0;
}
