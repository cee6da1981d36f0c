/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that drawn symbols of every size and shape are read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "verifier/modules.h"
#include "verifier/reader.h"
#include "verifier/vision.h"

static struct rw_arena *arena;
static struct rw_arena *frame;
static struct decode *decode;
static struct reader *reader;

static int set_up(void **state)
{
    (void)state;
    arena = rw_arena_open(16 * RW_ARENA_MIB);
    frame = rw_arena_open(256 * RW_ARENA_MIB);
    return arena == NULL || frame == NULL || !decode_open(arena, &decode, NULL) ||
           !vision_start(NULL) || !reader_open(decode, arena, &reader, NULL);
}

static int tear_down(void **state)
{
    (void)state;
    decode_close(decode);
    rw_arena_close(frame);
    rw_arena_close(arena);
    return 0;
}

/* Drawn with `module` pixels a module and no quiet zone but `margin` pixels; of the codewords
 * `spoilt` are wrong. */
static void draw_spoilt(int size, int module, int margin, int spoilt, struct picture *ret_picture)
{
    const struct symbology *symbology = symbology_get(size);
    struct codewords_layout layout;
    static uint8_t dark[SYMBOLOGY_SIDE_MAX * SYMBOLOGY_SIDE_MAX];
    uint8_t words[SYMBOLOGY_WORDS_MAX];
    int cols = symbology->cols * module + 2 * margin;
    int rows = symbology->rows * module + 2 * margin;

    for (int i = 0; i < symbology->data_words; i++)
        words[i] = (uint8_t)('A' + 1 + i % 23 + i * i % 3);
    codewords_protect(symbology, words);
    for (int i = 0; i < spoilt; i++)
        words[2 * i] ^= (uint8_t)(0x15 + 8 * i);
    assert_true(codewords_lay_out(symbology, frame, &layout, NULL));
    codewords_draw(&layout, words, dark);
    assert_true(picture_make(frame, cols, rows, ret_picture, NULL));
    for (int i = 0; i < rows * cols; i++) {
        int y = i / cols - margin;
        int x = i % cols - margin;
        bool inside =
            y >= 0 && x >= 0 && y / module < symbology->rows && x / module < symbology->cols;
        ret_picture->pixels[i / cols * ret_picture->stride + i % cols] =
            inside && dark[y / module * symbology->cols + x / module] ? 10 : 240;
    }
}

static void draw_size(int size, int module, int margin, struct picture *ret_picture)
{
    draw_spoilt(size, module, margin, 0, ret_picture);
}

static void expect_size(const struct picture *picture, int size, bool inverted)
{
    const struct reader_limits limits = { .small = READER_SMALL_ALL, .thorough = true };
    struct readings readings;
    assert_true(reader_read(reader, picture, &limits, frame, &readings, NULL));
    assert_int_equal(readings.count, 1);
    assert_int_equal(readings.readings[0].grid.size, size);
    assert_int_equal(readings.readings[0].inverted, inverted);
    assert_int_equal(readings.readings[0].length, symbology_get(size)->data_words);
}

static void squares_and_rectangles_are_read_light_on_dark_too(void **state)
{
    (void)state;
    static const int shapes[][2] = { { 10, 10 }, { 16, 16 }, { 32, 32 }, { 52, 52 },
                                     { 8, 32 },  { 12, 26 }, { 20, 36 }, { 26, 64 } };
    for (size_t i = 0; i < RW_COUNT(shapes); i++) {
        struct picture picture;
        int size = symbology_find(shapes[i][0], shapes[i][1]);
        rw_arena_reset(frame);
        draw_size(size, 5, 60, &picture);
        expect_size(&picture, size, false);
        for (int k = 0; k < picture.height * picture.stride; k++)
            picture.pixels[k] = (uint8_t)(255 - picture.pixels[k]);
        expect_size(&picture, size, true);
    }
}

/* What lies beside a long edge at a part of its length is beyond a quiet zone of one module. */
static void a_large_light_symbol_in_a_narrow_dark_patch_is_read(void **state)
{
    (void)state;
    const int module = 8;
    const int margin = 120;
    struct picture picture;
    int size = symbology_find(48, 48);
    rw_arena_reset(frame);
    draw_size(size, module, margin, &picture);
    for (int y = 0; y < picture.height; y++)
        for (int x = 0; x < picture.width; x++) {
            uint8_t *pixel = &picture.pixels[y * picture.stride + x];
            bool in_patch = x >= margin - module && y >= margin - module &&
                            x < picture.width - margin + module &&
                            y < picture.height - margin + module;
            *pixel = in_patch ? (uint8_t)(255 - *pixel) : 240;
        }
    expect_size(&picture, size, true);
}

