/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that a period too long for one roll becomes several. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "roll-builder/series.h"
#include "tests/unit/roll-builder/planned.h"

static const int32_t at_6_times[] = { 6, 8, 12, 15, 18, 22 };

static const char *take(void *self, size_t part, struct rw_arena *arena, struct rw_error *err)
{
    (void)self;
    return rw_arena_format(arena, err, "24000018%zu", part);
}

static struct series plan(struct planned *planned)
{
    struct series series = { 0 };
    struct rw_error err = { 0 };
    bool blocked;
    const struct series_numbers numbers = { NULL, take };
    (void)planned_roll(planned, &blocked); /* puts the orders into the request */
    if (!series_plan(&planned->request, &numbers, planned->made->arena, &series, &err))
        fail_msg("%s: %s", err.at, err.text);
    return series;
}

static void a_period_that_fits_stays_one_roll(void **state)
{
    struct planned planned;
    planned_begin(&planned, *state);
    (void)planned_add(&planned, "a", 1000, at_6_times, 6);
    const struct series series = plan(&planned);
    assert_false(series.blocked);
    assert_int_equal(series.count, 1);
    assert_int_equal(series.rolls[0]->bag_count, 6 * 14 + 2);
    assert_false(planned_has(series.rolls[0], "D28", "divided", RW_INFORMS));
}

static void rolls_follow_each_other_and_hold_all_of_it(void **state)
{
    struct planned planned;
    planned_begin(&planned, *state);
    planned.media.bags_max = 70;
    (void)planned_add(&planned, "a", 1000, at_6_times, 6);
    const struct series series = plan(&planned);
    assert_false(series.blocked);
    assert_int_equal(series.count, 2);
    int32_t next = MADE_FROM;
    int64_t milli = 0;
    for (size_t i = 0; i < series.count; i++) {
        const struct roll *roll = series.rolls[i];
        assert_int_equal(roll->from, next);
        assert_int_equal(roll->days, 7); /* as even as can be, not 11 and 3 */
        assert_int_equal(roll->bag_count, 6 * 7 + 2);
        assert_int_equal(roll->bags[1].n, 1);
        assert_int_equal(roll->bags[1].of, 42);
        assert_true(roll_balances(&roll->audit));
        assert_true(planned_has(roll, "D28", "divided", RW_INFORMS));
        assert_false(planned_has(roll, "D28", "too-many-bags", RW_BLOCKS));
        assert_string_equal(roll->issued, series.rolls[0]->issued);
        milli += planned_milli(roll, "a");
        next += roll->days;
    }
    assert_int_equal(next, MADE_FROM + 14);
    assert_int_equal(milli, 6 * 14 * 1000);
    assert_string_equal(series.rolls[0]->number, "240000171");
    assert_string_equal(series.rolls[1]->number, "240000182");
}

static void all_rolls_are_packed_on_the_first_day(void **state)
{
    struct planned planned;
    planned_begin(&planned, *state);
    planned.media.bags_max = 70;
    (void)planned_add(&planned, "a", 1000, at_6_times, 6);
    const struct series series = plan(&planned);
    assert_string_equal(series.rolls[0]->bags[1].use_by, "2027-01-04");
    assert_string_equal(series.rolls[1]->bags[1].use_by, "2027-01-04");
    assert_string_equal(series.rolls[1]->bags[0].use_by, "2027-01-04");
}

static void no_roll_is_without_a_dose(void **state)
{
    struct planned planned;
    planned_begin(&planned, *state);
    planned.media.bags_max = 20;
    struct order *order = planned_add(&planned, "a", 1000, at_6_times, 6);
    order->period_end =
        (struct dosing_point){ DOSING_MINUTE, made_at(planned.made, MADE_FROM + 4, 23, 59), 59 };
    const struct series series = plan(&planned); /* 30 bags in five days, then nothing */
    assert_false(series.blocked);
    assert_int_equal(series.count, 2);
    assert_int_equal(series.rolls[0]->days, 3);
    assert_int_equal(series.rolls[1]->days, 11);
    assert_int_equal(series.rolls[1]->bag_count, 12 + 2);
}

static const char *take_of_many(void *self, size_t part, struct rw_arena *arena,
                                struct rw_error *err)
{
    (void)self;
    return rw_arena_format(arena, err, "24%07zu", part);
}

