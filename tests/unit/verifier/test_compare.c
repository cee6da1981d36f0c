/* SPDX-License-Identifier: Apache-2.0 */
/* Proves what a comparison tells the verdict of a bag. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verifier/cell.h"
#include "verifier/compare.h"
#include "verifier/decide.h"

static struct comparison differing(float fault, size_t faults)
{
    return (struct comparison){ .score_milli = 970,
                                .fault = fault,
                                .faults = faults,
                                .defect_count = 1,
                                .defects = { { "date", REASON_PRINT_DAMAGED, 1, 2, 3, 4 } } };
}

static struct verdict_bag bag_with(const struct comparison *comparison)
{
    const struct decide_policy policy = decide_policy_default();
    struct verdict_bag bag = { .n = 1,
                               .has_grade = true,
                               .grade = { .overall = 4,
                                          .decode = 4,
                                          .fixed_pattern = 4,
                                          .axial = 4,
                                          .grid = 4,
                                          .error_correction = 4 },
                               .print_judged = true };
    compare_tell(comparison, &bag);
    decide_bag(&bag, true, &policy);
    return bag;
}

static void a_little_fault_is_for_a_person_to_look_at(void **state)
{
    (void)state;
    const struct comparison comparison = differing(1.2F, 1);
    struct verdict_bag bag = bag_with(&comparison);
    assert_int_equal(bag.verdict, VERDICT_UNSURE);
    assert_int_equal(bag.reason_count, 1);
    assert_int_equal(bag.reasons[0], REASON_PRINT_DAMAGED);
}

/* Dim light on grey film leaves good print a little too pale; a worn ribbon leaves half of that. */
static void print_that_is_a_little_pale_is_for_a_person_to_look_at(void **state)
{
    (void)state;
    struct comparison comparison = { .score_milli = 970, .paleness = 1 };
    assert_int_equal(bag_with(&comparison).verdict, VERDICT_PASS);
    comparison.paleness = 1.02F;
    struct verdict_bag bag = bag_with(&comparison);
    assert_int_equal(bag.verdict, VERDICT_UNSURE);
    assert_int_equal(bag.reason_count, 1);
    assert_int_equal(bag.reasons[0], REASON_PRINT_DAMAGED);
    comparison.paleness = 1.4F;
    assert_int_equal(bag_with(&comparison).verdict, VERDICT_FAIL);
}

static void a_larger_fault_many_little_ones_and_pale_print_fail(void **state)
{
    (void)state;
    const struct comparison larger = differing(1.4F, 1);
    const struct comparison many = differing(1.1F, 9);
    struct comparison pale = differing(1.1F, 1);
    pale.paleness = 1.4F;
    assert_int_equal(bag_with(&larger).verdict, VERDICT_FAIL);
    assert_int_equal(bag_with(&many).verdict, VERDICT_FAIL);
    assert_int_equal(bag_with(&pale).verdict, VERDICT_FAIL);
}

/* Print in reverse was told before the comparison. */
static void what_was_known_before_is_no_matter_of_doubt(void **state)
{
    (void)state;
    const struct comparison comparison = differing(1.1F, 1);
    struct verdict_bag bag = { 0 };
    verdict_bag_add_reason(&bag, REASON_PRINT_DAMAGED);
    compare_tell(&comparison, &bag);
    assert_false(bag.print_in_doubt);
}

static void print_that_is_unlike_as_a_whole_is_no_matter_of_doubt(void **state)
{
    (void)state;
    struct comparison comparison = differing(1.1F, 1);
    comparison.score_milli = 500;
    assert_int_equal(bag_with(&comparison).verdict, VERDICT_FAIL);
}

/* As measured where a reflection lay over a line. */
static void a_pale_letter_that_is_whole_is_in_doubt(void **state)
{
    (void)state;
    struct cell cell = { .has_ink = true,
                         .likeness = 0.97F,
                         .contrast = 0.12F,
                         .structure = 0.12F,
                         .missing = 0.03F,
                         .extra = 0.04F,
                         .spread = 80,
                         .depth = 1 };
    const struct cell_usual there = { 0.43F, 2, 0.08F };
    struct cell_fault pale = cell_judge(&cell, &there);
    assert_int_equal(pale.reason, REASON_PRINT_DAMAGED);
    assert_true(pale.in_doubt && pale.size > 1 && pale.size < 1.3F);
    cell.likeness = 0.85F; /* a part of it is gone as well */
    struct cell_fault lost = cell_judge(&cell, &there);
    assert_int_equal(lost.reason, REASON_PRINT_DAMAGED);
    assert_true(!lost.in_doubt && lost.size > 1.3F);
    cell.likeness = 0.97F;
    cell.extra = 0.40F; /* light adds no ink */
    struct cell_fault inked = cell_judge(&cell, &there);
    assert_true(!inked.in_doubt && inked.size > 1.3F);
}

static void good_print_has_no_reason(void **state)
{
    (void)state;
    const struct comparison good = { .score_milli = 990 };
    struct verdict_bag bag = bag_with(&good);
    assert_int_equal(bag.verdict, VERDICT_PASS);
    assert_int_equal(bag.reason_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_little_fault_is_for_a_person_to_look_at),
        cmocka_unit_test(print_that_is_a_little_pale_is_for_a_person_to_look_at),
        cmocka_unit_test(a_larger_fault_many_little_ones_and_pale_print_fail),
        cmocka_unit_test(what_was_known_before_is_no_matter_of_doubt),
        cmocka_unit_test(print_that_is_unlike_as_a_whole_is_no_matter_of_doubt),
        cmocka_unit_test(a_pale_letter_that_is_whole_is_in_doubt),
        cmocka_unit_test(good_print_has_no_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
