/* SPDX-License-Identifier: Apache-2.0 */
/* Reads schedules as they were written and refuses contradictions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/crypto.h"
#include "core/json/schedule_json.h"
#include "tests/support/fixture.h"

static struct schedule schedule;
static struct schedule_bag bags[SCHEDULE_BAGS_MAX];
static char serials[SCHEDULE_BAGS_MAX][13];
static struct schedule_reminder reminders[SCHEDULE_REMINDERS_MAX];
static const char *revoked[SCHEDULE_REVOKED_MAX];
static struct schedule_pause pauses[SCHEDULE_PAUSES_MAX];

/* An invented schedule of this many bags, four a day. */
static void make(int32_t count)
{
    schedule = (struct schedule){ .dispenser = "d-1",
                                  .version = 7,
                                  .roll = "482913570",
                                  .roll_version = 1,
                                  .client = "p-9",
                                  .released = "2026-11-22T15:00:00.000Z",
                                  .zone = "Europe/Amsterdam",
                                  .media = "generic-70x60",
                                  .first = 1,
                                  .last = count,
                                  .alarm_after_min = 45,
                                  .pharmacy = "ap-1",
                                  .not_after = "2026-12-25T00:00:00.000Z",
                                  .next_roll_due = "2026-12-20T08:00+01:00",
                                  .bags = bags,
                                  .bag_count = (size_t)count,
                                  .revoked = revoked,
                                  .reminders = reminders,
                                  .pauses = pauses };
    memset(schedule.roll_key, 0xFB, sizeof schedule.roll_key);
    for (int32_t i = 0; i < count; i++) {
        int32_t day = 20780 + i / 4;
        int32_t minute = 480 + i % 4 * 240;
        memcpy(serials[i], "482913570000", 13);
        serials[i][9] = (char)('0' + (i + 1) / 100);
        serials[i][10] = (char)('0' + (i + 1) / 10 % 10);
        serials[i][11] = (char)('0' + (i + 1) % 10);
        bags[i] = (struct schedule_bag){ .n = i + 1,
                                         .serial = serials[i],
                                         .at = { { day, minute }, 60 },
                                         .opens = { { day, minute - 60 }, 60 },
                                         .closes = { { day, minute + 120 }, 60 },
                                         .exact = i % 2 == 1,
                                         .early = i % 2 == 0,
                                         .pieces = 6,
                                         .tag = "12345678901234567890" };
    }
}

static struct schedule *read_back(struct rw_error *err)
{
    struct schedule *again = NULL;
    const char *bytes;
    size_t length;
    if (!schedule_json_write(&schedule, arena, &bytes, &length, err) ||
        !schedule_json_read(bytes, length, arena, &again, err))
        return NULL;
    const char *bytes_again;
    size_t length_again;
    assert_true(schedule_json_write(again, arena, &bytes_again, &length_again, err));
    assert_int_equal(length_again, length);
    assert_memory_equal(bytes_again, bytes, length);
    return again;
}

static void what_was_written_is_read_again(void **state)
{
    struct rw_error err = { 0 };
    (void)state;
    make(4);
    revoked[0] = "482913570009";
    schedule.revoked_count = 1;
    reminders[0] = (struct schedule_reminder){ { { 20780, 600 }, 60 }, "druppels" };
    schedule.reminder_count = 1;
    pauses[0] = (struct schedule_pause){ { { 20781, 0 }, 60 }, { { 20782, 0 }, 60 }, false };
    pauses[1] = (struct schedule_pause){ .from = { { 20790, 0 }, 60 }, .open = true };
    schedule.pause_count = 2;
    bags[2].early_min = 239;
    struct schedule *again = read_back(&err);
    assert_string_equal(err.text, "");
    assert_memory_equal(again->roll_key, schedule.roll_key, sizeof again->roll_key);
    assert_int_equal(again->bag_count, 4);
    assert_true(again->bags[1].exact);
    assert_false(again->bags[1].early);
    assert_int_equal(again->bags[1].early_min, 0);
    assert_int_equal(again->bags[2].early_min, 239);
    assert_int_equal(rw_stamp_utc_minute(again->bags[2].closes),
                     rw_stamp_utc_minute(bags[2].closes));
    assert_string_equal(again->revoked[0], "482913570009");
    assert_string_equal(again->reminders[0].text, "druppels");
    assert_int_equal(again->pause_count, 2);
    const int64_t midnight = INT64_C(20782) * 1440 - 60; /* UTC */
    assert_ptr_equal(schedule_pause_of(again, midnight - 1), &again->pauses[0]);
    assert_null(schedule_pause_of(again, midnight));
    assert_true(schedule_pause_of(again, midnight + 100 * 1440)->open);
}

/* The largest roll of a dispenser, signed, stays within the bytes that a dispenser must hold. */
static struct schedule before;
static struct schedule_bag before_bags[2];

