/* SPDX-License-Identifier: Apache-2.0 */
/* Tests how a page's template is filled. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "api/template.h"
#include "api/web_files.h"
#include "tests/support/fixture.h"

static const struct json *parsed(const char *text)
{
    struct rw_error err = { 0 };
    const struct json *root = NULL;
    assert_true(json_parse(arena, text, strlen(text), &root, &err));
    return root;
}

/* The filled text; NULL when it was refused. */
static const char *filled(const char *template, const char *values)
{
    const struct rw_embedded files[] = { { "page", template, strlen(template) },
                                         { "part", "<{{name}}>", 10 },
                                         { "ring", "{{>ring}}", 9 },
                                         { 0 } };
    const struct template_shelf shelf = {
        .files = files,
        .words = parsed("{\"hello\":\"dag & welkom\",\"state.planned\":\"gepland\"}")
    };
    struct rw_error err = { 0 };
    struct rw_text text;
    rw_text_init(&text, arena, 1000);
    if (template_fill(&shelf, "page", parsed(values), &text, &err))
        return text.bytes;
    assert_true(err.code == RW_BUG || err.code == RW_TOO_LARGE);
    return NULL;
}

static void every_value_is_escaped(void **state)
{
    (void)state;
    assert_string_equal(
        filled("<a title=\"{{a}}\">{{_hello}}{{_state:a}}</a>", "{\"a\":\"<script>'\\\"&\"}"),
        "<a title=\"&lt;script&gt;&#39;&quot;&amp;\">dag &amp; welkom"
        "&lt;script&gt;&#39;&quot;&amp;</a>");
}

static void values_are_found_from_the_inside_out(void **state)
{
    (void)state;
    assert_string_equal(filled("{{#list}}{{name}}{{b}}{{c.d}};{{/list}}",
                               "{\"b\":2,\"c\":{\"d\":\"x\"},\"list\":[{\"name\":\"p\"},"
                               "{\"name\":\"q\",\"b\":3}]}"),
                        "p2x;q3x;");
    assert_string_equal(filled("{{#in}}{{#n}} {{.}}{{/n}}{{#s}}, {{.}} {{n}}{{/s}}{{/in}}",
                               "{\"n\":8,\"in\":{\"n\":1970,\"s\":\"a\"}}"),
                        " 1970, a 1970");
    assert_string_equal(filled("{{#list}}{{.}},{{/list}}", "{\"list\":[\"a\",1,true]}"),
                        "a,1,true,");
}

static void a_section_is_there_or_not(void **state)
{
    static const char template[] = "{{#a}}yes{{/a}}{{^a}}no{{/a}}";
    (void)state;
    assert_string_equal(filled(template, "{\"a\":true}"), "yes");
    assert_string_equal(filled(template, "{\"a\":\"x\"}"), "yes");
    assert_string_equal(filled(template, "{\"a\":{}}"), "yes");
    assert_string_equal(filled(template, "{\"a\":[1,2]}"), "yesyes");
    assert_string_equal(filled(template, "{\"a\":false}"), "no");
    assert_string_equal(filled(template, "{\"a\":\"\"}"), "no");
    assert_string_equal(filled(template, "{\"a\":0}"), "no");
    assert_string_equal(filled(template, "{\"a\":[]}"), "no");
    assert_string_equal(filled(template, "{\"a\":null}"), "no");
    assert_string_equal(filled(template, "{}"), "no");
}

static void sections_lie_inside_each_other(void **state)
{
    (void)state;
    assert_string_equal(filled("{{#a}}[{{#b}}({{.}}){{/b}}{{^b}}-{{/b}}]{{/a}}.",
                               "{\"a\":[{\"b\":[1,2]},{\"b\":[]},{\"b\":[3]}]}"),
                        "[(1)(2)][-][(3)].");
    assert_string_equal(
        filled("{{#a}}{{#a}}x{{/a}}{{/a}}{{^b}}{{^b}}y{{/b}}{{/b}}", "{\"a\":false}"), "y");
}

static void a_file_stands_inside_another(void **state)
{
    (void)state;
    assert_string_equal(
        filled("{{#list}}{{>part}}{{/list}}!", "{\"list\":[{\"name\":\"a\"},{\"name\":\"b\"}]}"),
        "<a><b>!");
}

static void words_follow_values(void **state)
{
    (void)state;
    assert_string_equal(filled("{{_state:s}} {{_state:t}}", "{\"s\":\"planned\",\"t\":\"odd\"}"),
                        "gepland odd");
}

static void a_wrong_template_is_our_fault(void **state)
{
    static const char *const templates[] = { "{{",          "{{}}",         "{{#a}}",
                                             "{{/a}}",      "{{#a}}{{/b}}", "{{>absent}}",
                                             "{{_absent}}", "{{>ring}}",    "{{#a}}{{>part}}",
                                             "{{^b}}x",     "{{#b}}x",      "{{a" };
    (void)state;
    for (size_t i = 0; i < RW_COUNT(templates); i++)
        assert_null(filled(templates[i], "{\"a\":[1]}"));
}

/* The names in {{_…}} of all templates, and whether both languages have them. */
static void every_word_of_a_template_has_its_texts(void **state)
{
    const struct json *words[2] = { NULL, NULL };
    size_t seen = 0;
    (void)state;
    for (const struct rw_embedded *file = web_files; file->name; file++) {
        if (strcmp(file->name, "nl.json") == 0)
            words[0] = parsed(file->bytes);
        if (strcmp(file->name, "en.json") == 0)
            words[1] = parsed(file->bytes);
    }
    for (const struct rw_embedded *file = web_files; file->name; file++) {
        for (const char *at = strstr(file->bytes, "{{_"); at; at = strstr(at + 1, "{{_")) {
            char word[TEMPLATE_NAME_MAX];
            size_t length = strcspn(at + 3, "}:");
            assert_true(length < sizeof word);
            memcpy(word, at + 3, length);
            word[length] = '\0';
            if (at[3 + length] == ':')
                continue;
            if (!template_word(words[0], word) || !template_word(words[1], word))
                fail_msg("%s: there is no text for %s", file->name, word);
            seen++;
        }
    }
    assert_true(seen > 50);
    for (const struct json *word = words[0]->first; word; word = word->next) {
        if (!template_word(words[1], word->name))
            fail_msg("English has no text for %s", word->name);
    }
    assert_int_equal(words[0]->count, words[1]->count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_value_is_escaped, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(values_are_found_from_the_inside_out, fixture_open,
                                        fixture_close),
        cmocka_unit_test_setup_teardown(a_section_is_there_or_not, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(sections_lie_inside_each_other, fixture_open,
                                        fixture_close),
        cmocka_unit_test_setup_teardown(a_file_stands_inside_another, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(words_follow_values, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_wrong_template_is_our_fault, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(every_word_of_a_template_has_its_texts, fixture_open,
                                        fixture_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
