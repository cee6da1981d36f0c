/* SPDX-License-Identifier: Apache-2.0 */
/* Walks the life of a roll and counts its bags. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/model/roll.h"

static void every_state_can_be_reached(void **state)
{
    bool reached[ROLL_STATE_COUNT] = { [ROLL_NONE] = true };
    (void)state;
    for (int round = 0; round < ROLL_STATE_COUNT; round++) {
        for (size_t i = 0; i < roll_step_count; i++)
            reached[roll_steps[i].to] |= reached[roll_steps[i].from];
    }
    for (int at = 0; at < ROLL_STATE_COUNT; at++)
        assert_true(reached[at]);
}

/* REQ-014: nothing leads to release but a verified roll. */
static void only_a_verified_roll_is_released(void **state)
{
    int ways = 0;
    (void)state;
    for (size_t i = 0; i < roll_step_count; i++) {
        if (roll_steps[i].to != ROLL_RELEASED || roll_steps[i].from == ROLL_RELEASED)
            continue;
        ways++;
        assert_int_equal(roll_steps[i].from, ROLL_VERIFIED);
        assert_int_equal(roll_steps[i].act, ROLL_ACT_RELEASE);
    }
    assert_int_equal(ways, 1);
}

static void a_finished_roll_cannot_be_withdrawn(void **state)
{
    (void)state;
    assert_null(roll_step_find(ROLL_FINISHED, ROLL_ACT_WITHDRAW));
    for (int act = 0; act < ROLL_ACT_COUNT; act++) {
        assert_null(roll_step_find(ROLL_FINISHED, (enum roll_act)act));
        assert_null(roll_step_find(ROLL_WITHDRAWN, (enum roll_act)act));
        assert_null(roll_step_find(ROLL_SUPERSEDED, (enum roll_act)act));
        assert_null(roll_step_find(ROLL_REJECTED, (enum roll_act)act));
    }
}

static void no_pair_of_state_and_act_has_two_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < roll_step_count; i++)
        assert_ptr_equal(roll_step_find(roll_steps[i].from, roll_steps[i].act), &roll_steps[i]);
}

static void state_words_read_back(void **state)
{
    (void)state;
    for (int at = ROLL_PLANNED; at < ROLL_STATE_COUNT; at++) {
        enum roll_state back = ROLL_NONE;
        assert_true(roll_state_from_word(roll_state_word((enum roll_state)at), &back));
        assert_int_equal(back, at);
    }
    enum roll_state untouched = ROLL_RUNNING;
    assert_false(roll_state_from_word("none", &untouched));
    assert_false(roll_state_from_word(NULL, &untouched));
    assert_int_equal(untouched, ROLL_RUNNING);
}

static void a_roll_number_has_nine_digits(void **state)
{
    (void)state;
    assert_true(roll_is_number("482913570"));
    assert_false(roll_is_number("48291357"));
    assert_false(roll_is_number("4829135700"));
    assert_false(roll_is_number("48291357a"));
    assert_false(roll_is_number(NULL));
}

static void an_audit_that_loses_a_thousandth_does_not_balance(void **state)
{
    struct roll_audit audit = {
        .ordered_milli = 6500, .packed_milli = 4000, .loose_milli = 2000, .excluded_milli = 500
    };
    (void)state;
    assert_true(roll_balances(&audit));
    audit.packed_milli--;
    assert_false(roll_balances(&audit));
}

static void halves_count_as_pieces_of_their_own(void **state)
{
    struct bag_content contents[] = { { .milli = 1500 }, { .milli = 2000 }, { .milli = 500 } };
    struct bag bag = { .contents = contents, .content_count = 3 };
    (void)state;
    assert_int_equal(bag_total_milli(&bag), 4000);
    assert_int_equal(bag_pieces(&bag), 5);
}

/* Each act has a word of its own; the journal and the console show them. */
static void every_act_has_a_word_of_its_own(void **state)
{
    (void)state;
    for (int act = 0; act < ROLL_ACT_COUNT; act++) {
        assert_non_null(roll_act_word((enum roll_act)act));
        for (int other = 0; other < act; other++)
            assert_string_not_equal(roll_act_word((enum roll_act)act),
                                    roll_act_word((enum roll_act)other));
    }
    assert_string_equal(roll_act_word(ROLL_ACT_RELEASE), "release");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_state_can_be_reached),
        cmocka_unit_test(only_a_verified_roll_is_released),
        cmocka_unit_test(a_finished_roll_cannot_be_withdrawn),
        cmocka_unit_test(no_pair_of_state_and_act_has_two_rows),
        cmocka_unit_test(state_words_read_back),
        cmocka_unit_test(a_roll_number_has_nine_digits),
        cmocka_unit_test(an_audit_that_loses_a_thousandth_does_not_balance),
        cmocka_unit_test(halves_count_as_pieces_of_their_own),
        cmocka_unit_test(every_act_has_a_word_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
