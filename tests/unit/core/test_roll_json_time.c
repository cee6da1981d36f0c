/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the times beside a roll as they were written, and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attributes.h"
#include "core/base/text.h"
#include "core/json/roll_json_time.h"
#include "tests/support/fixture.h"

static bool read(const char *member, struct roll_times *ret_times, struct rw_error *err)
{
    const struct json *root;
    const char *text = rw_arena_format(arena, err, "{%s}", member);
    assert_non_null(text);
    assert_true(json_parse(arena, text, strlen(text), &root, err));
    return roll_json_time_read(root, arena, ret_times, err);
}

static void what_was_written_is_read_again(void **state)
{
    struct roll_time list[] = { { 0, 500, 1, 0x40 }, { 1439, 1000, 14, 0x7F } };
    const struct roll_times times = { list, 2 };
    struct roll_times again;
    struct rw_text text;
    struct json_writer writer;
    struct rw_error err = { 0 };
    const struct json *root;
    (void)state;
    rw_text_init(&text, arena, 4096);
    json_write_init(&writer, &text);
    json_write_object(&writer, NULL);
    roll_json_time_write(&writer, &times);
    json_write_object_end(&writer);
    assert_true(json_parse(arena, text.bytes, text.length, &root, &err));
    assert_true(roll_json_time_read(root, arena, &again, &err));
    assert_int_equal(again.count, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(again.list[i].minute, list[i].minute);
        assert_int_equal(again.list[i].milli, list[i].milli);
        assert_int_equal(again.list[i].days, list[i].days);
        assert_int_equal(again.list[i].weekdays, list[i].weekdays);
    }
    assert_true(read("", &again, &err)); /* a roll of before */
    assert_int_equal(again.count, 0);
}

#define ROW(time, milli, days, weekdays)                                                         \
    "\"times\":[{\"time\":" time ",\"milli\":" milli ",\"days\":" days ",\"weekdays\":" weekdays \
    "}]"

static void what_is_no_time_is_refused_at_its_place(void **state)
{
    static const char *const rows[][2] = {
        { "\"times\":7", "/times" },
        { "\"times\":[7]", "/times/0/time" },
        { ROW("\"8:00\"", "1000", "1", "[1]"), "/times/0/time" },
        { ROW("\"08.00\"", "1000", "1", "[1]"), "/times/0/time" },
        { ROW("\"0x:00\"", "1000", "1", "[1]"), "/times/0/time" },
        { ROW("\"24:00\"", "1000", "1", "[1]"), "/times/0/time" },
        { ROW("\"08:60\"", "1000", "1", "[1]"), "/times/0/time" },
        { ROW("\"08:00\"", "0", "1", "[1]"), "/times/0/milli" },
        { ROW("\"08:00\"", "1000", "367", "[1]"), "/times/0/days" },
        { ROW("\"08:00\"", "1000", "1", "[]"), "/times/0/weekdays" },
        { ROW("\"08:00\"", "1000", "1", "[8]"), "/times/0/weekdays/0" },
        { ROW("\"08:00\"", "1000", "1", "[\"monday\"]"), "/times/0/weekdays/0" },
        { ROW("\"08:00\"", "1000", "1", "1"), "/times/0/weekdays" },
    };
    (void)state;
    for (size_t i = 0; i < RW_COUNT(rows); i++) {
        struct roll_times times = { .count = 7 };
        struct rw_error err = { 0 };
        assert_false(read(rows[i][0], &times, &err));
        assert_int_equal(err.code, RW_INVALID);
        assert_string_equal(err.at, rows[i][1]);
        assert_int_equal(times.count, 7);
    }
}

static void more_times_than_a_line_has_are_refused(void **state)
{
    struct rw_text text;
    struct roll_times times;
    struct rw_error err = { 0 };
    (void)state;
    rw_text_init(&text, arena, 16384);
    rw_text_add(&text, "\"times\":[");
    for (int i = 0; i <= ROLL_TIMES_MAX; i++)
        rw_text_add(&text, i > 0 ? ",{}" : "{}");
    rw_text_add(&text, "]");
    assert_false(read(text.bytes, &times, &err));
    assert_string_equal(err.at, "/times");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read_again),
        cmocka_unit_test(what_is_no_time_is_refused_at_its_place),
        cmocka_unit_test(more_times_than_a_line_has_are_refused),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
