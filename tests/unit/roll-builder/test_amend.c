/* SPDX-License-Identifier: Apache-2.0 */
/* Proves what happens to a roll that is out when its plan changes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "roll-builder/amend.h"
#include "roll-builder/amend_list.h"
#include "roll-builder/seal.h"
#include "tests/unit/roll-builder/made.h"

static struct amendment *compare(struct made *made, const struct roll *old_roll,
                                 const struct roll *new_roll)
{
    struct amendment *amendment = NULL;
    struct rw_error err = { 0 };
    assert_true(amend_compare(old_roll, new_roll, made->arena, &amendment, &err));
    return amendment;
}

/* The roll without the dose bags from `first` to `last`. */
static struct roll *without(struct made *made, size_t count, size_t first, size_t last)
{
    struct roll *roll = made_roll(made, count);
    memmove(&roll->bags[first], &roll->bags[last + 1],
            (roll->bag_count - last - 1) * sizeof roll->bags[0]);
    roll->bag_count -= last - first + 1;
    seal_number(roll);
    return roll;
}

static void the_same_plan_changes_nothing(void **state)
{
    struct made *made = *state;
    const struct amendment *amendment = compare(made, made_roll(made, 6), made_roll(made, 6));
    assert_int_equal(amendment->action, AMEND_AT_NEXT_ROLL);
    assert_int_equal(amendment->from, 0);
    assert_int_equal(amendment->superseded_count, 0);
    assert_int_equal(amendment->list_count, 1);
    assert_int_equal(amendment->list[0].change, AMEND_SAME);
    assert_int_equal(amendment->list[0].times.count, 2);
    assert_int_equal(amendment->list[0].times.list[0].minute, 8 * 60);
    assert_int_equal(amendment->list[0].times.list[0].days, 3);
}

/* AMEND_LIST_MAX: what is loose beside the new roll, and what fell off with the old one. */
static void a_list_of_changes_has_so_many_lines(void **state)
{
    struct made *made = *state;
    struct roll *rolls[2] = { made_roll(made, 1), made_roll(made, 1) };
    struct amendment *amendment = NULL;
    struct rw_error err = { 0 };
    for (size_t i = 0; i < 2; i++) {
        struct roll *roll = rolls[i];
        roll->loose = rw_arena_array(made->arena, ROLL_OUTSIDE_MAX, sizeof *roll->loose, &err);
        assert_non_null(roll->loose);
        roll->loose_count = ROLL_OUTSIDE_MAX;
        for (size_t j = 0; j < roll->loose_count; j++) {
            const char *product = rw_arena_format(made->arena, &err, "%zu-%zu", i, j);
            roll->loose[j] = (struct roll_outside){ product, .product = product, .milli = -1 };
        }
    }
    assert_false(amend_compare(rolls[0], rolls[1], made->arena, &amendment, &err));
    assert_int_equal(err.code, RW_TOO_LARGE);
    assert_string_equal(err.at, "/loose");
    assert_string_equal(err.text, "the administration list of both rolls has more than 1024 lines");
    rolls[0]->loose_count--;
    assert_true(amend_compare(rolls[0], rolls[1], made->arena, &amendment, &err));
    assert_int_equal(amendment->list_count, AMEND_LIST_MAX);
}

static void a_roll_that_begins_when_the_old_one_is_empty_is_the_next_roll(void **state)
{
    struct made *made = *state;
    struct roll *next = made_roll(made, 6);
    next->from += 3;
    for (size_t i = 0; i < next->bag_count; i++) {
        next->bags[i].at.wall.day += 3;
        if (next->bags[i].content_count > 0)
            next->bags[i].contents[0].milli = 2000;
    }
    const struct amendment *amendment = compare(made, made_roll(made, 6), next);
    assert_int_equal(amendment->action, AMEND_AT_NEXT_ROLL);
    assert_int_equal(amendment->superseded_count, 0);
    assert_int_equal(amendment->list[0].change, AMEND_CHANGED);
}

