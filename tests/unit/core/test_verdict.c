/* SPDX-License-Identifier: Apache-2.0 */
/* Proves which verdict wins, and that its words read back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/model/verdict.h"

/* REQ-011: what is not decided counts as unsure, never as a pass. */
static void the_worst_verdict_wins(void **state)
{
    (void)state;
    assert_int_equal(verdict_worst(VERDICT_PASS, VERDICT_FAIL), VERDICT_FAIL);
    assert_int_equal(verdict_worst(VERDICT_MISSING, VERDICT_UNSURE), VERDICT_MISSING);
    assert_int_equal(verdict_worst(VERDICT_FAIL, VERDICT_MISSING), VERDICT_FAIL);
    assert_int_equal(verdict_worst(VERDICT_PASS, VERDICT_UNDECIDED), VERDICT_UNSURE);
    assert_int_equal(verdict_worst(VERDICT_UNDECIDED, VERDICT_UNDECIDED), VERDICT_UNSURE);
    assert_int_equal(verdict_worst(VERDICT_PASS, VERDICT_PASS), VERDICT_PASS);
}

static void words_read_back(void **state)
{
    (void)state;
    for (int at = VERDICT_PASS; at < VERDICT_COUNT; at++) {
        enum verdict back = VERDICT_UNDECIDED;
        assert_true(verdict_from_word(verdict_word((enum verdict)at), &back));
        assert_int_equal(back, at);
    }
    for (int at = REASON_NOT_SEEN; at < VERDICT_REASON_COUNT; at++) {
        enum verdict_reason back = REASON_NONE;
        assert_true(verdict_reason_from_word(verdict_reason_word((enum verdict_reason)at), &back));
        assert_int_equal(back, at);
    }
    enum verdict verdict = VERDICT_FAIL;
    assert_false(verdict_from_word("undecided", &verdict));
    assert_false(verdict_from_word("ok", &verdict));
    assert_int_equal(verdict, VERDICT_FAIL);
}

static void a_reason_stands_once_and_the_list_has_an_end(void **state)
{
    struct verdict_bag bag = { .n = 1 };
    (void)state;
    verdict_bag_add_reason(&bag, REASON_TWICE);
    verdict_bag_add_reason(&bag, REASON_TWICE);
    assert_int_equal(bag.reason_count, 1);
    for (int at = REASON_NOT_SEEN; at < VERDICT_REASON_COUNT; at++)
        verdict_bag_add_reason(&bag, (enum verdict_reason)at);
    assert_int_equal(bag.reason_count, VERDICT_REASONS_MAX);
}

static void grades_have_letters(void **state)
{
    (void)state;
    assert_int_equal(verdict_grade_letter(4), 'A');
    assert_int_equal(verdict_grade_letter(1), 'D');
    assert_int_equal(verdict_grade_letter(0), 'F');
    assert_int_equal(verdict_grade_letter(-1), '-');
    assert_int_equal(verdict_grade_letter(5), '-');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worst_verdict_wins),
        cmocka_unit_test(words_read_back),
        cmocka_unit_test(a_reason_stands_once_and_the_list_has_an_end),
        cmocka_unit_test(grades_have_letters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
