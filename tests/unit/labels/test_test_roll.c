/* SPDX-License-Identifier: Apache-2.0 */
/* Every page of a test roll is on the film, and its codes can be read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "labels/test_page.h"
#include "labels/test_roll.h"
#include "tests/support/dmtx_reader.h"

static const int32_t resolutions[] = { 203, 300, 600 };

static struct rw_arena *arena;
static struct canvas *canvas;

static int open_all(void **state)
{
    (void)state;
    struct rw_error err = { 0 };
    arena = rw_arena_open(256 * RW_ARENA_MIB);
    return arena == NULL || !canvas_open(&canvas, &err);
}

static int close_all(void **state)
{
    (void)state;
    canvas_close(canvas);
    rw_arena_close(arena);
    return 0;
}

static struct test_roll roll_of(int32_t dpi)
{
    return (struct test_roll){ canvas, media_find("generic-70x60"), dpi };
}

static size_t pages_of(const struct test_roll *roll)
{
    size_t count = 0;
    struct rw_error err = { 0 };
    assert_true(test_roll_count(roll, &count, &err));
    return count;
}

static struct picture page_of(const struct test_roll *roll, size_t index)
{
    struct picture picture;
    struct rw_error err = { 0 };
    assert_true(test_roll_draw(roll, index, arena, &picture, &err));
    return picture;
}

/* Reads the symbol of a part of a page. */
static struct dmtx_reading read_part(const struct picture *page, int32_t x, int32_t y, int32_t side)
{
    struct picture part;
    struct dmtx_reading reading;
    struct rw_error err = { 0 };
    int32_t width = x + side < page->width ? side : page->width - x;
    int32_t height = y + side < page->height ? side : page->height - y;
    assert_true(picture_make(arena, width, height, &part, &err));
    for (int32_t row = 0; row < height; row++)
        memcpy(part.pixels + (size_t)row * (size_t)part.stride,
               page->pixels + (size_t)(y + row) * (size_t)page->stride + (size_t)x, (size_t)width);
    assert_true(dmtx_reader_read(&part, &reading));
    return reading;
}

static void assert_code(const struct dmtx_reading *reading, int32_t modules, size_t page)
{
    char serial[16];
    (void)snprintf(serial, sizeof serial, "000000000%03zu", page + 1);
    assert_true(reading->gs1);
    assert_int_equal(reading->modules, modules);
    assert_non_null(strstr(reading->bytes, serial));
}

static void each_module_size_that_may_be_printed_is_read(void **state)
{
    (void)state;
    static const int32_t smallest[] = { 3, 3, 6 };
    static const int32_t largest[] = { 4, 6, 12 };
    for (size_t i = 0; i < RW_COUNT(resolutions); i++) {
        struct test_roll roll = roll_of(resolutions[i]);
        int32_t top = media_dots(6000, roll.dpi);
        assert_int_equal(pages_of(&roll), 5 + largest[i] - smallest[i] + 1);
        for (int32_t dots = smallest[i]; dots <= largest[i]; dots++) {
            size_t page = (size_t)(dots - smallest[i]) + 1;
            struct picture picture = page_of(&roll, page);
            int32_t second = media_dots(7500, roll.dpi) + 30 * dots;
            struct dmtx_reading left = read_part(&picture, 0, top, second);
            struct dmtx_reading right =
                read_part(&picture, second, top, media_dots(10000, roll.dpi) + 32 * dots);
            assert_code(&left, 22, page);
            assert_code(&right, 26, page);
        }
        rw_arena_reset(arena);
    }
}

static void a_symbol_is_read_in_four_turns(void **state)
{
    (void)state;
    struct test_roll roll = roll_of(300);
    size_t page = pages_of(&roll) - 4;
    struct picture picture = page_of(&roll, page);
    int32_t pitch = 28 * 4 + media_dots(4050, 300);
    for (int32_t quarter = 0; quarter < 4; quarter++) {
        int32_t x = media_dots(1500, 300) + quarter % 2 * 2 * pitch;
        int32_t y = media_dots(6000, 300) + quarter / 2 * pitch;
        struct dmtx_reading reading = read_part(&picture, x, y, pitch);
        assert_code(&reading, 22, page);
    }
    rw_arena_reset(arena);
}

