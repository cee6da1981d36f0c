/* SPDX-License-Identifier: Apache-2.0 */
/* Proves what raises an alarm, and when a moment is missed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/model/alarm.h"

/* REQ-018: a missed moment is an alarm. */
static void what_needs_a_person_raises_an_alarm(void **state)
{
    (void)state;
    assert_int_equal(alarm_of_event(EVENT_MISSED), ALARM_MISSED);
    assert_int_equal(alarm_of_event(EVENT_DOUBLE_FEED), ALARM_JAM);
    assert_int_equal(alarm_of_event(EVENT_CODE_MISMATCH), ALARM_CODE_MISMATCH);
    assert_int_equal(alarm_of_event(EVENT_RELEASED), ALARM_NONE);
    assert_int_equal(alarm_of_event(EVENT_PAUSED), ALARM_NONE);
}

static void a_moment_is_missed_only_behind_its_last_minute(void **state)
{
    const int64_t at = INT64_C(1795000000000);
    const int64_t limit = at + INT64_C(45) * 60000;
    (void)state;
    assert_false(alarm_is_missed(at, 45, at));
    assert_false(alarm_is_missed(at, 45, limit));
    assert_true(alarm_is_missed(at, 45, limit + 1));
    assert_false(alarm_is_missed(at, 75, limit + 1));
}

static void words_read_back(void **state)
{
    (void)state;
    for (int at = ALARM_NONE + 1; at < ALARM_TYPE_COUNT; at++) {
        enum alarm_type back = ALARM_NONE;
        assert_true(alarm_type_from_word(alarm_type_word((enum alarm_type)at), &back));
        assert_int_equal(back, at);
    }
    for (int at = 0; at < ALARM_STATE_COUNT; at++) {
        enum alarm_state back = ALARM_CLOSED;
        assert_true(alarm_state_from_word(alarm_state_word((enum alarm_state)at), &back));
        assert_int_equal(back, at);
    }
    enum alarm_type type = ALARM_JAM;
    enum alarm_state held = ALARM_OPEN;
    assert_false(alarm_type_from_word("none", &type));
    assert_false(alarm_state_from_word("gone", &held));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_needs_a_person_raises_an_alarm),
        cmocka_unit_test(a_moment_is_missed_only_behind_its_last_minute),
        cmocka_unit_test(words_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
