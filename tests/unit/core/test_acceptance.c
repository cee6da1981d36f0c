/* SPDX-License-Identifier: Apache-2.0 */
/* Tests which verdicts let a roll be released. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/model/acceptance.h"

static struct acceptance_bag bag(enum verdict verdict, const char *reasons)
{
    return (struct acceptance_bag){
        .serial = "482913570001", .dose = true, .verdict = verdict, .reasons = reasons
    };
}

static void a_bag_that_is_another_bag_is_never_let_pass(void **state)
{
    static const char *const reasons[] = { "code-wrong", "other-roll", "grade-low other-client",
                                           "superseded text-differs", "bad-tag" };
    const char *why = NULL;
    (void)state;
    for (size_t i = 0; i < RW_COUNT(reasons); i++) {
        struct acceptance_bag one = bag(VERDICT_FAIL, reasons[i]);
        assert_false(acceptance_may_pass(&one, &why));
        assert_true(why[0] != '\0');
    }
}

static void a_bag_that_was_not_seen_is_never_let_pass(void **state)
{
    const char *why = NULL;
    struct acceptance_bag one = bag(VERDICT_MISSING, "not-seen");
    (void)state;
    assert_false(acceptance_may_pass(&one, &why));
}

static void a_person_may_let_doubt_and_damage_pass(void **state)
{
    const char *why = NULL;
    struct acceptance_bag doubt = bag(VERDICT_UNSURE, "pieces-hidden");
    struct acceptance_bag damage = bag(VERDICT_FAIL, "print-damaged code-wrongish");
    (void)state;
    assert_true(acceptance_may_pass(&doubt, &why));
    assert_true(acceptance_may_pass(&damage, &why));
}

/* REQ-014 */
static void only_a_roll_of_passes_is_released(void **state)
{
    (void)state;
    for (int verdict = 0; verdict < VERDICT_COUNT; verdict++) {
        struct rw_error err = { 0 };
        struct acceptance_bag bags[] = { bag(VERDICT_PASS, ""), bag((enum verdict)verdict, "") };
        bool may = acceptance_may_release(bags, 2, true, &err);
        assert_int_equal(may, verdict == VERDICT_PASS);
        assert_int_equal(err.code, may ? RW_OK : RW_CONFLICT);
    }
}

static void a_roll_whose_pieces_nobody_judged_is_not_released(void **state)
{
    struct rw_error err = { 0 };
    struct rw_error none = { 0 };
    struct acceptance_bag bags[] = { bag(VERDICT_PASS, ""), bag(VERDICT_PASS, "") };
    (void)state;
    assert_false(acceptance_may_release(bags, 2, false, &err));
    bags[0].pieces_judged = true;
    struct rw_error half = { 0 };
    assert_false(acceptance_may_release(bags, 2, false, &half));
    bags[1].by_person = true;
    assert_true(acceptance_may_release(bags, 2, false, &none));
}

static void header_and_trailer_have_no_pieces_to_judge(void **state)
{
    struct rw_error err = { 0 };
    struct acceptance_bag bags[] = { bag(VERDICT_PASS, ""), bag(VERDICT_PASS, "") };
    (void)state;
    bags[0].dose = false;
    bags[1].pieces_judged = true;
    assert_true(acceptance_may_release(bags, 2, false, &err));
}

static void who_judged_or_counted_a_risky_roll_does_not_release_it(void **state)
{
    struct rw_error none = { 0 };
    struct acceptance_bag bags[] = { bag(VERDICT_PASS, ""), bag(VERDICT_PASS, "") };
    const struct acceptance_hands nobody = { 0 };
    const struct acceptance_hands by_piet = { .counted_by = "piet" };
    const struct acceptance_hands by_anna = { .counted_by = "anna" };
    (void)state;
    bags[0].by = "anna"; /* a line of that name is no person */
    bags[1].by = "karin";
    bags[1].by_person = true;
    assert_true(acceptance_four_eyes(bags, 2, &by_piet, "anna", &none));
    assert_true(acceptance_four_eyes(bags, 2, &nobody, "anna", &none));
    struct rw_error judged = { 0 };
    assert_false(acceptance_four_eyes(bags, 2, &nobody, "karin", &judged));
    assert_int_equal(judged.code, RW_CONFLICT);
    struct rw_error counted = { 0 };
    assert_false(acceptance_four_eyes(bags, 2, &by_anna, "anna", &counted));
    assert_int_equal(counted.code, RW_CONFLICT);
}

static void who_packed_a_risky_roll_does_not_release_it(void **state)
{
    struct rw_error none = { 0 };
    const struct acceptance_bag bags[] = { bag(VERDICT_PASS, "") };
    const struct acceptance_hands hands = { .printed_by = "piet", .remade_by = "karin" };
    (void)state;
    assert_true(acceptance_four_eyes(bags, 1, &hands, "anna", &none));
    struct rw_error printed = { 0 };
    assert_false(acceptance_four_eyes(bags, 1, &hands, "piet", &printed));
    assert_int_equal(printed.code, RW_CONFLICT);
    struct rw_error remade = { 0 };
    assert_false(acceptance_four_eyes(bags, 1, &hands, "karin", &remade));
    assert_int_equal(remade.code, RW_CONFLICT);
}

/* REQ-025 */
static void who_planned_a_risky_roll_does_not_approve_it(void **state)
{
    struct rw_error none = { 0 };
    struct rw_error same = { 0 };
    struct rw_finding findings[] = { { .id = "D55" } };
    struct roll roll = { .findings = { .findings = findings, .count = 1 } };
    (void)state;
    assert_true(acceptance_may_approve(&roll, "joris", "anna", &none));
    assert_false(acceptance_may_approve(&roll, "anna", "anna", &same));
    assert_int_equal(same.code, RW_CONFLICT);
    roll.findings.count = 0;
    assert_true(acceptance_may_approve(&roll, "anna", "anna", &none));
}

static void a_weekly_medicine_makes_a_roll_risky(void **state)
{
    struct rw_finding findings[] = { { .id = "D16" }, { .id = "D11" } };
    struct roll roll = { .findings = { .findings = findings, .count = 1 } };
    (void)state;
    assert_false(acceptance_is_high_risk(&roll));
    roll.findings.count = 2;
    assert_true(acceptance_is_high_risk(&roll));
}

static void a_roll_without_bags_is_not_released(void **state)
{
    struct rw_error err = { 0 };
    (void)state;
    assert_false(acceptance_may_release(NULL, 0, true, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bag_that_is_another_bag_is_never_let_pass),
        cmocka_unit_test(a_bag_that_was_not_seen_is_never_let_pass),
        cmocka_unit_test(a_person_may_let_doubt_and_damage_pass),
        cmocka_unit_test(only_a_roll_of_passes_is_released),
        cmocka_unit_test(a_roll_whose_pieces_nobody_judged_is_not_released),
        cmocka_unit_test(header_and_trailer_have_no_pieces_to_judge),
        cmocka_unit_test(who_judged_or_counted_a_risky_roll_does_not_release_it),
        cmocka_unit_test(who_packed_a_risky_roll_does_not_release_it),
        cmocka_unit_test(who_planned_a_risky_roll_does_not_approve_it),
        cmocka_unit_test(a_weekly_medicine_makes_a_roll_risky),
        cmocka_unit_test(a_roll_without_bags_is_not_released),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
