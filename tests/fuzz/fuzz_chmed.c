/* SPDX-License-Identifier: Apache-2.0 */
/* Any eMediplan is an error, or lines that can be judged. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/arena.h"
#include "roll-builder/eligibility.h"
#include "roll-builder/intake/chmed.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

enum { FUZZ_DAYS = 14, FUZZ_FROM = 20780 }; /* 2026-11-23 */

static void judge(const struct order_list *list, const struct rw_zone *zone, struct rw_arena *arena)
{
    struct policy policy;
    struct window window = { .from = FUZZ_FROM, .days = FUZZ_DAYS };
    policy_init(&policy);
    policy.zone = zone;
    for (size_t i = 0; i < list->count; i++) {
        const struct order *order = &list->orders[i];
        struct eligibility verdict;
        struct rw_error err = { 0 };
        assert(order->pointer != NULL && order->pointer[0] == '/');
        if (!eligibility_judge(order, &policy, &window, arena, &verdict, &err)) {
            assert(err.code == RW_NO_MEMORY || err.code == RW_TOO_LARGE);
            continue;
        }
        assert(verdict.planned || verdict.reason != NULL);
        for (size_t at = 0; at < verdict.intake_count; at++)
            assert(verdict.intakes[at].milli > 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct rw_zone *zone; /* opening it takes longer than reading */
    struct rw_arena *arena = rw_arena_open(64 * RW_ARENA_MIB);
    struct rw_error err = { 0 };
    struct order_list list = { 0 };
    const char *text = (const char *)bytes;
    if (zone == NULL && !rw_zone_open("Europe/Amsterdam", &zone, &err))
        abort();
    bool done = false;
    if (chmed_is_wrapped(text, length)) {
        done = chmed_read_wrapped("fuzz", text, length, zone, arena, &list, &err);
    } else {
        const struct json *root;
        if (json_parse(arena, text, length, &root, &err) && chmed_is(root))
            done = chmed_read("fuzz", root, zone, arena, &list, &err);
    }
    if (done)
        judge(&list, zone, arena);
    rw_arena_close(arena);
    return 0;
}
