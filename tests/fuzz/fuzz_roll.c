/* SPDX-License-Identifier: Apache-2.0 */
/* A roll file that is accepted is written and read again. */
#include <assert.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/json/roll_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct rw_arena *arena = rw_arena_open(32 * RW_ARENA_MIB);
    struct rw_error err = { 0 };
    struct roll *roll = NULL;
    if (!roll_json_read((const char *)bytes, length, arena, &roll, &err)) {
        assert(err.code != RW_OK);
    } else {
        assert(roll_balances(&roll->audit));
        const char *written = NULL;
        size_t written_length = 0;
        bool done = roll_json_write(roll, arena, &written, &written_length, &err);
        assert(done);
        struct roll *again = NULL;
        done = roll_json_read(written, written_length, arena, &again, &err);
        assert(done && again->bag_count == roll->bag_count);
    }
    rw_arena_close(arena);
    return 0;
}