static void another_amount_replaces_the_roll_from_that_bag_on(void **state)
{
    struct made *made = *state;
    const struct roll *old_roll = made_roll(made, 6);
    struct roll *new_roll = made_roll(made, 6);
    new_roll->bags[4].contents[0].milli = 2000;
    const struct amendment *amendment = compare(made, old_roll, new_roll);
    assert_int_equal(amendment->action, AMEND_REPLACE_FROM);
    assert_int_equal(amendment->from, 4);
    assert_int_equal(amendment->new_first, 4);
    assert_int_equal(amendment->superseded_count, 3);
    assert_string_equal(amendment->superseded[0], old_roll->bags[4].serial);
    assert_string_equal(amendment->superseded[2], old_roll->bags[6].serial);
}

static void a_moment_that_is_new_replaces_the_roll_from_there_on(void **state)
{
    struct made *made = *state;
    const struct amendment *amendment = compare(made, without(made, 6, 3, 3), made_roll(made, 6));
    assert_int_equal(amendment->action, AMEND_REPLACE_FROM);
    assert_int_equal(amendment->from, 3); /* the bag behind the gap */
    assert_int_equal(amendment->new_first, 3);
    assert_int_equal(amendment->superseded_count, 3);
}

static void whole_bags_that_fall_off_are_taken_out_and_no_other(void **state)
{
    struct made *made = *state;
    const struct roll *old_roll = made_roll(made, 6);
    const struct amendment *amendment = compare(made, old_roll, without(made, 6, 3, 4));
    assert_int_equal(amendment->action, AMEND_REMOVE_BY_PHARMACY);
    assert_int_equal(amendment->superseded_count, 2);
    assert_string_equal(amendment->superseded[0], old_roll->bags[3].serial);
    assert_string_equal(amendment->superseded[1], old_roll->bags[4].serial);
}

static void bags_before_the_new_roll_begins_still_count(void **state)
{
    struct made *made = *state;
    const struct roll *old_roll = made_roll(made, 6);
    struct roll *new_roll = without(made, 6, 1, 2); /* from the second day on */
    new_roll->from++;
    new_roll->days--;
    new_roll->bags[0].at = new_roll->bags[1].at;
    const struct amendment *amendment = compare(made, old_roll, new_roll);
    assert_int_equal(amendment->action, AMEND_AT_NEXT_ROLL);
    assert_int_equal(amendment->superseded_count, 0);
}

static void something_loose_is_added_beside_the_roll(void **state)
{
    struct made *made = *state;
    struct roll *new_roll = made_roll(made, 6);
    struct roll_outside loose = { .order = "/b",
                                  .name = "DRUPPELS",
                                  .text = "1 per dag",
                                  .reason = "not-packable",
                                  .milli = -1 };
    new_roll->loose = &loose;
    new_roll->loose_count = 1;
    const struct amendment *amendment = compare(made, made_roll(made, 6), new_roll);
    assert_int_equal(amendment->action, AMEND_ADD_LOOSE);
    assert_int_equal(amendment->list_count, 2);
    assert_true(amendment->list[1].loose);
    assert_int_equal(amendment->list[1].change, AMEND_ADDED);
    const struct amendment *back = compare(made, new_roll, made_roll(made, 6));
    assert_int_equal(back->action, AMEND_AT_NEXT_ROLL);
    assert_int_equal(back->list[1].change, AMEND_REMOVED);
}

static void two_clients_are_never_compared(void **state)
{
    struct made *made = *state;
    struct roll *other = made_roll(made, 6);
    struct amendment *amendment;
    struct rw_error err = { 0 };
    other->client.id = "c2";
    assert_false(amend_compare(made_roll(made, 6), other, made->arena, &amendment, &err));
    assert_int_equal(err.code, RW_INVALID);
}

