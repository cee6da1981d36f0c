/* SPDX-License-Identifier: Apache-2.0 */
/* Measuring and drawing agree, and unknown letters are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "labels/frame.h"
#include "labels/sheet.h"

#define UM_PER_INCH 25400

static struct rw_arena *arena;
static struct canvas *canvas;

static const struct canvas_style plain = { FRAME_SMALL_UM, CANVAS_REGULAR };
static const struct canvas_style bold = { 9000, CANVAS_BOLD };

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

static struct canvas_extent measure(const char *text, struct canvas_style style)
{
    struct canvas_extent extent = { 0 };
    struct rw_error err = { 0 };
    assert_true(canvas_measure(canvas, text, style, &extent, &err));
    return extent;
}

static void assert_refused(const char *text)
{
    struct canvas_extent extent = { .advance_um = -1 };
    struct rw_error err = { 0 };
    assert_false(canvas_measure(canvas, text, plain, &extent, &err));
    assert_int_equal(err.code, RW_INVALID);
    assert_int_equal(extent.advance_um, -1);
}

static void names_of_europe_have_all_their_letters(void **state)
{
    (void)state;
    static const char *const names[] = { "Ünal-Łukasiewicz", "Çağlar Şahin", "Ğğ İı Őő", "Øystein",
                                         "Ďurišová",         "Γεωργία",      "Юлия",     "½ ¼ ¾ ×",
                                         "Nguyễn Thị Ổn",    "İpek Işık" };
    for (size_t i = 0; i < RW_COUNT(names); i++)
        assert_true(measure(names[i], plain).advance_um > 0);
}

/* One name for each script that has a font of its own, some twice so that it is there already. */
static void names_of_the_world_have_all_their_letters(void **state)
{
    (void)state;
    static const char *const names[] = {
        "Անահիտ", "ܡܪܝܡ",  "ޢާޝިޔާ",    "ߒߞߏ",   "अनुष्का शर्मा", "রীতা",  "ਜਸਪ੍ਰੀਤ",
        "અંજલિ",   "ଅନିତା",  "தமிழ்",   "లక్ష్మి",  "ಲಕ್ಷ್ಮಿ",       "ലക്ഷ്മി", "ශ්‍රී",
        "กัญญา",   "ຄຳ",    "བཀྲ་ཤིས",  "အောင်",  "ნინო",       "አልማዝ",  "ᏣᎳᎩ",
        "ᐃᓄᒃ",    "ចាន់ថា", "ᠮᠣᠩᠭᠣᠯ", "ᬅᬕᬸᬂ",    "ᱥᱟᱱᱛᱟᱲ",     "ⲙⲁⲣⲓⲁ", "ⵜⵉⴼⵉⵏⴰⵖ",
        "ꆈꌠ",   "ꕙꔤ",    "ꦗꦮ",     "அனுஷ்கா"
    };
    for (size_t i = 0; i < RW_COUNT(names); i++) {
        assert_true(measure(names[i], plain).advance_um > 0);
        assert_true(measure(names[i], bold).advance_um > 0);
    }
    assert_refused("ॿ अ \U0001F48A");
}

static void a_text_is_set_alike_whatever_was_loaded_before(void **state)
{
    (void)state;
    struct canvas *fresh = NULL;
    struct rw_error err = { 0 };
    struct canvas_extent extent = { 0 };
    assert_true(canvas_open(&fresh, &err));
    assert_true(canvas_measure(fresh, "அனுஷ்கா शर्मा ₹", plain, &extent, &err));
    canvas_close(fresh);
    struct canvas_extent late = measure("அனுஷ்கா शर्मा ₹", plain);
    assert_memory_equal(&extent, &late, sizeof extent);
}

static void a_letter_that_no_font_has_is_refused(void **state)
{
    (void)state;
    assert_refused("李明");
    assert_refused("Mw. \U0001F48A");
    assert_refused("\uE000");
}

static void what_is_no_plain_line_is_refused(void **state)
{
    (void)state;
    assert_refused("two\nlines");
    assert_refused("tab\t");
    assert_refused("bell\x07");
    assert_refused("turned \u202E round");
    assert_refused("line\u2028end");
    assert_refused("broken \xC3");
}

static void figures_have_the_same_width(void **state)
{
    (void)state;
    assert_int_equal(measure("111111", bold).advance_um, measure("888888", bold).advance_um);
}

static void capitals_are_tall_enough_to_be_safe(void **state)
{
    (void)state;
    assert_true(measure("H", plain).ink_height_um >= 1800);
}

/* Rows of dots with ink. */
static int32_t printed_rows(const char *text, struct canvas_style style, int32_t dpi)
{
    struct sheet sheet;
    struct rw_error err = { 0 };
    int32_t rows = 0;
    const struct sheet_paper paper = { 20000, 10000, dpi, false };
    assert_true(sheet_start_picture(canvas, &paper, arena, &sheet, &err));
    assert_true(sheet_draw_text(&sheet, text, style, 2000, 7000, &err));
    const struct picture *picture = &sheet.picture;
    for (int32_t y = 0; y < picture->height; y++)
        rows += memchr(picture->pixels + y * picture->stride, 0, (size_t)picture->width) != NULL;
    return rows;
}

