/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that a plan is held against the limits of table and policy. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/roll-builder/planned.h"

static const int32_t at_8[] = { 8 };
static const int32_t at_8_and_18[] = { 8, 18 };

static void two_agreements_of_one_treatment_in_one_moment_stop_the_roll(void **state)
{
    struct planned planned;
    bool blocked;
    planned_begin(&planned, *state);
    (void)planned_add(&planned, "a", 1000, at_8_and_18, 2);
    (void)planned_add(&planned, "a", 1000, at_8, 1);
    const struct roll *roll = planned_roll(&planned, &blocked);
    assert_false(blocked); /* two treatments: somebody must look */
    assert_true(planned_has(roll, "D8", "duplicate-substance", RW_OVERRIDABLE));
    planned.orders[1].treatment = planned.orders[0].treatment;
    roll = planned_roll(&planned, &blocked);
    assert_true(blocked);
    assert_true(planned_has(roll, "A18", "duplicate-substance", RW_BLOCKS));
    planned.dosings[1].times[0] = 12 * 60; /* another moment: parallel, as intended */
    roll = planned_roll(&planned, &blocked);
    assert_false(blocked);
}

static void an_order_replaced_by_one_that_gives_nothing_is_told(void **state)
{
    struct planned planned;
    bool blocked;
    planned_begin(&planned, *state);
    (void)planned_add(&planned, "a", 1000, at_8, 1);
    struct order *upper = planned_add(&planned, "a", 1000, at_8, 1);
    planned.orders[0].kind = ORDER_MA;
    upper->links[upper->link_count++] = planned.orders[0].full_id;
    const struct roll *roll = planned_roll(&planned, &blocked);
    assert_false(planned_has(roll, "A18", "replaced-by-nothing", RW_OVERRIDABLE));
    upper->period_end =
        (struct dosing_point){ DOSING_MINUTE, made_at(planned.made, MADE_FROM - 2, 23, 59), 59 };
    roll = planned_roll(&planned, &blocked);
    assert_true(planned_has(roll, "A18", "replaced-by-nothing", RW_OVERRIDABLE));
    assert_false(blocked);
}

static void days_on_which_nothing_stands_for_a_replaced_order_are_told(void **state)
{
    struct planned planned;
    bool blocked;
    planned_begin(&planned, *state);
    (void)planned_add(&planned, "a", 1000, at_8, 1);
    struct order *upper = planned_add(&planned, "a", 1000, at_8, 1);
    planned.orders[0].kind = ORDER_MA;
    planned.orders[0].treatment = upper->treatment;
    upper->links[upper->link_count++] = planned.orders[0].full_id;
    upper->period_end =
        (struct dosing_point){ DOSING_MINUTE, made_at(planned.made, MADE_FROM + 2, 8, 0), 0 };
    const struct roll *roll = planned_roll(&planned, &blocked);
    assert_true(planned_has(roll, "A18", "replaced-in-part", RW_OVERRIDABLE));
    assert_int_equal(planned_milli(roll, "a"), 3000);
    struct order *next = planned_add(&planned, "a", 1000, at_8, 1);
    next->treatment = upper->treatment;
    next->period_start =
        (struct dosing_point){ DOSING_MINUTE, made_at(planned.made, MADE_FROM + 3, 8, 0), 0 };
    roll = planned_roll(&planned, &blocked);
    assert_false(planned_has(roll, "A18", "replaced-in-part", RW_OVERRIDABLE));
    next->status = "on-hold"; /* not in force: it stands for nothing */
    roll = planned_roll(&planned, &blocked);
    assert_true(planned_has(roll, "A18", "replaced-in-part", RW_OVERRIDABLE));
    planned.orders[0].period_end = upper->period_end; /* the replaced one ends too */
    roll = planned_roll(&planned, &blocked);
    assert_false(planned_has(roll, "A18", "replaced-in-part", RW_OVERRIDABLE));
    assert_false(blocked);
}

