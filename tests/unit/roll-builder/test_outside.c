/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that what lies outside a roll is listed and balanced. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/roll-builder/planned.h"

/* Not yet, or no longer, in force: it is listed, not lost. */
static void an_order_that_gives_nothing_in_these_days_is_listed(void **state)
{
    const int32_t hours[] = { 8 };
    struct planned planned;
    bool blocked;
    planned_begin(&planned, *state);
    (void)planned_add(&planned, "a", 1000, hours, 1);
    struct order *later = planned_add(&planned, "b", 1000, hours, 1);
    later->period_start =
        (struct dosing_point){ DOSING_DATE, made_at(*state, MADE_FROM + 20, 0, 0), 0 };
    const struct roll *roll = planned_roll(&planned, &blocked);
    assert_false(blocked);
    assert_int_equal(roll->excluded_count, 1);
    assert_string_equal(roll->excluded[0].order, later->pointer);
    assert_string_equal(roll->excluded[0].reason, "not-begun");
    assert_int_equal(roll->excluded[0].milli, 0);
    assert_int_equal(roll->balance_count, 1);
}

/* What is sent later stands beside the roll with all that it would have held. */
static void what_is_sent_later_lies_beside_the_roll(void **state)
{
    const int32_t hours[] = { 8 };
    struct planned planned;
    bool blocked;
    planned_begin(&planned, *state);
    (void)planned_add(&planned, "a", 1000, hours, 1);
    (void)planned_add(&planned, "gone", 2000, hours, 1);
    for (size_t i = 0; i < planned.products->count; i++)
        planned.products->rows[i].sent_later = !planned.products->rows[i].in_stock;
    const struct roll *roll = planned_roll(&planned, &blocked);
    assert_false(blocked);
    assert_int_equal(roll->loose_count, 1);
    assert_string_equal(roll->loose[0].reason, "sent-later");
    assert_int_equal(roll->loose[0].milli, 28000);
    assert_int_equal(roll->balances[1].loose_milli, 28000);
}

static struct roll *plan_named(struct made *made, const char *text, const char *display,
                               const char *code)
{
    const int32_t hours[] = { 8 };
    static struct planned planned;
    static struct medicine_code own;
    bool blocked;
    planned_begin(&planned, made);
    (void)planned_add(&planned, "a", 1000, hours, 1);
    struct order *other = planned_add(&planned, "b", 1000, hours, 1);
    own = (struct medicine_code){ .system = "urn:other", .code = code, .display = display };
    other->product = (struct medicine){ .text = text, .codes = &own, .code_count = code != NULL };
    other->gds = false; /* beside the roll, whatever the table says */
    return planned_roll(&planned, &blocked);
}

/* The administration list must call it something, and never something else. */
static void what_no_table_knows_has_the_name_that_was_written(void **state)
{
    assert_string_equal(plan_named(*state, "ZALF", "Unguentum", "17")->loose[0].name, "ZALF");
    assert_string_equal(plan_named(*state, NULL, "Unguentum", "17")->loose[0].name, "Unguentum");
    assert_string_equal(plan_named(*state, "", NULL, "17")->loose[0].name, "17");
    assert_string_equal(plan_named(*state, NULL, NULL, NULL)->loose[0].name, "?");
}

/* A dispensing agreement of whole words is told with them. */
static void a_loose_line_has_the_words_of_its_order(void **state)
{
    const int32_t hours[] = { 8 };
    struct planned planned;
    bool blocked;
    planned_begin(&planned, *state);
    (void)planned_add(&planned, "a", 1000, hours, 1);
    struct order *other = planned_add(&planned, "drops", 1000, hours, 1);
    other->free_text = "3 druppels in elk oog";
    assert_string_equal(planned_roll(&planned, &blocked)->loose[0].text, "3 druppels in elk oog");
    planned.dosings[1].text = "1 keer per dag";
    other->free_text = NULL;
    assert_string_equal(planned_roll(&planned, &blocked)->loose[0].text, "1 keer per dag");
}