/* The light falls to a quarter within a module, along a line across a symbol. */
static void a_symbol_on_which_a_shadow_ends_is_read(void **state)
{
    (void)state;
    static const int sides[] = { 16, 20, 24 };
    for (size_t i = 0; i < RW_COUNT(sides); i++) {
        struct picture picture;
        struct picture soft;
        int size = symbology_find(sides[i], sides[i]);
        rw_arena_reset(frame);
        draw_size(size, 6, 60, &picture);
        for (int y = 0; y < picture.height; y++)
            for (int x = 0; x < picture.width; x++) {
                uint8_t *pixel = &picture.pixels[y * picture.stride + x];
                if (x + y > picture.width)
                    *pixel = (uint8_t)((*pixel + 20) / 4);
            }
        assert_true(vision_blur(&picture, 1.5F, frame, &soft, NULL));
        expect_size(&soft, size, false);
    }
}

/* The modules inside a frame become of one grey. */
static void empty_frame(const struct symbology *size, int module, int margin, uint8_t grey,
                        struct picture *inout)
{
    for (int y = 0; y < size->rows * module; y++)
        for (int x = 0; x < size->cols * module; x++)
            if (symbology_part_at(size, y / module, x / module) == SYMBOLOGY_DATA)
                inout->pixels[(y + margin) * inout->stride + x + margin] = grey;
}

static void about_half_the_data_of_a_symbol_is_dark_and_of_a_tile_all_or_nothing(void **state)
{
    (void)state;
    const int module = 5;
    const int margin = 60;
    for (int size = 0; size < SYMBOLOGY_COUNT; size++) {
        const struct symbology *symbology = symbology_get(size);
        float right = (float)(margin + symbology->cols * module);
        float low = (float)(margin + symbology->rows * module);
        const struct grid grid = {
            .size = size,
            .quad = { { { margin, low }, { right, low }, { right, margin }, { margin, margin } } }
        };
        struct picture picture;
        rw_arena_reset(frame);
        draw_size(size, module, margin, &picture);
        float share = modules_dark_share(&picture, &grid);
        assert_true(share > 0.2F && share < 0.8F);
        empty_frame(symbology, module, margin, 10, &picture);
        assert_true(modules_dark_share(&picture, &grid) >= 1);
        empty_frame(symbology, module, margin, 240, &picture);
        assert_true(modules_dark_share(&picture, &grid) <= 0);
    }
}

static void a_symbol_that_fills_its_picture_is_read(void **state)
{
    (void)state;
    struct picture picture;
    int size = symbology_find(18, 18);
    static const int modules[] = { 1, 4, 40 };
    for (size_t i = 0; i < RW_COUNT(modules); i++) {
        rw_arena_reset(frame);
        draw_size(size, modules[i], 0, &picture);
        expect_size(&picture, size, false);
    }
}

static void every_size_is_read_with_modules_of_two_pixels(void **state)
{
    (void)state;
    for (int size = 0; size < SYMBOLOGY_COUNT; size++) {
        struct picture picture;
        rw_arena_reset(frame);
        draw_size(size, 2, 8, &picture);
        expect_size(&picture, size, false);
    }
}

/* A dot of each dark module, as a punch makes them, with bare material between. */
static void dots_that_do_not_touch_are_read_however_large(void **state)
{
    (void)state;
    const int module = 26;
    const int margin = 110;
    struct picture picture;
    struct picture soft;
    int size = symbology_find(18, 18);
    rw_arena_reset(frame);
    draw_size(size, module, margin, &picture);
    for (int y = 0; y < picture.height; y++)
        for (int x = 0; x < picture.width; x++) {
            int right = (x + 2 * module - margin % module) % module - module / 2;
            int down = (y + 2 * module - margin % module) % module - module / 2;
            if (right * right + down * down > 9 * 9)
                picture.pixels[y * picture.stride + x] = 240;
        }
    assert_true(vision_blur(&picture, 2, frame, &soft, NULL));
    expect_size(&soft, size, false);
}

static void all_check_words_may_be_used_where_there_are_many(void **state)
{
    (void)state;
    static const struct {
        int side;
        int spoilt; /* of 10 and of 18 check words */
        bool is_read;
    } rows[] = { { 14, 4, true }, { 14, 5, false }, { 20, 9, true }, { 20, 10, false } };
    const struct reader_limits limits = { .thorough = true };
    for (size_t i = 0; i < RW_COUNT(rows); i++) {
        struct readings readings;
        struct picture picture;
        rw_arena_reset(frame);
        draw_spoilt(symbology_find(rows[i].side, rows[i].side), 6, 60, rows[i].spoilt, &picture);
        assert_true(reader_read(reader, &picture, &limits, frame, &readings, NULL));
        assert_int_equal(readings.count, rows[i].is_read);
    }
}

/* Where a picture looks that is drawn out at one end and pressed together at the other. */
static int bent(int at, int side, int margin, float by)
{
    float part = (float)(at - margin) / (float)(side - 2 * margin);
    bool inside = part > 0 && part < 1;
    return inside ? margin + (int)((float)(side - 2 * margin) * part * (1 + by - by * part)) : at;
}

