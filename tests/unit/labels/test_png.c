/* SPDX-License-Identifier: Apache-2.0 */
/* What libpng reads back is what was written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <png.h>

#include "core/base/random.h"
#include "labels/png.h"
#include "tests/support/fixture.h"

static struct picture random_picture(int32_t width, int32_t height)
{
    struct picture picture;
    struct rw_error err = { 0 };
    struct rw_random random = rw_random_seeded(5);
    assert_true(picture_make(arena, width, height, &picture, &err));
    for (int32_t i = 0; i < width * height; i++)
        picture.pixels[i] = (uint8_t)rw_random_below(&random, 256);
    picture.um_per_px_milli = 84667;
    return picture;
}

/* Grey or colour pixels of a file, 8 bits each. */
static uint8_t *read_back(const char *bytes, size_t length, png_uint_32 format, int32_t width,
                          int32_t height)
{
    png_image image = { .version = PNG_IMAGE_VERSION };
    struct rw_error err = { 0 };
    assert_true(png_image_begin_read_from_memory(&image, bytes, length));
    assert_int_equal(image.width, width);
    assert_int_equal(image.height, height);
    image.format = format;
    uint8_t *pixels = rw_arena_alloc(arena, PNG_IMAGE_SIZE(image), &err);
    assert_non_null(pixels);
    assert_true(png_image_finish_read(&image, NULL, pixels, 0, NULL));
    return pixels;
}

static void one_bit_a_pixel_keeps_black_and_white(void **state)
{
    (void)state;
    struct picture picture = random_picture(37, 21);
    const char *bytes = NULL;
    size_t length = 0;
    struct rw_error err = { 0 };
    assert_true(png_write(&picture, PNG_BITS, arena, &bytes, &length, &err));
    assert_int_equal(bytes[24], 1); /* bit depth in IHDR */
    uint8_t *pixels = read_back(bytes, length, PNG_FORMAT_GRAY, 37, 21);
    for (int32_t i = 0; i < 37 * 21; i++)
        assert_int_equal(pixels[i], picture.pixels[i] >= 128 ? 255 : 0);
}

static void grey_keeps_each_level(void **state)
{
    (void)state;
    struct picture picture = random_picture(40, 13);
    const char *bytes = NULL;
    size_t length = 0;
    struct rw_error err = { 0 };
    assert_true(png_write(&picture, PNG_GREY, arena, &bytes, &length, &err));
    uint8_t *pixels = read_back(bytes, length, PNG_FORMAT_GRAY, 40, 13);
    assert_memory_equal(pixels, picture.pixels, 40 * 13);
}

static void colour_goes_row_by_row(void **state)
{
    (void)state;
    struct picture picture = random_picture(30, 9);
    struct png_writer *writer = NULL;
    const char *bytes = NULL;
    size_t length = 0;
    struct rw_error err = { 0 };
    assert_true(png_open(PNG_COLOUR, 10, 9, 0, &writer, &err));
    for (int32_t y = 0; y < 9; y++)
        assert_true(png_add_row(writer, picture.pixels + (ptrdiff_t)y * 30, &err));
    assert_true(png_take(writer, arena, &bytes, &length, &err));
    png_close(writer);
    assert_memory_equal(read_back(bytes, length, PNG_FORMAT_RGB, 10, 9), picture.pixels, 270);
}

static void a_picture_without_or_with_too_many_pixels_is_refused(void **state)
{
    (void)state;
    struct png_writer *writer = NULL;
    struct rw_error err = { 0 };
    assert_false(png_open(PNG_GREY, 0, 5, 0, &writer, &err));
    assert_int_equal(err.code, RW_TOO_LARGE);
    err = (struct rw_error){ 0 };
    assert_false(png_open(PNG_GREY, 5, PNG_SIDE_MAX + 1, 0, &writer, &err));
    assert_int_equal(err.code, RW_TOO_LARGE);
    assert_null(writer);
    const struct picture wide = { .width = PNG_SIDE_MAX + 1, .height = 1 };
    const char *bytes = NULL;
    size_t length = 0;
    err = (struct rw_error){ 0 };
    assert_false(png_write(&wide, PNG_BITS, arena, &bytes, &length, &err));
    assert_int_equal(err.code, RW_TOO_LARGE);
    assert_null(bytes);
    png_close(writer); /* there is none, and nothing to close */
}

static void a_file_that_finds_no_memory_is_an_error(void **state)
{
    (void)state;
    struct picture picture = random_picture(40, 13);
    struct rw_arena *small = rw_arena_open(16);
    const char *bytes = NULL;
    size_t length = 0;
    struct rw_error err = { 0 };
    assert_false(png_write(&picture, PNG_GREY, small, &bytes, &length, &err));
    assert_int_equal(err.code, RW_NO_MEMORY);
    assert_null(bytes);
    rw_arena_close(small);
}

/* White is packed in stretches of 64 pixels; what stands between them must not be lost. */
static void black_among_white_stays_at_its_place(void **state)
{
    enum { WIDTH = 1100, HEIGHT = 7 };
    struct picture picture;
    const char *bytes = NULL;
    size_t length = 0;
    struct rw_error err = { 0 };
    (void)state;
    assert_true(picture_make(arena, WIDTH, HEIGHT, &picture, &err));
    memset(picture.pixels, 255, (size_t)picture.stride * HEIGHT);
    for (int32_t y = 0; y < HEIGHT; y++) /* around the borders of the stretches */
        for (int32_t x = 61 + y; x < WIDTH; x += 191 + y)
            picture.pixels[y * picture.stride + x] = 0;
    assert_true(png_write(&picture, PNG_BITS, arena, &bytes, &length, &err));
    uint8_t *pixels = read_back(bytes, length, PNG_FORMAT_GRAY, WIDTH, HEIGHT);
    for (int32_t y = 0; y < HEIGHT; y++)
        assert_memory_equal(pixels + (size_t)y * WIDTH, picture.pixels + y * picture.stride, WIDTH);
}

static bool has_resolution(const char *bytes, size_t length)
{
    for (size_t i = 0; i + 4 <= length; i++)
        if (memcmp(bytes + i, "pHYs", 4) == 0)
            return true;
    return false;
}

static void a_picture_of_no_resolution_claims_none(void **state)
{
    struct picture picture = random_picture(16, 4);
    const char *bytes = NULL;
    size_t length = 0;
    struct rw_error err = { 0 };
    (void)state;
    assert_true(png_write(&picture, PNG_GREY, arena, &bytes, &length, &err));
    assert_true(has_resolution(bytes, length));
    picture.um_per_px_milli = 0;
    assert_true(png_write(&picture, PNG_GREY, arena, &bytes, &length, &err));
    assert_false(has_resolution(bytes, length));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_bit_a_pixel_keeps_black_and_white),
        cmocka_unit_test(grey_keeps_each_level),
        cmocka_unit_test(colour_goes_row_by_row),
        cmocka_unit_test(a_picture_without_or_with_too_many_pixels_is_refused),
        cmocka_unit_test(a_file_that_finds_no_memory_is_an_error),
        cmocka_unit_test(black_among_white_stays_at_its_place),
        cmocka_unit_test(a_picture_of_no_resolution_claims_none),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
