/* SPDX-License-Identifier: Apache-2.0 */
/* Proves which mode of a camera is taken, and that its grey is read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/fixture.h"
#include "verifier/camera_mode.h"

#define LETTERS(text)                                                             \
    ((uint32_t)(text)[0] | (uint32_t)(text)[1] << 8 | (uint32_t)(text)[2] << 16 | \
     (uint32_t)(text)[3] << 24)

static struct camera_mode mode_of(const char *format, int32_t width, int32_t height, int32_t rate)
{
    return (struct camera_mode){
        .format = LETTERS(format), .width = width, .height = height, .rate_milli = rate * 1000
    };
}

static void the_better_mode_is_fast_then_large_then_raw(void **state)
{
    (void)state;
    const struct camera_mode better_first[] = {
        mode_of("MJPG", 2592, 1944, 15), mode_of("GREY", 1920, 1080, 30),
        mode_of("YUYV", 1920, 1080, 20), mode_of("MJPG", 1920, 1080, 60),
        mode_of("YUYV", 640, 480, 0),    /* its rate is not told */
        mode_of("MJPG", 4208, 3120, 10), /* more than is useful */
        mode_of("YUYV", 1920, 1080, 5),
    };
    for (size_t i = 0; i < RW_COUNT(better_first); i++)
        for (size_t j = 0; j < RW_COUNT(better_first); j++)
            assert_int_equal(camera_mode_is_better(&better_first[i], &better_first[j]), i < j);
}

static void a_format_without_grey_is_not_read(void **state)
{
    (void)state;
    assert_true(camera_mode_is_read(LETTERS("NV12")));
    assert_false(camera_mode_is_read(LETTERS("H264")));
    assert_false(camera_mode_is_read(LETTERS("YUY2")));
    assert_false(camera_mode_is_read(0));
}

static void grey_lies_where_the_format_says(void **state)
{
    (void)state;
    /* Two rows of two pixels, and a byte more in each than is needed. */
    const uint8_t bytes[] = { 16, 17, 18, 19, 20, 235, 236, 237, 238, 239 };
    struct camera_mode mode = mode_of("YUYV", 2, 2, 0);
    struct picture picture;
    struct rw_error err = { 0 };
    mode.stride = 5;
    assert_true(camera_mode_grey(&mode, bytes, sizeof bytes, arena, &picture, &err));
    assert_int_equal(picture.pixels[1], 18);
    assert_int_equal(picture.pixels[picture.stride], 235);
    mode.format = LETTERS("UYVY");
    assert_true(camera_mode_grey(&mode, bytes, sizeof bytes, arena, &picture, &err));
    assert_int_equal(picture.pixels[picture.stride + 1], 238);
    mode.format = LETTERS("NV12");
    mode.is_narrow = true; /* from 16 to 235: black and white are those */
    assert_true(camera_mode_grey(&mode, bytes, sizeof bytes, arena, &picture, &err));
    assert_int_equal(picture.pixels[0], 0);
    assert_int_equal(picture.pixels[1], 1);
    assert_int_equal(picture.pixels[picture.stride], 255);
    assert_int_equal(picture.pixels[picture.stride + 1], 255);
}

static void a_picture_that_is_cut_off_is_none(void **state)
{
    (void)state;
    const uint8_t bytes[12] = { 0xFF, 0xD8 };
    struct picture picture;
    for (size_t length = 0; length < sizeof bytes; length++) {
        struct rw_error err = { 0 };
        struct camera_mode mode = mode_of("YUYV", 2, 3, 0);
        mode.stride = 4;
        assert_false(camera_mode_grey(&mode, bytes, length, arena, &picture, &err));
        assert_int_equal(err.code, RW_UNREADABLE);
    }
    struct rw_error err = { 0 };
    struct camera_mode mode = mode_of("YUYV", 2, 1, 0);
    mode.stride = 3; /* no row has room in that */
    assert_false(camera_mode_grey(&mode, bytes, sizeof bytes, arena, &picture, &err));
    mode = mode_of("MJPG", 2, 1, 0);
    assert_false(camera_mode_grey(&mode, bytes, sizeof bytes, arena, &picture, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_better_mode_is_fast_then_large_then_raw),
        cmocka_unit_test(a_format_without_grey_is_not_read),
        cmocka_unit_test(grey_lies_where_the_format_says),
        cmocka_unit_test(a_picture_that_is_cut_off_is_none),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
