/* SPDX-License-Identifier: Apache-2.0 */
/* Any table is an error, or rows that can be judged. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/arena.h"
#include "roll-builder/eligibility.h"
#include "roll-builder/intake/csv_orders.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

enum { FUZZ_DAYS = 14, FUZZ_FROM = 20780 }; /* 2026-11-23 */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct rw_zone *zone; /* opening it takes longer than reading */
    struct rw_arena *arena = rw_arena_open(64 * RW_ARENA_MIB);
    struct rw_error err = { 0 };
    struct order_list list = { 0 };
    struct policy policy;
    struct window window = { .from = FUZZ_FROM, .days = FUZZ_DAYS };
    if (zone == NULL && !rw_zone_open("Europe/Amsterdam", &zone, &err))
        abort();
    policy_init(&policy);
    policy.zone = zone;
    bool done = csv_orders_read("fuzz", (const char *)bytes, length, zone, arena, &list, &err);
    assert(done == (err.code == RW_OK));
    for (size_t i = 0; done && i < list.count; i++) {
        struct eligibility verdict;
        struct rw_error judge_err = { 0 };
        assert(strncmp(list.orders[i].pointer, "/row/", 5) == 0);
        if (!eligibility_judge(&list.orders[i], &policy, &window, arena, &verdict, &judge_err))
            assert(judge_err.code == RW_NO_MEMORY || judge_err.code == RW_TOO_LARGE);
        else
            assert(verdict.planned || verdict.reason != NULL);
    }
    rw_arena_close(arena);
    return 0;
}
