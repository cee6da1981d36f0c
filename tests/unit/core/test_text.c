/* SPDX-License-Identifier: Apache-2.0 */
/* Builds texts up to their ceilings and judges characters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/text.h"

static void pieces_become_one_text(void **state)
{
    struct rw_arena *arena = rw_arena_open(RW_ARENA_MIB);
    struct rw_error err = { 0 };
    struct rw_text text;
    const char *whole;
    (void)state;
    rw_text_init(&text, arena, 1000);
    assert_string_equal(text.bytes, "");
    rw_text_add(&text, "bag ");
    rw_text_add_int(&text, -12);
    rw_text_add_char(&text, '/');
    rw_text_add_n(&text, "56 of", 2);
    rw_text_format(&text, " %s", "done");
    assert_true(rw_text_finish(&text, &whole, &err));
    assert_string_equal(whole, "bag -12/56 done");
    assert_int_equal(text.length, strlen(whole));
    rw_arena_close(arena);
}

static void the_ceiling_is_sticky(void **state)
{
    struct rw_arena *arena = rw_arena_open(RW_ARENA_MIB);
    struct rw_error err = { 0 };
    struct rw_text text;
    const char *whole;
    (void)state;
    rw_text_init(&text, arena, 5);
    rw_text_add(&text, "12345");
    assert_int_equal(text.failure, RW_OK);
    rw_text_add(&text, "6");
    rw_text_add(&text, "");
    assert_string_equal(text.bytes, "12345");
    assert_false(rw_text_finish(&text, &whole, &err));
    assert_int_equal(err.code, RW_TOO_LARGE);
    rw_arena_close(arena);
}

static void every_memory_ceiling_ends_cleanly(void **state)
{
    (void)state;
    for (size_t ceiling = 0; ceiling < 4096; ceiling += 16) {
        struct rw_arena *arena = rw_arena_open(ceiling);
        struct rw_error err = { 0 };
        struct rw_text text;
        const char *whole;
        rw_text_init(&text, arena, 2000);
        for (int i = 0; i < 100; i++)
            rw_text_format(&text, "%d,", 10 + i % 10);
        bool done = rw_text_finish(&text, &whole, &err);
        assert_int_equal(done ? RW_OK : RW_NO_MEMORY, err.code);
        assert_int_equal(strlen(text.bytes), text.length);
        rw_arena_close(arena);
    }
}

static void texts_compare(void **state)
{
    (void)state;
    assert_true(rw_text_equal(NULL, NULL));
    assert_false(rw_text_equal("", NULL));
    assert_true(rw_text_equal("a", "a"));
    assert_true(rw_text_equal_nocase("MeTFORmine\xC3\xA9", "metformINE\xC3\xA9"));
    assert_false(rw_text_equal_nocase("a", "ab"));
    assert_false(rw_text_equal_nocase("ab", "a"));
    assert_false(rw_text_equal_nocase(NULL, "a"));
    assert_true(rw_text_starts_with("rolwacht", "rol"));
    assert_false(rw_text_starts_with("ro", "rol"));
    assert_true(rw_text_ends_with("a.roll.json", ".json"));
    assert_false(rw_text_ends_with("json", ".json"));
    assert_true(rw_text_is_digits("0123456789"));
    assert_false(rw_text_is_digits(""));
    assert_false(rw_text_is_digits("12a"));
}

static void only_well_formed_characters_are_utf8(void **state)
{
    static const char *const good[] = { "",
                                        "abc",
                                        "\xC2\x80",
                                        "\xDF\xBF",
                                        "\xE0\xA0\x80",
                                        "\xED\x9F\xBF",
                                        "\xEF\xBF\xBD",
                                        "\xF0\x90\x80\x80",
                                        "\xF4\x8F\xBF\xBF" };
    static const char *const wrong[] = {
        "\x80",         "\xC0\x80",         "\xC1\xBF",         "\xC2",
        "\xC2\x41",     "\xE0\x9F\xBF",     "\xED\xA0\x80",     "\xE1\x80",
        "\xE1\x80\x41", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80",
        "\xFF"
    };
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_true(rw_text_is_utf8(good[i], strlen(good[i])));
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(rw_text_is_utf8(wrong[i], strlen(wrong[i])));
    assert_false(rw_text_is_utf8("a\0b", 3));
    char long_text[] = "0123456789abcdefghijklm";
    for (size_t i = 0; i < sizeof long_text - 1; i++) {
        const char kept = long_text[i];
        assert_true(rw_text_is_utf8(long_text, sizeof long_text - 1));
        long_text[i] = '\0';
        assert_false(rw_text_is_utf8(long_text, sizeof long_text - 1));
        long_text[i] = '\x80';
        assert_false(rw_text_is_utf8(long_text, sizeof long_text - 1));
        long_text[i] = kept;
    }
}

/* They are looked at in words: one other byte at each place of each length. */
static void one_byte_makes_a_text_no_ascii(void **state)
{
    (void)state;
    for (size_t length = 0; length <= 24; length++) {
        char text[] = "abcdefghijklmnopqrstuvwx";
        assert_true(rw_text_is_ascii(text, length));
        for (size_t at = 0; at < length; at++) {
            const char before = text[at];
            text[at] = '\x7F';
            assert_true(rw_text_is_ascii(text, length));
            text[at] = '\0';
            assert_false(rw_text_is_ascii(text, length) || rw_text_is_utf8(text, length));
            text[at] = '\x80';
            assert_false(rw_text_is_ascii(text, length) || rw_text_is_utf8(text, length));
            text[at] = before;
        }
    }
}

