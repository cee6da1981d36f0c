/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes give an error or orders, each with its intakes or a reason. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "core/base/arena.h"
#include "core/base/zone.h"
#include "roll-builder/eligibility.h"
#include "roll-builder/intake/intake.h"
#include "roll-builder/policy.h"

#define WINDOW_FROM 20780 /* 2026-11-23 */
#define WINDOW_DAYS 30

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void check_intakes(const struct eligibility *verdict, const struct window *window)
{
    for (size_t i = 0; i < verdict->intake_count; i++) {
        const struct intake *intake = &verdict->intakes[i];
        assert(intake->milli > 0 && intake->milli % 500 == 0);
        assert(intake->at.wall.day >= window->from);
        assert(intake->at.wall.day < window->from + window->days);
        assert(intake->dosing < verdict->order->dosing_count);
        if (i > 0)
            assert(rw_stamp_utc_minute(verdict->intakes[i - 1].at) <=
                   rw_stamp_utc_minute(intake->at));
    }
}

static void check_order(const struct order *order, const struct policy *policy,
                        struct rw_arena *arena)
{
    const struct window window = { .from = WINDOW_FROM, .days = WINDOW_DAYS };
    struct eligibility verdict = { 0 };
    struct rw_error err = { 0 };
    assert(order->pointer != NULL);
    if (!eligibility_judge(order, policy, &window, arena, &verdict, &err)) {
        assert(err.code == RW_NO_MEMORY);
        return;
    }
    assert(verdict.planned == (verdict.reason == NULL));
    assert(verdict.planned || (verdict.intake_count == 0 && verdict.reason_pointer != NULL));
    assert(verdict.planned == (verdict.destination != ORDER_EXCLUDED));
    check_intakes(&verdict, &window);
}

static void check_same(const char *one, const char *other)
{
    assert((one == NULL) == (other == NULL));
    assert(one == NULL || strcmp(one, other) == 0);
}

/* A first look finds the lines of the whole reading, whose they are, and its faults. */
static void check_look(const char *bytes, size_t length, const struct rw_zone *zone,
                       const struct order_list *list, const struct rw_error *cause)
{
    struct rw_arena *arena = rw_arena_open(64 * RW_ARENA_MIB);
    struct order_list heads = { 0 };
    struct rw_error err = { 0 };
    const bool done = intake_look("input", bytes, length, zone, arena, &heads, &err);
    const bool starved = cause->code == RW_NO_MEMORY || err.code == RW_NO_MEMORY;
    assert(starved || done == (cause->code == RW_OK));
    if (!done && !starved)
        assert(err.code == cause->code && strcmp(err.text, cause->text) == 0);
    assert(!done || starved || heads.count == list->count);
    for (size_t i = 0; done && !starved && i < list->count; i++) {
        const struct order *head = &heads.orders[i];
        const struct order *order = &list->orders[i];
        assert(head->kind == order->kind);
        check_same(head->resource, order->resource);
        check_same(head->id, order->id);
        check_same(head->pointer, order->pointer);
        check_same(head->client.id, order->client.id);
    }
    rw_arena_close(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct rw_zone *zone;
    struct rw_error err = { 0 };
    if (zone == NULL && !rw_zone_open("Europe/Amsterdam", &zone, &err))
        return 0;
    struct policy policy;
    policy_init(&policy);
    policy.zone = zone;
    struct rw_arena *arena = rw_arena_open(64 * RW_ARENA_MIB);
    struct order_list list = { 0 };
    if (!intake_read("input", (const char *)bytes, length, zone, arena, &list, &err)) {
        assert(err.code != RW_OK && err.text[0] != '\0');
    } else {
        assert(list.count > 0);
        for (size_t i = 0; i < list.count; i++)
            check_order(&list.orders[i], &policy, arena);
    }
    check_look((const char *)bytes, length, zone, &list, &err);
    rw_arena_close(arena);
    return 0;
}
