/* SPDX-License-Identifier: Apache-2.0 */
/* Proves what raises an alarm, and when a moment is missed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/attributes.h"
#include "core/base/clock.h"
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
    for (int at = 0; at < ALARM_SEVERITY_COUNT; at++) {
        enum alarm_severity back = ALARM_SEVERITY_COUNT;
        assert_true(alarm_severity_from_word(alarm_severity_word((enum alarm_severity)at), &back));
        assert_int_equal(back, at);
    }
    enum alarm_severity severity = ALARM_DAY;
    assert_false(alarm_severity_from_word("night", &severity));
    enum alarm_type type = ALARM_JAM;
    enum alarm_state held = ALARM_OPEN;
    assert_false(alarm_type_from_word("none", &type));
    assert_false(alarm_state_from_word("gone", &held));
}

static int64_t utc_ms(const char *text)
{
    int64_t ms = 0;
    assert_true(rw_clock_parse_utc(text, &ms));
    return ms;
}

static void what_waits_for_the_day_is_told_when_it_begins(void **state)
{
    static const struct {
        const char *now;
        const char *told;
    } rows[] = {
        { "2026-11-26T06:59:59.000Z", "2026-11-26T07:00:00.000Z" }, /* 07:59 at the wall */
        { "2026-11-26T07:00:00.000Z", "2026-11-26T07:00:00.000Z" },
        { "2026-11-26T18:59:59.999Z", "2026-11-26T18:59:59.999Z" },
        { "2026-11-26T19:00:00.000Z", "2026-11-27T07:00:00.000Z" },
        { "2026-11-26T23:30:00.000Z", "2026-11-27T07:00:00.000Z" }, /* past midnight at the wall */
        { "2026-03-28T22:00:00.000Z", "2026-03-29T06:00:00.000Z" }, /* the night of 23 hours */
        { "2026-10-24T22:00:00.000Z", "2026-10-25T07:00:00.000Z" }, /* and that of 25 */
    };
    const struct alarm_day day = { 8, 20 };
    const struct alarm_day always = { 0, 24 };
    struct rw_zone *zone = NULL;
    struct rw_error err = { 0 };
    (void)state;
    assert_true(rw_zone_open("Europe/Amsterdam", &zone, &err));
    for (size_t i = 0; i < RW_COUNT(rows); i++) {
        assert_true(alarm_day_ms(&day, zone, utc_ms(rows[i].now)) == utc_ms(rows[i].told));
        assert_true(alarm_day_ms(&always, zone, utc_ms(rows[i].now)) == utc_ms(rows[i].now));
    }
    rw_zone_close(zone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_needs_a_person_raises_an_alarm),
        cmocka_unit_test(a_moment_is_missed_only_behind_its_last_minute),
        cmocka_unit_test(words_read_back),
        cmocka_unit_test(what_waits_for_the_day_is_told_when_it_begins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
