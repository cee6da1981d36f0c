/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that intakes become the times of day of a list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/model/roll_time.h"

#define MONDAY 20780 /* 2026-11-23 */

static void intakes_of_one_time_and_amount_are_one_row(void **state)
{
    struct roll_time list[ROLL_TIMES_MAX] = { 0 };
    struct roll_times times = { list, 0 };
    (void)state;
    for (int32_t day = 0; day < 3; day++) {
        assert_true(roll_time_add(&times, (struct rw_wall){ MONDAY + day, 1080 }, 1000));
        assert_true(
            roll_time_add(&times, (struct rw_wall){ MONDAY + day, 480 }, day == 2 ? 500 : 1000));
    }
    assert_int_equal(times.count, 3);
    assert_int_equal(list[0].minute, 480); /* the smaller amount first */
    assert_int_equal(list[0].milli, 500);
    assert_int_equal(list[0].weekdays, 1 << 2);
    assert_int_equal(list[1].milli, 1000);
    assert_int_equal(list[1].days, 2);
    assert_int_equal(list[1].weekdays, 1 << 0 | 1 << 1);
    assert_int_equal(list[2].minute, 1080);
    assert_int_equal(list[2].days, 3);
}

static void a_full_list_takes_no_other_time(void **state)
{
    struct roll_time list[ROLL_TIMES_MAX] = { 0 };
    struct roll_times times = { list, 0 };
    (void)state;
    for (int32_t i = 0; i < ROLL_TIMES_MAX; i++)
        assert_true(roll_time_add(&times, (struct rw_wall){ MONDAY, i }, 1000));
    assert_false(roll_time_add(&times, (struct rw_wall){ MONDAY, 0 }, 2000));
    assert_int_equal(times.count, ROLL_TIMES_MAX);
    assert_true(roll_time_add(&times, (struct rw_wall){ MONDAY + 1, 0 }, 1000));
    assert_int_equal(list[0].days, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intakes_of_one_time_and_amount_are_one_row),
        cmocka_unit_test(a_full_list_takes_no_other_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
