/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that pictures are turned as their cameras were held. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "verifier/image.h"
#include "verifier/upright.h"
#include "verifier/vision.h"

#define WIDTH 3
#define HEIGHT 2

/* Three by two pixels: abc above def. Entries: width, height, bits of a sample, 0 is black, where
 * the rows are, orientation, rows of a strip, and its bytes. */
static const char tiff[] = "II*\0\x08\0\0\0\x08\0"
                           "\0\x01\x03\0\x01\0\0\0\x03\0\0\0"
                           "\x01\x01\x03\0\x01\0\0\0\x02\0\0\0"
                           "\x02\x01\x03\0\x01\0\0\0\x08\0\0\0"
                           "\x06\x01\x03\0\x01\0\0\0\x01\0\0\0"
                           "\x11\x01\x04\0\x01\0\0\0\x6e\0\0\0"
                           "\x12\x01\x03\0\x01\0\0\0\x01\0\0\0"
                           "\x16\x01\x03\0\x01\0\0\0\x02\0\0\0"
                           "\x17\x01\x04\0\x01\0\0\0\x06\0\0\0"
                           "\0\0\0\0"
                           "abcdef";
#define NOTE (10 + 5 * 12 + 8) /* where the orientation stands */

static struct rw_arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = rw_arena_open(16 * RW_ARENA_MIB);
    return arena == NULL || !vision_start(NULL);
}

static int tear_down(void **state)
{
    (void)state;
    rw_arena_close(arena);
    return 0;
}

static void make_tiff(int orientation, uint8_t ret_bytes[sizeof tiff])
{
    memcpy(ret_bytes, tiff, sizeof tiff);
    ret_bytes[NOTE] = (uint8_t)orientation;
}

/* Row by row as they are meant to be seen (Exif 2.32, 4.6.4). */
static void a_picture_of_each_orientation_is_turned(void **state)
{
    (void)state;
    static const char *const seen[] = { "abcdef", "cbafed", "fedcba", "defabc",
                                        "adbecf", "daebfc", "fcebda", "cfbead" };
    for (int orientation = 1; orientation <= (int)RW_COUNT(seen); orientation++) {
        uint8_t bytes[sizeof tiff];
        struct picture picture;
        make_tiff(orientation, bytes);
        assert_int_equal(upright_orientation(bytes, sizeof bytes), orientation);
        assert_true(image_read(bytes, sizeof bytes, arena, &picture, NULL));
        assert_int_equal(picture.width, orientation < 5 ? WIDTH : HEIGHT);
        assert_int_equal(picture.height, orientation < 5 ? HEIGHT : WIDTH);
        for (int i = 0; i < WIDTH * HEIGHT; i++)
            assert_int_equal(picture.pixels[i / picture.width * picture.stride + i % picture.width],
                             seen[orientation - 1][i]);
    }
}

static void what_is_no_orientation_turns_nothing(void **state)
{
    (void)state;
    static const int none[] = { 0, 9, 255 };
    uint8_t bytes[sizeof tiff];
    for (size_t i = 0; i < RW_COUNT(none); i++) {
        make_tiff(none[i], bytes);
        assert_int_equal(upright_orientation(bytes, sizeof bytes), 1);
    }
    make_tiff(6, bytes);
    for (size_t cut = 0; cut < NOTE + 2; cut++)
        assert_int_equal(upright_orientation(bytes, cut), 1);
    bytes[NOTE - 6] = 4; /* of another type */
    assert_int_equal(upright_orientation(bytes, sizeof bytes), 1);
    bytes[4] = 0xFF; /* a folder behind the end */
    assert_int_equal(upright_orientation(bytes, sizeof bytes), 1);
}

/* The notes of a camera, the last byte first and in the order of the network. */
#define NOTES "MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x07\0\0\0\0\0\0"

static void each_format_has_its_place_for_notes(void **state)
{
    (void)state;
    static const uint8_t jpeg[] = "\xff\xd8\xff\xe0\0\x04..\xff\xff\xe1\0\x22"
                                  "Exif\0\0" NOTES "\xff\xda\0\0\0\0";
    static const uint8_t png[] = "\x89PNG\r\n\x1a\n\0\0\0\x02IHDR..\0\0\0\0"
                                 "\0\0\0\x1a"
                                 "eXIf" NOTES "\0\0\0\0";
    static const uint8_t webp[] = "RIFF\0\0\0\0WEBPVP8X\x03\0\0\0....EXIF\x1a\0\0\0" NOTES;
    static const uint8_t prefixed[] = "RIFF\0\0\0\0WEBPEXIF\x20\0\0\0"
                                      "Exif\0\0" NOTES;
    assert_int_equal(upright_orientation(jpeg, sizeof jpeg - 1), 7);
    assert_int_equal(upright_orientation(png, sizeof png - 1), 7);
    assert_int_equal(upright_orientation(webp, sizeof webp - 1), 7);
    assert_int_equal(upright_orientation(prefixed, sizeof prefixed - 1), 7);
    for (size_t cut = 0; cut < 45; cut++) {
        assert_int_equal(upright_orientation(jpeg, cut < 40 ? cut : 40), 1);
        assert_int_equal(upright_orientation(png, cut), 1);
        assert_int_equal(upright_orientation(webp, cut), 1);
        assert_int_equal(upright_orientation(prefixed, cut), 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_picture_of_each_orientation_is_turned),
        cmocka_unit_test(what_is_no_orientation_turns_nothing),
        cmocka_unit_test(each_format_has_its_place_for_notes),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
