/* SPDX-License-Identifier: Apache-2.0 */
/* The drawn label is what the layout said, dot for dot. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/model/gs1.h"
#include "labels/expected.h"
#include "tests/support/dmtx_reader.h"
#include "tests/support/sample_desk.h"

#define SLACK_DOTS 4 /* one of our own on each side, one by hinting, two by rounding */

struct drawn {
    const struct roll *roll;
    struct picture picture;
    struct print print;
};

static struct roll *make_roll(uint64_t seed, int32_t dpi, enum tag_profile profile)
{
    const struct sample_roll_request request = {
        .seed = seed, .days = 1, .dpi = dpi, .profile = profile
    };
    return sample_desk_roll(&request);
}

static struct drawn draw(const struct roll *roll, const struct bag *bag)
{
    struct drawn drawn = { .roll = roll };
    struct rw_error err = { 0 };
    struct expected_labels port = expected_labels_from(&sample_desk.desk);
    const struct print_order order = { roll, bag, PRINT_FITTED, roll->dpi };
    assert_true(
        port.draw(port.self, &order, sample_desk.arena, &drawn.picture, &drawn.print, &err));
    return drawn;
}

static bool is_dark(const struct drawn *drawn, int32_t x, int32_t y)
{
    return drawn->picture.pixels[y * drawn->picture.stride + x] == 0;
}

/* The field whose box holds the middle of this dot, -1 = none. */
static int32_t field_at(const struct drawn *drawn, int32_t x, int32_t y)
{
    int64_t x_um = ((int64_t)x * 2 + 1) * 12700 / drawn->roll->dpi;
    int64_t y_um = ((int64_t)y * 2 + 1) * 12700 / drawn->roll->dpi;
    for (size_t i = 0; i < drawn->print.field_count; i++) {
        const struct print_field *field = &drawn->print.fields[i];
        if (x_um >= field->x_um && x_um <= field->x_um + field->width_um && y_um >= field->y_um &&
            y_um <= field->y_um + field->height_um)
            return (int32_t)i;
    }
    return -1;
}

/* The smallest box, in dots, around the ink of one field. */
struct ink {
    int32_t left;
    int32_t top;
    int32_t right;
    int32_t bottom;
};

static void add_dot(struct ink *ink, int32_t x, int32_t y)
{
    ink->left = x < ink->left ? x : ink->left;
    ink->top = y < ink->top ? y : ink->top;
    ink->right = x > ink->right ? x : ink->right;
    ink->bottom = y > ink->bottom ? y : ink->bottom;
}

/* No letter is missing at an end, and the box is no larger than it must be. */
static void assert_fills_box(const struct drawn *drawn, size_t index, const struct ink *ink)
{
    const struct print_field *field = &drawn->print.fields[index];
    int32_t dpi = drawn->roll->dpi;
    assert_true(ink->left - media_dots(field->x_um, dpi) <= SLACK_DOTS);
    assert_true(ink->top - media_dots(field->y_um, dpi) <= SLACK_DOTS);
    assert_true(media_dots(field->x_um + field->width_um, dpi) - 1 - ink->right <= SLACK_DOTS);
    assert_true(media_dots(field->y_um + field->height_um, dpi) - 1 - ink->bottom <= SLACK_DOTS);
}

static void assert_all_ink_in_boxes(const struct drawn *drawn)
{
    struct ink inks[PRINT_FIELDS_MAX];
    for (size_t i = 0; i < PRINT_FIELDS_MAX; i++)
        inks[i] = (struct ink){ INT32_MAX, INT32_MAX, -1, -1 };
    for (int32_t y = 0; y < drawn->picture.height; y++) {
        for (int32_t x = 0; x < drawn->picture.width; x++) {
            uint8_t pixel = drawn->picture.pixels[y * drawn->picture.stride + x];
            assert_true(pixel == 0 || pixel == 255);
            if (pixel == 255)
                continue;
            int32_t field = field_at(drawn, x, y);
            assert_true(field >= 0);
            add_dot(&inks[field], x, y);
        }
    }
    for (size_t i = 0; i < drawn->print.field_count; i++)
        assert_fills_box(drawn, i, &inks[i]);
}

static void all_ink_lies_in_the_fields_boxes(void **state)
{
    (void)state;
    static const int32_t resolutions[] = { 203, 300, 600 };
    for (uint64_t seed = 0; seed < 9; seed++) {
        struct roll *roll = make_roll(seed, resolutions[seed % 3], TAG_INTERNAL);
        for (size_t i = 0; i < roll->bag_count; i++) {
            struct drawn drawn = draw(roll, &roll->bags[i]);
            assert_all_ink_in_boxes(&drawn);
        }
        rw_arena_reset(sample_desk.arena);
    }
}

