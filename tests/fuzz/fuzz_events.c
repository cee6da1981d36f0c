/* SPDX-License-Identifier: Apache-2.0 */
/* A batch of events that is accepted is numbered without gaps and kept. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "core/base/arena.h"
#include "core/json/event_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct rw_arena *arena = rw_arena_open(16 * RW_ARENA_MIB);
    struct rw_error err = { 0 };
    struct event *events = NULL;
    size_t count = 0;
    if (!event_json_read((const char *)bytes, length, arena, &events, &count, &err)) {
        assert(err.code != RW_OK);
    } else {
        assert(count <= EVENT_BATCH_MAX);
        for (size_t i = 1; i < count; i++)
            assert(events[i].seq == events[i - 1].seq + 1);

        const char *first = NULL;
        const char *second = NULL;
        size_t first_length = 0;
        size_t second_length = 0;
        bool done = event_json_write(events, count, arena, &first, &first_length, &err);
        assert(done);
        done = event_json_read(first, first_length, arena, &events, &count, &err) &&
               event_json_write(events, count, arena, &second, &second_length, &err);
        assert(done && first_length == second_length);
        assert(memcmp(first, second, first_length) == 0);
    }
    rw_arena_close(arena);
    return 0;
}