static void modules_of_uneven_width_are_read_by_their_clocks(void **state)
{
    (void)state;
    static const int sides[] = { 16, 24, 32 };
    for (size_t i = 0; i < RW_COUNT(sides); i++) {
        struct picture even;
        struct picture picture;
        int size = symbology_find(sides[i], sides[i]);
        /* Columns lie up to one and a quarter beside an even grid. */
        float by = 5.0F / (float)sides[i];
        rw_arena_reset(frame);
        draw_size(size, 8, 60, &even);
        assert_true(picture_make(frame, even.width, even.height, &picture, NULL));
        for (int k = 0; k < even.width * even.height; k++)
            picture.pixels[k / even.width * picture.stride + k % even.width] =
                even.pixels[bent(k / even.width, even.height, 60, by) * even.stride +
                            bent(k % even.width, even.width, 60, by)];
        expect_size(&picture, size, false);
    }
}

static void a_symbol_seen_from_behind_is_read(void **state)
{
    (void)state;
    static const int shapes[][2] = { { 20, 20 }, { 12, 36 }, { 16, 48 }, { 8, 64 }, { 20, 44 } };
    for (size_t i = 0; i < RW_COUNT(shapes); i++) {
        struct picture picture;
        int size = symbology_find(shapes[i][0], shapes[i][1]);
        rw_arena_reset(frame);
        draw_size(size, 5, 50, &picture);
        for (int k = 0; k < picture.height * (picture.width / 2); k++) {
            uint8_t *row = picture.pixels + k % picture.height * picture.stride;
            int x = k / picture.height;
            uint8_t left = row[x];
            row[x] = row[picture.width - 1 - x];
            row[picture.width - 1 - x] = left;
        }
        expect_size(&picture, size, false);
    }
}

/* A square seen from far aside is half as wide as high; in a stretched picture a third. */
static void a_symbol_seen_from_far_aside_is_read(void **state)
{
    (void)state;
    static const int shapes[][3] = { { 22, 22, 2 }, { 12, 36, 5 }, { 32, 32, 3 } };
    for (size_t i = 0; i < RW_COUNT(shapes); i++) {
        struct picture wide;
        struct picture narrow;
        int size = symbology_find(shapes[i][0], shapes[i][1]), by = shapes[i][2];
        rw_arena_reset(frame);
        draw_size(size, 8, 80, &wide);
        assert_true(picture_make(frame, wide.width / by, wide.height, &narrow, NULL));
        for (int y = 0; y < narrow.height; y++)
            for (int x = 0; x < narrow.width; x++)
                narrow.pixels[y * narrow.stride + x] = wide.pixels[y * wide.stride + by * x];
        expect_size(&narrow, size, false);
    }
}

static size_t count_read(const struct picture *picture, enum reader_small small)
{
    const struct reader_limits limits = { .small = small };
    struct readings readings;
    assert_true(reader_read(reader, picture, &limits, frame, &readings, NULL));
    return readings.count;
}

/* The last column: is one of so few modules reported to those who want no small ones? */
static void small_symbols_are_reported_where_their_frame_is_clear(void **state)
{
    (void)state;
    static const int shapes[][3] = {
        { 10, 10, 0 }, { 12, 12, 0 }, { 8, 18, 0 }, { 14, 14, 1 }, { 8, 32, 1 }
    };
    for (size_t i = 0; i < RW_COUNT(shapes); i++) {
        struct picture picture;
        rw_arena_reset(frame);
        draw_size(symbology_find(shapes[i][0], shapes[i][1]), 6, 60, &picture);
        assert_int_equal(count_read(&picture, READER_SMALL_NONE), shapes[i][2]);
        assert_int_equal(count_read(&picture, READER_SMALL_SURE), 1);
    }
}

static void a_doubtful_small_symbol_is_reported_only_when_asked_for(void **state)
{
    (void)state;
    struct picture picture;
    rw_arena_reset(frame);
    draw_size(symbology_find(10, 10), 6, 60, &picture);
    for (int i = 0; i < 4 * 6 * 6; i++) /* four modules of the L are gone */
        picture.pixels[(60 + 2 * 6 + i / 6) * picture.stride + 60 + i % 6] = 240;
    assert_int_equal(count_read(&picture, READER_SMALL_SURE), 0);
    assert_int_equal(count_read(&picture, READER_SMALL_ALL), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(squares_and_rectangles_are_read_light_on_dark_too),
        cmocka_unit_test(a_large_light_symbol_in_a_narrow_dark_patch_is_read),
        cmocka_unit_test(a_symbol_on_which_a_shadow_ends_is_read),
        cmocka_unit_test(about_half_the_data_of_a_symbol_is_dark_and_of_a_tile_all_or_nothing),
        cmocka_unit_test(a_symbol_that_fills_its_picture_is_read),
        cmocka_unit_test(every_size_is_read_with_modules_of_two_pixels),
        cmocka_unit_test(dots_that_do_not_touch_are_read_however_large),
        cmocka_unit_test(all_check_words_may_be_used_where_there_are_many),
        cmocka_unit_test(modules_of_uneven_width_are_read_by_their_clocks),
        cmocka_unit_test(a_symbol_seen_from_behind_is_read),
        cmocka_unit_test(a_symbol_seen_from_far_aside_is_read),
        cmocka_unit_test(small_symbols_are_reported_where_their_frame_is_clear),
        cmocka_unit_test(a_doubtful_small_symbol_is_reported_only_when_asked_for),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