/* The dots with ink, none of which lies in the margin. */
static int32_t count_dark(const struct picture *picture, int32_t margin)
{
    int32_t dark = 0;
    for (int32_t y = 0; y < picture->height; y++) {
        for (int32_t x = 0; x < picture->width; x++) {
            bool inside = x >= margin && x < picture->width - margin && y >= margin &&
                          y < picture->height - margin;
            bool black = picture->pixels[y * picture->stride + x] == 0;
            assert_true(inside || !black);
            dark += black;
        }
    }
    return dark;
}

/* REQ-008 for the test roll: a seal is never printed on. */
static void no_dot_lies_outside_of_the_print_window(void **state)
{
    (void)state;
    for (size_t i = 0; i < RW_COUNT(resolutions); i++) {
        struct test_roll roll = roll_of(resolutions[i]);
        int32_t margin = media_dots(roll.media->margin_um, roll.dpi);
        for (size_t page = 0; page < pages_of(&roll); page++) {
            struct picture picture = page_of(&roll, page);
            int32_t dark = count_dark(&picture, margin);
            assert_true(dark > 1000);
            rw_arena_reset(arena);
        }
    }
}

/* The stair of the last page: each column of the window has ink above the band too. */
static void every_dot_of_the_head_prints_a_step(void **state)
{
    (void)state;
    struct test_roll roll = roll_of(203);
    struct picture picture = page_of(&roll, pages_of(&roll) - 1);
    int32_t left = media_dots(2500, 203) + 1;
    int32_t right = media_dots(67500, 203) - 1;
    int32_t steps_from = media_dots(2500 + 4000 + 2150 + 2000, 203);
    for (int32_t x = left; x < right; x++) {
        int32_t dark = 0;
        for (int32_t y = steps_from; y < steps_from + media_dots(8000, 203); y++)
            dark += picture.pixels[y * picture.stride + x] == 0;
        assert_true(dark >= 4);
    }
    rw_arena_reset(arena);
}

static void a_film_that_is_too_small_is_refused(void **state)
{
    (void)state;
    struct test_roll roll = roll_of(300);
    struct media small = *roll.media;
    struct picture picture;
    struct rw_error err = { 0 };
    small.width_um = 30000;
    roll.media = &small;
    assert_false(test_roll_draw(&roll, 6, arena, &picture, &err));
    assert_int_equal(err.code, RW_INVALID);
    assert_string_equal(err.at, "/media");
    rw_arena_reset(arena);
}

static void a_page_that_is_not_there_is_refused(void **state)
{
    (void)state;
    struct test_roll roll = roll_of(300);
    struct picture picture;
    struct rw_error err = { 0 };
    assert_false(test_roll_draw(&roll, pages_of(&roll), arena, &picture, &err));
    assert_int_equal(err.code, RW_NOT_FOUND);
}

static size_t count_of(const char *bytes, size_t length, const char *word)
{
    size_t count = 0;
    for (size_t i = 0; i + strlen(word) <= length; i++)
        count += memcmp(bytes + i, word, strlen(word)) == 0;
    return count;
}

static void pdf_and_zpl_have_all_pages_and_always_the_same_bytes(void **state)
{
    (void)state;
    struct test_roll roll = roll_of(203);
    const char *bytes[4];
    size_t length[4];
    struct rw_error err = { 0 };
    for (size_t i = 0; i < 2; i++) {
        assert_true(test_roll_write_zpl(&roll, arena, &bytes[i], &length[i], &err));
        assert_true(test_roll_write_pdf(&roll, arena, &bytes[i + 2], &length[i + 2], &err));
    }
    for (size_t i = 0; i < 4; i += 2) {
        assert_int_equal(length[i], length[i + 1]);
        assert_memory_equal(bytes[i], bytes[i + 1], length[i]);
    }
    assert_int_equal(count_of(bytes[0], length[0], "^XA"), pages_of(&roll));
    assert_int_equal(count_of(bytes[2], length[2], "/Type /Page "), pages_of(&roll));
    rw_arena_reset(arena);
}

/* No mark of a page is ever cut off or printed on a seal. */
static void a_page_of_a_smaller_film_is_whole_or_refused(void **state)
{
    (void)state;
    struct test_roll roll = roll_of(203);
    struct media film = *roll.media;
    size_t refused = 0;
    size_t drawn = 0;
    roll.media = &film;
    for (film.width_um = film.height_um = 10000; film.width_um <= 70000;
         film.width_um += 5000, film.height_um += 5000) {
        for (size_t page = 0; page < pages_of(&roll); page++) {
            struct picture picture = { 0 };
            struct rw_error err = { 0 };
            if (test_roll_draw(&roll, page, arena, &picture, &err)) {
                assert_true(count_dark(&picture, media_dots(film.margin_um, roll.dpi)) > 100);
                drawn++;
            } else {
                assert_int_equal(err.code, RW_INVALID);
                assert_string_equal(err.at, "/media");
                assert_null(picture.pixels);
                refused++;
            }
        }
        rw_arena_reset(arena);
    }
    assert_true(refused > 20 && drawn > 20);
}