static void what_has_no_header_and_no_trailer_is_not_compared(void **state)
{
    struct made *made = *state;
    struct roll *bare = made_roll(made, 6);
    struct amendment *amendment = NULL;
    struct rw_error old_err = { 0 };
    struct rw_error new_err = { 0 };
    bare->bag_count = 1;
    assert_false(amend_compare(bare, made_roll(made, 6), made->arena, &amendment, &old_err));
    assert_false(amend_compare(made_roll(made, 6), bare, made->arena, &amendment, &new_err));
    assert_string_equal(old_err.at, "/bags");
    assert_string_equal(new_err.at, "/bags");
    assert_null(amendment);
}

/* Two lines of one product in one moment, or in two bags of it, are one line of the list. */
static void a_product_stands_on_the_list_once(void **state)
{
    struct made *made = *state;
    struct roll *roll = made_roll(made, 4);
    struct bag_content two[] = { made_content("/a", "A", 1000), made_content("/b", "A", 500) };
    roll->bags[1].contents = two;
    roll->bags[1].content_count = 2;
    roll->bags[2].at = roll->bags[1].at; /* the second part of the first moment */
    const struct amendment *amendment = compare(made, roll, roll);
    assert_int_equal(amendment->list_count, 1);
    assert_int_equal(amendment->list[0].times.count, 3); /* 2.5 and 1 at 08:00, 1 at 20:00 */
    assert_int_equal(amendment->list[0].times.list[0].milli, 1000);
    assert_int_equal(amendment->list[0].times.list[1].milli, 2500);
    assert_int_equal(amendment->list[0].times.list[1].days, 1);
}

static struct roll_outside loose_row(const char *name, const char *text)
{
    return (struct roll_outside){
        .order = "/b", .name = name, .text = text, .reason = "not-packable", .milli = -1
    };
}

/* What has no product of the table is the same medicine where its name is. */
static void a_loose_line_with_other_words_has_changed(void **state)
{
    struct made *made = *state;
    struct roll *old_roll = made_roll(made, 6);
    struct roll *new_roll = made_roll(made, 6);
    struct roll_outside before[] = { loose_row("DRUPPELS", "1 per dag"), loose_row("ZALF", "dun") };
    struct roll_outside after[] = { loose_row("DRUPPELS", "2 per dag"), loose_row("ZALF", "dun") };
    old_roll->loose = before;
    new_roll->loose = after;
    old_roll->loose_count = new_roll->loose_count = 2;
    const struct amendment *amendment = compare(made, old_roll, new_roll);
    assert_int_equal(amendment->action, AMEND_ADD_LOOSE);
    assert_int_equal(amendment->list_count, 3);
    assert_int_equal(amendment->list[1].change, AMEND_CHANGED);
    assert_string_equal(amendment->list[1].text, "2 per dag");
    assert_int_equal(amendment->list[2].change, AMEND_SAME);
}

/* A list that nobody can read is refused, not cut. */
/* As needed and at fixed times are two lines; one of them may come and go. */
static void two_lines_of_one_medicine_are_told_apart(void **state)
{
    struct made *made = *state;
    struct roll *one = made_roll(made, 1);
    struct roll *two = made_roll(made, 1);
    struct roll_outside both[] = { loose_row("PARACETAMOL", "zo nodig"),
                                   loose_row("PARACETAMOL", "2 per dag") };
    one->loose = two->loose = both;
    one->loose_count = 1;
    two->loose_count = 2;
    const struct amendment *amendment = compare(made, one, two);
    assert_int_equal(amendment->action, AMEND_ADD_LOOSE);
    assert_int_equal(amendment->list_count, 3);
    assert_int_equal(amendment->list[1].change, AMEND_SAME);
    assert_int_equal(amendment->list[2].change, AMEND_ADDED);
    assert_string_equal(amendment->list[2].text, "2 per dag");

    amendment = compare(made, two, one);
    assert_int_equal(amendment->list_count, 3);
    assert_int_equal(amendment->list[1].change, AMEND_SAME);
    assert_int_equal(amendment->list[2].change, AMEND_REMOVED);
    assert_string_equal(amendment->list[2].text, "2 per dag");
}

