/* SPDX-License-Identifier: Apache-2.0 */
/* Photographs and strips show the label that was asked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/model/gs1.h"
#include "labels/strip.h"
#include "tests/support/dmtx_reader.h"
#include "tests/support/photo.h"
#include "tests/support/sample_roll.h"

static struct rw_arena *arena;
static struct layout_desk desk;

static int open_desk(void **state)
{
    (void)state;
    struct rw_error err = { 0 };
    arena = rw_arena_open(512 * RW_ARENA_MIB);
    return arena == NULL || !rw_crypto_init(&err) || !canvas_open(&desk.canvas, &err);
}

static int close_desk(void **state)
{
    (void)state;
    canvas_close(desk.canvas);
    rw_arena_close(arena);
    return 0;
}

static struct roll *make_roll(uint64_t seed)
{
    struct roll *roll = NULL;
    struct rw_error err = { 0 };
    struct sample_roll_request request = { .seed = seed, .days = 1, .dpi = 300 };
    assert_true(sample_roll_make(&request, arena, &roll, &err));
    return roll;
}

static struct photo take(const struct photo_request *request)
{
    struct photo photo = { 0 };
    struct rw_error err = { 0 };
    assert_true(photo_take(request, arena, &photo, &err));
    return photo;
}

/* The part of a picture around the symbol, as a camera program would cut it out. */
static struct picture crop_symbol(const struct photo *photo)
{
    struct picture grey;
    struct picture crop;
    struct rw_error err = { 0 };
    assert_true(photo_grey(photo, arena, &grey, &err));
    int32_t left = (int32_t)photo->symbol.corner[3].x - 25;
    int32_t top = (int32_t)photo->symbol.corner[3].y - 25;
    int32_t side = (int32_t)(photo->symbol.corner[1].x - photo->symbol.corner[3].x) + 50;
    assert_true(left > 0 && top > 0 && left + side < grey.width && top + side < grey.height);
    assert_true(picture_make(arena, side, side, &crop, &err));
    for (int32_t y = 0; y < side; y++)
        memcpy(crop.pixels + y * crop.stride, grey.pixels + (top + y) * grey.stride + left,
               (size_t)side);
    return crop;
}

static void most_photographs_can_be_read(void **state)
{
    (void)state;
    int read = 0;
    for (uint64_t seed = 0; seed < 6; seed++) {
        struct roll *roll = make_roll(seed);
        struct photo_request request = {
            .desk = &desk, .roll = roll, .bag = &roll->bags[1], .seed = seed
        };
        struct photo photo = take(&request);
        struct picture crop = crop_symbol(&photo);
        struct dmtx_reading reading = { 0 };
        struct gs1_string string;
        struct rw_error err = { 0 };
        char text[GS1_TEXT_MAX];
        if (dmtx_reader_read(&crop, &reading) && reading.gs1 &&
            gs1_parse_bytes(reading.bytes, reading.length, &string, &err)) {
            gs1_write_bracketed(&string, text);
            assert_string_equal(text, roll->bags[1].code);
            read++;
        }
        rw_arena_reset(arena);
    }
    assert_true(read >= 5);
}

static void the_same_seed_takes_the_same_photograph(void **state)
{
    (void)state;
    struct roll *roll = make_roll(3);
    struct photo_request request = {
        .desk = &desk, .roll = roll, .bag = &roll->bags[1], .seed = 9
    };
    struct photo one = take(&request);
    struct photo other = take(&request);
    size_t size = (size_t)PHOTO_WIDTH * PHOTO_HEIGHT * PHOTO_CHANNELS;
    assert_memory_equal(one.rgb, other.rgb, size);
    request.seed = 10;
    assert_true(memcmp(take(&request).rgb, one.rgb, size) != 0);
    rw_arena_reset(arena);
}

static void a_bag_holds_the_pieces_it_should(void **state)
{
    (void)state;
    struct roll *roll = make_roll(3);
    struct photo_request request = {
        .desk = &desk, .roll = roll, .bag = &roll->bags[1], .seed = 1
    };
    assert_int_equal(take(&request).tablet_count, bag_pieces(&roll->bags[1]));
    request.without_tablets = true;
    assert_int_equal(take(&request).tablet_count, 0);
    rw_arena_reset(arena);
}

static void each_kind_of_damage_changes_the_picture(void **state)
{
    (void)state;
    struct roll *roll = make_roll(3);
    struct photo_request request = {
        .desk = &desk, .roll = roll, .bag = &roll->bags[1], .seed = 1, .perfect = true
    };
    struct photo good = take(&request);
    for (int kind = DAMAGE_LINE; kind < DAMAGE_KIND_COUNT; kind++) {
        request.damage = (enum damage_kind)kind;
        struct photo bad = take(&request);
        int32_t changed = 0;
        for (size_t i = 0; i < (size_t)PHOTO_WIDTH * PHOTO_HEIGHT * PHOTO_CHANNELS; i += 3)
            changed += abs(bad.rgb[i] - good.rgb[i]) > 60;
        assert_true(changed > 300);
        enum damage_kind found = DAMAGE_NONE;
        assert_true(damage_from_word(damage_word((enum damage_kind)kind), &found));
        assert_int_equal(found, kind);
    }
    rw_arena_reset(arena);
}

static void a_strip_shows_all_bags_below_each_other(void **state)
{
    (void)state;
    struct roll *roll = make_roll(3);
    const char *bytes = NULL;
    size_t length = 0;
    struct rw_error err = { 0 };
    assert_true(strip_write(&desk, roll, arena, &bytes, &length, &err));
    assert_memory_equal(bytes, "\x89PNG\r\n\x1a\n", 8);
    int32_t width = (uint8_t)bytes[18] * 256 + (uint8_t)bytes[19];
    int32_t height = (uint8_t)bytes[22] * 256 + (uint8_t)bytes[23];
    assert_int_equal(width, 413 + 48); /* 70 mm at 150 dpi and the table on both sides */
    assert_int_equal(height, 354 * (int32_t)roll->bag_count + 48);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(most_photographs_can_be_read),
        cmocka_unit_test(the_same_seed_takes_the_same_photograph),
        cmocka_unit_test(a_bag_holds_the_pieces_it_should),
        cmocka_unit_test(each_kind_of_damage_changes_the_picture),
        cmocka_unit_test(a_strip_shows_all_bags_below_each_other),
    };
    return cmocka_run_group_tests(tests, open_desk, close_desk);
}
