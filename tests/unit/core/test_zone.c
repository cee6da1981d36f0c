/* SPDX-License-Identifier: Apache-2.0 */
/* Crosses both clock changes and refuses zones that do not exist. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/date.h"
#include "core/base/zone.h"

static struct rw_zone *amsterdam;

static int open_amsterdam(void **state)
{
    struct rw_error err = { 0 };
    (void)state;
    return rw_zone_open("Europe/Amsterdam", &amsterdam, &err) ? 0 : -1;
}

static int close_amsterdam(void **state)
{
    (void)state;
    rw_zone_close(amsterdam);
    return 0;
}

/* What a wall time becomes, as text. */
static const char *stamp_of(const char *date, int32_t hour, int32_t minute)
{
    static char text[RW_ZONE_STAMP_MAX];
    struct rw_wall wall = { .minute = hour * 60 + minute };
    assert_true(rw_date_parse(date, &wall.day));
    rw_stamp_write(rw_zone_stamp(amsterdam, wall), text);
    return text;
}

static void winter_and_summer_have_their_offsets(void **state)
{
    (void)state;
    assert_string_equal(stamp_of("2026-11-23", 8, 0), "2026-11-23T08:00+01:00");
    assert_string_equal(stamp_of("2026-07-01", 0, 0), "2026-07-01T00:00+02:00");
    assert_string_equal(stamp_of("2199-12-31", 23, 59), "2199-12-31T23:59+01:00");
    assert_string_equal(stamp_of("2150-07-01", 12, 0), "2150-07-01T12:00+02:00");
}

/* D24: 2026-03-29, 02:00 becomes 03:00. */
/* REQ-006: the night that lacks an hour loses no intake, the other one doubles none. */
static void a_skipped_time_moves_to_the_next_valid_one(void **state)
{
    (void)state;
    assert_string_equal(stamp_of("2026-03-29", 1, 59), "2026-03-29T01:59+01:00");
    assert_string_equal(stamp_of("2026-03-29", 2, 0), "2026-03-29T03:00+02:00");
    assert_string_equal(stamp_of("2026-03-29", 2, 30), "2026-03-29T03:00+02:00");
    assert_string_equal(stamp_of("2026-03-29", 2, 59), "2026-03-29T03:00+02:00");
    assert_string_equal(stamp_of("2026-03-29", 3, 0), "2026-03-29T03:00+02:00");
}

/* 2026-10-25, 03:00 becomes 02:00. */
static void a_doubled_time_is_its_first_occurrence(void **state)
{
    (void)state;
    assert_string_equal(stamp_of("2026-10-25", 1, 59), "2026-10-25T01:59+02:00");
    assert_string_equal(stamp_of("2026-10-25", 2, 0), "2026-10-25T02:00+02:00");
    assert_string_equal(stamp_of("2026-10-25", 2, 59), "2026-10-25T02:59+02:00");
    assert_string_equal(stamp_of("2026-10-25", 3, 0), "2026-10-25T03:00+01:00");
}

static int64_t minutes_of_day(const char *date)
{
    struct rw_wall wall = { 0 };
    assert_true(rw_date_parse(date, &wall.day));
    int64_t start = rw_stamp_utc_minute(rw_zone_stamp(amsterdam, wall));
    wall.day++;
    return rw_stamp_utc_minute(rw_zone_stamp(amsterdam, wall)) - start;
}

static void days_have_23_24_or_25_hours(void **state)
{
    (void)state;
    assert_int_equal(minutes_of_day("2026-03-29"), 23 * 60);
    assert_int_equal(minutes_of_day("2026-10-25"), 25 * 60);
    assert_int_equal(minutes_of_day("2028-02-29"), 24 * 60);
}

