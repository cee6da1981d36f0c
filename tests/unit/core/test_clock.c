/* SPDX-License-Identifier: Apache-2.0 */
/* Writes and reads instants, and asks the machine's clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/clock.h"

static void instants_are_written_with_milliseconds(void **state)
{
    char text[RW_CLOCK_TEXT_MAX];
    (void)state;
    rw_clock_write_utc(0, text);
    assert_string_equal(text, "1970-01-01T00:00:00.000Z");
    rw_clock_write_utc(-1, text);
    assert_string_equal(text, "1969-12-31T23:59:59.999Z");
    rw_clock_write_utc(INT64_C(1795417200123), text);
    assert_string_equal(text, "2026-11-23T07:00:00.123Z");
}

static void what_was_written_is_read_again(void **state)
{
    (void)state;
    for (int64_t at = -86400000; at < 4 * 86400000LL; at += 12345677) {
        char text[RW_CLOCK_TEXT_MAX];
        int64_t again;
        rw_clock_write_utc(at, text);
        assert_true(rw_clock_parse_utc(text, &again));
        assert_true(again == at);
    }
}

static void other_forms_are_read(void **state)
{
    static const char *const same[] = { "2026-11-23T08:00+01:00", "2026-11-23T07:00Z",
                                        "2026-11-23T07:00:00Z", "2026-11-23T08:00:00.0009+01:00" };
    int64_t at;
    (void)state;
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        assert_true(rw_clock_parse_utc(same[i], &at));
        assert_true(at == INT64_C(1795417200000));
    }
    assert_true(rw_clock_parse_utc("2026-11-23T07:00:01.5Z", &at));
    assert_true(at == INT64_C(1795417201500));
    assert_false(rw_clock_parse_utc("2026-11-23", &at));
    assert_false(rw_clock_parse_utc("yesterday", &at));
}

static void the_system_clock_goes_on(void **state)
{
    struct rw_clock clock = rw_clock_system();
    (void)state;
    assert_true(rw_clock_utc_ms(&clock) > INT64_C(1577836800000)); /* after 2020 */
    int64_t first = rw_clock_monotonic_ms(&clock);
    assert_true(rw_clock_monotonic_ms(&clock) >= first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instants_are_written_with_milliseconds),
        cmocka_unit_test(what_was_written_is_read_again),
        cmocka_unit_test(other_forms_are_read),
        cmocka_unit_test(the_system_clock_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