static void a_weekly_drug_is_never_daily(void **state)
{
    struct planned planned;
    bool blocked;
    planned_begin(&planned, *state);
    (void)planned_add(&planned, "weekly", 1000, at_8, 1);
    const struct roll *roll = planned_roll(&planned, &blocked);
    assert_true(blocked);
    assert_true(planned_has(roll, "D11", "weekly-on-other-days", RW_BLOCKS));
    planned.dosings[0].weekdays = 1u << 2;
    roll = planned_roll(&planned, &blocked);
    assert_false(blocked);
    assert_int_equal(planned_milli(roll, "weekly"), 2000);
    assert_true(planned_has(roll, "D11", "weekly-second-person", RW_OVERRIDABLE));
}

static void halves_and_limits_of_the_table_are_told(void **state)
{
    struct planned planned;
    bool blocked;
    static const int32_t often[] = { 8, 12, 18 };
    planned_begin(&planned, *state);
    (void)planned_add(&planned, "a", 1500, at_8, 1);
    (void)planned_add(&planned, "g", 1000, often, 3);
    (void)planned_add(&planned, "h", 2500, at_8_and_18, 2);
    const struct roll *roll = planned_roll(&planned, &blocked);
    assert_false(blocked);
    assert_true(planned_has(roll, "D39", "not-splittable", RW_OVERRIDABLE));
    assert_true(planned_has(roll, "D39", "half-by-hand", RW_INFORMS));
    assert_true(planned_has(roll, "D25", "gap-too-short", RW_OVERRIDABLE));
    assert_true(planned_has(roll, "D26", "day-maximum", RW_OVERRIDABLE));
    assert_true(planned_has(roll, "D26", "bag-maximum", RW_OVERRIDABLE));
    (void)planned_add(&planned, "light", 1000, at_8, 1);
    assert_true(
        planned_has(planned_roll(&planned, &blocked), "D35", "light-sensitive", RW_OVERRIDABLE));
}

static void nothing_is_taken_after_its_date(void **state)
{
    struct planned planned;
    bool blocked;
    planned_begin(&planned, *state);
    (void)planned_add(&planned, "old", 1000, at_8, 1);
    const struct roll *roll = planned_roll(&planned, &blocked);
    assert_true(blocked);
    assert_true(planned_has(roll, "D36", "use-by-passed", RW_BLOCKS));
    planned.window.days = 3;
    roll = planned_roll(&planned, &blocked);
    assert_false(blocked);
    assert_string_equal(roll->bags[1].use_by, "2026-11-25");
    assert_string_equal(roll->bags[0].use_by, "2026-11-25");
}

static void the_use_by_date_is_the_earliest_of_what_lies_in_the_bag(void **state)
{
    struct planned planned;
    bool blocked;
    planned_begin(&planned, *state);
    planned.window.days = 2;
    (void)planned_add(&planned, "a", 1000, at_8_and_18, 2);
    (void)planned_add(&planned, "old", 1000, at_8, 1);
    const struct roll *roll = planned_roll(&planned, &blocked);
    assert_string_equal(roll->bags[1].use_by, "2026-11-25");
    assert_string_equal(roll->bags[2].use_by, "2027-01-04"); /* 42 days out of the pack */
}

static void more_days_or_bags_than_allowed_stop_the_roll(void **state)
{
    struct planned planned;
    bool blocked;
    planned_begin(&planned, *state);
    (void)planned_add(&planned, "a", 1000, at_8, 1);
    planned.window.days = 29;
    const struct roll *roll = planned_roll(&planned, &blocked);
    assert_true(blocked);
    assert_true(planned_has(roll, "D28", "too-many-days", RW_BLOCKS));
    planned.window.days = 14;
    planned.media.bags_max = 13;
    roll = planned_roll(&planned, &blocked);
    assert_true(blocked);
    assert_true(planned_has(roll, "D28", "too-many-bags", RW_BLOCKS));
    assert_int_equal(roll->bag_count, 0);
}

