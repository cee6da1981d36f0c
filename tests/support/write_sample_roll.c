/* SPDX-License-Identifier: Apache-2.0 */
/* Writes an invented roll: write_sample_roll SEED DAYS LANGUAGE. */
#include <stdio.h>

#include "core/base/arena.h"
#include "core/base/crypto.h"
#include "core/base/text.h"
#include "core/json/roll_json.h"
#include "tests/support/sample_roll.h"

#define MEMORY_MAX (64 * RW_ARENA_MIB)

static bool run(int argc, char **argv, struct rw_arena *arena, struct rw_error *err)
{
    int64_t seed = 0;
    int64_t days = 0;
    int64_t dpi = 300;
    bool gs1 = argc == 6 && rw_text_equal(argv[5], "gs1");
    if (argc < 4 || argc > 6 || (argc == 6 && !gs1) ||
        (argc > 4 && !rw_text_to_int(argv[4], 203, 600, &dpi)) ||
        !rw_text_to_int(argv[1], 0, INT64_MAX, &seed) || !rw_text_to_int(argv[2], 1, 60, &days))
        return rw_error_set(err, RW_USAGE, "", "usage: sample-roll SEED DAYS nl|en [DPI [gs1]]");
    struct sample_roll_request request = { .seed = (uint64_t)seed,
                                           .days = (int32_t)days,
                                           .dpi = (int32_t)dpi,
                                           .language = argv[3],
                                           .profile = gs1 ? TAG_GS1 : TAG_INTERNAL };
    struct roll *roll = NULL;
    const char *bytes = NULL;
    size_t length = 0;
    if (!rw_crypto_init(err) || !sample_roll_make(&request, arena, &roll, err) ||
        !roll_json_write(roll, arena, &bytes, &length, err))
        return false;
    return fwrite(bytes, 1, length, stdout) == length ||
           rw_error_set(err, RW_UNAVAILABLE, "", "could not write");
}

int main(int argc, char **argv)
{
    struct rw_error err = { 0 };
    struct rw_arena *arena = rw_arena_open(MEMORY_MAX);
    if (arena == NULL || !run(argc, argv, arena, &err))
        fprintf(stderr, "sample-roll: %s%s%s\n", err.at, err.at[0] == '\0' ? "" : ": ", err.text);
    rw_arena_close(arena);
    return rw_error_exit_status(err.code);
}
