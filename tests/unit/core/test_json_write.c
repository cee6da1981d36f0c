/* SPDX-License-Identifier: Apache-2.0 */
/* Writes JSON that reads back as it was meant. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/json/json_read.h"
#include "core/json/json_write.h"

static void members_stand_as_they_were_written(void **state)
{
    struct rw_arena *arena = rw_arena_open(RW_ARENA_MIB);
    struct rw_text text;
    struct json_writer writer;
    (void)state;
    rw_text_init(&text, arena, 1000);
    json_write_init(&writer, &text);
    json_write_object(&writer, NULL);
    json_write_text(&writer, "a", "x");
    json_write_null(&writer, "b");
    json_write_list(&writer, "c");
    json_write_int(&writer, NULL, -7);
    json_write_bool(&writer, NULL, true);
    json_write_object(&writer, NULL);
    json_write_object_end(&writer);
    json_write_list(&writer, NULL);
    json_write_list_end(&writer);
    json_write_list_end(&writer);
    json_write_raw(&writer, "d", "{\"e\":1}");
    json_write_bool(&writer, "f", false);
    json_write_object_end(&writer);
    assert_string_equal(
        text.bytes, "{\"a\":\"x\",\"b\":null,\"c\":[-7,true,{},[]],\"d\":{\"e\":1},\"f\":false}");
    rw_arena_close(arena);
}

static void thousandths_are_decimals(void **state)
{
    static const struct {
        int64_t milli;
        const char *text;
    } pairs[] = {
        { 0, "[0]" },       { 1500, "[1.5]" },    { 125, "[0.125]" },
        { -500, "[-0.5]" }, { 1050, "[1.05]" },   { 1005, "[1.005]" },
        { 2000, "[2]" },    { -3250, "[-3.25]" }, { INT64_MIN, "[-9223372036854775.808]" }
    };
    struct rw_arena *arena = rw_arena_open(RW_ARENA_MIB);
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        struct rw_text text;
        struct json_writer writer;
        rw_text_init(&text, arena, 100);
        json_write_init(&writer, &text);
        json_write_list(&writer, NULL);
        json_write_milli(&writer, NULL, pairs[i].milli);
        json_write_list_end(&writer);
        assert_string_equal(text.bytes, pairs[i].text);
    }
    rw_arena_close(arena);
}

static const char *written(struct rw_arena *arena, const char *value)
{
    struct rw_text text;
    struct json_writer writer;
    rw_text_init(&text, arena, 4000);
    json_write_init(&writer, &text);
    json_write_text(&writer, NULL, value);
    assert_int_equal(text.failure, RW_OK);
    return text.bytes;
}

/* Texts are looked at in words of eight bytes: each byte at each place of three of them. */
static void a_byte_is_escaped_wherever_it_stands(void **state)
{
    struct rw_arena *arena = rw_arena_open(32 * RW_ARENA_MIB);
    struct rw_error err = { 0 };
    (void)state;
    for (size_t at = 0; at < 24; at++) {
        for (int byte = 1; byte < 0x80; byte++) {
            const struct json *root;
            char value[] = "abcdefghijklmnopqrstuvwx";
            value[at] = (char)byte;
            const bool plain = byte >= 0x20 && byte != '"' && byte != '\\';
            rw_arena_reset(arena);
            const char *text = written(arena, value);
            assert_int_equal(strlen(text) == strlen(value) + 2, plain);
            assert_true(json_parse(arena, text, strlen(text), &root, &err));
            assert_string_equal(root->text, value);
        }
    }
    rw_arena_close(arena);
}

/* Every character of one byte, and some of two, three and four. */
static void a_text_reads_back_as_it_was(void **state)
{
    struct rw_arena *arena = rw_arena_open(RW_ARENA_MIB);
    char all[200] = "";
    const struct json *root;
    struct rw_error err = { 0 };
    (void)state;
    for (int byte = 1; byte < 0x80; byte++)
        all[byte - 1] = (char)byte;
    memcpy(all + 127, "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x92\x8A", 10);
    const char *text = written(arena, all);
    assert_true(json_parse(arena, text, strlen(text), &root, &err));
    assert_string_equal(root->text, all);
    assert_string_equal(written(arena, "\x01\n\"\\/"), "\"\\u0001\\n\\\"\\\\/\"");
    rw_arena_close(arena);
}

static void a_byte_that_is_no_character_is_replaced(void **state)
{
    struct rw_arena *arena = rw_arena_open(RW_ARENA_MIB);
    (void)state;
    assert_string_equal(written(arena, "a\xFF"
                                       "b"),
                        "\"a\xEF\xBF\xBD"
                        "b\"");
    assert_string_equal(written(arena, "\xE2\x82"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
    assert_string_equal(written(arena, "\xC3"), "\"\xEF\xBF\xBD\"");
    rw_arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_stand_as_they_were_written),
        cmocka_unit_test(thousandths_are_decimals),
        cmocka_unit_test(a_byte_is_escaped_wherever_it_stands),
        cmocka_unit_test(a_text_reads_back_as_it_was),
        cmocka_unit_test(a_byte_that_is_no_character_is_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
