/* SPDX-License-Identifier: Apache-2.0 */
/* Tests when a clock is believed that was set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api/jumps.h"

#define HOUR_MS INT64_C(3600000)
#define NOW_MS INT64_C(1795700000000)

static void a_clock_that_goes_on_is_believed(void **state)
{
    struct jumps jumps = { 0 };
    (void)state;
    for (int64_t second = 1; second < 100; second++) {
        int64_t drift_ms = second % 2 ? 400 : -400;
        assert_int_equal(0, jumps_look(&jumps, NOW_MS + second * 1000 + drift_ms, second * 1000));
        assert_false(jumps_is_quiet(&jumps, second * 1000));
    }
}

/* A round that took an hour, in both clocks, is no jump. */
static void a_long_time_between_two_looks_is_no_jump(void **state)
{
    struct jumps jumps = { 0 };
    (void)state;
    assert_int_equal(0, jumps_look(&jumps, NOW_MS, 5000));
    assert_int_equal(0, jumps_look(&jumps, NOW_MS + HOUR_MS, 5000 + HOUR_MS));
}

static void forward_is_believed_after_a_while(void **state)
{
    struct jumps jumps = { 0 };
    (void)state;
    (void)jumps_look(&jumps, NOW_MS, 5000);
    assert_int_equal(HOUR_MS, jumps_look(&jumps, NOW_MS + HOUR_MS + 1000, 6000));
    assert_true(jumps_is_quiet(&jumps, 6000));
    assert_true(jumps_is_quiet(&jumps, 6000 + JUMPS_QUIET_MS - 1));
    assert_false(jumps_is_quiet(&jumps, 6000 + JUMPS_QUIET_MS));
}

static void back_again_is_believed_at_once(void **state)
{
    struct jumps jumps = { 0 };
    (void)state;
    (void)jumps_look(&jumps, NOW_MS, 5000);
    (void)jumps_look(&jumps, NOW_MS + HOUR_MS + 1000, 6000);
    assert_int_equal(-HOUR_MS, jumps_look(&jumps, NOW_MS + 2000, 7000));
    assert_false(jumps_is_quiet(&jumps, 7000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clock_that_goes_on_is_believed),
        cmocka_unit_test(a_long_time_between_two_looks_is_no_jump),
        cmocka_unit_test(forward_is_believed_after_a_while),
        cmocka_unit_test(back_again_is_believed_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
