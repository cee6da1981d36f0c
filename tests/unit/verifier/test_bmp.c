/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that every kind of BMP picture gives its grey or is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "verifier/bmp.h"
#include "verifier/image.h"

#define HEADER_BYTES 54
#define FILE_BYTES_MAX 256

static struct rw_arena *arena;

/* A file that a test puts together. */
struct file {
    uint8_t bytes[FILE_BYTES_MAX];
    size_t length;
};

static int set_up(void **state)
{
    (void)state;
    arena = rw_arena_open(RW_ARENA_MIB);
    return arena == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    rw_arena_close(arena);
    return 0;
}

static void add(struct file *file, const void *bytes, size_t length)
{
    memcpy(file->bytes + file->length, bytes, length);
    file->length += length;
}

/* Sides of one byte; what stands between header and pixels has `between` bytes. */
static struct file begin(int width, int height, int bits, int packing, int between)
{
    struct file file = { "BM", HEADER_BYTES };
    file.bytes[10] = (uint8_t)(HEADER_BYTES + between);
    file.bytes[14] = 40;
    file.bytes[18] = (uint8_t)width;
    memset(file.bytes + 22, height < 0 ? 0xFF : 0, 4);
    file.bytes[22] = (uint8_t)height;
    file.bytes[26] = 1;
    file.bytes[28] = (uint8_t)bits;
    file.bytes[30] = (uint8_t)packing;
    return file;
}

/* Black, white, and two greys. */
static void add_palette(struct file *file, int colours)
{
    static const uint8_t greys[] = { 0, 255, 100, 50 };
    file->bytes[46] = (uint8_t)colours;
    for (int i = 0; i < colours; i++) {
        const uint8_t colour[] = { greys[i], greys[i], greys[i], 0 };
        add(file, colour, sizeof colour);
    }
}

static void expect(const struct file *file, const uint8_t *greys, int width, int height)
{
    struct picture picture;
    assert_true(image_read(file->bytes, file->length, arena, &picture, NULL));
    assert_int_equal(picture.width, width);
    assert_int_equal(picture.height, height);
    for (int i = 0; i < width * height; i++)
        assert_int_equal(picture.pixels[i / width * picture.stride + i % width], greys[i]);
}

static void expect_refused(const struct file *file)
{
    struct picture picture;
    struct rw_error err = { 0 };
    assert_false(image_read(file->bytes, file->length, arena, &picture, &err));
    assert_int_equal(err.code, RW_UNREADABLE);
}

static void the_lowest_row_stands_first_unless_the_height_is_negative(void **state)
{
    (void)state;
    static const uint8_t rows[] = { 0, 1, 2, 0, 1, 1, 0, 0 };
    struct file upward = begin(3, 2, 8, 0, 12);
    struct file downward = begin(3, -2, 8, 0, 12);
    add_palette(&upward, 3);
    add_palette(&downward, 3);
    add(&upward, rows, sizeof rows);
    add(&downward, rows, sizeof rows);
    expect(&upward, (const uint8_t[]){ 255, 255, 0, 0, 255, 100 }, 3, 2);
    expect(&downward, (const uint8_t[]){ 0, 255, 100, 255, 255, 0 }, 3, 2);
}

static void pixels_of_one_and_of_four_bits_are_read(void **state)
{
    (void)state;
    struct file bits = begin(10, 1, 1, 0, 8);
    struct file halves = begin(3, 1, 4, 0, 16);
    add_palette(&bits, 2);
    add(&bits, "\xA0\x40\0", 4);
    add_palette(&halves, 4);
    add(&halves, "\x12\x30\0", 4);
    expect(&bits, (const uint8_t[]){ 255, 0, 255, 0, 0, 0, 0, 0, 0, 255 }, 10, 1);
    expect(&halves, (const uint8_t[]){ 255, 100, 50 }, 3, 1);
}

static void colours_of_sixteen_and_thirty_two_bits_are_weighed(void **state)
{
    (void)state;
    struct file plain = begin(2, 1, 16, 0, 0);
    struct file masked = begin(2, 1, 16, 3, 12);
    struct file wide = begin(2, 1, 32, 0, 0);
    add(&plain, "\xff\x7f\x1f\x00", 4); /* 5 bits each: white, blue */
    add(&masked, "\0\xf8\0\0\xe0\x07\0\0\x1f\0\0\0", 12);
    add(&masked, "\xff\xff\x00\xf8", 4); /* 5, 6, 5: white, red */
    add(&wide, "\x0a\x0a\x0a\0\0\xff\0\xff", 8);
    expect(&plain, (const uint8_t[]){ 255, 29 }, 2, 1);
    expect(&masked, (const uint8_t[]){ 255, 77 }, 2, 1);
    expect(&wide, (const uint8_t[]){ 10, 149 }, 2, 1);
}

