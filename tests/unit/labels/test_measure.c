/* SPDX-License-Identifier: Apache-2.0 */
/* What is remembered is what was measured, or nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "labels/measure.h"

static const struct canvas_style small = { 2550, CANVAS_REGULAR };
static const struct canvas_style bold = { 2550, CANVAS_BOLD };

static void a_text_is_found_in_its_own_style_only(void **state)
{
    (void)state;
    struct measure *measure = calloc(1, sizeof *measure);
    struct canvas_extent extent = { .advance_um = 7 };
    struct canvas_extent found = { 0 };
    assert_non_null(measure);
    measure_keep(measure, "08:00", small, &extent);
    assert_true(measure_find(measure, "08:00", small, &found));
    assert_int_equal(found.advance_um, 7);
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
        char text[16];
        struct canvas_extent extent = { .advance_um = i };
        (void)snprintf(text, sizeof text, "text %d", i);
        measure_keep(measure, text, i % 2 == 0 ? small : bold, &extent);
    }
    for (int32_t i = 0; i < 4 * MEASURE_ENTRIES; i++) {
        char text[16];
        struct canvas_extent found = { 0 };
        (void)snprintf(text, sizeof text, "text %d", i);
        if (!measure_find(measure, text, i % 2 == 0 ? small : bold, &found))
            continue;
        assert_int_equal(found.advance_um, i);
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
        char text[16];
        const struct canvas_extent extent = { .advance_um = i };
        (void)snprintf(text, sizeof text, "text %d", i);
        measure_keep(measure, text, small, &extent);
    }
    for (int32_t i = 0; i < MEASURE_ENTRIES / 4; i++) {
        char text[16];
        struct canvas_extent found;
        (void)snprintf(text, sizeof text, "text %d", i);
        kept += measure_find(measure, text, small, &found);
    }
    assert_true(kept > MEASURE_ENTRIES / 4 * 97 / 100); /* one place each keeps 89 of 100 */
    free(measure);
}

static void a_text_too_long_to_keep_is_not_found_cut(void **state)
{
    (void)state;
    struct measure *measure = calloc(1, sizeof *measure);
    struct canvas_extent extent = { .advance_um = 9 };
    char text[MEASURE_TEXT_MAX + 1];
    assert_non_null(measure);
    for (size_t i = 0; i < MEASURE_TEXT_MAX; i++)
        text[i] = 'x';
    text[MEASURE_TEXT_MAX] = '\0';
    measure_keep(measure, text, small, &extent);
    assert_false(measure_find(measure, text, small, &extent));
    text[MEASURE_TEXT_MAX - 1] = '\0';
    assert_false(measure_find(measure, text, small, &extent));
    measure_keep(measure, text, small, &extent);
    assert_true(measure_find(measure, text, small, &extent));
    free(measure);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_found_in_its_own_style_only),
        cmocka_unit_test(no_text_is_ever_given_the_width_of_another),
        cmocka_unit_test(several_texts_of_one_place_are_kept),
        cmocka_unit_test(a_text_too_long_to_keep_is_not_found_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
