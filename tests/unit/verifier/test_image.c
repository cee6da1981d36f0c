/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that hostile picture files are refused before decoding. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "labels/png.h"
#include "verifier/image.h"
#include "verifier/jpeg.h"
#include "verifier/png_pixels.h"
#include "verifier/tiff_pixels.h"
#include "verifier/vision.h"
#include "verifier/webp.h"

static struct rw_arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = rw_arena_open(64 * RW_ARENA_MIB);
    return arena == NULL || !vision_start(NULL);
}

static int tear_down(void **state)
{
    (void)state;
    rw_arena_close(arena);
    return 0;
}

static enum rw_code code_of(const void *bytes, size_t length)
{
    struct picture picture;
    struct rw_error err = { 0 };
    bool read = image_read(bytes, length, arena, &picture, &err);
    assert_int_equal(read, err.code == RW_OK);
    assert_true(read || err.text[0] != '\0');
    return err.code;
}

/* The sentence about the file; "" = it is read. */
static const char *said_of(const void *bytes, size_t length)
{
    static struct rw_error err;
    struct picture picture;
    err = (struct rw_error){ 0 };
    bool read = image_read(bytes, length, arena, &picture, &err);
    assert_int_equal(read, err.text[0] == '\0');
    return err.text;
}

/* Of a PNG with one chunk more, behind its header. */
static const char *said_with_chunk(const uint8_t *bytes, size_t length, const void *chunk,
                                   size_t chunk_length)
{
    const size_t header = 33; /* signature and IHDR */
    uint8_t *more = rw_arena_alloc(arena, length + chunk_length, NULL);
    assert_non_null(more);
    memcpy(more, bytes, header);
    memcpy(more + header, chunk, chunk_length);
    memcpy(more + header + chunk_length, bytes + header, length - header);
    return said_of(more, length + chunk_length);
}

/* A PNG of 40 x 30 pixels, as verify writes them. */
static void make_png(const uint8_t **ret_bytes, size_t *ret_length)
{
    struct picture picture;
    assert_true(picture_make(arena, 40, 30, &picture, NULL));
    for (int i = 0; i < 40 * 30; i++)
        picture.pixels[i / 40 * picture.stride + i % 40] = (uint8_t)(i * 7);
    const char *bytes = NULL;
    assert_true(png_write(&picture, PNG_GREY, arena, &bytes, ret_length, NULL));
    *ret_bytes = (const uint8_t *)bytes;
}

static void a_png_comes_back_as_it_was_written(void **state)
{
    (void)state;
    const uint8_t *bytes = NULL;
    size_t length = 0;
    struct picture picture;
    make_png(&bytes, &length);
    assert_true(image_read(bytes, length, arena, &picture, NULL));
    assert_int_equal(picture.width, 40);
    assert_int_equal(picture.height, 30);
    for (int i = 0; i < 40 * 30; i++)
        assert_int_equal(picture.pixels[i / 40 * picture.stride + i % 40], (uint8_t)(i * 7));
}

static void a_png_that_is_cut_off_is_unreadable_at_every_length(void **state)
{
    (void)state;
    const uint8_t *bytes = NULL;
    size_t length = 0;
    make_png(&bytes, &length);
    for (size_t cut = 0; cut + 16 < length; cut += 13)
        assert_int_equal(code_of(bytes, cut), RW_UNREADABLE);
}

static void text_and_emptiness_are_no_pictures(void **state)
{
    (void)state;
    assert_int_equal(code_of("", 0), RW_UNREADABLE);
    assert_int_equal(code_of("hello", 5), RW_UNREADABLE);
    assert_int_equal(code_of("GIF89a....", 10), RW_UNREADABLE);
}

static void a_pgm_is_read_and_its_missing_rows_are_missed(void **state)
{
    (void)state;
    assert_int_equal(code_of("P5\n# a comment\n2 2\n255\nabcd", 27), RW_OK);
    assert_int_equal(code_of("P5\n2 2\n255\nabc", 14), RW_UNREADABLE);
    assert_int_equal(code_of("P5\n2\n", 5), RW_UNREADABLE);
    assert_int_equal(code_of("P2\n1 1\n255\n9\n", 13), RW_OK);
}