static void runs_and_what_stands_between_them_are_read(void **state)
{
    (void)state;
    /* two white, three as they are, a new row, one pixel passed over, one grey, the end */
    static const uint8_t eights[] = { 2, 1, 0, 3, 2, 3, 1, 0, 0, 0, 0, 2, 1, 0, 1, 2, 0, 1 };
    static const uint8_t fours[] = { 3, 0x12, 0, 4, 0x31, 0x23, 0, 1 };
    struct file byte_runs = begin(5, 2, 8, 1, 16);
    struct file half_runs = begin(7, 1, 4, 2, 16);
    add_palette(&byte_runs, 4);
    add(&byte_runs, eights, sizeof eights);
    add_palette(&half_runs, 4);
    add(&half_runs, fours, sizeof fours);
    expect(&byte_runs, (const uint8_t[]){ 0, 100, 0, 0, 0, 255, 255, 100, 50, 255 }, 5, 2);
    expect(&half_runs, (const uint8_t[]){ 255, 100, 255, 50, 255, 100, 50 }, 7, 1);
}

static void runs_that_leave_the_picture_or_the_file_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
    } runs[] = {
        { "\6\1\0\1", 4 },         /* longer than the row */
        { "\0\2\7\0\1\1\0\1", 8 }, /* a jump out of the row */
        { "\0\2\0\3\1\1\0\1", 8 }, /* a jump out of the picture */
        { "\0\5\1\1", 4 },         /* five pixels, two of them in the file */
        { "\0\2\1", 3 },           /* half a jump */
        { "\5\1\0", 3 },           /* half an escape */
        { "\5\1", 2 },             /* no end, and a row missing */
        { "", 0 },
    };
    for (size_t i = 0; i < RW_COUNT(runs); i++) {
        struct file file = begin(5, 2, 8, 1, 16);
        add_palette(&file, 4);
        add(&file, runs[i].bytes, runs[i].length);
        expect_refused(&file);
    }
}

static void kinds_that_are_none_are_refused(void **state)
{
    (void)state;
    static const int kinds[][3] = { { 5, 0, 1 },  { 24, 5, 1 }, { 8, 2, 1 }, { 4, 1, 1 },
                                    { 24, 3, 1 }, { 8, 1, -1 }, { 0, 0, 1 } };
    for (size_t i = 0; i < RW_COUNT(kinds); i++) {
        struct file file = begin(1, kinds[i][2], kinds[i][0], kinds[i][1], 0);
        add(&file, "\1\1\1\1\1\1\1", 8);
        expect_refused(&file);
    }
}

/* A header of 4 GB, and a palette of as much. */
static void what_asks_for_more_than_the_file_holds_is_refused(void **state)
{
    (void)state;
    static const int places[] = { 14, 46 };
    for (size_t i = 0; i < RW_COUNT(places); i++) {
        struct file file = begin(1, 1, 24, 0, 0);
        add(&file, "\0\0\0", 4);
        memset(file.bytes + places[i], 0xF0, 4);
        expect_refused(&file);
    }
}

static void rows_beyond_the_file_are_refused_at_every_length(void **state)
{
    (void)state;
    struct file file = begin(3, 2, 24, 0, 0);
    uint8_t rows[24] = { 0 };
    add(&file, rows, sizeof rows);
    expect(&file, rows, 3, 2);
    for (file.length--; file.length >= 2; file.length--)
        expect_refused(&file);
}

/* Who did not look at the header before takes no room for what it promises. */
static void a_size_beyond_all_pictures_is_refused_by_the_reader_too(void **state)
{
    (void)state;
    struct file file = begin(1, 1, 8, 0, 12);
    struct picture picture;
    struct rw_error err = { 0 };
    add_palette(&file, 3);
    file.bytes[20] = 1; /* 65,537 wide */
    assert_false(bmp_decode_grey(file.bytes, file.length, arena, &picture, &err));
    assert_int_equal(err.code, RW_UNREADABLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_lowest_row_stands_first_unless_the_height_is_negative),
        cmocka_unit_test(pixels_of_one_and_of_four_bits_are_read),
        cmocka_unit_test(colours_of_sixteen_and_thirty_two_bits_are_weighed),
        cmocka_unit_test(runs_and_what_stands_between_them_are_read),
        cmocka_unit_test(runs_that_leave_the_picture_or_the_file_are_refused),
        cmocka_unit_test(kinds_that_are_none_are_refused),
        cmocka_unit_test(what_asks_for_more_than_the_file_holds_is_refused),
        cmocka_unit_test(rows_beyond_the_file_are_refused_at_every_length),
        cmocka_unit_test(a_size_beyond_all_pictures_is_refused_by_the_reader_too),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
