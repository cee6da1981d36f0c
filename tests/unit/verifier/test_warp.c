/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that a picture is shown where its homography puts it. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/fixture.h"
#include "verifier/warp.h"

#define SIDE 64

static const float identity[9] = { 1, 0, 0, 0, 1, 0, 0, 0, 1 };

/* Grey that changes slowly: between pixels it is known. */
static float slow_grey(float x, float y)
{
    return 128 + 60 * sinf(x / 9) + 50 * cosf(y / 7 + x / 40);
}

static struct picture slow_picture(void)
{
    struct picture picture;
    struct rw_error err = { 0 };
    assert_true(picture_make(arena, SIDE, SIDE, &picture, &err));
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++)
            picture.pixels[y * picture.stride + x] =
                (uint8_t)lrintf(slow_grey((float)x + 0.5F, (float)y + 0.5F));
    return picture;
}

static struct picture warp(const struct picture *picture, const float h[9], int32_t side)
{
    struct warp_view how = { .width = side, .height = side };
    struct picture flat;
    struct rw_error err = { 0 };
    memcpy(how.to_source, h, sizeof how.to_source);
    assert_true(warp_picture(picture, &how, arena, &flat, &err));
    return flat;
}

static void nothing_changes_through_the_identity(void **state)
{
    (void)state;
    struct picture picture = slow_picture();
    struct picture flat = warp(&picture, identity, SIDE);
    assert_memory_equal(flat.pixels, picture.pixels, (size_t)SIDE * SIDE);
}

static void a_place_between_two_pixels_is_between_their_greys(void **state)
{
    (void)state;
    struct picture picture;
    struct rw_error err = { 0 };
    const float half[9] = { 1, 0, 0.5F, 0, 1, 0, 0, 0, 1 };
    assert_true(picture_make(arena, 2, 2, &picture, &err));
    memcpy(picture.pixels, (const uint8_t[4]){ 0, 100, 200, 255 }, 4);
    struct picture flat = warp(&picture, half, 2);
    assert_int_equal(flat.pixels[0], 50);
    assert_int_equal(flat.pixels[1], 100); /* nothing lies right of it */
    assert_int_equal(flat.pixels[2], 228); /* 227.5 */
    assert_int_equal(flat.pixels[3], 255);
}

static void beyond_the_edge_the_nearest_pixel_is_taken(void **state)
{
    (void)state;
    struct picture picture = slow_picture();
    const float away[9] = { 1, 0, -1000, 0, 1, 1000, 0, 0, 1 };
    struct picture flat = warp(&picture, away, 20);
    for (int i = 0; i < 20 * 20; i++)
        assert_int_equal(flat.pixels[i], picture.pixels[(SIDE - 1) * picture.stride]);
}

static void a_tilted_view_shows_each_place_within_two_greys(void **state)
{
    (void)state;
    struct picture picture = slow_picture();
    /* 15 degrees of perspective over the picture, turned by a quarter. */
    const float h[9] = { 0.1F, 0.9F, 3, -0.95F, 0.05F, 58, 0.0009F, -0.0011F, 1 };
    struct picture flat = warp(&picture, h, 48);
    for (int y = 0; y < 48; y++)
        for (int x = 0; x < 48; x++) {
            float at_x = (float)x + 0.5F;
            float at_y = (float)y + 0.5F;
            float below = h[6] * at_x + h[7] * at_y + h[8];
            float there_x = (h[0] * at_x + h[1] * at_y + h[2]) / below;
            float there_y = (h[3] * at_x + h[4] * at_y + h[5]) / below;
            if (there_x < 1 || there_y < 1 || there_x > SIDE - 1 || there_y > SIDE - 1)
                continue;
            float grey = flat.pixels[y * flat.stride + x];
            assert_true(fabsf(grey - slow_grey(there_x, there_y)) < 2);
        }
}

static void a_horizon_in_the_view_is_no_fault(void **state)
{
    (void)state;
    struct picture picture = slow_picture();
    const float h[9] = { 1, 0, 0, 0, 1, 0, -1, 0, 8.5F }; /* 0 at the ninth pixel of each row */
    struct picture flat = warp(&picture, h, 32);
    assert_int_equal(flat.width, 32);
}

static void a_view_beyond_the_ceiling_is_refused(void **state)
{
    (void)state;
    struct picture picture = slow_picture();
    struct warp_view how = { .width = PICTURE_SIDE_MAX + 1, .height = 1 };
    struct picture flat;
    struct rw_error err = { 0 };
    memcpy(how.to_source, identity, sizeof how.to_source);
    assert_false(warp_picture(&picture, &how, arena, &flat, &err));
    assert_int_equal(err.code, RW_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_changes_through_the_identity, fixture_open,
                                        fixture_close),
        cmocka_unit_test_setup_teardown(a_place_between_two_pixels_is_between_their_greys,
                                        fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(beyond_the_edge_the_nearest_pixel_is_taken, fixture_open,
                                        fixture_close),
        cmocka_unit_test_setup_teardown(a_tilted_view_shows_each_place_within_two_greys,
                                        fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_horizon_in_the_view_is_no_fault, fixture_open,
                                        fixture_close),
        cmocka_unit_test_setup_teardown(a_view_beyond_the_ceiling_is_refused, fixture_open,
                                        fixture_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