static void more_times_than_a_line_has_are_refused(void **state)
{
    struct made *made = *state;
    struct roll *roll = made_roll(made, 2 * ROLL_TIMES_MAX + 2);
    struct amendment *amendment = NULL;
    struct rw_error err = { 0 };
    for (size_t i = 1; i + 1 < roll->bag_count; i++)
        roll->bags[i].at.wall.minute = 480 + (int32_t)i; /* each day at another minute */
    assert_false(amend_compare(roll, roll, made->arena, &amendment, &err));
    assert_int_equal(err.code, RW_TOO_LARGE);
    assert_null(amendment);
}

/* A plan of the same doses for fewer days takes nothing away: it does not speak of the others. */
static void a_shorter_plan_says_nothing_of_the_days_behind_it(void **state)
{
    struct made *made = *state;
    const struct roll *old_roll = made_roll(made, 12);
    const struct amendment *amendment = compare(made, old_roll, made_roll(made, 6));
    assert_int_equal(amendment->action, AMEND_AT_NEXT_ROLL);
    assert_int_equal(amendment->superseded_count, 0);
    assert_null(amendment->uncovered);
}

/* Made in the place of the roll that is out, it ends that roll: the rest comes back. */
static void a_shorter_plan_in_the_place_of_the_roll_takes_the_rest_out(void **state)
{
    struct made *made = *state;
    const struct roll *old_roll = made_roll(made, 12);
    struct roll *new_roll = made_roll(made, 6);
    new_roll->replaces = old_roll->number;
    const struct amendment *amendment = compare(made, old_roll, new_roll);
    assert_int_equal(amendment->action, AMEND_REMOVE_BY_PHARMACY);
    assert_int_equal(amendment->from, 7);
    assert_int_equal(amendment->superseded_count, 6);
    assert_int_equal(amendment->uncovered->n, 7);
    assert_int_equal(amendment->uncovered_count, 6);
}

/* What was stopped lies in the later bags of the old roll as well: none of them may stay. */
static void a_change_in_a_shorter_plan_leaves_days_that_nothing_covers(void **state)
{
    struct made *made = *state;
    const struct roll *old_roll = made_roll(made, 12);
    const struct amendment *amendment = compare(made, old_roll, without(made, 6, 3, 3));
    assert_int_equal(amendment->action, AMEND_REPLACE_FROM); /* not a bag taken out alone */
    assert_int_equal(amendment->from, 3);
    assert_int_equal(amendment->superseded_count, 10);
    assert_ptr_equal(amendment->uncovered, &old_roll->bags[7]); /* the fourth day, 08:00 */
    assert_int_equal(amendment->uncovered_count, 6);
    const struct amendment *whole = compare(made, old_roll, without(made, 12, 3, 3));
    assert_int_equal(whole->action, AMEND_REMOVE_BY_PHARMACY);
    assert_null(whole->uncovered);
}

/* The last evening belongs to the old roll, also where it holds no bag. */
static void a_moment_behind_the_last_bag_is_not_left_to_the_next_roll(void **state)
{
    struct made *made = *state;
    const struct roll *old_roll = without(made, 6, 6, 6);
    const struct amendment *amendment = compare(made, old_roll, made_roll(made, 6));
    assert_int_equal(amendment->action, AMEND_REPLACE_FROM);
    assert_int_equal(amendment->new_first, 6);
    assert_int_equal(amendment->from, 0); /* no bag of the old roll is touched */
    assert_int_equal(amendment->superseded_count, 0);
}

/* Two weeks of one bag a week, on this day of the week. */
static struct roll *weekly_roll(struct made *made, int32_t weekday)
{
    struct roll *roll = made_roll(made, 2);
    roll->days = 14;
    for (size_t i = 0; i < 2; i++)
        roll->bags[i + 1].at = made_at(made, MADE_FROM + weekday + 7 * (int32_t)i, 8, 0);
    roll->bags[0].at = roll->bags[1].at;
    roll->bags[3].at = roll->bags[2].at;
    return roll;
}

