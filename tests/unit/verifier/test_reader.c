/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that drawn symbols are read at any angle, and noise is not. */
#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/model/gs1.h"
#include "labels/symbol.h"
#include "verifier/grade.h"
#include "verifier/reader.h"
#include "verifier/vision.h"

#define SIDE 400
#define TURN_STEP 15 /* degrees */

static const char code[] = "(91)1240000171001261122080029406011846039502457";
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

/* The code in the middle of a light picture, turned about its centre. */
static void draw(float degrees, float module_px, float sigma, struct picture *ret_picture)
{
    struct symbol symbol;
    struct picture sharp;
    float angle = degrees * 3.14159265F / 180;

    assert_true(symbol_encode(code, &symbol, NULL));
    assert_true(picture_make(frame, SIDE, SIDE, &sharp, NULL));
    for (int i = 0; i < SIDE * SIDE; i++) {
        float x = (float)(i % SIDE) + 0.5F - SIDE / 2.0F;
        float y = (float)(i / SIDE) + 0.5F - SIDE / 2.0F;
        float col = (x * cosf(angle) + y * sinf(angle)) / module_px + (float)symbol.side / 2;
        float row = (-x * sinf(angle) + y * cosf(angle)) / module_px + (float)symbol.side / 2;
        bool inside = col >= 0 && row >= 0 && col < (float)symbol.side && row < (float)symbol.side;
        sharp.pixels[i / SIDE * sharp.stride + i % SIDE] =
            inside && symbol_is_dark(&symbol, (int)row, (int)col) ? 20 : 235;
    }
    assert_true(vision_blur(&sharp, sigma, frame, ret_picture, NULL));
}

static struct readings read_one(const struct picture *picture)
{
    const struct reader_limits limits = { 0 };
    struct readings readings;
    assert_true(reader_read(reader, picture, &limits, frame, &readings, NULL));
    return readings;
}

static void a_symbol_is_read_at_every_angle(void **state)
{
    (void)state;
    for (int degrees = 0; degrees < 360; degrees += TURN_STEP) {
        struct picture picture;
        struct gs1_string elements;
        char text[GS1_TEXT_MAX];
        rw_arena_reset(frame);
        draw((float)degrees, 6, 0.8F, &picture);
        struct readings readings = read_one(&picture);
        assert_int_equal(readings.count, 1);
        const struct reading *reading = &readings.readings[0];
        assert_true(reading->gs1);
        assert_true(
            gs1_parse_bytes((const char *)reading->bytes, reading->length, &elements, NULL));
        gs1_write_bracketed(&elements, text);
        assert_string_equal(text, code);

        /* The first corner is that of the L: lower left, turned. */
        float angle = (float)degrees * 3.14159265F / 180;
        float half = 6 * 22 / 2.0F;
        float x = SIDE / 2.0F - half * cosf(angle) - half * sinf(angle);
        float y = SIDE / 2.0F - half * sinf(angle) + half * cosf(angle);
        assert_true(fabsf(reading->grid.quad.corner[0].x - x) < 2.5F);
        assert_true(fabsf(reading->grid.quad.corner[0].y - y) < 2.5F);
    }
}

/* One half dark on light, the other turned light for dark. */
static void light_and_dark_symbols_of_one_picture_are_read(void **state)
{
    (void)state;
    struct picture dark;
    struct picture both;
    rw_arena_reset(frame);
    draw(7, 6, 0.8F, &dark);
    assert_true(picture_make(frame, 2 * SIDE, SIDE, &both, NULL));
    for (int i = 0; i < SIDE * SIDE; i++) {
        uint8_t *left = both.pixels + i / SIDE * both.stride + i % SIDE;
        *left = dark.pixels[i / SIDE * dark.stride + i % SIDE];
        left[SIDE] = (uint8_t)(255 - *left);
    }
    struct readings readings = read_one(&both);
    assert_int_equal(readings.count, 2);
    assert_true(readings.readings[0].inverted != readings.readings[1].inverted);
}

