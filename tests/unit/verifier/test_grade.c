/* SPDX-License-Identifier: Apache-2.0 */
/* Proves each mark of a symbol against values worked out by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "verifier/aperture.h"
#include "verifier/dpm.h"
#include "verifier/grade.h"
#include "verifier/marks.h"

#define SIDE 22 /* 30 data and 20 check words in one block */
#define STRIDE (SIDE + 2)
#define DARK 0.2F
#define LIGHT 0.8F

/* A symbol of codewords that are all the same. */
struct symbol {
    struct rw_arena *arena;
    struct codewords_layout layout;
    uint8_t words[SYMBOLOGY_WORDS_MAX];
    uint8_t dark[SYMBOLOGY_SIDE_MAX * SYMBOLOGY_SIDE_MAX];
    struct modules modules;
};
static struct symbol symbol;

static int set_up(void **state)
{
    (void)state;
    symbol.arena = rw_arena_open(8 * RW_ARENA_MIB);
    memset(symbol.words, 0x5A, sizeof symbol.words);
    return symbol.arena == NULL || !codewords_lay_out(symbology_get(symbology_find(SIDE, SIDE)),
                                                      symbol.arena, &symbol.layout, NULL);
}

static int tear_down(void **state)
{
    (void)state;
    rw_arena_close(symbol.arena);
    return 0;
}

static float *at(int row, int col)
{
    return &symbol.modules.grey[(row + 1) * STRIDE + col + 1];
}

static void print_perfectly(float dark, float light)
{
    symbol.modules.size = symbol.layout.size;
    codewords_draw(&symbol.layout, symbol.words, symbol.dark);
    for (int row = -1; row <= SIDE; row++)
        for (int col = -1; col <= SIDE; col++)
            *at(row, col) = marks_is_dark(symbol.layout.size, symbol.dark, row, col) ? dark : light;
}

/* Gives one light module of each of so many codewords another reflectance. */
static void spoil_words(int count, float reflectance)
{
    bool spoilt[SYMBOLOGY_WORDS_MAX] = { false };
    for (int row = 0; row < SIDE; row++)
        for (int col = 0; col < SIDE; col++) {
            if (symbology_part_at(symbol.layout.size, row, col) != SYMBOLOGY_DATA)
                continue;
            int bit = symbol.layout.bit_of[codewords_cell(&symbol.layout, row, col)];
            if (bit < 0 || spoilt[bit / 8] || count == 0 || symbol.dark[row * SIDE + col])
                continue;
            spoilt[bit / 8] = true;
            *at(row, col) = reflectance;
            count--;
        }
    assert_int_equal(count, 0);
}

struct marked {
    struct verdict_grade grade;
    struct grade_measures measures;
};

static struct marked marked(bool is_calibrated)
{
    struct marked marked = { 0 };
    grade_modules(&symbol.layout, symbol.words, &symbol.modules, is_calibrated, &marked.grade,
                  &marked.measures);
    return marked;
}

static void near(float value, float expected)
{
    if (fabsf(value - expected) > 0.002F)
        fail_msg("%f is not %f", (double)value, (double)expected);
}

static void contrast_is_the_range_of_reflectance(void **state)
{
    (void)state;
    print_perfectly(DARK, LIGHT);
    struct marked perfect = marked(true);
    near(perfect.measures.contrast, 0.6F);
    assert_int_equal(perfect.grade.contrast, 3); /* 60 % of 55 */
    near(perfect.measures.modulation, 1);
    near(perfect.measures.margin, 1);
    assert_int_equal(perfect.grade.modulation, 4);
    assert_int_equal(perfect.grade.reflectance_margin, 4);
    assert_int_equal(perfect.grade.fixed_pattern, 4);
    print_perfectly(0.05F, 0.80F);
    assert_int_equal(marked(true).grade.contrast, 4);
    print_perfectly(0.05F, 0.47F);
    assert_int_equal(marked(true).grade.contrast, 2);
    print_perfectly(0.05F, 0.30F);
    assert_int_equal(marked(true).grade.contrast, 1);
    print_perfectly(0.05F, 0.20F);
    assert_int_equal(marked(true).grade.contrast, 0);
}

