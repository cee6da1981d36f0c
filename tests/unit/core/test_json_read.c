/* SPDX-License-Identifier: Apache-2.0 */
/* Reads JSON in all its forms and refuses what is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/text.h"
#include "core/json/json_read.h"
#include "tests/support/fixture.h"

static const struct json *parsed(const char *text)
{
    const struct json *root = NULL;
    struct rw_error err = { 0 };
    assert_true(json_parse(arena, text, strlen(text), &root, &err));
    return root;
}

static void every_kind_is_read_in_order(void **state)
{
    const struct json *root = parsed("{\"z\":null,\"a\":[true,false,1,\"x\\u00e9\"],\"m\":{}}");
    (void)state;
    assert_int_equal(root->kind, JSON_OBJECT);
    assert_int_equal(root->count, 3);
    assert_string_equal(root->first->name, "z");
    const struct json *list = json_member(root, "a");
    assert_int_equal(list->kind, JSON_LIST);
    assert_int_equal(list->index, 1);
    assert_ptr_equal(list->parent, root);
    assert_true(json_at(list, 0)->truth);
    assert_false(json_at(list, 1)->truth);
    assert_string_equal(json_at(list, 2)->text, "1");
    assert_string_equal(json_at(list, 3)->text, "x\xC3\xA9");
    assert_null(json_at(list, 3)->name);
    assert_null(json_at(list, 4));
    assert_null(json_at(list, -1));
    assert_null(json_at(NULL, 0));
    assert_int_equal(json_member(root, "m")->count, 0);
    assert_null(json_member(root, "none"));
    assert_null(json_member(list, "a"));
    assert_null(json_member(NULL, "a"));
}

static void numbers_keep_the_digits_they_were_written_with(void **state)
{
    static const char *const kept[] = {
        "0.1",
        "1.50",
        "5E-1",
        "-2",
        "1.0",
        "0.333333333333333333",
        "0.30000000000000004",
        "1e22",
        "9007199254740993",
        "1e-400",
        "-0.00012e-310",
        "0.000e-400",

        "0.0E+300",
        "9.99E307",
        "0.00001e312",
        "1e-99999999999999999999",
        "0.50000000000000000000000000001",
    };
    (void)state;
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
        assert_string_equal(parsed(kept[i])->text, kept[i]);
    assert_string_equal(parsed("-0")->text, "0");
}

static void what_is_no_json_is_refused(void **state)
{
    static const char *const wrong[] = {
        "",
        " ",
        "{",
        "[1,]",
        "{\"a\":1,}",
        "{a:1}",
        "01",
        "+1",
        "1 2",
        "nul",
        "\"\\u0000\"",
        "\"\xFF\"",
        "\"\x01\"",
        "{\"a\":1,\"a\":2}",
        "1e999",
        "-1e999",
        "1.5e400",
        "10.0e307",
        "0e309",
        "0.0001e312",
        "1e99999999999999999999",
        "99999999999999999999",
        "\"\\ud800\"",
        "[1] x",
        "'a'",
        "{\"a\" 1}",
        "// c\n1",
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        const struct json *root = NULL;
        struct rw_error err = { 0 };
        assert_false(json_parse(arena, wrong[i], strlen(wrong[i]), &root, &err));
        assert_int_equal(err.code, RW_INVALID);
        assert_non_null(strstr(err.text, "line "));
        assert_null(root);
    }
}

static void nesting_has_a_ceiling(void **state)
{
    char text[2 * JSON_DEPTH_MAX + 3];
    const struct json *root = NULL;
    struct rw_error err = { 0 };
    (void)state;
    memset(text, '[', JSON_DEPTH_MAX);
    memset(text + JSON_DEPTH_MAX, ']', JSON_DEPTH_MAX);
    assert_true(json_parse(arena, text, 2 * JSON_DEPTH_MAX, &root, &err));
    memset(text, '[', JSON_DEPTH_MAX + 1);
    memset(text + JSON_DEPTH_MAX + 1, ']', JSON_DEPTH_MAX + 1);
    assert_false(json_parse(arena, text, 2 * JSON_DEPTH_MAX + 2, &root, &err));
    assert_int_equal(err.code, RW_TOO_LARGE);
    static char deep[100000];
    memset(deep, '[', sizeof deep);
    err = (struct rw_error){ 0 };
    assert_false(json_parse(arena, deep, sizeof deep, &root, &err));
    assert_int_equal(err.code, RW_TOO_LARGE);
}

static void a_refusal_names_line_and_column(void **state)
{
    static const char *const wrong[][2] = {
        { "[1,\n 2 3]", "line 2, column 4" },
        { "{\"a\": tru}", "line 1, column 10" },
        { "\n\n\"a\tb\"", "line 3, column 3" },
        { "{\"a\":1,\n\"a\":2\n}", "line 3, column 1" },
        { "[\"\\u12x4\"]", "line 1, column 3" },
        { "1\n2", "line 2, column 1" },
        { "{\"value\":1,00}", "a decimal has a point, not a comma, at line 1, column 12" },
        { "{\"value\":0,5,\"a\":1}", "a decimal has a point, not a comma, at line 1" },
        { "{\"value\":1,}", "no JSON: a comma with nothing behind it at line 1, column 12" },
        { "[1,\n ]", "a comma with nothing behind it at line 2, column 2" },
        { "[\"a, \"]]", "more behind the end of the value at line 1, column 8" },
        { "{,}", "no name of a member at line 1, column 2" },
        { "{1}", "no name of a member at line 1, column 2" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        const struct json *root = NULL;
        struct rw_error err = { 0 };
        assert_false(json_parse(arena, wrong[i][0], strlen(wrong[i][0]), &root, &err));
        if (strstr(err.text, wrong[i][1]) == NULL)
            fail_msg("%s: %s", wrong[i][0], err.text);
    }
}

static void two_members_of_one_name_are_found_among_many(void **state)
{
    char text[4096];
    (void)state;
    for (int32_t twin = 0; twin < 40; twin++) {
        const struct json *root = NULL;
        struct rw_error err = { 0 };
        size_t used = (size_t)snprintf(text, sizeof text, "{\"m%d\":0", twin);
        for (int32_t i = 1; i < 40; i++)
            used += (size_t)snprintf(text + used, sizeof text - used, ",\"m%d\":%d", i, i);
        (void)snprintf(text + used, sizeof text - used, "}");
        const bool done = json_parse(arena, text, strlen(text), &root, &err);
        assert_true(done == (twin == 0));
        assert_true(done ? root->count == 40 : strstr(err.text, "one name") != NULL);
    }
}

static void escapes_become_their_characters(void **state)
{
    static const char text[] = "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u20AC\\ud83d\\ude00!\"";
    (void)state;
    assert_string_equal(parsed(text)->text,
                        "\"\\/\b\f\n\r\tA\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80!");
}

/* Texts are looked through eight bytes at a time: each byte in each place of such a piece. */
static void each_byte_of_a_text_is_looked_at(void **state)
{
    (void)state;
    for (int byte = 1; byte < 0x100; byte++) {
        for (size_t at = 0; at < 20; at++) {
            char document[64] = "[\"xxxxxxxxxxxxxxxxxxxx\",1]";
            char wanted[] = "xxxxxxxxxxxxxxxxxxxx";
            const struct json *root = NULL;
            struct rw_error err = { 0 };
            document[2 + at] = (char)byte;
            wanted[at] = (char)byte;
            const bool done = json_parse(arena, document, strlen(document), &root, &err);
            assert_int_equal(done, byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\');
            if (done)
                assert_string_equal(root->first->text, wanted);
            rw_arena_reset(arena);
        }
    }
}

/* A letter beyond ASCII, then the end, in each place of such a piece; an escape before it or not.
 */
static void a_text_ends_where_its_quote_stands(void **state)
{
    (void)state;
    for (size_t length = 0; length < 20; length++) {
        for (int escaped = 0; escaped < 2; escaped++) {
            char document[64];
            char wanted[64];
            const char *some = &"xxxxxxxxxxxxxxxxxxxx"[20 - length];
            (void)snprintf(document, sizeof document, "[\"%s%s\xC3\xA9\",\"\"]",
                           escaped ? "\\n" : "", some);
            (void)snprintf(wanted, sizeof wanted, "%s%s\xC3\xA9", escaped ? "\n" : "", some);
            const struct json *root = parsed(document);
            assert_int_equal(root->count, 2);
            assert_string_equal(root->first->text, wanted);
            assert_string_equal(json_at(root, 1)->text, "");
        }
    }
}

static void a_place_in_a_list_is_its_index(void **state)
{
    const struct json *list = parsed("[10, -0, [20], {\"a\": 30}]");
    (void)state;
    assert_int_equal(list->count, 4);
    assert_string_equal(json_at(list, 1)->text, "0");
    assert_string_equal(json_at(json_at(list, 2), 0)->text, "20");
    assert_string_equal(json_member(json_at(list, 3), "a")->text, "30");
}

static void every_memory_ceiling_ends_cleanly(void **state)
{
    static const char text[] = "{\"a\":[1,2.5,\"x\",{\"b\":null}],\"c\":true}";
    bool done = false;
    (void)state;
    for (size_t ceiling = 0; !done; ceiling += 16) {
        struct rw_arena *small = rw_arena_open(ceiling);
        const struct json *root = NULL;
        struct rw_error err = { 0 };
        done = json_parse(small, text, strlen(text), &root, &err);
        assert_int_equal(err.code, done ? RW_OK : RW_NO_MEMORY);
        assert_true(done == (root != NULL));
        rw_arena_close(small);
    }
}

static void pointers_are_those_of_rfc_6901(void **state)
{
    const struct json *root = parsed("{\"a\":[{\"m~n\":{\"a/b\":7}}],\"\":1}");
    char pointer[JSON_POINTER_MAX];
    (void)state;
    json_pointer(root, pointer);
    assert_string_equal(pointer, "");
    json_pointer(json_member(root, ""), pointer);
    assert_string_equal(pointer, "/");
    const struct json *inner = json_member(json_at(json_member(root, "a"), 0), "m~n");
    json_pointer(json_member(inner, "a/b"), pointer);
    assert_string_equal(pointer, "/a/0/m~0n/a~1b");
}

static void a_pointer_too_long_is_cut(void **state)
{
    char text[2000] = "{\"";
    char pointer[JSON_POINTER_MAX];
    (void)state;
    memset(text + 2, '~', 1000);
    memcpy(text + 1002, "\":1}", 5);
    json_pointer(parsed(text)->first, pointer);
    assert_int_equal(strlen(pointer), JSON_POINTER_MAX - 1);
    assert_string_equal(pointer + JSON_POINTER_MAX - 3, "~0");
}

/* The sentence and the place of a refusal. */
#define assert_refused(call, pointer)           \
    do {                                        \
        struct rw_error err = { 0 };            \
        assert_false(call);                     \
        assert_int_equal(err.code, RW_INVALID); \
        assert_string_equal(err.at, pointer);   \
    } while (0)

static void a_member_must_be_there_and_of_its_type(void **state)
{
    const struct json *root =
        parsed("{\"t\":\"x\",\"n\":7,\"f\":1.5,\"b\":true,\"z\":null,\"l\":[],\"o\":{}}");
    const char *text;
    int64_t number;
    int32_t small;
    bool truth;
    const struct json *node;
    (void)state;
    assert_true(json_text(root, "t", &text, NULL) && strcmp(text, "x") == 0);
    assert_true(json_int(root, "n", 0, 7, &number, NULL) && number == 7);
    assert_true(json_int32(root, "n", 0, 7, &small, NULL) && small == 7);
    assert_true(json_list(root, "l", &node, NULL) && node->kind == JSON_LIST);
    assert_true(json_object(root, "o", &node, NULL) && node->kind == JSON_OBJECT);
    assert_true(json_bool_or(root, "b", false, &truth, NULL) && truth);
    assert_refused(json_text(root, "n", &text, &err), "/n");
    assert_refused(json_text(root, "z", &text, &err), "/z");
    assert_refused(json_text(root, "none", &text, &err), "/none");
    assert_refused(json_int(root, "n", 8, 9, &number, &err), "/n");
    assert_refused(json_int(root, "f", 0, 9, &number, &err), "/f");
    assert_refused(json_int32(root, "t", 0, 9, &small, &err), "/t");
    assert_refused(json_list(root, "o", &node, &err), "/o");
    assert_refused(json_object(root, "l", &node, &err), "/l");
    assert_refused(json_bool_or(root, "n", false, &truth, &err), "/n");
    assert_refused(json_text(NULL, "x", &text, &err), "/x");
}

static void a_fallback_stands_in_for_absent_and_null(void **state)
{
    const struct json *root = parsed("{\"z\":null,\"t\":\"x\",\"n\":7}");
    const char *text;
    int64_t number;
    bool truth;
    (void)state;
    assert_true(json_text_or(root, "z", "f", &text, NULL) && strcmp(text, "f") == 0);
    assert_true(json_text_or(root, "none", NULL, &text, NULL) && text == NULL);
    assert_true(json_text_or(root, "t", "f", &text, NULL) && strcmp(text, "x") == 0);
    assert_true(json_int_or(root, "z", 0, 9, -1, &number, NULL) && number == -1);
    assert_true(json_int_or(root, "n", 0, 9, -1, &number, NULL) && number == 7);
    assert_true(json_bool_or(root, "z", true, &truth, NULL) && truth);
    assert_refused(json_text_or(root, "n", "f", &text, &err), "/n");
    assert_refused(json_int_or(root, "t", 0, 9, -1, &number, &err), "/t");
}

static void the_format_must_be_the_one_expected(void **state)
{
    const struct json *root = parsed("{\"format\":\"rolwacht/roll/1\"}");
    (void)state;
    assert_true(json_format_is(root, "rolwacht/roll/1", NULL));
    assert_refused(json_format_is(root, "rolwacht/roll/2", &err), "/format");
    assert_refused(json_format_is(parsed("{}"), "x", &err), "/format");
    assert_refused(json_format_is(parsed("[]"), "x", &err), "");
    assert_refused(json_format_is(NULL, "x", &err), "");
}

static void a_member_without_meaning_is_refused(void **state)
{
    static const char *const names[] = { "a", "b", NULL };
    (void)state;
    assert_true(json_only(parsed("{\"b\":1,\"a\":2}"), names, NULL));
    assert_true(json_only(parsed("{}"), names, NULL));
    assert_refused(json_only(parsed("{\"a\":1,\"c\":2}"), names, &err), "/c");
    assert_refused(json_only(parsed("[]"), names, &err), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_read_in_order),
        cmocka_unit_test(numbers_keep_the_digits_they_were_written_with),
        cmocka_unit_test(what_is_no_json_is_refused),
        cmocka_unit_test(nesting_has_a_ceiling),
        cmocka_unit_test(a_refusal_names_line_and_column),
        cmocka_unit_test(two_members_of_one_name_are_found_among_many),
        cmocka_unit_test(escapes_become_their_characters),
        cmocka_unit_test(each_byte_of_a_text_is_looked_at),
        cmocka_unit_test(a_text_ends_where_its_quote_stands),
        cmocka_unit_test(a_place_in_a_list_is_its_index),
        cmocka_unit_test(every_memory_ceiling_ends_cleanly),
        cmocka_unit_test(pointers_are_those_of_rfc_6901),
        cmocka_unit_test(a_pointer_too_long_is_cut),
        cmocka_unit_test(a_member_must_be_there_and_of_its_type),
        cmocka_unit_test(a_fallback_stands_in_for_absent_and_null),
        cmocka_unit_test(the_format_must_be_the_one_expected),
        cmocka_unit_test(a_member_without_meaning_is_refused),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