/* Fine strokes all over, and one symbol in strong and one in faint print on them. */
static void draw_on_strokes(struct picture *ret_picture)
{
    const int across = 12;
    const int down = 48;
    const int side = 2000;
    struct picture symbol;
    draw(7, 7, 0.8F, &symbol);
    assert_true(picture_make(frame, side, side, ret_picture, NULL));
    for (int y = 0; y < side; y++)
        for (int x = 0; x < side; x++)
            ret_picture->pixels[y * ret_picture->stride + x] =
                x % across < across / 2 && y % down < down - 4 ? 5 : 250;
    for (int i = 0; i < SIDE * SIDE; i++) {
        uint8_t *strong = ret_picture->pixels + (200 + i / SIDE) * ret_picture->stride + 200;
        uint8_t *faint = strong + 1000 * ret_picture->stride + 1000;
        uint8_t grey = symbol.pixels[i / SIDE * symbol.stride + i % SIDE];
        strong[i % SIDE] = grey;
        faint[i % SIDE] = (uint8_t)(200 + grey / 5);
    }
}

static void a_faint_symbol_is_read_in_a_picture_of_more_edges_than_there_is_room_for(void **state)
{
    (void)state;
    struct picture picture;
    rw_arena_reset(frame);
    draw_on_strokes(&picture);
    assert_int_equal(read_one(&picture).count, 2);
}

static void noise_and_emptiness_hold_no_symbol(void **state)
{
    (void)state;
    struct rw_random random = rw_random_seeded(5);
    struct picture noise;
    struct picture picture;
    rw_arena_reset(frame);
    assert_true(picture_make(frame, SIDE, SIDE, &noise, NULL));
    assert_int_equal(read_one(&noise).count, 0);
    for (int i = 0; i < SIDE * SIDE; i++)
        noise.pixels[i / SIDE * noise.stride + i % SIDE] = (uint8_t)rw_random_below(&random, 256);
    assert_int_equal(read_one(&noise).count, 0);
    assert_true(vision_blur(&noise, 3, frame, &picture, NULL));
    assert_int_equal(read_one(&picture).count, 0);
    assert_true(picture_make(frame, 1, 1, &picture, NULL));
    assert_int_equal(read_one(&picture).count, 0);
}

static void sizes_that_were_not_asked_for_are_not_read(void **state)
{
    (void)state;
    bool sizes[SYMBOLOGY_COUNT] = { false };
    const struct reader_limits limits = { .sizes = sizes };
    struct readings readings;
    struct picture picture;
    sizes[symbology_find(26, 26)] = true;
    rw_arena_reset(frame);
    draw(0, 6, 0.8F, &picture);
    assert_true(reader_read(reader, &picture, &limits, frame, &readings, NULL));
    assert_int_equal(readings.count, 0);
}

static void a_budget_of_attempts_is_kept_and_told(void **state)
{
    (void)state;
    const struct reader_limits limits = { .attempts_max = 1 };
    struct readings readings;
    struct picture picture;
    rw_arena_reset(frame);
    draw(33, 2.2F, 1.5F, &picture);
    assert_true(reader_read(reader, &picture, &limits, frame, &readings, NULL));
    assert_true(readings.attempts <= 1);
}

/* Corners with speckles between their arms, each like the L of a symbol that has no clock. */
static void draw_angles(struct picture *ret_picture)
{
    const int each = 50;
    const int arm = 36;
    const int stroke = 5;
    struct rw_random random = rw_random_seeded(9);
    assert_true(picture_make(frame, 20 * each, 20 * each, ret_picture, NULL));
    for (int y = 0; y < ret_picture->height; y++)
        for (int x = 0; x < ret_picture->width; x++) {
            int right = x % each - 6;
            int up = arm + 6 - y % each;
            bool inside = right >= 0 && up >= 0 && right < arm && up < arm;
            bool dark = inside && (right < stroke || up < stroke);
            ret_picture->pixels[y * ret_picture->stride + x] =
                (uint8_t)(dark     ? 30
                          : inside ? 150 + rw_random_below(&random, 70)
                                   : 220);
        }
}

static void places_are_left_when_many_in_a_row_read_as_nothing(void **state)
{
    (void)state;
    const struct reader_limits limits = { 0 };
    struct readings readings;
    struct picture picture;
    rw_arena_reset(frame);
    draw_angles(&picture);
    assert_true(reader_read(reader, &picture, &limits, frame, &readings, NULL));
    assert_int_equal(readings.count, 0);
    assert_false(readings.cut_short);
    assert_true(readings.attempts >= 48);
    assert_true(readings.attempts < 180); /* of four hundred angles in each of two copies */
}

static int64_t a_second_later(void *self)
{
    int64_t *now_ms = self;
    return *now_ms += 1000;
}