/* What ended before the period, and could not be planned, blocks nothing any more. */
static void what_is_over_need_not_be_understood(void **state)
{
    const int32_t hours[] = { 8 };
    struct planned planned;
    bool blocked;
    planned_begin(&planned, *state);
    (void)planned_add(&planned, "a", 1000, hours, 1);
    struct order *over = planned_add(&planned, "b", 333, hours, 1); /* no half */
    (void)planned_roll(&planned, &blocked);
    assert_true(blocked);
    over->period_end =
        (struct dosing_point){ DOSING_DATE, made_at(*state, MADE_FROM - 1, 0, 0), 0 };
    const struct roll *roll = planned_roll(&planned, &blocked);
    assert_false(blocked);
    assert_string_equal(roll->excluded[0].reason, "ended");
    struct order *stop = planned_add(&planned, "b", 1000, hours, 1);
    over->period_end = (struct dosing_point){ 0 };
    stop->treatment = over->treatment;
    stop->stop_type = "410546004";
    stop->period_end =
        (struct dosing_point){ DOSING_MINUTE, made_at(*state, MADE_FROM - 1, 12, 0), 0 };
    (void)planned_roll(&planned, &blocked);
    assert_false(blocked); /* it was stopped before the roll begins */
}

/* The administration list says of a loose line when it is taken, as of one in a bag. */
static void a_loose_line_says_its_times(void **state)
{
    const int32_t hours[] = { 8, 20 };
    struct planned planned;
    bool blocked;
    planned_begin(&planned, *state);
    (void)planned_add(&planned, "a", 1000, hours, 1);
    (void)planned_add(&planned, "drops", 2000, hours, 2);
    planned.dosings[1].weekdays = 1 << 0 | 1 << 2; /* Monday and Wednesday */
    struct order *needed = planned_add(&planned, "moist", 1000, hours, 1);
    needed->dosings[0].as_needed = true;
    const struct roll *roll = planned_roll(&planned, &blocked);
    assert_int_equal(roll->loose_count, 2);
    const struct roll_times *times = &roll->loose[0].times;
    assert_string_equal(roll->loose[0].strength, "5 mg");
    assert_int_equal(times->count, 2);
    assert_int_equal(times->list[0].minute, 8 * 60);
    assert_int_equal(times->list[1].minute, 20 * 60);
    assert_int_equal(times->list[0].milli, 2000);
    assert_int_equal(times->list[0].days, 4);
    assert_int_equal(times->list[0].weekdays, 1 << 0 | 1 << 2);
    assert_int_equal(roll->loose[1].times.count, 0); /* taken when needed: at no time */
}

/* Dosages of one number and moment are one amount; a line of ever other times is told by words. */
static void times_of_a_loose_line_are_told_whole_or_not(void **state)
{
    const int32_t hours[] = { 8 };
    static struct dosing both[2];
    static struct dosing_point events[ROLL_TIMES_MAX + 1];
    struct planned planned;
    bool blocked;
    planned_begin(&planned, *state);
    (void)planned_add(&planned, "a", 1000, hours, 1);
    struct order *loose = planned_add(&planned, "drops", 1000, hours, 1);
    loose->dosings[0].has_sequence = true;
    both[0] = both[1] = loose->dosings[0];
    both[1].dose.milli = 500;
    loose->dosings = both;
    loose->dosing_count = 2;
    const struct roll *roll = planned_roll(&planned, &blocked);
    assert_int_equal(roll->loose[0].times.count, 1);
    assert_int_equal(roll->loose[0].times.list[0].milli, 1500);
    for (int32_t i = 0; i <= ROLL_TIMES_MAX; i++)
        events[i] = (struct dosing_point){ DOSING_MINUTE,
                                           made_at(*state, MADE_FROM + i / 4, 8 + i % 4, i), 0 };
    both[0].has_repeat = false;
    both[0].time_count = 0;
    both[0].events = events;
    both[0].event_count = ROLL_TIMES_MAX + 1;
    loose->dosing_count = 1;
    roll = planned_roll(&planned, &blocked);
    assert_int_equal(roll->loose[0].times.count, 0);
    assert_int_equal(roll->loose[0].milli, 1000 * (ROLL_TIMES_MAX + 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_order_that_gives_nothing_in_these_days_is_listed),
        cmocka_unit_test(what_is_sent_later_lies_beside_the_roll),
        cmocka_unit_test(what_no_table_knows_has_the_name_that_was_written),
        cmocka_unit_test(a_loose_line_has_the_words_of_its_order),
        cmocka_unit_test(what_is_over_need_not_be_understood),
        cmocka_unit_test(a_loose_line_says_its_times),
        cmocka_unit_test(times_of_a_loose_line_are_told_whole_or_not),
    };
    return cmocka_run_group_tests(tests, made_begin, made_end);
}
