/* SPDX-License-Identifier: Apache-2.0 */
/* What is remembered is what was measured, or nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attributes.h"
#include "labels/measure.h"

static const struct canvas_style small = { 2550, CANVAS_REGULAR };
static const struct canvas_style bold = { 2550, CANVAS_BOLD };

static void a_text_is_found_in_its_own_style_only(void **state)
{
    (void)state;
    struct measure *measure = calloc(1, sizeof *measure);
    static const struct canvas_glyph glyphs[] = { { .id = 4 }, { .id = 9, .x_parts = 70 } };
    const struct canvas_line line = { "08:00", { .advance_um = 7 }, glyphs, 2 };
    struct canvas_line found = { 0 };
    assert_non_null(measure);
    measure_keep(measure, small, &line);
    assert_true(measure_find(measure, "08:00", small, &found));
    assert_int_equal(found.extent.advance_um, 7);
    assert_int_equal(found.count, 2);
    assert_int_equal(found.glyphs[1].x_parts, 70);
    assert_false(measure_find(measure, "08:00", bold, &found));
    assert_false(measure_find(measure, "08:01", small, &found));
    free(measure);
}

static void no_text_is_ever_given_the_width_of_another(void **state)
{
    (void)state;
    struct measure *measure = calloc(1, sizeof *measure);
    int32_t kept = 0;
    assert_non_null(measure);
    for (int32_t i = 0; i < 4 * MEASURE_ENTRIES; i++) {
        char text[24];
        const struct canvas_line line = { text, { .advance_um = i }, NULL, 0 };
        (void)snprintf(text, sizeof text, "text %d", i);
        measure_keep(measure, i % 2 == 0 ? small : bold, &line);
    }
    for (int32_t i = 0; i < 4 * MEASURE_ENTRIES; i++) {
        char text[24];
        struct canvas_line found = { 0 };
        (void)snprintf(text, sizeof text, "text %d", i);
        if (!measure_find(measure, text, i % 2 == 0 ? small : bold, &found))
            continue;
        assert_int_equal(found.extent.advance_um, i);
        kept++;
    }
    assert_in_range(kept, MEASURE_ENTRIES / 2, MEASURE_ENTRIES);
    free(measure);
}

static void several_texts_of_one_place_are_kept(void **state)
{
    (void)state;
    struct measure *measure = calloc(1, sizeof *measure);
    int32_t kept = 0;
    assert_non_null(measure);
    for (int32_t i = 0; i < MEASURE_ENTRIES / 4; i++) {
        char text[24];
        const struct canvas_glyph glyph = { .x_parts = i };
        const struct canvas_line line = { text, { .advance_um = i }, &glyph, 1 };
        (void)snprintf(text, sizeof text, "text %d", i);
        measure_keep(measure, small, &line);
    }
    for (int32_t i = 0; i < MEASURE_ENTRIES / 4; i++) {
        char text[24];
        struct canvas_line found;
        (void)snprintf(text, sizeof text, "text %d", i);
        if (!measure_find(measure, text, small, &found))
            continue;
        assert_int_equal(found.glyphs[0].x_parts, i);
        kept++;
    }
    assert_true(kept > MEASURE_ENTRIES / 4 * 97 / 100); /* one place each keeps 89 of 100 */
    free(measure);
}

static void a_text_too_long_to_keep_is_not_found_cut(void **state)
{
    (void)state;
    struct measure *measure = calloc(1, sizeof *measure);
    char text[MEASURE_TEXT_MAX + 1];
    struct canvas_line line = { text, { .advance_um = 9 }, NULL, 0 };
    assert_non_null(measure);
    for (size_t i = 0; i < MEASURE_TEXT_MAX; i++)
        text[i] = 'x';
    text[MEASURE_TEXT_MAX] = '\0';
    measure_keep(measure, small, &line);
    assert_false(measure_find(measure, text, small, &line));
    text[MEASURE_TEXT_MAX - 1] = '\0';
    assert_false(measure_find(measure, text, small, &line));
    measure_keep(measure, small, &line);
    assert_true(measure_find(measure, text, small, &line));
    free(measure);
}

static void a_text_of_too_many_glyphs_is_not_kept(void **state)
{
    (void)state;
    struct measure *measure = calloc(1, sizeof *measure);
    static const struct canvas_glyph glyphs[MEASURE_TEXT_MAX + 1];
    struct canvas_line line = { "short", { 0 }, glyphs, MEASURE_TEXT_MAX + 1 };
    assert_non_null(measure);
    measure_keep(measure, small, &line);
    assert_false(measure_find(measure, "short", small, &line));
    line.count = MEASURE_TEXT_MAX;
    measure_keep(measure, small, &line);
    assert_true(measure_find(measure, "short", small, &line));
    assert_int_equal(line.count, MEASURE_TEXT_MAX);
    free(measure);
}

static void only_one_plain_line_is_set(void **state)
{
    static const char *const plain[] = { "",       "Mw. Ünal", "10 µg", "a\u00A0b",
                                         "\u200C", "\u2010",   "\u2065" };
    static const char *const others[] = { "two\nlines", "\x7F",   "\xC2\x80", "a\xC2\x9F", "\u2028",
                                          "\u202E",     "\u2066", "\u2069",   "\xC3",      "\xFF" };
    char text[MEASURE_LINE_MAX + 1];
    (void)state;
    for (size_t i = 0; i < RW_COUNT(plain); i++)
        assert_true(measure_is_plain_line(plain[i]));
    for (size_t i = 0; i < RW_COUNT(others); i++)
        assert_false(measure_is_plain_line(others[i]));
    memset(text, 'x', sizeof text);
    text[MEASURE_LINE_MAX - 1] = '\0';
    assert_true(measure_is_plain_line(text));
    text[MEASURE_LINE_MAX - 1] = 'x';
    text[MEASURE_LINE_MAX] = '\0';
    assert_false(measure_is_plain_line(text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_found_in_its_own_style_only),
        cmocka_unit_test(no_text_is_ever_given_the_width_of_another),
        cmocka_unit_test(several_texts_of_one_place_are_kept),
        cmocka_unit_test(a_text_too_long_to_keep_is_not_found_cut),
        cmocka_unit_test(a_text_of_too_many_glyphs_is_not_kept),
        cmocka_unit_test(only_one_plain_line_is_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