/* D11: who gives a weekly medicine must hear that its day moved. */
static void another_weekday_is_a_change_of_the_list(void **state)
{
    struct made *made = *state;
    const struct roll *monday = weekly_roll(made, 0);
    struct roll *next = weekly_roll(made, 1);
    assert_int_equal(compare(made, monday, weekly_roll(made, 0))->list[0].change, AMEND_SAME);
    assert_int_equal(compare(made, monday, next)->list[0].change, AMEND_CHANGED);
    next->from += 14; /* also where it is the next roll */
    for (size_t i = 0; i < next->bag_count; i++)
        next->bags[i].at.wall.day += 14;
    const struct amendment *amendment = compare(made, monday, next);
    assert_int_equal(amendment->action, AMEND_AT_NEXT_ROLL);
    assert_int_equal(amendment->list[0].change, AMEND_CHANGED);
}

/* Two drops in the place of one, with no word about it but the data: it is handed over anew. */
static void another_amount_of_a_loose_line_is_a_change(void **state)
{
    struct made *made = *state;
    struct roll_time before = { 480, 1000, 3, 7 };
    struct roll_time after = { 480, 2000, 3, 7 };
    struct roll_outside old_row = loose_row("DRUPPELS", NULL);
    struct roll_outside new_row = old_row;
    struct roll *old_roll = made_roll(made, 6);
    struct roll *new_roll = made_roll(made, 6);
    old_row.times = (struct roll_times){ &before, 1 };
    new_row.times = (struct roll_times){ &after, 1 };
    old_roll->loose = &old_row;
    new_roll->loose = &new_row;
    old_roll->loose_count = new_roll->loose_count = 1;
    const struct amendment *amendment = compare(made, old_roll, new_roll);
    assert_int_equal(amendment->action, AMEND_ADD_LOOSE);
    assert_int_equal(amendment->list[1].change, AMEND_CHANGED);
    assert_int_equal(amendment->list[1].times.list[0].milli, 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_plan_changes_nothing),
        cmocka_unit_test(a_list_of_changes_has_so_many_lines),
        cmocka_unit_test(a_roll_that_begins_when_the_old_one_is_empty_is_the_next_roll),
        cmocka_unit_test(another_amount_replaces_the_roll_from_that_bag_on),
        cmocka_unit_test(a_moment_that_is_new_replaces_the_roll_from_there_on),
        cmocka_unit_test(whole_bags_that_fall_off_are_taken_out_and_no_other),
        cmocka_unit_test(bags_before_the_new_roll_begins_still_count),
        cmocka_unit_test(something_loose_is_added_beside_the_roll),
        cmocka_unit_test(two_clients_are_never_compared),
        cmocka_unit_test(what_has_no_header_and_no_trailer_is_not_compared),
        cmocka_unit_test(a_product_stands_on_the_list_once),
        cmocka_unit_test(a_loose_line_with_other_words_has_changed),
        cmocka_unit_test(two_lines_of_one_medicine_are_told_apart),
        cmocka_unit_test(more_times_than_a_line_has_are_refused),
        cmocka_unit_test(a_shorter_plan_says_nothing_of_the_days_behind_it),
        cmocka_unit_test(a_shorter_plan_in_the_place_of_the_roll_takes_the_rest_out),
        cmocka_unit_test(a_change_in_a_shorter_plan_leaves_days_that_nothing_covers),
        cmocka_unit_test(a_moment_behind_the_last_bag_is_not_left_to_the_next_roll),
        cmocka_unit_test(another_weekday_is_a_change_of_the_list),
        cmocka_unit_test(another_amount_of_a_loose_line_is_a_change),
    };
    return cmocka_run_group_tests(tests, made_begin, made_end);
}