static void samples_of_a_pgm_are_parts_of_its_white(void **state)
{
    (void)state;
    static const char plain[] = "P2 3 1 # white: 10\n10 0 5 10";
    static const char wide[] = "P5 2 1 1000\n\x03\xe8\x01\xf4";
    static const char few[] = "P2 3 1 10 0 555  ";
    struct picture picture;
    assert_true(image_read((const uint8_t *)plain, sizeof plain - 1, arena, &picture, NULL));
    assert_int_equal(picture.pixels[0], 0);
    assert_int_equal(picture.pixels[1], 128);
    assert_int_equal(picture.pixels[2], 255);
    assert_true(image_read((const uint8_t *)wide, sizeof wide - 1, arena, &picture, NULL));
    assert_int_equal(picture.pixels[0], 255);
    assert_int_equal(picture.pixels[1], 128);
    assert_int_equal(code_of("P5\n2 1\n99\nab", 12), RW_OK);
    assert_int_equal(code_of("P5\n2 1\n98\nac", 12), RW_UNREADABLE);
    assert_int_equal(code_of(few, sizeof few - 1), RW_UNREADABLE);
}

static void a_header_that_promises_too_much_is_refused(void **state)
{
    (void)state;
    static const char pgm[] = "P5\n900000 900000\n255\n";
    uint8_t png[64] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\x7f\xff\xff\xff\x7f\xff\xff\xff\x08";
    uint8_t bmp[64] = "BM";
    uint8_t tiff[64] = "II*\0\x08\0\0\0\x02\0"
                       "\0\x01\x04\0\x01\0\0\0\0\0\0\x10"
                       "\x01\x01\x04\0\x01\0\0\0\0\0\0\x10";
    bmp[14] = 40;
    bmp[20] = 0x10;
    bmp[24] = 0x10;
    bmp[28] = 24;
    assert_int_equal(code_of(pgm, sizeof pgm - 1), RW_TOO_LARGE);
    assert_int_equal(code_of(png, sizeof png), RW_TOO_LARGE);
    assert_int_equal(code_of(bmp, sizeof bmp), RW_TOO_LARGE);
    assert_int_equal(code_of(tiff, sizeof tiff), RW_TOO_LARGE);
}

static void a_picture_without_pixels_is_unreadable(void **state)
{
    (void)state;
    uint8_t png[64] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0\0\0\0\x01\x08";
    memcpy(png + 37, "IEND", 4);
    assert_string_equal(said_of(png, sizeof png), "the picture has no pixels");
}

/* A chunk that tells of an animation stands before the pixels. */
static void of_a_png_that_moves_no_picture_is_chosen(void **state)
{
    (void)state;
    const uint8_t *bytes = NULL;
    size_t length = 0;
    make_png(&bytes, &length);
    for (uint8_t frames = 1; frames <= 2; frames++) {
        uint8_t chunk[20] = "\0\0\0\x08"
                            "acTL";
        chunk[11] = frames;
        const char *said = said_with_chunk(bytes, length, chunk, sizeof chunk);
        assert_true((strstr(said, "several pages") != NULL) == (frames > 1));
    }
}

/* What says nothing of pixels may be damaged. */
static void a_png_with_a_damaged_remark_is_read(void **state)
{
    (void)state;
    const uint8_t *bytes = NULL;
    size_t length = 0;
    const uint8_t chunk[] = "\0\0\0\x03"
                            "gAMAabc"
                            "\0\0\0"; /* three bytes are none of it */
    make_png(&bytes, &length);
    assert_string_equal(said_with_chunk(bytes, length, chunk, sizeof chunk), "");
}

static void a_jpeg_without_its_end_is_unreadable(void **state)
{
    (void)state;
    static const uint8_t jpeg[] = { 0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0, 16, 0, 16, 1, 1, 0x11, 0 };
    static const uint8_t endless[] = { 0xFF, 0xD8, 0xFF, 0xE0, 0, 0, 0, 0, 0, 0, 0, 0 };
    assert_int_equal(code_of(jpeg, sizeof jpeg), RW_UNREADABLE);
    assert_int_equal(code_of(endless, sizeof endless), RW_UNREADABLE);
}

