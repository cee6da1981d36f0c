/* SPDX-License-Identifier: Apache-2.0 */
/* A schedule that is accepted is written and read again the same. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "core/base/arena.h"
#include "core/json/schedule_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct rw_arena *arena = rw_arena_open(16 * RW_ARENA_MIB);
    struct rw_error err = { 0 };
    struct schedule *schedule = NULL;
    if (!schedule_json_read((const char *)bytes, length, arena, &schedule, &err)) {
        assert(err.code != RW_OK);
    } else {
        const char *first = NULL;
        const char *second = NULL;
        size_t first_length = 0;
        size_t second_length = 0;
        bool done = schedule_json_write(schedule, arena, &first, &first_length, &err);
        assert(done);
        done = schedule_json_read(first, first_length, arena, &schedule, &err) &&
               schedule_json_write(schedule, arena, &second, &second_length, &err);
        assert(done && first_length == second_length);
        assert(memcmp(first, second, first_length) == 0);
    }
    rw_arena_close(arena);
    return 0;
}
