/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that only what is proven good passes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attributes.h"
#include "verifier/decide.h"

static struct verdict_bag good_bag(void)
{
    return (struct verdict_bag){ .has_grade = true,
                                 .grade = { 4, 4, 4, 4, 4, 4, 4, 4 },
                                 .print_judged = true,
                                 .print_score_milli = 980 };
}

static enum verdict decided(struct verdict_bag bag, bool is_planned)
{
    const struct decide_policy policy = decide_policy_default();
    decide_bag(&bag, is_planned, &policy);
    return bag.verdict;
}

static void a_bag_that_is_good_in_everything_passes(void **state)
{
    (void)state;
    assert_int_equal(decided(good_bag(), true), VERDICT_PASS);
}

static void what_was_not_judged_does_not_pass(void **state)
{
    (void)state;
    struct verdict_bag bag = good_bag();
    assert_int_equal(decided(bag, false), VERDICT_UNSURE);
    bag.print_judged = false;
    assert_int_equal(decided(bag, true), VERDICT_UNSURE);
    bag = good_bag();
    bag.has_grade = false;
    assert_int_equal(decided(bag, true), VERDICT_UNSURE);
}

static void no_reason_leads_to_a_pass(void **state)
{
    (void)state;
    for (int reason = REASON_NONE + 1; reason < VERDICT_REASON_COUNT; reason++) {
        struct verdict_bag bag = good_bag();
        verdict_bag_add_reason(&bag, (enum verdict_reason)reason);
        assert_int_not_equal(decided(bag, true), VERDICT_PASS);
    }
}

static void a_symbol_below_the_policy_is_grade_low(void **state)
{
    (void)state;
    const struct decide_policy policy = decide_policy_default();
    struct verdict_bag bag = good_bag();
    bag.grade.overall = bag.grade.fixed_pattern = 0;
    decide_bag(&bag, true, &policy);
    assert_int_equal(bag.verdict, VERDICT_UNSURE);
    assert_int_equal(bag.reasons[0], REASON_GRADE_LOW);
}

static void low_contrast_counts_only_where_the_light_is_known(void **state)
{
    (void)state;
    const struct decide_policy policy = decide_policy_default();
    struct verdict_bag bag = good_bag();
    bag.grade.overall = bag.grade.contrast = 0;
    decide_bag(&bag, true, &policy);
    assert_int_equal(bag.verdict, VERDICT_PASS);
    bag.grade.is_calibrated = true;
    decide_bag(&bag, true, &policy);
    assert_int_equal(bag.verdict, VERDICT_UNSURE);
}

static void a_print_below_the_policy_is_damaged(void **state)
{
    (void)state;
    struct verdict_bag bag = good_bag();
    bag.print_score_milli = 500;
    assert_int_equal(decided(bag, true), VERDICT_FAIL);
}

static void the_roll_is_as_bad_as_its_worst_bag(void **state)
{
    (void)state;
    struct verdict_bag bags[3] = { { .verdict = VERDICT_PASS },
                                   { .verdict = VERDICT_UNSURE },
                                   { .verdict = VERDICT_PASS } };
    struct verdict_report report = { .bags = bags, .bag_count = 3 };
    assert_int_equal(decide_roll(&report), VERDICT_UNSURE);
    bags[2].verdict = VERDICT_MISSING;
    assert_int_equal(decide_roll(&report), VERDICT_MISSING);
    bags[0].verdict = VERDICT_FAIL;
    assert_int_equal(decide_roll(&report), VERDICT_FAIL);
}

static void a_stranger_fails_a_roll_of_good_bags(void **state)
{
    (void)state;
    struct verdict_bag bag = { .verdict = VERDICT_PASS };
    struct verdict_report report = { .bags = &bag, .bag_count = 1 };
    assert_int_equal(decide_roll(&report), VERDICT_PASS);
    report.stranger_count = 1;
    assert_int_equal(decide_roll(&report), VERDICT_FAIL);
    report = (struct verdict_report){ 0 };
    assert_int_not_equal(decide_roll(&report), VERDICT_PASS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bag_that_is_good_in_everything_passes),
        cmocka_unit_test(what_was_not_judged_does_not_pass),
        cmocka_unit_test(no_reason_leads_to_a_pass),
        cmocka_unit_test(a_symbol_below_the_policy_is_grade_low),
        cmocka_unit_test(low_contrast_counts_only_where_the_light_is_known),
        cmocka_unit_test(a_print_below_the_policy_is_damaged),
        cmocka_unit_test(the_roll_is_as_bad_as_its_worst_bag),
        cmocka_unit_test(a_stranger_fails_a_roll_of_good_bags),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
