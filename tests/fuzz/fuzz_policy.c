/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes are a policy, or have a fault that the checker tells first. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "core/base/arena.h"
#include "core/json/json_sheet.h"
#include "roll-builder/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void check_moments(const struct policy *policy)
{
    for (int32_t day = 0; day < DAYTIMES_DAYS; day++) {
        for (int at = 1; at < DAYTIMES_MOMENTS; at++)
            assert(policy->daytimes.minute[day][at] > policy->daytimes.minute[day][at - 1]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct rw_arena *arena = rw_arena_open(64 * RW_ARENA_MIB);
    struct rw_error err = { 0 };
    struct rw_error first = { 0 };
    struct json_sheet sheet;
    struct policy policy;
    struct policy checked;
    policy_init(&policy);
    policy_init(&checked);
    const bool done = policy_read((const char *)bytes, length, arena, &policy, &err);
    json_sheet_init(&sheet, arena);
    policy_check((const char *)bytes, length, &sheet, &checked);
    assert(done == (err.code == RW_OK));
    const bool sound = json_sheet_end(&sheet, &first);
    assert(done == sound);
    assert(done || (err.code == first.code && strcmp(err.at, first.at) == 0));
    if (done)
        check_moments(&policy);
    rw_arena_close(arena);
    return 0;
}