static void a_budget_of_time_is_kept_and_told(void **state)
{
    (void)state;
    int64_t now_ms = 0;
    const struct rw_clock clock = { .self = &now_ms, .monotonic_ms = a_second_later };
    struct reader_limits limits = { .clock = &clock, .budget_ms = 500 };
    struct readings readings;
    struct picture picture;
    rw_arena_reset(frame);
    draw(0, 6, 0.8F, &picture);
    assert_true(reader_read(reader, &picture, &limits, frame, &readings, NULL));
    assert_true(readings.cut_short);
    assert_int_equal(readings.attempts, 0);
    assert_int_equal(readings.count, 0);
    limits.budget_ms = 1000000000;
    assert_true(reader_read(reader, &picture, &limits, frame, &readings, NULL));
    assert_false(readings.cut_short);
    assert_int_equal(readings.count, 1);
}

/* A clock that ends a budget at one of its asks, and knows the memory in use then. */
struct stopped_clock {
    int asks;
    int end_at;
    size_t used;
};

static int64_t over_at_last(void *self)
{
    struct stopped_clock *stopped = self;
    stopped->used = rw_arena_used(frame);
    return ++stopped->asks < stopped->end_at ? 0 : 1000;
}

static struct readings read_until(struct stopped_clock *stopped, const struct picture *picture)
{
    const struct rw_clock clock = { .self = stopped, .monotonic_ms = over_at_last };
    const struct reader_limits limits = { .clock = &clock, .budget_ms = 1000, .thorough = true };
    struct readings readings;
    assert_true(reader_read(reader, picture, &limits, frame, &readings, NULL));
    return readings;
}

/* Each step of any length asks first, and none begins once the answer was no. */
static void no_step_begins_after_the_budget(void **state)
{
    (void)state;
    const size_t little = 128 * 1024; /* less than a copy of the picture takes */
    struct rw_random random = rw_random_seeded(4);
    struct picture picture;
    rw_arena_reset(frame);
    assert_true(picture_make(frame, 600, 600, &picture, NULL));
    for (int y = 0; y < picture.height; y++)
        for (int x = 0; x < picture.width; x++)
            picture.pixels[y * picture.stride + x] = (uint8_t)rw_random_below(&random, 256);
    struct stopped_clock whole = { .end_at = INT_MAX };
    struct readings readings = read_until(&whole, &picture);
    assert_false(readings.cut_short);
    assert_true(whole.asks > readings.attempts + 40); /* finding places takes steps as well */
    for (int end_at = 2; end_at < whole.asks; end_at += end_at / 4 + 1) {
        struct stopped_clock stopped = { .end_at = end_at };
        readings = read_until(&stopped, &picture);
        assert_true(readings.cut_short);
        assert_int_equal(stopped.asks, end_at);
        assert_true(rw_arena_used(frame) - stopped.used < little);
    }
}

static void the_grade_falls_with_blur_and_never_rises(void **state)
{
    (void)state;
    static struct grade_desk desk;
    struct codewords_layout layout;
    int8_t last = 4;
    assert_true(codewords_lay_out(symbology_get(symbology_find(22, 22)), arena, &layout, NULL));
    for (int step = 0; step < 6; step++) {
        struct picture picture;
        struct verdict_grade grade;
        struct grade_measures measures;
        rw_arena_reset(frame);
        draw(0, 6, 0.6F + 0.5F * (float)step, &picture);
        struct readings readings = read_one(&picture);
        if (readings.count == 0)
            break;
        grade_symbol(&desk, &picture, &readings.readings[0], &layout, &grade, &measures);
        if (step == 0)
            assert_int_equal(grade.overall, 4);
        assert_true(grade.modulation <= last);
        assert_true(grade.overall <= grade.modulation);
        last = grade.modulation;
    }
    assert_true(last <= 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_symbol_is_read_at_every_angle),
        cmocka_unit_test(light_and_dark_symbols_of_one_picture_are_read),
        cmocka_unit_test(a_faint_symbol_is_read_in_a_picture_of_more_edges_than_there_is_room_for),
        cmocka_unit_test(noise_and_emptiness_hold_no_symbol),
        cmocka_unit_test(sizes_that_were_not_asked_for_are_not_read),
        cmocka_unit_test(a_budget_of_attempts_is_kept_and_told),
        cmocka_unit_test(places_are_left_when_many_in_a_row_read_as_nothing),
        cmocka_unit_test(a_budget_of_time_is_kept_and_told),
        cmocka_unit_test(no_step_begins_after_the_budget),
        cmocka_unit_test(the_grade_falls_with_blur_and_never_rises),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