/* Two bags of another roll, due the evening before. */
static void put_before(void)
{
    static char its[2][13] = { "100000001011", "100000001012" };
    before = schedule;
    before.roll = "100000001";
    before.first = 11;
    before.last = 12;
    before.bags = before_bags;
    before.bag_count = 2;
    memset(before.roll_key, 3, sizeof before.roll_key);
    for (int32_t i = 0; i < 2; i++) {
        before_bags[i] = bags[0];
        before_bags[i].n = 11 + i;
        before_bags[i].serial = its[i];
        before_bags[i].opens.wall.day--;
        before_bags[i].at.wall.day--;
        before_bags[i].closes.wall.day--;
    }
    schedule.before = &before;
}

static void a_part_of_another_roll_is_read_again(void **state)
{
    struct rw_error err = { 0 };
    (void)state;
    make(4);
    revoked[0] = "100000001013";
    schedule.revoked_count = 1;
    put_before();
    const struct schedule *again = read_back(&err);
    assert_non_null(again);
    assert_non_null(again->before);
    assert_string_equal(again->before->roll, "100000001");
    assert_int_equal(again->before->bag_count, 2);
    assert_string_equal(again->before->bags[1].serial, "100000001012");
    assert_memory_equal(again->before->roll_key, before.roll_key, sizeof before.roll_key);
    assert_true(schedule_is_revoked(again->before, "100000001013"));
    before_bags[1].at = bags[0].at; /* one moment with bags of both */
    before_bags[1].closes = bags[0].closes;
    assert_null(read_back(&err));
    assert_string_equal(err.at, "/before");
    make(SCHEDULE_BAGS_MAX - 2);
    put_before();
    err = (struct rw_error){ 0 };
    assert_non_null(read_back(&err));
}

static void the_largest_schedule_fits_when_it_is_signed(void **state)
{
    struct rw_error err = { 0 };
    const char *bytes;
    size_t length;
    (void)state;
    make(SCHEDULE_BAGS_MAX);
    for (size_t i = 1; i < SCHEDULE_BAGS_MAX; i++) {
        bags[i].exact = false;
        bags[i].early_min = 239;
    }
    assert_non_null(read_back(&err));
    assert_true(schedule_json_write(&schedule, arena, &bytes, &length, &err));
    assert_true((length + 2) / 3 * 4 + 512 <= SCHEDULE_BYTES_MAX);
}

static void assert_refused(const char *at)
{
    struct rw_error err = { 0 };
    assert_null(read_back(&err));
    assert_int_equal(err.code, RW_INVALID);
    assert_string_equal(err.at, at);
}

static void contradictions_are_refused(void **state)
{
    (void)state;
    make(4);
    bags[1].n = 3;
    assert_refused("/bags/1");
    make(4);
    schedule.last = 5;
    assert_refused("/bags");
    make(4);
    schedule.last = 3;
    assert_refused("/bags/3");
    make(4);
    bags[1].opens = bags[1].closes;
    assert_refused("/bags/1");
    make(4);
    bags[1].closes = bags[1].opens;
    assert_refused("/bags/1");
    make(4);
    bags[1].at.wall.day--;
    bags[1].opens.wall.day--;
    assert_refused("/bags/1");
    make(4);
    bags[1].serial = "999999999002";
    assert_refused("/bags/1");
    make(4);
    bags[1].serial = "1";
    assert_refused("/bags/1/serial");
    make(4);
    bags[1].tag = "12x";
    assert_refused("/bags/1");
    make(4);
    revoked[0] = "x";
    schedule.revoked_count = 1;
    assert_refused("/revoked/0");
    make(4);
    pauses[0] = (struct schedule_pause){ { { 20781, 0 }, 60 }, { { 20781, 0 }, 60 }, false };
    schedule.pause_count = 1;
    assert_refused("/pauses/0");
    make(4);
    schedule.version = 0;
    assert_refused("/version");
    make(4);
    schedule.not_after = "soon";
    assert_refused("/not_after");
    make(4);
    schedule.next_roll_due = "2026-12-20";
    assert_refused("/next_roll_due");
}

/* REQ-024: two moments are never to be had at once; the bags of one moment are. */
static void an_early_bag_that_reaches_another_moment_is_refused(void **state)
{
    (void)state;
    make(4);
    bags[1].early_min = 100; /* of an exact time */
    assert_refused("/bags/1");
    make(4);
    bags[3].exact = false;
    bags[3].at = bags[3].opens = bags[2].at; /* two bags of one moment */
    bags[2].early_min = 239;
    bags[3].early_min = 240;
    assert_refused("/bags/3");
    bags[3].early_min = SCHEDULE_EARLY_MAX_MIN + 1;
    assert_refused("/bags/3/early_min");
    make(4);
    put_before();
    before_bags[1].at = before_bags[1].closes = (struct rw_stamp){ { 20780, 240 }, 60 };
    bags[0].early_min = 240;
    assert_refused("/before");
}