static void a_picture_has_one_pixel_per_dot(void **state)
{
    (void)state;
    struct roll *roll = make_roll(1, 300, TAG_INTERNAL);
    struct drawn drawn = draw(roll, &roll->bags[1]);
    assert_int_equal(drawn.picture.width, 827); /* 70 mm */
    assert_int_equal(drawn.picture.height, 709);
    assert_int_equal(drawn.picture.um_per_px_milli, 84667);
}

/* Letters are not fitted to the dots, the symbol still is, and every field lies where it did. */
static void outlines_lie_in_the_same_boxes_as_the_dots(void **state)
{
    (void)state;
    struct roll *roll = make_roll(1, 300, TAG_INTERNAL);
    struct drawn dots = draw(roll, &roll->bags[1]);
    struct expected_labels port = expected_labels_from(&sample_desk.desk);
    const struct roll at_600_dpi = { .dpi = 600 };
    struct drawn fine = { .roll = &at_600_dpi };
    int64_t grey = 0;
    const struct print_order order = { roll, &roll->bags[1], PRINT_OUTLINED, 300 };
    assert_true(port.draw(port.self, &order, sample_desk.arena, &fine.picture, &fine.print, NULL));
    assert_int_equal(fine.picture.width, 1654); /* 70 mm at 600 dpi */
    assert_int_equal(fine.print.field_count, dots.print.field_count);
    for (size_t i = 0; i < fine.print.field_count; i++) {
        assert_int_equal(fine.print.fields[i].x_um, dots.print.fields[i].x_um);
        assert_int_equal(fine.print.fields[i].y_um, dots.print.fields[i].y_um);
    }
    for (int32_t y = 0; y < fine.picture.height; y++)
        for (int32_t x = 0; x < fine.picture.width; x++) {
            uint8_t pixel = fine.picture.pixels[y * fine.picture.stride + x];
            grey += pixel > 0 && pixel < 255;
            assert_true(pixel > 127 || field_at(&fine, x, y) >= 0);
        }
    assert_true(grey > 1000);
}

static void modules_are_whole_dots(void **state)
{
    (void)state;
    static const int32_t resolutions[] = { 203, 300, 600 };
    for (size_t i = 0; i < RW_COUNT(resolutions); i++) {
        int32_t dpi = resolutions[i];
        struct roll *roll = make_roll(i, dpi, i == 1 ? TAG_GS1 : TAG_INTERNAL);
        struct drawn drawn = draw(roll, &roll->bags[1]);
        struct symbol symbol;
        struct rw_error err = { 0 };
        assert_true(symbol_encode(roll->bags[1].code, &symbol, &err));
        const struct print_field *box = &drawn.print.fields[drawn.print.symbol];
        int32_t dots = media_module_dots(media_find(roll->media), dpi);
        int32_t left = media_dots(box->x_um, dpi);
        int32_t top = media_dots(box->y_um, dpi);
        for (int32_t y = -2 * dots; y < (symbol.side + 2) * dots; y++) {
            for (int32_t x = -2 * dots; x < (symbol.side + 2) * dots; x++) {
                bool inside = x >= 0 && y >= 0 && x < symbol.side * dots && y < symbol.side * dots;
                bool dark = inside && symbol_is_dark(&symbol, y / dots, x / dots);
                assert_int_equal(is_dark(&drawn, left + x, top + y), dark);
            }
        }
    }
}

/* REQ-009 */
static void the_whole_label_is_read_back(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 6; seed++) {
        struct roll *roll =
            make_roll(seed, seed % 2 == 0 ? 203 : 300, seed % 4 < 2 ? TAG_INTERNAL : TAG_GS1);
        struct drawn drawn = draw(roll, &roll->bags[1]);
        struct dmtx_reading reading = { 0 };
        struct gs1_string string;
        struct rw_error err = { 0 };
        char text[GS1_TEXT_MAX];
        assert_true(dmtx_reader_read(&drawn.picture, &reading));
        assert_true(reading.gs1);
        assert_true(gs1_parse_bytes(reading.bytes, reading.length, &string, &err));
        gs1_write_bracketed(&string, text);
        assert_string_equal(text, roll->bags[1].code);
        rw_arena_reset(sample_desk.arena);
    }
}

static void the_same_bag_gives_the_same_dots(void **state)
{
    (void)state;
    struct roll *roll = make_roll(4, 300, TAG_INTERNAL);
    struct drawn one = draw(roll, &roll->bags[1]);
    struct canvas *first = sample_desk.desk.canvas;
    struct rw_error err = { 0 };
    assert_true(canvas_open(&sample_desk.desk.canvas, &err));
    struct drawn other = draw(roll, &roll->bags[1]);
    canvas_close(sample_desk.desk.canvas);
    sample_desk.desk.canvas = first;
    assert_memory_equal(one.picture.pixels, other.picture.pixels,
                        (size_t)one.picture.stride * (size_t)one.picture.height);
}