/* A bitmap of OS/2 has sides of two bytes: here 5 x 3 pixels of three bytes. */
static void a_bmp_of_os2_is_read(void **state)
{
    (void)state;
    uint8_t bmp[26 + 3 * 16] = "BM";
    struct picture picture;
    bmp[2] = sizeof bmp;
    bmp[10] = 26;
    bmp[14] = 12;
    bmp[18] = 5;
    bmp[20] = 3;
    bmp[22] = 1;
    bmp[24] = 24;
    memset(bmp + 26, 200, sizeof bmp - 26);
    assert_true(image_read(bmp, sizeof bmp, arena, &picture, NULL));
    assert_int_equal(picture.width, 5);
    assert_int_equal(picture.height, 3);
    assert_int_equal(picture.pixels[0], 200);
}

static void a_jpeg_may_have_bytes_that_fill_between_its_segments(void **state)
{
    (void)state;
    static const uint8_t jpeg[] = { 0xFF, 0xD8, 0xFF, 0xFF, 0xFF, 0xC0, 0, 11,   8,    0,
                                    16,   0,    32,   1,    1,    0x11, 0, 0xFF, 0xD9, 0 };
    struct image_header header;
    assert_true(image_header_read(jpeg, sizeof jpeg, &header, NULL));
    assert_int_equal(header.width, 32);
    assert_int_equal(header.height, 16);
}

/* Ten digits are more than our reader of the header takes for one number. */
static void a_header_that_can_be_read_in_two_ways_is_refused(void **state)
{
    (void)state;
    static const char pgm[] = "P5\n0000000012 1\n255\nabcdefghijkl";
    struct picture picture;
    struct rw_error err = { 0 };
    assert_false(image_read((const uint8_t *)pgm, sizeof pgm - 1, arena, &picture, &err));
    assert_int_equal(err.code, RW_UNREADABLE);
}

static void a_tiff_whose_second_page_lies_outside_is_unreadable(void **state)
{
    (void)state;
    uint8_t tiff[64] = "II*\0\x08\0\0\0\x02\0"
                       "\0\x01\x04\0\x01\0\0\0\x08\0\0\0"
                       "\x01\x01\x04\0\x01\0\0\0\x08\0\0\0"
                       "\xff\xff\0\0";
    assert_int_equal(code_of(tiff, sizeof tiff), RW_UNREADABLE);
}

/* Of two widths the library may take another than we looked at. */
static void a_tiff_that_says_its_width_twice_is_unreadable(void **state)
{
    (void)state;
    uint8_t once[64] = "II*\0\x08\0\0\0\x02\0"
                       "\0\x01\x04\0\x01\0\0\0\x08\0\0\0"
                       "\x01\x01\x04\0\x01\0\0\0\x08\0\0\0";
    uint8_t twice[64] = "II*\0\x08\0\0\0\x03\0"
                        "\0\x01\x04\0\x01\0\0\0\x08\0\0\0"
                        "\0\x01\x04\0\x01\0\0\0\0\x10\0\0"
                        "\x01\x01\x04\0\x01\0\0\0\x08\0\0\0";
    struct image_header header;
    assert_true(image_header_read(once, sizeof once, &header, NULL));
    assert_int_equal(header.width, 8);
    assert_int_equal(code_of(twice, sizeof twice), RW_UNREADABLE);
}

/* Libraries take memory for a whole strip or tile before they read one. */
static void a_tiff_of_larger_parts_than_pictures_is_unreadable(void **state)
{
    (void)state;
    uint8_t strip[64] = "II*\0\x08\0\0\0\x03\0"
                        "\0\x01\x04\0\x01\0\0\0\x08\0\0\0"
                        "\x01\x01\x04\0\x01\0\0\0\x08\0\0\0"
                        "\x16\x01\x04\0\x01\0\0\0\xff\xff\xff\x0f";
    uint8_t tile[80] = "II*\0\x08\0\0\0\x04\0"
                       "\0\x01\x04\0\x01\0\0\0\x08\0\0\0"
                       "\x01\x01\x04\0\x01\0\0\0\x08\0\0\0"
                       "\x42\x01\x04\0\x01\0\0\0\0\x40\0\0"
                       "\x43\x01\x04\0\x01\0\0\0\0\x40\0\0";
    struct image_header header;
    assert_int_equal(code_of(strip, sizeof strip), RW_UNREADABLE);
    assert_int_equal(code_of(tile, sizeof tile), RW_UNREADABLE);
    memset(strip + 42, 0xFF, 4); /* all rows in one strip */
    assert_true(image_header_read(strip, sizeof strip, &header, NULL));
    tile[43] = 1;
    tile[55] = 1;
    assert_true(image_header_read(tile, sizeof tile, &header, NULL));
}