/* The smallest letters of a label, in whole dots of each printer. */
static void capitals_are_as_tall_in_the_printers_dots(void **state)
{
    (void)state;
    static const int32_t resolutions[] = { 203, 300, 600 };
    for (size_t i = 0; i < RW_COUNT(resolutions); i++)
        assert_true(printed_rows("HE", plain, resolutions[i]) * UM_PER_INCH / resolutions[i] >=
                    1800);
    rw_arena_reset(arena);
}

static void names_that_read_to_the_left_are_shaped(void **state)
{
    (void)state;
    /* Lam and alef become one sign, and a vowel sign takes no room. */
    int32_t apart = measure("ل", plain).advance_um + measure("ا", plain).advance_um;
    assert_true(measure("لا", plain).advance_um < apart);
    assert_true(measure("محمد", plain).advance_um != 2 * measure("م", plain).advance_um +
                                                         measure("ح", plain).advance_um +
                                                         measure("د", plain).advance_um);
    assert_int_equal(measure("شَ", plain).advance_um, measure("ش", plain).advance_um);
    assert_true(measure("מרים כהן־לוי", plain).advance_um > 0);
}

/* "Read from the right": the first word's ink is at the right end. */
static void the_first_word_of_a_name_that_reads_to_the_left_is_at_the_right(void **state)
{
    (void)state;
    struct canvas_outline one = { 0 };
    struct canvas_outline two = { 0 };
    struct rw_error err = { 0 };
    /* A dot below the first letter of the first word, and none in the second word. */
    assert_true(canvas_take_outline(canvas, "با دا", plain, arena, &one, &err));
    assert_true(canvas_take_outline(canvas, "دا با", plain, arena, &two, &err));
    assert_int_equal(one.count, two.count);
    int32_t lowest[2] = { INT32_MIN, INT32_MIN };
    int32_t place[2] = { 0, 0 };
    const struct canvas_outline *both[2] = { &one, &two };
    for (size_t i = 0; i < 2; i++) {
        for (size_t step = 0; step < both[i]->count; step++) {
            const struct canvas_step *at = &both[i]->steps[step];
            if (at->points > 0 && at->y_um[0] > lowest[i]) {
                lowest[i] = at->y_um[0];
                place[i] = at->x_um[0];
            }
        }
    }
    assert_true(place[0] > place[1]);
}

static void letters_of_two_directions_are_refused_in_one_line(void **state)
{
    (void)state;
    assert_refused("محمد 500 mg");
    assert_refused("500 محمد");
    assert_refused("Cohen כהן");
    assert_refused("محمد ½");
    assert_true(measure("محمد (أبو علي)، الأحمد", plain).advance_um > 0);
    assert_true(measure("½ × Ünal (1)", plain).advance_um > 0);
}

static void longer_text_is_wider(void **state)
{
    (void)state;
    assert_true(measure("METFORMINE", plain).advance_um <
                measure("METFORMINE 5", plain).advance_um);
}

/* Every dot of the drawn line lies in its measured box, give or take one dot. */
static void assert_ink_in_box(const char *text, struct canvas_style style, int32_t dpi)
{
    struct sheet sheet;
    struct rw_error err = { 0 };
    struct canvas_extent extent = measure(text, style);
    int32_t dot = UM_PER_INCH / dpi + 1;
    int32_t dark = 0;
    const struct sheet_paper paper = { 80000, 20000, dpi, false };
    assert_true(sheet_start_picture(canvas, &paper, arena, &sheet, &err));
    assert_true(sheet_draw_text(&sheet, text, style, 5000, 12000, &err));
    const struct picture picture = sheet.picture;
    for (int32_t y = 0; y < picture.height; y++) {
        for (int32_t x = 0; x < picture.width; x++) {
            uint8_t pixel = picture.pixels[y * picture.stride + x];
            assert_true(pixel == 0 || pixel == 255);
            if (pixel != 0)
                continue;
            dark++;
            int32_t left = x * UM_PER_INCH / dpi - 5000;
            int32_t top = y * UM_PER_INCH / dpi - 12000;
            assert_true(left >= extent.ink_x_um - dot);
            assert_true(left + dot <= extent.ink_x_um + extent.ink_width_um + 2 * dot);
            assert_true(top >= extent.ink_y_um - dot);
            assert_true(top + dot <= extent.ink_y_um + extent.ink_height_um + 2 * dot);
        }
    }
    assert_true(dark > 20);
}

static void ink_stays_in_the_measured_box(void **state)
{
    (void)state;
    static const int32_t resolutions[] = { 203, 300, 600 };
    for (size_t i = 0; i < RW_COUNT(resolutions); i++) {
        assert_ink_in_box("ÅÜjgy 08:00", plain, resolutions[i]);
        assert_ink_in_box("08:00", bold, resolutions[i]);
        assert_ink_in_box("fjord Ąę ½", plain, resolutions[i]);
    }
    rw_arena_reset(arena);
}