/* Where the first and last dots of fields lie in what Ghostscript 10.00 makes of our PDF. */
struct inked {
    int32_t dpi;
    const char *name;
    struct ink ink;
};
static const struct inked inked[] = {
    { 300, "born", { 564, 44, 793, 73 } },          { 300, "client-name", { 34, 40, 177, 66 } },
    { 300, "client-name.2", { 32, 81, 392, 118 } }, { 300, "time", { 35, 133, 299, 210 } },
    { 300, "weekday", { 335, 133, 534, 175 } },     { 300, "date", { 334, 184, 630, 209 } },
    { 300, "moment", { 678, 143, 792, 165 } },      { 300, "content-1", { 124, 225, 443, 256 } },
    { 300, "words-1", { 123, 260, 273, 282 } },     { 300, "look-1", { 293, 260, 481, 282 } },
    { 300, "content-2", { 124, 295, 584, 318 } },   { 300, "content-2.2", { 124, 330, 332, 361 } },
    { 300, "look-2", { 523, 331, 767, 357 } },      { 300, "content-3", { 124, 366, 418, 397 } },
    { 300, "words-3", { 123, 402, 273, 424 } },     { 300, "look-3", { 290, 402, 517, 428 } },
    { 300, "content-4", { 125, 437, 482, 468 } },   { 300, "words-4", { 123, 472, 273, 494 } },
    { 300, "look-4", { 292, 472, 441, 501 } },      { 300, "warning-4", { 465, 473, 677, 494 } },
    { 300, "total", { 32, 542, 264, 567 } },        { 300, "split", { 282, 545, 555, 574 } },
    { 300, "bag", { 32, 579, 217, 608 } },          { 300, "roll", { 325, 579, 550, 601 } },
    { 300, "use-by", { 33, 614, 410, 636 } },       { 300, "pharmacy", { 31, 648, 304, 677 } },
    { 300, "phone", { 327, 648, 586, 670 } },       { 203, "born", { 381, 30, 532, 50 } },
    { 203, "client-name", { 23, 23, 274, 45 } },    { 203, "time", { 24, 71, 202, 123 } },
    { 203, "weekday", { 227, 70, 361, 99 } },       { 203, "date", { 226, 105, 426, 122 } },
    { 203, "moment", { 458, 77, 536, 92 } },        { 203, "content-1", { 63, 147, 263, 169 } },
    { 203, "look-1", { 62, 176, 215, 194 } },       { 203, "content-2", { 64, 212, 286, 234 } },
    { 203, "look-2", { 62, 241, 268, 261 } },       { 203, "total", { 21, 356, 179, 373 } },
    { 203, "bag", { 22, 384, 147, 404 } },          { 203, "roll", { 220, 384, 372, 399 } },
    { 203, "use-by", { 22, 411, 278, 426 } },       { 203, "pharmacy", { 21, 438, 206, 458 } },
    { 203, "phone", { 222, 438, 396, 453 } },
};

static struct ink ink_of(const struct drawn *drawn, const char *name)
{
    struct ink ink = { INT32_MAX, INT32_MAX, -1, -1 };
    for (int32_t y = 0; y < drawn->picture.height; y++)
        for (int32_t x = 0; x < drawn->picture.width; x++) {
            int32_t field = is_dark(drawn, x, y) ? field_at(drawn, x, y) : -1;
            if (field >= 0 && strcmp(drawn->print.fields[field].name, name) == 0)
                add_dot(&ink, x, y);
        }
    return ink;
}

static void letters_lie_on_the_dots_that_ghostscript_has(void **state)
{
    (void)state;
    struct expected_labels port = expected_labels_from(&sample_desk.desk);
    for (size_t i = 0; i < RW_COUNT(inked); i++) {
        struct roll *roll = make_roll(inked[i].dpi == 300 ? 1 : 5, inked[i].dpi, TAG_INTERNAL);
        const struct print_order order = { roll, &roll->bags[1], PRINT_FITTED_BELOW, roll->dpi };
        struct drawn drawn = { .roll = roll };
        struct rw_error err = { 0 };
        assert_true(
            port.draw(port.self, &order, sample_desk.arena, &drawn.picture, &drawn.print, &err));
        struct ink ink = ink_of(&drawn, inked[i].name);
        if (memcmp(&ink, &inked[i].ink, sizeof ink) != 0)
            fail_msg("%s at %d dpi: %d %d %d %d", inked[i].name, inked[i].dpi, ink.left, ink.top,
                     ink.right, ink.bottom);
        rw_arena_reset(sample_desk.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_ink_lies_in_the_fields_boxes),
        cmocka_unit_test(a_picture_has_one_pixel_per_dot),
        cmocka_unit_test(outlines_lie_in_the_same_boxes_as_the_dots),
        cmocka_unit_test(letters_lie_on_the_dots_that_ghostscript_has),
        cmocka_unit_test(modules_are_whole_dots),
        cmocka_unit_test(the_whole_label_is_read_back),
        cmocka_unit_test(the_same_bag_gives_the_same_dots),
    };
    return cmocka_run_group_tests(tests, sample_desk_open, sample_desk_close);
}