/* OpenCV throws; nothing of that comes through the door. */
/* Also behind a header that was read, as where its end alone was damaged. */
static void each_reader_refuses_bytes_that_are_no_picture(void **state)
{
    (void)state;
    static bool (*const readers[])(const uint8_t *, size_t, struct rw_arena *, struct picture *,
                                   struct rw_error *) = { png_pixels_decode, jpeg_decode_grey,
                                                          tiff_pixels_decode, webp_decode_grey };
    static const uint8_t empty_tiff[] = "II*\0\x08\0\0\0\x01\0" /* of an unknown depth alone */
                                        "\x02\x01\x03\0\x01\0\0\0\x08\0\0\0\0\0\0\0";
    const uint8_t *png = NULL;
    size_t length = 0;
    make_png(&png, &length);
    const struct part {
        const void *bytes;
        size_t length;
    } parts[] = { { "no picture at all", 17 },
                  { png, length - 20 },
                  { empty_tiff, sizeof empty_tiff - 1 } };
    for (size_t i = 0; i < RW_COUNT(parts); i++)
        for (size_t k = 0; k < RW_COUNT(readers); k++) {
            struct picture picture = { .width = -1 };
            struct rw_error err = { 0 };
            assert_false(readers[k](parts[i].bytes, parts[i].length, arena, &picture, &err));
            assert_int_equal(err.code, RW_UNREADABLE);
            assert_int_equal(picture.width, -1);
        }
}

static void what_the_library_refuses_is_an_error(void **state)
{
    (void)state;
    struct picture picture;
    struct picture other;
    struct rw_error err = { 0 };
    assert_true(picture_make(arena, 40, 30, &picture, NULL));
    assert_false(vision_resize(&picture, 0, 0, arena, &other, &err));
    assert_int_equal(err.code, RW_UNREADABLE);
    assert_non_null(strstr(err.text, "the picture cannot be used"));
}

static void an_arena_without_room_for_the_pixels_is_told(void **state)
{
    (void)state;
    const uint8_t *bytes = NULL;
    size_t length = 0;
    struct picture picture;
    make_png(&bytes, &length);
    for (size_t ceiling = 0; ceiling < 40 * 30; ceiling += 300) {
        struct rw_arena *small = rw_arena_open(ceiling);
        struct rw_error err = { 0 };
        assert_non_null(small);
        assert_false(image_read(bytes, length, small, &picture, &err));
        assert_int_equal(err.code, RW_NO_MEMORY);
        rw_arena_close(small);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_png_comes_back_as_it_was_written),
        cmocka_unit_test(a_png_that_is_cut_off_is_unreadable_at_every_length),
        cmocka_unit_test(text_and_emptiness_are_no_pictures),
        cmocka_unit_test(a_pgm_is_read_and_its_missing_rows_are_missed),
        cmocka_unit_test(samples_of_a_pgm_are_parts_of_its_white),
        cmocka_unit_test(a_header_that_promises_too_much_is_refused),
        cmocka_unit_test(a_picture_without_pixels_is_unreadable),
        cmocka_unit_test(of_a_png_that_moves_no_picture_is_chosen),
        cmocka_unit_test(a_png_with_a_damaged_remark_is_read),
        cmocka_unit_test(a_jpeg_without_its_end_is_unreadable),
        cmocka_unit_test(a_bmp_of_os2_is_read),
        cmocka_unit_test(a_jpeg_may_have_bytes_that_fill_between_its_segments),
        cmocka_unit_test(a_header_that_can_be_read_in_two_ways_is_refused),
        cmocka_unit_test(a_tiff_whose_second_page_lies_outside_is_unreadable),
        cmocka_unit_test(a_tiff_that_says_its_width_twice_is_unreadable),
        cmocka_unit_test(a_tiff_of_larger_parts_than_pictures_is_unreadable),
        cmocka_unit_test(each_reader_refuses_bytes_that_are_no_picture),
        cmocka_unit_test(what_the_library_refuses_is_an_error),
        cmocka_unit_test(an_arena_without_room_for_the_pixels_is_told),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
