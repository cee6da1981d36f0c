/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that the light is measured on the test roll as it is printed. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/model/media.h"
#include "labels/test_roll.h"
#include "verifier/chart.h"
#include "verifier/decode.h"
#include "verifier/vision.h"

#define MEMORY (256 * RW_ARENA_MIB)
#define SCALE 2 /* pixels a dot */

struct bench {
    struct rw_arena *run;
    struct rw_arena *frame;
    struct decode *decode;
    struct reader *reader;
    struct test_roll roll;
    struct modules modules;
    struct light_spot spots[LIGHT_SPOTS_MAX];
};

static int set_up(void **state)
{
    struct rw_arena *run = rw_arena_open(MEMORY);
    struct bench *bench = rw_arena_alloc(run, sizeof *bench, NULL);
    struct rw_error err = { 0 };
    *bench = (struct bench){ .run = run,
                             .frame = rw_arena_open(MEMORY),
                             .roll = { .media = media_find("generic-70x60"), .dpi = 300 } };
    *state = bench;
    return !decode_open(run, &bench->decode, &err) || !vision_start(&err) ||
           !canvas_open(&bench->roll.canvas, &err) ||
           !reader_open(bench->decode, run, &bench->reader, &err);
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    decode_close(bench->decode);
    canvas_close(bench->roll.canvas);
    rw_arena_close(bench->frame);
    rw_arena_close(bench->run);
    return 0;
}

/* Film of 180 grey levels in the middle that gains 30 to the right and loses 20 downwards; black
 * print reflects a quarter of it. */
static float film_at(const struct picture *picture, float x, float y)
{
    return 180 + 30 * (x / (float)picture->width - 0.5F) - 20 * (y / (float)picture->height - 0.5F);
}

static void photograph(struct bench *bench, size_t page, struct picture *ret_picture)
{
    struct picture label;
    struct rw_error err = { 0 };
    if (!test_roll_draw(&bench->roll, page, bench->frame, &label, &err))
        fail_msg("%s", err.text);
    assert_true(
        picture_make(bench->frame, SCALE * label.width, SCALE * label.height, ret_picture, &err));
    for (int y = 0; y < ret_picture->height; y++)
        for (int x = 0; x < ret_picture->width; x++) {
            float white = label.pixels[y / SCALE * label.stride + x / SCALE] / 255.0F;
            ret_picture->pixels[y * ret_picture->stride + x] =
                (uint8_t)lrintf(film_at(ret_picture, (float)x, (float)y) * (0.25F + 0.75F * white));
        }
}

static size_t look_at(struct bench *bench, size_t page, size_t count, struct light *light)
{
    const struct reader_limits limits = { .thorough = true };
    struct picture picture;
    struct readings readings;
    struct rw_error err = { 0 };
    rw_arena_reset(bench->frame);
    photograph(bench, page, &picture);
    light->frame_width = picture.width;
    light->frame_height = picture.height;
    assert_true(reader_read(bench->reader, &picture, &limits, bench->frame, &readings, &err));
    return chart_spots(&picture, &readings, &bench->modules, bench->spots, count);
}

static void the_slope_of_the_light_is_found_on_its_pages(void **state)
{
    struct bench *bench = *state;
    struct light light = { .film_reflectance_milli = 800, .black_reflectance_milli = 200 };
    struct rw_error err = { 0 };
    size_t pages = 0;
    size_t count = 0;
    assert_true(test_roll_count(&bench->roll, &pages, &err));
    for (size_t page = 1; page + 3 < pages; page++) /* those with codes */
        count = look_at(bench, page, count, &light);
    assert_true(count >= 6);
    if (!light_fit(&light, bench->spots, count, &err))
        fail_msg("%s", err.text);
    assert_in_range(light.film_grey_milli, 179000, 181000);
    assert_in_range(light.film_across_milli, 28000, 32000);
    assert_in_range(-light.film_down_milli, 18000, 22000);
    assert_in_range(light.black_grey_milli, 44000, 46500);
    float reflectance = light_reflectance(&light, 100, 1000, 180 * 0.6F);
    assert_true(reflectance > 0.4F && reflectance < 0.6F);
}

static void a_page_without_codes_says_nothing(void **state)
{
    struct bench *bench = *state;
    struct light light = { .frame_width = 0 };
    assert_int_equal(look_at(bench, 0, 0, &light), 0);
}

static void no_more_spots_are_taken_than_there_is_room_for(void **state)
{
    struct bench *bench = *state;
    struct light light = { .frame_width = 0 };
    assert_int_equal(look_at(bench, 1, LIGHT_SPOTS_MAX, &light), LIGHT_SPOTS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_slope_of_the_light_is_found_on_its_pages),
        cmocka_unit_test(a_page_without_codes_says_nothing),
        cmocka_unit_test(no_more_spots_are_taken_than_there_is_room_for),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
