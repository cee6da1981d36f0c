/* SPDX-License-Identifier: Apache-2.0 */
/* Feeds every file of a corpus folder to a fuzz target, in order. */
#define _POSIX_C_SOURCE 200809L

#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { REPLAY_BYTES_MAX = 1 << 20, REPLAY_PATH_MAX = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static int visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* The bytes live in a block of exactly their size, so that reading past them is seen. */
static bool replay_file(const char *path)
{
    static uint8_t buffer[REPLAY_BYTES_MAX];
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return false;
    }
    size_t length = fread(buffer, 1, sizeof buffer, file);
    fclose(file);
    uint8_t *exact = malloc(length > 0 ? length : 1);
    if (exact == NULL)
        return false;
    for (size_t i = 0; i < length; i++)
        exact[i] = buffer[i];
    (void)LLVMFuzzerTestOneInput(exact, length);
    free(exact);
    return true;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s CORPUS\n", argv[0]);
        return 2;
    }
    struct dirent **entries = NULL;
    int count = scandir(argv[1], &entries, visible, alphasort);
    if (count <= 0) {
        fprintf(stderr, "%s: no corpus there\n", argv[1]);
        return 1;
    }
    bool good = true;
    for (int i = 0; i < count; i++) {
        char path[REPLAY_PATH_MAX];
        snprintf(path, sizeof path, "%s/%s", argv[1], entries[i]->d_name);
        good = replay_file(path) && good;
        free(entries[i]);
    }
    free(entries);
    printf("%d inputs replayed\n", count);
    return good ? 0 : 1;
}