static void another_key_length_or_format_is_refused(void **state)
{
    struct schedule *again;
    struct rw_error err = { 0 };
    static const char format[] = "{\"format\":\"rolwacht/schedule/2\"}";
    const char *bytes;
    size_t length;
    (void)state;
    assert_false(schedule_json_read(format, strlen(format), arena, &again, &err));
    assert_string_equal(err.at, "/format");
    make(1);
    assert_true(schedule_json_write(&schedule, arena, &bytes, &length, NULL));
    char *altered = rw_arena_text(arena, bytes, NULL);
    char *key = strstr(altered, "\"roll_key\":\"") + 12;
    memmove(key, key + 4, strlen(key + 4) + 1);
    err = (struct rw_error){ 0 };
    assert_false(schedule_json_read(altered, length - 4, arena, &again, &err));
    assert_string_equal(err.at, "/roll_key");
    static char large[SCHEDULE_BYTES_MAX + 1];
    err = (struct rw_error){ 0 };
    assert_false(schedule_json_read(large, sizeof large, arena, &again, &err));
    assert_int_equal(err.code, RW_TOO_LARGE);
}

static void every_memory_ceiling_ends_cleanly(void **state)
{
    const char *bytes;
    size_t length;
    bool done = false;
    (void)state;
    make(4);
    assert_true(schedule_json_write(&schedule, arena, &bytes, &length, NULL));
    for (size_t ceiling = 0; !done; ceiling += 32) {
        struct rw_arena *small = rw_arena_open(ceiling);
        struct rw_error err = { 0 };
        struct schedule *again;
        done = schedule_json_read(bytes, length, small, &again, &err);
        assert_int_equal(err.code, done ? RW_OK : RW_NO_MEMORY);
        rw_arena_close(small);
    }
}

static void a_schedule_too_large_to_be_held_is_not_written(void **state)
{
    struct rw_error err = { 0 };
    const char *bytes;
    size_t length;
    (void)state;
    make(SCHEDULE_BAGS_MAX);
    for (size_t i = 0; i < SCHEDULE_REVOKED_MAX; i++)
        revoked[i] = "482913570009";
    for (size_t i = 0; i < SCHEDULE_REMINDERS_MAX; i++)
        reminders[i] = (struct schedule_reminder){ { { 20780, 600 }, 60 },
                                                   "een lange tekst over druppels en zalf" };
    schedule.revoked_count = SCHEDULE_REVOKED_MAX;
    schedule.reminder_count = SCHEDULE_REMINDERS_MAX;
    assert_false(schedule_json_write(&schedule, arena, &bytes, &length, &err));
    assert_int_equal(err.code, RW_TOO_LARGE);
}

/* A dispenser that lacks one of them could hand out the wrong bag, or none. */
static void no_member_may_be_missing(void **state)
{
    static const char *const needed[] = { "format",
                                          "dispenser",
                                          "version",
                                          "roll",
                                          "roll_version",
                                          "client",
                                          "released",
                                          "zone",
                                          "roll_key",
                                          "media",
                                          "first",
                                          "last",
                                          "alarm_after_min",
                                          "pharmacy",
                                          "not_after",
                                          "bags",
                                          "revoked",
                                          "reminders",
                                          "serial",
                                          "at",
                                          "opens",
                                          "closes",
                                          "pieces",
                                          "tag",
                                          "text" };
    const char *bytes;
    size_t length;
    (void)state;
    make(2);
    schedule.reminder_count = 1;
    assert_true(schedule_json_write(&schedule, arena, &bytes, &length, NULL));
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        struct rw_error err = { 0 };
        struct schedule *again = NULL;
        char *altered = rw_arena_text(arena, bytes, NULL);
        const char *member = rw_arena_format(arena, &err, "\"%s\":", needed[i]);
        char *at = strstr(altered, member);
        assert_non_null(at);
        at[1] = '_'; /* a member that nobody knows stands in its place */
        assert_false(schedule_json_read(altered, length, arena, &again, &err));
        assert_int_equal(err.code, RW_INVALID);
        assert_null(again);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read_again),
        cmocka_unit_test(a_part_of_another_roll_is_read_again),
        cmocka_unit_test(the_largest_schedule_fits_when_it_is_signed),
        cmocka_unit_test(contradictions_are_refused),
        cmocka_unit_test(an_early_bag_that_reaches_another_moment_is_refused),
        cmocka_unit_test(another_key_length_or_format_is_refused),
        cmocka_unit_test(every_memory_ceiling_ends_cleanly),
        cmocka_unit_test(a_schedule_too_large_to_be_held_is_not_written),
        cmocka_unit_test(no_member_may_be_missing),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