/* What the roll says of its last day, NULL when it says nothing. */
static const char *last_day(const struct roll *roll)
{
    for (size_t i = 0; i < roll->findings.count; i++) {
        if (strcmp(roll->findings.findings[i].reason, "ends-on-other-day") == 0)
            return roll->findings.findings[i].text;
    }
    return NULL;
}

static void a_roll_of_another_last_day_says_how_many_days_would_do(void **state)
{
    struct planned planned;
    bool blocked;
    planned_begin(&planned, *state);
    (void)planned_add(&planned, "a", 1000, at_8, 1);
    assert_null(last_day(planned_roll(&planned, &blocked)));
    planned.policy.roll_ends_on = 7; /* Monday and thirteen days more */
    assert_null(last_day(planned_roll(&planned, &blocked)));
    planned.policy.roll_ends_on = 1;
    assert_string_equal(last_day(planned_roll(&planned, &blocked)),
                        "the roll ends on another weekday than the policy's; add 1 to its days or "
                        "take off 6 to end on that day");
    planned.window.days = 7;
    planned.policy.roll_ends_on = 6;
    assert_string_equal(last_day(planned_roll(&planned, &blocked)),
                        "the roll ends on another weekday than the policy's; add 6 to its days or "
                        "take off 1 to end on that day");
    planned.window.days = 5; /* no roll has no day */
    planned.policy.roll_ends_on = 7;
    assert_string_equal(last_day(planned_roll(&planned, &blocked)),
                        "the roll ends on another weekday than the policy's; add 2 to its days to "
                        "end on that day");
}

static void more_findings_than_can_be_read_stop_the_roll(void **state)
{
    struct planned planned;
    bool blocked;
    static struct dosing doses[ORDER_DOSINGS_MAX];
    planned_begin(&planned, *state);
    for (size_t i = 0; i < 12; i++) {
        struct order *order = planned_add(&planned, "a", 1000, at_8, 1);
        for (size_t j = 0; j < ORDER_DOSINGS_MAX; j++) {
            doses[j] = planned.dosings[0];
            doses[j].as_needed = j > 0; /* each of these tells a finding */
        }
        order->dosings = doses;
        order->dosing_count = ORDER_DOSINGS_MAX;
    }
    const struct roll *roll = planned_roll(&planned, &blocked);
    assert_true(blocked);
    assert_int_equal(roll->findings.count, RW_DIAG_FINDINGS_MAX);
    assert_true(planned_has(roll, "D2", "too-many-findings", RW_BLOCKS));
    assert_int_equal(roll->bag_count, 0);
}

static void a_client_beyond_a_ceiling_is_blocked_and_no_error(void **state)
{
    struct planned planned;
    bool blocked;
    planned_begin(&planned, *state);
    (void)planned_add(&planned, "a", 600000000, at_8, 1); /* more bags in a moment than can be */
    const struct roll *roll = planned_roll(&planned, &blocked);
    assert_true(blocked);
    assert_true(planned_has(roll, "D2", "too-large", RW_BLOCKS));
    assert_int_equal(roll->bag_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_agreements_of_one_treatment_in_one_moment_stop_the_roll),
        cmocka_unit_test(an_order_replaced_by_one_that_gives_nothing_is_told),
        cmocka_unit_test(days_on_which_nothing_stands_for_a_replaced_order_are_told),
        cmocka_unit_test(a_weekly_drug_is_never_daily),
        cmocka_unit_test(halves_and_limits_of_the_table_are_told),
        cmocka_unit_test(nothing_is_taken_after_its_date),
        cmocka_unit_test(the_use_by_date_is_the_earliest_of_what_lies_in_the_bag),
        cmocka_unit_test(more_days_or_bags_than_allowed_stop_the_roll),
        cmocka_unit_test(a_roll_of_another_last_day_says_how_many_days_would_do),
        cmocka_unit_test(more_findings_than_can_be_read_stop_the_roll),
        cmocka_unit_test(a_client_beyond_a_ceiling_is_blocked_and_no_error),
    };
    return cmocka_run_group_tests(tests, made_begin, made_end);
}
