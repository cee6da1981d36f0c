/* SPDX-License-Identifier: Apache-2.0 */
/* Counts days over leap years, weeks and months. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/date.h"

static int32_t day_of(const char *text)
{
    int32_t day = INT32_MIN;
    assert_true(rw_date_parse(text, &day));
    return day;
}

static void known_days_have_known_numbers(void **state)
{
    (void)state;
    assert_int_equal(day_of("1970-01-01"), 0);
    assert_int_equal(day_of("2026-11-23"), 20780);
    assert_int_equal(day_of("1900-01-01"), RW_DATE_MIN);
    assert_int_equal(day_of("2199-12-31"), RW_DATE_MAX);
    assert_int_equal(day_of("2000-03-01") - day_of("2000-02-28"), 2);
    assert_int_equal(day_of("2100-03-01") - day_of("2100-02-28"), 1);
}

/* Walks every day by another road: a calendar that counts up. */
static void every_day_is_read_as_it_was_written(void **state)
{
    int32_t year = 1900;
    int32_t month = 1;
    int32_t day = 1;
    (void)state;
    for (int32_t number = RW_DATE_MIN; number <= RW_DATE_MAX; number++) {
        struct rw_civil civil = rw_date_civil(number);
        char text[RW_DATE_TEXT_MAX];
        int32_t again;
        assert_true(civil.year == year && civil.month == month && civil.day == day);
        rw_date_write(number, text);
        assert_true(rw_date_parse(text, &again) && again == number);
        if (++day > rw_date_month_days(year, month)) {
            day = 1;
            if (++month > 12) {
                month = 1;
                year++;
            }
        }
    }
    assert_int_equal(year, 2200);
}

static void dates_that_do_not_exist_are_refused(void **state)
{
    static const char *const wrong[] = { "2026-02-29", "2100-02-29", "2026-13-01",  "2026-00-10",
                                         "2026-04-31", "2026-01-00", "1899-12-31",  "2200-01-01",
                                         "2026-1-01",  "2026-01-1",  "26-01-01",    "",
                                         "2026",       "2026-01",    "2026-01-01 ", "2026/01/01",
                                         "2026-01/01", "x026-01-01", "2026-0x-01",  "2026-01-0x" };
    int32_t day = 5;
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(rw_date_parse(wrong[i], &day));
    assert_int_equal(day, 5);
    assert_true(rw_date_from_civil(2024, 2, 29, &day));
    assert_false(rw_date_from_civil(2025, 2, 29, &day));
}

static void weeks_begin_on_monday(void **state)
{
    (void)state;
    assert_int_equal(rw_date_weekday(day_of("2026-11-23")), 1);
    assert_int_equal(rw_date_weekday(day_of("1970-01-01")), 4);
    assert_int_equal(rw_date_weekday(day_of("1969-12-28")), 7);
    for (int32_t day = -20; day < 20; day++) {
        int32_t start = rw_date_week_start(day);
        assert_int_equal(rw_date_weekday(start), 1);
        assert_true(start <= day && day - start < 7);
    }
}

static void a_month_later_is_the_same_day_or_the_last(void **state)
{
    (void)state;
    assert_int_equal(rw_date_add_months(day_of("2026-01-31"), 1), day_of("2026-02-28"));
    assert_int_equal(rw_date_add_months(day_of("2028-01-31"), 1), day_of("2028-02-29"));
    assert_int_equal(rw_date_add_months(day_of("2026-11-23"), 14), day_of("2028-01-23"));
    assert_int_equal(rw_date_add_months(day_of("2026-03-31"), -1), day_of("2026-02-28"));
    assert_int_equal(rw_date_add_months(day_of("2026-03-31"), -15), day_of("2024-12-31"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_days_have_known_numbers),
        cmocka_unit_test(every_day_is_read_as_it_was_written),
        cmocka_unit_test(dates_that_do_not_exist_are_refused),
        cmocka_unit_test(weeks_begin_on_monday),
        cmocka_unit_test(a_month_later_is_the_same_day_or_the_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