/* Every quarter of an hour of a year, there and back. */
static void an_instant_and_its_wall_time_agree(void **state)
{
    int64_t first = (int64_t)20454 * RW_DAY_MINUTES;
    int64_t doubled = 0;
    (void)state;
    for (int64_t minute = first; minute < first + 365 * RW_DAY_MINUTES; minute += 15) {
        struct rw_stamp stamp = rw_zone_at(amsterdam, minute);
        assert_int_equal(rw_stamp_utc_minute(stamp), minute);
        int64_t again = rw_stamp_utc_minute(rw_zone_stamp(amsterdam, stamp.wall));
        assert_true(again == minute || again == minute - 60);
        doubled += again != minute;
    }
    assert_int_equal(doubled, 4); /* the second 02:00 to 02:45 of October */
}

static void zones_that_do_not_exist_are_refused(void **state)
{
    static const char *const wrong[] = {
        "Europe/Amsterdan",
        "",
        "Etc/Unknown",
        "GMT+01:00",
        "europe amsterdam",
        "\xFF",
        "a-name-that-is-longer-than-any-zone-can-be-a-name-that-is-"
        "longer-than-any"
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct rw_error err = { 0 };
        struct rw_zone *zone = NULL;
        assert_false(rw_zone_open(wrong[i], &zone, &err));
        assert_null(zone);
        assert_int_equal(err.code, RW_INVALID);
    }
}

static void other_zones_work_as_well(void **state)
{
    struct rw_error err = { 0 };
    struct rw_zone *zone;
    char text[RW_ZONE_STAMP_MAX];
    (void)state;
    assert_true(rw_zone_open("America/St_Johns", &zone, &err));
    rw_stamp_write(rw_zone_at(zone, 0), text);
    assert_string_equal(text, "1969-12-31T20:30-03:30");
    rw_zone_close(zone);
    assert_true(rw_zone_open("UTC", &zone, &err));
    rw_stamp_write(rw_zone_at(zone, 20780LL * RW_DAY_MINUTES), text);
    assert_string_equal(text, "2026-11-23T00:00+00:00");
    rw_zone_close(zone);
}

static void stamps_are_read_in_all_their_forms(void **state)
{
    static const char *const good[] = {
        "2026-11-23T08:00+01:00",           "2026-11-23T07:00Z",      "2026-11-23T07:00:59Z",
        "2026-11-23T08:00:00.123456+01:00", "2026-11-23T21:00+14:00", "2026-11-22T19:00-12:00"
    };
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct rw_stamp stamp;
        assert_true(rw_stamp_parse(good[i], &stamp));
        assert_int_equal(rw_stamp_utc_minute(stamp), 20780LL * RW_DAY_MINUTES + 7 * 60);
    }
}

static void other_stamps_are_refused(void **state)
{
    static const char *const wrong[] = {
        "",
        "2026-11-23",
        "2026-11-23T08:00",
        "2026-11-23 08:00+01:00",
        "2026-11-23T24:00+01:00",
        "2026-11-23T08:60+01:00",
        "2026-11-23T08:00:60+01:00",
        "2026-11-23T08:00:00.+01:00",
        "2026-11-23T08:00:0+01:00",
        "2026-11-23T08:00+14:01",
        "2026-11-23T08:00+01",
        "2026-11-23T08:00+01:00x",
        "2026-11-23T08:00*01:00",
        "2026-11-23T08-00+01:00",
        "2026-02-30T08:00+01:00",
        "2026-11-23T0x:00+01:00",
        "2026-11-23T08:00z",
    };
    struct rw_stamp stamp;
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(rw_stamp_parse(wrong[i], &stamp));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(winter_and_summer_have_their_offsets),
        cmocka_unit_test(a_skipped_time_moves_to_the_next_valid_one),
        cmocka_unit_test(a_doubled_time_is_its_first_occurrence),
        cmocka_unit_test(days_have_23_24_or_25_hours),
        cmocka_unit_test(an_instant_and_its_wall_time_agree),
        cmocka_unit_test(zones_that_do_not_exist_are_refused),
        cmocka_unit_test(other_zones_work_as_well),
        cmocka_unit_test(stamps_are_read_in_all_their_forms),
        cmocka_unit_test(other_stamps_are_refused),
    };
    return cmocka_run_group_tests(tests, open_amsterdam, close_amsterdam);
}