/* A box of one dot on each edge of the window, and one dot beyond it. */
static void a_mark_may_touch_the_edge_and_not_cross_it(void **state)
{
    (void)state;
    static const int32_t beyond[][2] = { { 0, 0 }, { -1, 0 }, { 0, -1 }, { 1, 0 }, { 0, 1 } };
    for (size_t i = 0; i < RW_COUNT(beyond); i++) {
        struct rw_error err = { 0 };
        struct test_page page = { .canvas = canvas,
                                  .media = media_find("generic-70x60"),
                                  .dpi = 203,
                                  .arena = arena,
                                  .err = &err };
        test_page_begin(&page);
        int32_t x = beyond[i][0] > 0 ? page.right - 1 : page.left;
        int32_t y = beyond[i][1] > 0 ? page.bottom - 1 : page.top;
        test_page_box(&page, (struct sheet_dots){ x, y, 1, 1 });
        assert_false(page.failed);
        test_page_box(&page, (struct sheet_dots){ x + beyond[i][0], y + beyond[i][1], 1, 1 });
        assert_int_equal(page.failed, i > 0);
        assert_string_equal(err.at, i > 0 ? "/media" : "");
        assert_int_equal(page.dot_count, i > 0 ? 1 : 2);
    }
    rw_arena_reset(arena);
}

static void a_roll_with_a_page_that_is_refused_is_not_written(void **state)
{
    (void)state;
    struct test_roll roll = roll_of(203);
    struct media film = *roll.media;
    const char *bytes = NULL;
    size_t length = 0;
    struct rw_error err = { 0 };
    roll.media = &film;
    film.width_um = 40000;
    assert_false(test_roll_write_zpl(&roll, arena, &bytes, &length, &err));
    assert_string_equal(err.at, "/media");
    err = (struct rw_error){ 0 };
    assert_false(test_roll_write_pdf(&roll, arena, &bytes, &length, &err));
    assert_string_equal(err.at, "/media");
    assert_null(bytes);
    rw_arena_reset(arena);
}

/* No page, count or file of a resolution at which no code may be printed. */
static void a_printer_that_cannot_print_the_code_is_refused(void **state)
{
    (void)state;
    struct test_roll roll = roll_of(50);
    struct picture picture;
    const char *bytes = NULL;
    size_t length = 0;
    size_t count = 77;
    struct rw_error errors[4] = { 0 };
    assert_false(test_roll_count(&roll, &count, &errors[0]));
    assert_false(test_roll_draw(&roll, 0, arena, &picture, &errors[1]));
    assert_false(test_roll_write_pdf(&roll, arena, &bytes, &length, &errors[2]));
    assert_false(test_roll_write_zpl(&roll, arena, &bytes, &length, &errors[3]));
    for (size_t i = 0; i < RW_COUNT(errors); i++) {
        assert_int_equal(errors[i].code, RW_INVALID);
        assert_string_equal(errors[i].at, "/dpi");
    }
    assert_int_equal(count, 77);
    assert_null(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_module_size_that_may_be_printed_is_read),
        cmocka_unit_test(a_symbol_is_read_in_four_turns),
        cmocka_unit_test(no_dot_lies_outside_of_the_print_window),
        cmocka_unit_test(every_dot_of_the_head_prints_a_step),
        cmocka_unit_test(a_film_that_is_too_small_is_refused),
        cmocka_unit_test(a_page_that_is_not_there_is_refused),
        cmocka_unit_test(pdf_and_zpl_have_all_pages_and_always_the_same_bytes),
        cmocka_unit_test(a_page_of_a_smaller_film_is_whole_or_refused),
        cmocka_unit_test(a_mark_may_touch_the_edge_and_not_cross_it),
        cmocka_unit_test(a_roll_with_a_page_that_is_refused_is_not_written),
        cmocka_unit_test(a_printer_that_cannot_print_the_code_is_refused),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