static void modulation_is_lowered_by_what_correction_cannot_make_up_for(void **state)
{
    (void)state;
    /* Middle 0.5, range 0.6: 0.635 has 2 * 0.135 / 0.6 = 0.45, which is B. */
    print_perfectly(DARK, LIGHT);
    spoil_words(1, 0.635F);
    near(marked(true).measures.modulation, 0.45F);
    assert_int_equal(marked(true).grade.modulation, 4); /* A: 1 - 2 / 20 = 0.90 is left */
    print_perfectly(DARK, LIGHT);
    spoil_words(4, 0.635F);
    assert_int_equal(marked(true).grade.modulation, 3); /* A: 1 - 8 / 20 = 0.60 is a B */
    print_perfectly(DARK, LIGHT);
    spoil_words(12, 0.575F); /* 0.25, a D, too many to make up for */
    assert_int_equal(marked(true).grade.modulation, 1);
    print_perfectly(DARK, LIGHT);
    spoil_words(12, 0.53F); /* 0.10, below D */
    assert_int_equal(marked(true).grade.modulation, 0);
}

static void a_module_on_the_wrong_side_has_modulation_but_no_margin(void **state)
{
    (void)state;
    print_perfectly(DARK, LIGHT);
    spoil_words(5, 0.3F);
    struct marked spoilt = marked(true);
    near(spoilt.measures.modulation, 0.667F); /* 2 * 0.2 / 0.6 */
    assert_int_equal(spoilt.grade.modulation, 4);
    near(spoilt.measures.margin, 0);
    assert_int_equal(spoilt.grade.reflectance_margin, 3); /* 1 - 10 / 20 = 0.50 */
}

static void a_broken_frame_is_marked_by_its_worst_segment(void **state)
{
    (void)state;
    print_perfectly(DARK, LIGHT);
    *at(5, 0) = LIGHT; /* 1 of 22: 0.045 is a B, and the mean of 3 4 4 4 4 too */
    near(marked(false).measures.frame, 1.0F / 22);
    assert_int_equal(marked(false).grade.fixed_pattern, 3);
    *at(9, 0) = LIGHT; /* 2 of 22: 0.091 is a C */
    assert_int_equal(marked(false).grade.fixed_pattern, 2);
    *at(12, 0) = *at(15, 0) = LIGHT; /* 4 of 22: 0.18 */
    assert_int_equal(marked(false).grade.fixed_pattern, 0);
    print_perfectly(DARK, LIGHT);
    *at(3, -1) = DARK; /* the quiet zone */
    assert_int_equal(marked(false).grade.fixed_pattern, 3);
    print_perfectly(DARK, LIGHT);
    *at(0, 4) = LIGHT; /* a clock track: 1 of 41 */
    assert_int_equal(marked(false).grade.fixed_pattern, 3);
}

static void a_calibrated_frame_needs_the_margin_of_its_level(void **state)
{
    (void)state;
    print_perfectly(DARK, LIGHT);
    *at(5, 0) = *at(9, 0) = 0.36F; /* 2 * 0.14 / 0.6 = 0.47: damaged for A, whole for B */
    assert_int_equal(marked(false).grade.fixed_pattern, 4);
    assert_int_equal(marked(true).grade.fixed_pattern, 3);
}

