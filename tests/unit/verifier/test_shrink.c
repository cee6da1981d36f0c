/* SPDX-License-Identifier: Apache-2.0 */
/* Compares pictures made smaller with means that are counted. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/random.h"
#include "tests/support/fixture.h"
#include "verifier/shrink.h"

#define WIDTH 211 /* not divisible by any of the factors */
#define HEIGHT 73

/* A part of a larger picture, so that its rows do not follow each other. */
static struct picture noise(void)
{
    struct rw_random random = rw_random_seeded(7);
    struct picture picture;
    assert_true(picture_make(arena, WIDTH + 9, HEIGHT, &picture, NULL));
    for (int32_t i = 0; i < picture.stride * HEIGHT; i++)
        picture.pixels[i] = (uint8_t)rw_random_below(&random, 256);
    picture.pixels += 5;
    picture.width = WIDTH;
    return picture;
}

static int sum_of(const struct picture *picture, int left, int top, int by)
{
    int sum = 0;
    for (int y = top; y < top + by; y++)
        for (int x = left; x < left + by; x++)
            sum += picture->pixels[y * picture->stride + x];
    return sum;
}

static void each_pixel_is_the_mean_of_those_it_covers(void **state)
{
    (void)state;
    struct picture given = noise();
    for (int by = 1; by <= 9; by++) {
        struct picture small;
        assert_true(shrink_picture(&given, by, arena, &small, NULL));
        assert_int_equal(small.width, WIDTH / by);
        assert_int_equal(small.height, HEIGHT / by);
        for (int32_t y = 0; y < small.height; y++)
            for (int32_t x = 0; x < small.width; x++) {
                double mean = (double)sum_of(&given, x * by, y * by, by) / (by * by);
                double off = (double)small.pixels[y * small.stride + x] - mean;
                assert_true(fabs(off) <= 0.5);
            }
    }
}

static void halves_of_a_level_go_up_where_four_become_one(void **state)
{
    (void)state;
    struct picture given;
    struct picture small;
    assert_true(picture_make(arena, 64, 2, &given, NULL));
    for (int32_t x = 0; x < 64; x++) /* sums of four: 0 to 7 */
        given.pixels[x] = (uint8_t)(x / 2 % 8 < 4 ? 0 : 1 + x % 2);
    assert_true(shrink_picture(&given, 2, arena, &small, NULL));
    for (int32_t x = 0; x < 32; x++)
        assert_int_equal(small.pixels[x], (sum_of(&given, 2 * x, 0, 2) + 2) / 4);
}

static void a_picture_of_less_than_one_pixel_is_refused(void **state)
{
    (void)state;
    struct picture given = noise();
    struct picture small;
    struct rw_error err = { 0 };
    assert_false(shrink_picture(&given, HEIGHT + 1, arena, &small, &err));
    assert_int_equal(err.code, RW_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_pixel_is_the_mean_of_those_it_covers, fixture_open,
                                        fixture_close),
        cmocka_unit_test_setup_teardown(halves_of_a_level_go_up_where_four_become_one, fixture_open,
                                        fixture_close),
        cmocka_unit_test_setup_teardown(a_picture_of_less_than_one_pixel_is_refused, fixture_open,
                                        fixture_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