/* SERIES_ROLLS_MAX: a roll for each day of the longest period. */
static void the_longest_period_has_a_roll_for_each_of_its_days(void **state)
{
    struct planned planned;
    struct series series = { 0 };
    struct rw_error err = { 0 };
    bool blocked;
    const struct series_numbers numbers = { NULL, take_of_many };
    planned_begin(&planned, *state);
    planned.window.days = SERIES_ROLLS_MAX;
    planned.policy.roll_days_max = SERIES_ROLLS_MAX;
    planned.policy.use_by_days = 2 * SERIES_ROLLS_MAX;
    planned.media.bags_max = 2;
    (void)planned_add(&planned, "a", 1000, at_6_times, 2);
    (void)planned_roll(&planned, &blocked);
    if (!series_plan(&planned.request, &numbers, planned.made->arena, &series, &err))
        fail_msg("%s: %s", err.at, err.text);
    assert_false(series.blocked);
    assert_int_equal(series.count, SERIES_ROLLS_MAX);
    for (size_t i = 0; i < series.count; i++) {
        assert_int_equal(series.rolls[i]->from, MADE_FROM + (int32_t)i);
        assert_int_equal(series.rolls[i]->days, 1);
        assert_int_equal(series.rolls[i]->bag_count, 2 + 2);
    }
}

static void a_single_day_that_is_too_much_blocks(void **state)
{
    struct planned planned;
    planned_begin(&planned, *state);
    planned.media.bags_max = 5;
    (void)planned_add(&planned, "a", 1000, at_6_times, 6);
    const struct series series = plan(&planned);
    assert_true(series.blocked);
    assert_int_equal(series.count, 1);
    assert_true(planned_has(series.rolls[0], "D28", "too-many-bags", RW_BLOCKS));
    assert_int_equal(series.rolls[0]->bag_count, 0);
}

static void another_blocking_finding_blocks_the_period(void **state)
{
    struct planned planned;
    planned_begin(&planned, *state);
    planned.media.bags_max = 70;
    (void)planned_add(&planned, "a", 1000, at_6_times, 6);
    (void)planned_add(&planned, "old", 1000, at_6_times, 1);
    const struct series series = plan(&planned);
    assert_true(series.blocked);
    assert_int_equal(series.count, 1);
    assert_true(planned_has(series.rolls[0], "D36", "use-by-passed", RW_BLOCKS));
}

/* Four bags a day of which a roll takes 30: without a weekday 7 and 7 and 7 days from a Monday on,
 * which end on Sundays; from a Thursday on the first roll is short, so that all end on one. */
static void rolls_end_on_the_weekday_of_the_policy(void **state)
{
    const int32_t hours[] = { 8, 12, 18, 22 };
    struct planned planned;
    planned_begin(&planned, *state);
    planned.media.bags_max = 30;
    planned.window = (struct window){ .from = MADE_FROM + 3, .days = 18 };
    planned.policy.roll_ends_on = 7;
    (void)planned_add(&planned, "a", 1000, hours, 4);
    struct series series = plan(&planned);
    assert_false(series.blocked);
    assert_int_equal(series.count, 3);
    assert_int_equal(series.rolls[0]->days, 4);
    assert_int_equal(series.rolls[1]->days, 7);
    assert_int_equal(series.rolls[2]->days, 7);
    for (size_t i = 0; i < series.count; i++)
        assert_false(planned_has(series.rolls[i], "D28", "ends-on-other-day", RW_OVERRIDABLE));
    planned.media.bags_max = 20; /* no week fits: as few rolls as can be, and each says so */
    series = plan(&planned);
    assert_int_equal(series.count, 4);
    assert_true(planned_has(series.rolls[0], "D28", "ends-on-other-day", RW_OVERRIDABLE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_period_that_fits_stays_one_roll),
        cmocka_unit_test(rolls_follow_each_other_and_hold_all_of_it),
        cmocka_unit_test(all_rolls_are_packed_on_the_first_day),
        cmocka_unit_test(rolls_end_on_the_weekday_of_the_policy),
        cmocka_unit_test(no_roll_is_without_a_dose),
        cmocka_unit_test(the_longest_period_has_a_roll_for_each_of_its_days),
        cmocka_unit_test(a_single_day_that_is_too_much_blocks),
        cmocka_unit_test(another_blocking_finding_blocks_the_period),
    };
    return cmocka_run_group_tests(tests, made_begin, made_end);
}
