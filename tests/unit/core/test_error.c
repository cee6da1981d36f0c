/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps the first cause, within its rooms. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/error.h"

static void the_first_cause_wins(void **state)
{
    struct rw_error err = { 0 };
    (void)state;
    assert_false(rw_error_set(&err, RW_INVALID, "/a", "dose \"%s\" is odd", "x"));
    assert_false(rw_error_set(&err, RW_BUG, "/b", "later"));
    assert_int_equal(err.code, RW_INVALID);
    assert_string_equal(err.at, "/a");
    assert_string_equal(err.text, "dose \"x\" is odd");
}

static void nobody_may_listen(void **state)
{
    (void)state;
    assert_false(rw_error_set(NULL, RW_INVALID, "", "unheard"));
    assert_false(rw_error_prefix(NULL, "/x"));
}

static void a_long_text_is_cut_at_a_character(void **state)
{
    char text[RW_ERROR_TEXT_MAX + 8];
    char at[RW_ERROR_AT_MAX + 8];
    struct rw_error err = { 0 };
    (void)state;
    memset(text, 'a', sizeof text);
    memset(at, 'b', sizeof at);
    /* A two-byte character across the last place. */
    memcpy(text + RW_ERROR_TEXT_MAX - 2, "\xC3\xA9\xC3\xA9\xC3\xA9", 6);
    memcpy(at + RW_ERROR_AT_MAX - 2, "\xC3\xA9\xC3\xA9", 4);
    text[sizeof text - 1] = '\0';
    at[sizeof at - 1] = '\0';
    assert_false(rw_error_set(&err, RW_INVALID, at, "%s", text));
    assert_int_equal(strlen(err.text), RW_ERROR_TEXT_MAX - 2);
    assert_int_equal(strlen(err.at), RW_ERROR_AT_MAX - 2);
}

static void a_text_that_just_fits_stays_whole(void **state)
{
    char text[RW_ERROR_TEXT_MAX];
    struct rw_error err = { 0 };
    (void)state;
    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = '\0';
    assert_false(rw_error_set(&err, RW_INVALID, NULL, "%s", text));
    assert_string_equal(err.text, text);
    assert_string_equal(err.at, "");
}

static void a_newline_becomes_a_space(void **state)
{
    struct rw_error err = { 0 };
    (void)state;
    assert_false(rw_error_set(&err, RW_INVALID, "", "two\r\nlines"));
    assert_string_equal(err.text, "two  lines");
}

static void a_prefix_comes_before_the_place(void **state)
{
    struct rw_error err = { 0 };
    (void)state;
    assert_false(rw_error_prefix(&err, "/none"));
    assert_string_equal(err.at, "");
    assert_false(rw_error_set(&err, RW_INVALID, "/2/dose", "odd"));
    assert_false(rw_error_prefix(&err, "/lines"));
    assert_string_equal(err.at, "/lines/2/dose");
    char longest[RW_ERROR_AT_MAX];
    memset(longest, 'x', sizeof longest);
    longest[sizeof longest - 1] = '\0';
    assert_false(rw_error_prefix(&err, longest));
    assert_string_equal(err.at, longest);
}

static void every_code_has_its_words(void **state)
{
    (void)state;
    for (int code = 0; code < RW_CODE_COUNT; code++) {
        assert_true(strlen(rw_error_id((enum rw_code)code)) > 1);
        assert_true(strlen(rw_error_title((enum rw_code)code)) > 7);
        assert_in_range(rw_error_http_status((enum rw_code)code), 200, 503);
        assert_in_range(rw_error_exit_status((enum rw_code)code), 0, 5);
    }
    assert_string_equal(rw_error_id(RW_CONFLICT), "conflict");
    assert_int_equal(rw_error_http_status(RW_TOO_LARGE), 413);
    assert_int_equal(rw_error_exit_status(RW_USAGE), 2);
    assert_string_equal(rw_error_id((enum rw_code)99), "bug");
}

/* Wherever the room ends within a character of three bytes: the character is left out whole. */
static void no_part_of_a_long_character_is_left(void **state)
{
    (void)state;
    for (size_t shift = 0; shift < 3; shift++) {
        char text[RW_ERROR_TEXT_MAX + 8];
        struct rw_error err = { 0 };
        memset(text, 'a', sizeof text);
        text[sizeof text - 1] = '\0';
        memcpy(text + RW_ERROR_TEXT_MAX - 2 - shift, "\xE2\x82\xAC", 3);
        assert_false(rw_error_set(&err, RW_INVALID, "", "%s", text));
        assert_int_equal(strlen(err.text), RW_ERROR_TEXT_MAX - 2 - shift);
        assert_int_equal(err.text[strlen(err.text) - 1], 'a');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_cause_wins),
        cmocka_unit_test(nobody_may_listen),
        cmocka_unit_test(a_long_text_is_cut_at_a_character),
        cmocka_unit_test(a_text_that_just_fits_stays_whole),
        cmocka_unit_test(a_newline_becomes_a_space),
        cmocka_unit_test(a_prefix_comes_before_the_place),
        cmocka_unit_test(every_code_has_its_words),
        cmocka_unit_test(no_part_of_a_long_character_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
