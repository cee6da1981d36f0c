/* SPDX-License-Identifier: Apache-2.0 */
/* Tests durations over the changes of the clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/base/zone.h"
#include "roll-builder/intake/fhir_value.h"
#include "roll-builder/span.h"

static struct rw_zone *zone;

static int open_zone(void **state)
{
    (void)state;
    struct rw_error err = { 0 };
    return rw_zone_open("Europe/Amsterdam", &zone, &err) ? 0 : -1;
}

static int close_zone(void **state)
{
    (void)state;
    rw_zone_close(zone);
    return 0;
}

/* The point `milli` units after `from`, written. */
static void expect_sum(const char *from, int64_t milli, enum dosing_unit unit, const char *expected)
{
    struct dosing_point start;
    struct dosing_point end;
    char text[RW_ZONE_STAMP_MAX];
    const struct dosing_duration duration = { .milli = milli, .unit = unit };
    assert_true(fhir_value_point(from, zone, &start));
    assert_true(span_add(&start, duration, 1, zone, &end));
    rw_stamp_write(end.stamp, text);
    assert_string_equal(text, expected);
}

static void days_stay_on_the_wall_clock(void **state)
{
    (void)state;
    expect_sum("2026-10-24T08:00:00+02:00", 1000, DOSING_DAY, "2026-10-25T08:00+01:00");
    expect_sum("2026-03-28T08:00:00+01:00", 1000, DOSING_DAY, "2026-03-29T08:00+02:00");
    expect_sum("2026-03-22", 1000, DOSING_WEEK, "2026-03-29T00:00+01:00");
}

static void hours_are_elapsed_time(void **state)
{
    (void)state;
    expect_sum("2026-10-24T08:00:00+02:00", 24000, DOSING_HOUR, "2026-10-25T07:00+01:00");
    expect_sum("2026-11-23T08:00:00+01:00", 1500, DOSING_HOUR, "2026-11-23T09:30+01:00");
    expect_sum("2026-11-23T08:00:00+01:00", 90000, DOSING_MINUTES, "2026-11-23T09:30+01:00");
    expect_sum("2026-11-23T08:00:00+01:00", 60000, DOSING_SECOND, "2026-11-23T08:01+01:00");
}

static void months_and_years_end_on_a_day_that_exists(void **state)
{
    (void)state;
    expect_sum("2026-01-31", 1000, DOSING_MONTH, "2026-02-28T00:00+01:00");
    expect_sum("2028-02-29", 1000, DOSING_YEAR, "2029-02-28T00:00+01:00");
}

static void parts_of_days_are_refused(void **state)
{
    (void)state;
    struct dosing_point start;
    struct dosing_point end;
    const struct dosing_duration half = { .milli = 1500, .unit = DOSING_WEEK };
    const struct dosing_duration none = { .milli = 0, .unit = DOSING_DAY };
    const struct dosing_duration ages = { .milli = 900000000, .unit = DOSING_YEAR };
    assert_true(fhir_value_point("2026-11-23", zone, &start));
    assert_false(span_add(&start, half, 1, zone, &end));
    assert_false(span_add(&start, none, 1, zone, &end));
    assert_false(span_add(&start, ages, 1, zone, &end));
    assert_false(span_add(&start, (struct dosing_duration){ .milli = 1000 }, 1, zone, &end));
}

static void an_end_counts_itself_and_a_date_its_whole_day(void **state)
{
    (void)state;
    struct dosing_point end;
    struct dosing_point next;
    assert_true(fhir_value_end("2026-03-29", zone, &end));
    assert_true(fhir_value_point("2026-03-30T00:00:00+02:00", zone, &next));
    assert_int_equal(span_after(&end, zone), span_start(&next));
    assert_true(fhir_value_end("2026-11-23T23:59:59+01:00", zone, &end));
    assert_true(fhir_value_point("2026-11-24", zone, &next));
    assert_int_equal(span_after(&end, zone), span_start(&next));
    assert_int_equal(span_point(-1, zone).second, 59);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_stay_on_the_wall_clock),
        cmocka_unit_test(hours_are_elapsed_time),
        cmocka_unit_test(months_and_years_end_on_a_day_that_exists),
        cmocka_unit_test(parts_of_days_are_refused),
        cmocka_unit_test(an_end_counts_itself_and_a_date_its_whole_day),
    };
    return cmocka_run_group_tests(tests, open_zone, close_zone);
}