/* Alike bytes are alike, and neighbours fall apart. */
static void a_hash_tells_bytes_apart(void **state)
{
    (void)state;
    static const char text[] = "abcdefghijklmnopqrstuvwx";
    char other[sizeof text];
    for (size_t length = 0; length < sizeof text; length++) {
        memcpy(other, text, sizeof text);
        assert_true(rw_text_hash(other, length) == rw_text_hash(text, length));
        assert_false(rw_text_hash(text, length) == rw_text_hash(text, length + 1));
        for (size_t at = 0; at < length; at++) {
            other[at] ^= 1;
            assert_false(rw_text_hash(other, length) == rw_text_hash(text, length));
            other[at] ^= 1;
        }
    }
}

static void a_copy_is_cut_at_a_character(void **state)
{
    char room[6];
    (void)state;
    assert_true(rw_text_copy(room, sizeof room, "12345"));
    assert_string_equal(room, "12345");
    assert_false(rw_text_copy(room, sizeof room, "123456"));
    assert_string_equal(room, "12345");
    assert_false(rw_text_copy(room, sizeof room, "1234\xC3\xA9x"));
    assert_string_equal(room, "1234");
    assert_false(rw_text_copy(room, 1, "x"));
    assert_string_equal(room, "");
}

static void whole_numbers_are_read_within_their_range(void **state)
{
    int64_t number = 7;
    (void)state;
    assert_true(rw_text_to_int("0", 0, 0, &number));
    assert_int_equal(number, 0);
    assert_true(rw_text_to_int("-42", -50, 0, &number));
    assert_int_equal(number, -42);
    assert_true(rw_text_to_int("9223372036854775807", INT64_MIN, INT64_MAX, &number));
    assert_true(number == INT64_MAX);
    assert_true(rw_text_to_int("-9223372036854775808", INT64_MIN, INT64_MAX, &number));
    assert_true(number == INT64_MIN);
    static const char *const wrong[] = { "",
                                         "-",
                                         "+1",
                                         " 1",
                                         "1 ",
                                         "1.0",
                                         "x",
                                         "--1",
                                         "9223372036854775808",
                                         "-9223372036854775809",
                                         "99999999999999999999" };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(rw_text_to_int(wrong[i], INT64_MIN, INT64_MAX, &number));
    assert_false(rw_text_to_int("11", 0, 10, &number));
    assert_false(rw_text_to_int("-1", 0, 10, &number));
    assert_true(number == INT64_MIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_become_one_text),
        cmocka_unit_test(the_ceiling_is_sticky),
        cmocka_unit_test(one_byte_makes_a_text_no_ascii),
        cmocka_unit_test(a_hash_tells_bytes_apart),
        cmocka_unit_test(every_memory_ceiling_ends_cleanly),
        cmocka_unit_test(texts_compare),
        cmocka_unit_test(only_well_formed_characters_are_utf8),
        cmocka_unit_test(a_copy_is_cut_at_a_character),
        cmocka_unit_test(whole_numbers_are_read_within_their_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
