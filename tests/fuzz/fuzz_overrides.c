/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes are overrides, or have a fault that the checker tells. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "core/base/arena.h"
#include "roll-builder/overrides.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct rw_arena *arena = rw_arena_open(64 * RW_ARENA_MIB);
    struct rw_error err = { 0 };
    struct rw_error first = { 0 };
    struct json_sheet sheet;
    struct overrides overrides = { 0 };
    struct overrides checked = { 0 };
    const bool done = overrides_read((const char *)bytes, length, arena, &overrides, &err);
    json_sheet_init(&sheet, arena);
    overrides_read_faults((const char *)bytes, length, &sheet, &checked);
    assert(done == (err.code == RW_OK));
    const bool sound = json_sheet_end(&sheet, &first);
    assert(done == sound);
    assert(done || (err.code == first.code && strcmp(err.at, first.at) == 0));
    for (size_t i = 0; done && i < overrides.count; i++) {
        const struct override *row = &overrides.list[i];
        assert(row->client != NULL && row->id != NULL);
        assert(row->by[0] != '\0' && row->why[0] != '\0');
    }
    rw_arena_close(arena);
    return 0;
}
