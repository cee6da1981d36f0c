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
        cmocka_unit_test(a_roll_without_bags_is_not_released),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
