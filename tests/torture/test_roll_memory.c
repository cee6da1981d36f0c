/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that building a roll ends cleanly at any ceiling of memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/json/roll_json.h"
#include "roll-builder/absence.h"
#include "roll-builder/amend.h"
#include "roll-builder/overrides.h"
#include "roll-builder/publish.h"
#include "tests/unit/roll-builder/planned.h"

#define STEP_BYTES 997 /* no divisor of any block: every kind of request is the one that fails */
#define CEILING_MAX (4 * RW_ARENA_MIB)

static const int32_t at_8_and_18[] = { 8, 18 };

/* One whole road: plan, write, read, remake, compare, publish. */
static bool walk(const struct planned *planned, struct rw_arena *arena, struct rw_error *err)
{
    struct roll *roll;
    struct roll *again;
    struct roll *remade;
    struct amendment *amendment;
    struct schedule *schedule;
    const char *bytes;
    size_t length;
    bool blocked;
    const struct made *made = planned->made;
    const struct publish_facts facts = { .dispenser = "d1",
                                         .version = 1,
                                         .client = "p",
                                         .released = "2026-11-20T14:00:00.000Z",
                                         .alarm_after_min = 45,
                                         .roll_key = made->roll_key,
                                         .zone = made->zone };
    if (!plan_roll(&planned->request, arena, &roll, &blocked, err))
        return false;
    assert_false(blocked);
    struct override override = { .client = "c1", .id = "D40", .by = "x", .why = "y" };
    const struct overrides overrides = { &override, 1 };
    struct absence absence;
    const struct absence_request request = {
        .roll = roll, .next = roll, .from = roll->bags[1].at, .to = roll->bags[2].at
    };
    const char *const serial[] = { roll->bags[1].serial };
    return roll_json_write(roll, arena, &bytes, &length, err) &&
           roll_json_read(bytes, length, arena, &again, err) &&
           amend_remake(again, serial, 1, made->pharmacy_key, arena, &remade, err) &&
           amend_compare(roll, remade, arena, &amendment, err) &&
           overrides_apply(&overrides, remade, arena, err) &&
           absence_find(&request, arena, &absence, err) &&
           publish_schedule(remade, &facts, arena, &schedule, err);
}

static void every_ceiling_gives_a_roll_or_a_clean_refusal(void **state)
{
    static struct planned planned;
    struct made *made = *state;
    const struct order *list[PLANNED_ORDERS];
    planned_begin(&planned, made);
    planned.window.days = 3;
    (void)planned_add(&planned, "a", 1000, at_8_and_18, 2);
    (void)planned_add(&planned, "quarter", 250, at_8_and_18, 2);
    (void)planned_add(&planned, "drops", 1000, at_8_and_18, 1);
    for (size_t i = 0; i < planned.count; i++)
        list[i] = &planned.orders[i];
    planned.request.orders = list;
    planned.request.order_count = planned.count;
    bool done = false;
    size_t refusals = 0;
    for (size_t ceiling = 0; !done && ceiling < CEILING_MAX; ceiling += STEP_BYTES) {
        struct rw_error err = { 0 };
        struct rw_arena *arena = rw_arena_open(ceiling);
        assert_non_null(arena);
        done = walk(&planned, arena, &err);
        /* A finding that no memory was left for is one too many: it is never lost in silence. */
        if (!done && err.code != RW_NO_MEMORY && err.code != RW_TOO_LARGE)
            fail_msg("at %zu bytes: %s: %s", ceiling, err.at, err.text);
        refusals += !done;
        rw_arena_close(arena);
    }
    assert_true(done);
    assert_true(refusals > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_ceiling_gives_a_roll_or_a_clean_refusal),
    };
    return cmocka_run_group_tests(tests, made_begin, made_end);
}