static void dark_film_is_marked_by_its_own_light(void **state)
{
    (void)state;
    struct dpm_marks marks;
    print_perfectly(0.1F, 0.4F);
    assert_int_equal(marked(true).grade.contrast, 1); /* 15415: 30 % is a D */
    dpm_mark(&symbol.layout, symbol.words, &symbol.modules, &marks);
    near(marks.cell_contrast, 0.75F); /* (0.4 - 0.1) / 0.4 */
    near(marks.cell_modulation, 1);
    assert_int_equal(marks.contrast, 4);
    assert_int_equal(marks.modulation, 4);
    assert_int_equal(marks.fixed_pattern, 4);
    print_perfectly(0.31F, 0.4F); /* 0.09 / 0.4 = 0.225 */
    dpm_mark(&symbol.layout, symbol.words, &symbol.modules, &marks);
    near(marks.cell_contrast, 0.225F);
    assert_int_equal(marks.contrast, 2);
    print_perfectly(0.37F, 0.4F);
    dpm_mark(&symbol.layout, symbol.words, &symbol.modules, &marks);
    assert_int_equal(marks.contrast, 0);
    /* Nothing is light: no contrast, and no division by it. */
    print_perfectly(0, 0);
    dpm_mark(&symbol.layout, symbol.words, &symbol.modules, &marks);
    near(marks.cell_contrast, 0);
    assert_int_equal(marks.contrast, 0);
}

static void cell_modulation_is_that_of_the_worst_cell(void **state)
{
    (void)state;
    struct dpm_marks marks;
    print_perfectly(DARK, LIGHT);
    spoil_words(12, 0.6F);
    dpm_mark(&symbol.layout, symbol.words, &symbol.modules, &marks);
    /* Dark and light part between 0.2 and 0.6, at 0.4. Of the light cells 12 have 0.6. */
    int light = 0;
    for (int i = 0; i < SIDE * SIDE; i++)
        light += symbol.dark[i] == 0;
    float mean = (LIGHT * (float)(light - 12) + 0.6F * 12) / (float)light;
    near(marks.cell_modulation, 0.2F / (mean - 0.4F));
    near(marks.cell_contrast, (mean - DARK) / mean);
}

static void an_aperture_sees_the_mean_of_its_disc(void **state)
{
    (void)state;
    const struct light light = { SIDE * 10 + 40, SIDE * 10 + 40, 200000, 0, 0, 50000, 800, 50 };
    struct picture picture;
    struct modules modules;
    struct grid grid = { .size = symbology_find(SIDE, SIDE),
                         .quad = { { { 20, 240 }, { 240, 240 }, { 240, 20 }, { 20, 20 } } } };
    assert_true(picture_make(symbol.arena, SIDE * 10 + 40, SIDE * 10 + 40, &picture, NULL));
    memset(picture.pixels, 200, (size_t)picture.stride * (size_t)picture.height);
    for (int y = 0; y < 10; y++)
        memset(picture.pixels + (20 + 30 + y) * picture.stride + 20 + 50, 50, 10);
    aperture_sample(&picture, &grid, 0.8F, NULL, &modules);
    near(modules.grey[(3 + 1) * STRIDE + 5 + 1], 50 / 255.0F);
    near(modules.grey[(3 + 1) * STRIDE + 6 + 1], 200 / 255.0F);
    near(modules.grey[0], 200 / 255.0F);
    aperture_sample(&picture, &grid, 0.8F, &light, &modules);
    near(modules.grey[(3 + 1) * STRIDE + 5 + 1], 0.05F);
    near(modules.grey[0], 0.8F);
    /* Through twice its width a module is also its neighbours. */
    aperture_sample(&picture, &grid, 2.0F, NULL, &modules);
    assert_true(modules.grey[(3 + 1) * STRIDE + 5 + 1] > 60 / 255.0F);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contrast_is_the_range_of_reflectance),
        cmocka_unit_test(modulation_is_lowered_by_what_correction_cannot_make_up_for),
        cmocka_unit_test(a_module_on_the_wrong_side_has_modulation_but_no_margin),
        cmocka_unit_test(a_broken_frame_is_marked_by_its_worst_segment),
        cmocka_unit_test(a_calibrated_frame_needs_the_margin_of_its_level),
        cmocka_unit_test(dark_film_is_marked_by_its_own_light),
        cmocka_unit_test(cell_modulation_is_that_of_the_worst_cell),
        cmocka_unit_test(an_aperture_sees_the_mean_of_its_disc),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
