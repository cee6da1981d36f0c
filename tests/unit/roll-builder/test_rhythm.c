/* SPDX-License-Identifier: Apache-2.0 */
/* Tests on which days a rhythm falls. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/date.h"
#include "roll-builder/rhythm.h"

#define MONDAY 20780 /* 2026-11-23 */

static void every_third_day_counts_from_the_anchor(void **state)
{
    (void)state;
    const struct rhythm rhythm = { .kind = RHYTHM_DAYS, .step = 3 };
    assert_true(rhythm_falls_on(&rhythm, MONDAY, MONDAY));
    assert_false(rhythm_falls_on(&rhythm, MONDAY, MONDAY + 2));
    assert_true(rhythm_falls_on(&rhythm, MONDAY, MONDAY + 300));
}

static void weekdays_filter_every_day(void **state)
{
    (void)state;
    const struct rhythm rhythm = { .kind = RHYTHM_DAYS, .step = 1, .weekdays = 0x11 };
    assert_true(rhythm_falls_on(&rhythm, 0, MONDAY));
    assert_false(rhythm_falls_on(&rhythm, 0, MONDAY + 1));
    assert_true(rhythm_falls_on(&rhythm, 0, MONDAY + 4));
}

static void every_other_week_counts_whole_weeks(void **state)
{
    (void)state;
    /* The start is a Sunday: the Monday after it lies in the next ISO week already. */
    const struct rhythm rhythm = { .kind = RHYTHM_WEEKS, .step = 2, .weekdays = 0x01 };
    assert_false(rhythm_falls_on(&rhythm, MONDAY - 1, MONDAY));
    assert_true(rhythm_falls_on(&rhythm, MONDAY - 1, MONDAY + 7));
    assert_true(rhythm_falls_on(&rhythm, MONDAY, MONDAY));
}

static void a_month_without_the_day_has_its_last_day(void **state)
{
    (void)state;
    const struct rhythm rhythm = { .kind = RHYTHM_MONTHS, .step = 1 };
    int32_t anchor;
    int32_t leap;
    int32_t march;
    assert_true(rw_date_from_civil(2028, 1, 31, &anchor));
    assert_true(rw_date_from_civil(2028, 2, 29, &leap));
    assert_true(rw_date_from_civil(2028, 3, 31, &march));
    assert_true(rhythm_falls_on(&rhythm, anchor, leap));
    assert_true(rhythm_falls_on(&rhythm, anchor, march));
    assert_false(rhythm_falls_on(&rhythm, anchor, march - 2));
}

static void events_fall_on_no_day_of_their_own(void **state)
{
    (void)state;
    const struct rhythm rhythm = { .kind = RHYTHM_EVENTS };
    assert_false(rhythm_falls_on(&rhythm, MONDAY, MONDAY));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_third_day_counts_from_the_anchor),
        cmocka_unit_test(weekdays_filter_every_day),
        cmocka_unit_test(every_other_week_counts_whole_weeks),
        cmocka_unit_test(a_month_without_the_day_has_its_last_day),
        cmocka_unit_test(events_fall_on_no_day_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
