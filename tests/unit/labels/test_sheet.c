/* SPDX-License-Identifier: Apache-2.0 */
/* Ink falls on the dots that it was meant for, and nowhere else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "labels/sheet.h"

static struct rw_arena *arena;
static struct canvas *canvas;

static const struct canvas_style plain = { 2630, CANVAS_REGULAR };

static int open_canvas(void **state)
{
    (void)state;
    struct rw_error err = { 0 };
    arena = rw_arena_open(64 * RW_ARENA_MIB);
    return arena == NULL || !canvas_open(&canvas, &err);
}

static int close_canvas(void **state)
{
    (void)state;
    canvas_close(canvas);
    rw_arena_close(arena);
    return 0;
}

static struct sheet start(int32_t dpi, bool smooth)
{
    struct sheet sheet;
    struct rw_error err = { 0 };
    const struct sheet_paper paper = { 10160, 5080, dpi, smooth };
    assert_true(sheet_start_picture(canvas, &paper, arena, &sheet, &err));
    return sheet;
}

static uint8_t light_at(const struct sheet *sheet, int32_t x, int32_t y)
{
    return sheet->picture.pixels[y * sheet->picture.stride + x];
}

static int64_t ink_of(const struct sheet *sheet)
{
    int64_t ink = 0;
    for (int32_t y = 0; y < sheet->picture.height; y++)
        for (int32_t x = 0; x < sheet->picture.width; x++)
            ink += 255 - light_at(sheet, x, y);
    return ink;
}

static void a_new_sheet_is_white(void **state)
{
    (void)state;
    struct sheet sheet = start(300, false);
    assert_int_equal(sheet.picture.width, 120);
    assert_int_equal(sheet.picture.height, 60);
    assert_int_equal(sheet.picture.um_per_px_milli, 84667);
    assert_int_equal(ink_of(&sheet), 0);
}

static void a_sheet_of_no_size_or_a_huge_one_is_refused(void **state)
{
    (void)state;
    struct sheet sheet;
    struct rw_error err = { 0 };
    const struct sheet_paper none = { 0, 5080, 300, false };
    const struct sheet_paper huge = { 10160, 1000000000, 600, false };
    assert_false(sheet_start_picture(canvas, &none, arena, &sheet, &err));
    assert_int_equal(err.code, RW_TOO_LARGE);
    err = (struct rw_error){ 0 };
    assert_false(sheet_start_picture(canvas, &huge, arena, &sheet, &err));
    assert_int_equal(err.code, RW_TOO_LARGE);
}

static void a_rectangle_has_its_own_dots_and_is_cut_at_the_edge(void **state)
{
    (void)state;
    struct sheet sheet = start(300, false);
    const struct sheet_dots boxes[] = { { 3, 4, 2, 5 }, { 118, 58, 9, 9 }, { 130, 2, 4, 4 } };
    sheet_draw_dots(&sheet, 300, boxes, 3);
    assert_int_equal(ink_of(&sheet), (2 * 5 + 2 * 2) * 255);
    assert_int_equal(light_at(&sheet, 3, 4), 0);
    assert_int_equal(light_at(&sheet, 4, 8), 0);
    assert_int_equal(light_at(&sheet, 5, 4), 255);
    assert_int_equal(light_at(&sheet, 119, 59), 0);
}

/* Half as many dots an inch: each pixel is four dots, and a part of it becomes grey. */
static void finer_dots_become_grey(void **state)
{
    (void)state;
    struct sheet sheet = start(150, true);
    const struct sheet_dots boxes[] = { { 2, 2, 2, 2 }, { 9, 8, 1, 2 } };
    sheet_draw_dots(&sheet, 300, boxes, 2);
    assert_int_equal(light_at(&sheet, 1, 1), 0);
    assert_int_equal(light_at(&sheet, 4, 4), 255 - 127);
    assert_int_equal(light_at(&sheet, 5, 4), 255);
    assert_int_equal(ink_of(&sheet), 255 + 127);
}

static void letters_beyond_the_edge_are_cut(void **state)
{
    (void)state;
    static const int32_t places[][2] = {
        { -900, 3000 }, { 9800, 3000 }, { 3000, 900 }, { 3000, 6000 }, { -9000, 3000 }
    };
    struct rw_error err = { 0 };
    struct sheet whole = start(300, false);
    assert_true(sheet_draw_text(&whole, "HHH", plain, 2000, 3000, &err));
    for (size_t i = 0; i < RW_COUNT(places); i++) {
        struct sheet sheet = start(300, false);
        assert_true(sheet_draw_text(&sheet, "HHH", plain, places[i][0], places[i][1], &err));
        assert_true(ink_of(&sheet) < ink_of(&whole));
        assert_int_equal(ink_of(&sheet) == 0, i == 4);
    }
}

static void smooth_letters_have_as_much_ink(void **state)
{
    (void)state;
    struct rw_error err = { 0 };
    struct sheet hard = start(600, false);
    struct sheet smooth = start(600, true);
    assert_true(sheet_draw_text(&hard, "Łąka 08", plain, 1000, 3000, &err));
    assert_true(sheet_draw_text(&smooth, "Łąka 08", plain, 1000, 3000, &err));
    assert_true(llabs(ink_of(&hard) - ink_of(&smooth)) < ink_of(&hard) / 20);
}

static void a_letter_that_no_font_has_is_not_drawn(void **state)
{
    (void)state;
    struct rw_error err = { 0 };
    struct sheet sheet = start(300, false);
    assert_false(sheet_draw_text(&sheet, "李", plain, 1000, 3000, &err));
    assert_int_equal(ink_of(&sheet), 0);
}

/* More letters and sizes than the book of stamps holds: what is drawn stays the same. */
static void letters_are_the_same_after_the_book_was_emptied(void **state)
{
    (void)state;
    struct rw_error err = { 0 };
    struct sheet before = start(300, false);
    struct sheet after = start(300, false);
    assert_true(sheet_draw_text(&before, "Rg8", plain, 1000, 3000, &err));
    for (int32_t size = 1000; size < 3200; size += 100) {
        struct sheet other = start(300, false);
        const struct canvas_style style = { size, CANVAS_BOLD };
        assert_true(sheet_draw_text(&other, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
                                    style, 1000, 3000, &err));
    }
    assert_true(sheet_draw_text(&after, "Rg8", plain, 1000, 3000, &err));
    assert_memory_equal(before.picture.pixels, after.picture.pixels,
                        (size_t)before.picture.stride * (size_t)before.picture.height);
}

static void a_glyph_larger_than_a_label_is_refused(void **state)
{
    (void)state;
    struct rw_error err = { 0 };
    struct sheet sheet = start(600, false);
    const struct canvas_style giant = { 50000, CANVAS_BOLD };
    assert_false(sheet_draw_text(&sheet, "W", giant, 0, 5000, &err));
    assert_int_equal(err.code, RW_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_sheet_is_white),
        cmocka_unit_test(a_sheet_of_no_size_or_a_huge_one_is_refused),
        cmocka_unit_test(a_rectangle_has_its_own_dots_and_is_cut_at_the_edge),
        cmocka_unit_test(finer_dots_become_grey),
        cmocka_unit_test(letters_beyond_the_edge_are_cut),
        cmocka_unit_test(smooth_letters_have_as_much_ink),
        cmocka_unit_test(a_letter_that_no_font_has_is_not_drawn),
        cmocka_unit_test(letters_are_the_same_after_the_book_was_emptied),
        cmocka_unit_test(a_glyph_larger_than_a_label_is_refused),
    };
    return cmocka_run_group_tests(tests, open_canvas, close_canvas);
}