static void an_outline_is_as_wide_as_its_measure(void **state)
{
    (void)state;
    static const char *const texts[] = { "I", "31-12-2026",
                                         "CALCIUM/COLECALCIFEROL 1,25 g/800 IE, opdruk SVT 40" };
    for (size_t i = 0; i < RW_COUNT(texts); i++) {
        struct canvas_extent extent = measure(texts[i], plain);
        struct canvas_outline outline = { 0 };
        struct rw_error err = { 0 };
        int32_t right = INT32_MIN;
        int32_t lowest = INT32_MIN;
        assert_true(canvas_take_outline(canvas, texts[i], plain, arena, &outline, &err));
        for (size_t step = 0; step < outline.count; step++) {
            for (int32_t p = 0; p < outline.steps[step].points; p++) {
                right = outline.steps[step].x_um[p] > right ? outline.steps[step].x_um[p] : right;
                lowest =
                    outline.steps[step].y_um[p] > lowest ? outline.steps[step].y_um[p] : lowest;
            }
        }
        assert_in_range(right, extent.ink_x_um + extent.ink_width_um - 8,
                        extent.ink_x_um + extent.ink_width_um + 8);
        assert_true(abs(lowest - (extent.ink_y_um + extent.ink_height_um)) < 30);
    }
}

static void an_outline_begins_with_a_move(void **state)
{
    (void)state;
    struct canvas_outline outline = { 0 };
    struct rw_error err = { 0 };
    assert_true(canvas_take_outline(canvas, "I", plain, arena, &outline, &err));
    assert_true(outline.count >= 5);
    assert_int_equal(outline.steps[0].letter, 'M');
}

/* The widest letter there is, a whole sentence: beyond any room for dots it is refused. */
static void a_letter_without_room_for_its_dots_is_refused(void **state)
{
    (void)state;
    static const struct sheet_paper coarse = { 20000, 20000, 300, false };
    static const struct sheet_paper fine = { 20000, 20000, 2400, false };
    struct sheet sheet;
    struct rw_error err = { 0 };
    struct canvas_style style = { 10000, CANVAS_REGULAR };
    assert_true(sheet_start_picture(canvas, &coarse, arena, &sheet, &err));
    assert_true(sheet_draw_text(&sheet, "\uFDFD", style, 0, 10000, &err));
    assert_true(sheet_start_picture(canvas, &fine, arena, &sheet, &err));
    assert_true(sheet_draw_text(&sheet, "a", style, 0, 10000, &err));
    assert_false(sheet_draw_text(&sheet, "\uFDFD", style, 0, 10000, &err));
    assert_int_equal(err.code, RW_NO_MEMORY);
    style.size_um = 11000;
    err = (struct rw_error){ 0 };
    assert_false(sheet_draw_text(&sheet, "a", style, 0, 10000, &err));
    assert_int_equal(err.code, RW_TOO_LARGE);
}

/* Between two letters that would join in other scripts; here it must leave no trace. */
static void a_sign_that_only_steers_others_has_no_ink(void **state)
{
    (void)state;
    struct canvas_line joined;
    struct canvas_line apart;
    struct rw_error err = { 0 };
    assert_true(canvas_set(canvas, "Hn", plain, &joined, &err));
    size_t glyphs = joined.count;
    int32_t width = joined.extent.advance_um;
    assert_true(canvas_set(canvas, "H\u200Cn", plain, &apart, &err));
    assert_int_equal(apart.count, glyphs);
    assert_int_equal(apart.extent.advance_um, width);
    canvas_close(NULL); /* nothing to close */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_europe_have_all_their_letters),
        cmocka_unit_test(names_of_the_world_have_all_their_letters),
        cmocka_unit_test(a_text_is_set_alike_whatever_was_loaded_before),
        cmocka_unit_test(a_letter_that_no_font_has_is_refused),
        cmocka_unit_test(what_is_no_plain_line_is_refused),
        cmocka_unit_test(figures_have_the_same_width),
        cmocka_unit_test(capitals_are_tall_enough_to_be_safe),
        cmocka_unit_test(capitals_are_as_tall_in_the_printers_dots),
        cmocka_unit_test(names_that_read_to_the_left_are_shaped),
        cmocka_unit_test(the_first_word_of_a_name_that_reads_to_the_left_is_at_the_right),
        cmocka_unit_test(letters_of_two_directions_are_refused_in_one_line),
        cmocka_unit_test(longer_text_is_wider),
        cmocka_unit_test(ink_stays_in_the_measured_box),
        cmocka_unit_test(an_outline_is_as_wide_as_its_measure),
        cmocka_unit_test(an_outline_begins_with_a_move),
        cmocka_unit_test(a_letter_without_room_for_its_dots_is_refused),
        cmocka_unit_test(a_sign_that_only_steers_others_has_no_ink),
    };
    return cmocka_run_group_tests(tests, open_canvas, close_canvas);
}
