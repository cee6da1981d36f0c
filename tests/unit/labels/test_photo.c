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
#include "tests/support/sample_desk.h"

static struct roll *make_roll(uint64_t seed)
{
    const struct sample_roll_request request = { .seed = seed, .days = 1, .dpi = 300 };
    return sample_desk_roll(&request);
}

/* One bag in one frame. */
struct shot {
    struct sheet sheet;
    struct photo photo;
    struct picture_quad symbol;
};

static struct shot take(const struct sheet_request *request, enum photo_style style, uint64_t seed)
{
    struct shot shot;
    struct rw_error err = { 0 };
    struct rw_random random = rw_random_seeded(seed);
    struct picture_quad bag;
    assert_true(sheet_make(request, sample_desk.arena, &shot.sheet, &err));
    const struct photo_request photo_request = {
        .sheets = &shot.sheet,
        .sheet_count = 1,
        .along_mm = 30,
        .look = photo_look_make(style, &random),
        .channels = PHOTO_COLOUR,
        .seed = seed,
    };
    assert_true(photo_take(&photo_request, sample_desk.arena, &shot.photo, &err));
    photo_quads(&photo_request, 0, &bag, &shot.symbol);
    return shot;
}

static size_t size_of(const struct photo *photo)
{
    return (size_t)photo->width * (size_t)photo->height * (size_t)photo->channels;
}

static struct sheet_request request_for(const struct roll *roll, uint64_t seed)
{
    return (struct sheet_request){ .desk = &sample_desk.desk,
                                   .roll = roll,
                                   .bag = &roll->bags[1],
                                   .seed = seed,
                                   .film = sheet_film_usual() };
}

/* The part of a picture around the symbol, as a camera program would cut it out. */
static struct picture crop_symbol(const struct shot *shot)
{
    struct picture grey;
    struct picture crop;
    struct rw_error err = { 0 };
    assert_true(photo_grey(&shot->photo, sample_desk.arena, &grey, &err));
    int32_t left = (int32_t)shot->symbol.corner[3].x - 25;
    int32_t top = (int32_t)shot->symbol.corner[3].y - 25;
    int32_t side = (int32_t)(shot->symbol.corner[1].x - shot->symbol.corner[3].x) + 50;
    assert_true(left > 0 && top > 0 && left + side < grey.width && top + side < grey.height);
    assert_true(picture_make(sample_desk.arena, side, side, &crop, &err));
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
        struct sheet_request request = request_for(roll, seed);
        struct shot shot = take(&request, PHOTO_USUAL, seed);
        struct picture crop = crop_symbol(&shot);
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
        rw_arena_reset(sample_desk.arena);
    }
    assert_true(read >= 5);
}

static void the_same_seed_takes_the_same_photograph(void **state)
{
    (void)state;
    struct roll *roll = make_roll(3);
    struct sheet_request request = request_for(roll, 9);
    struct shot one = take(&request, PHOTO_ANY, 9);
    struct shot other = take(&request, PHOTO_ANY, 9);
    assert_int_equal(size_of(&one.photo), size_of(&other.photo));
    assert_memory_equal(one.photo.bytes, other.photo.bytes, size_of(&one.photo));
    struct shot usual = take(&request, PHOTO_USUAL, 9);
    struct shot third = take(&request, PHOTO_USUAL, 10);
    assert_true(memcmp(third.photo.bytes, usual.photo.bytes, size_of(&usual.photo)) != 0);
    rw_arena_reset(sample_desk.arena);
}

static void a_bag_holds_the_pieces_it_should(void **state)
{
    (void)state;
    struct roll *roll = make_roll(3);
    struct sheet_request request = request_for(roll, 1);
    assert_int_equal(take(&request, PHOTO_USUAL, 1).sheet.tablet_count, bag_pieces(&roll->bags[1]));
    request.without_tablets = true;
    assert_int_equal(take(&request, PHOTO_USUAL, 1).sheet.tablet_count, 0);
    rw_arena_reset(sample_desk.arena);
}

static void each_kind_of_damage_changes_the_picture(void **state)
{
    (void)state;
    struct roll *roll = make_roll(3);
    struct sheet_request request = request_for(roll, 1);
    struct shot good = take(&request, PHOTO_PERFECT, 1);
    for (int kind = DAMAGE_LINE; kind < DAMAGE_KIND_COUNT; kind++) {
        request.damage = (enum damage_kind)kind;
        struct shot bad = take(&request, PHOTO_PERFECT, 1);
        int32_t changed = 0;
        for (size_t i = 0; i < size_of(&good.photo); i += 3)
            changed += abs(bad.photo.bytes[i] - good.photo.bytes[i]) > 60;
        assert_true(changed > 300);
        enum damage_kind found = DAMAGE_NONE;
        assert_true(damage_from_word(damage_word((enum damage_kind)kind), &found));
        assert_int_equal(found, kind);
    }
    rw_arena_reset(sample_desk.arena);
}

static void a_strip_shows_all_bags_below_each_other(void **state)
{
    (void)state;
    struct roll *roll = make_roll(3);
    const char *bytes = NULL;
    size_t length = 0;
    struct rw_error err = { 0 };
    assert_true(strip_write(&sample_desk.desk, roll, sample_desk.arena, &bytes, &length, &err));
    assert_memory_equal(bytes, "\x89PNG\r\n\x1a\n", 8);
    int32_t width = (uint8_t)bytes[18] * 256 + (uint8_t)bytes[19];
    int32_t height = (uint8_t)bytes[22] * 256 + (uint8_t)bytes[23];
    assert_int_equal(width, 413 + 48); /* 70 mm at 150 dpi and the table on both sides */
    assert_int_equal(height, 354 * (int32_t)roll->bag_count + 48);
}

static void assert_no_strip(const struct roll *roll, enum rw_code code, const char *at)
{
    const char *bytes = NULL;
    size_t length = 0;
    struct rw_error err = { 0 };
    assert_false(strip_write(&sample_desk.desk, roll, sample_desk.arena, &bytes, &length, &err));
    assert_int_equal(err.code, code);
    assert_string_equal(err.at, at);
    assert_null(bytes);
}

static void a_strip_that_cannot_be_drawn_is_refused(void **state)
{
    (void)state;
    struct roll *roll = make_roll(3);
    roll->language = "xx";
    assert_no_strip(roll, RW_INVALID, "/language");
    roll = make_roll(3);
    roll->media = "no-such-film";
    assert_no_strip(roll, RW_INVALID, "/media");
    roll = make_roll(3);
    roll->bag_count = 3000; /* 180 m of film, of which no bag is looked at */
    assert_no_strip(roll, RW_TOO_LARGE, "/bags");
    struct rw_arena *small = rw_arena_open(16);
    const char *bytes = NULL;
    size_t length = 0;
    struct rw_error err = { 0 };
    assert_non_null(small);
    assert_false(strip_write(&sample_desk.desk, make_roll(3), small, &bytes, &length, &err));
    assert_int_equal(err.code, RW_NO_MEMORY);
    rw_arena_close(small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(most_photographs_can_be_read),
        cmocka_unit_test(the_same_seed_takes_the_same_photograph),
        cmocka_unit_test(a_bag_holds_the_pieces_it_should),
        cmocka_unit_test(each_kind_of_damage_changes_the_picture),
        cmocka_unit_test(a_strip_shows_all_bags_below_each_other),
        cmocka_unit_test(a_strip_that_cannot_be_drawn_is_refused),
    };
    return cmocka_run_group_tests(tests, sample_desk_open, sample_desk_close);
}
