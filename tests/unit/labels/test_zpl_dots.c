/* SPDX-License-Identifier: Apache-2.0 */
/* The graphic fields, read as ZPL II says, are the expected dots. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "labels/expected.h"
#include "labels/zpl_dots.h"
#include "tests/support/sample_desk.h"

static struct roll *make_roll(int32_t dpi)
{
    const struct sample_roll_request request = { .seed = 3, .days = 1, .dpi = dpi };
    return sample_desk_roll(&request);
}

static int32_t hex_value(char digit)
{
    const char *digits = "0123456789ABCDEF";
    const char *at = digit == '\0' ? NULL : strchr(digits, digit);
    return at == NULL ? -1 : (int32_t)(at - digits);
}

/* One row of nibbles; gives where the next row starts. */
static const char *read_row(const char *at, uint8_t *row, const uint8_t *above, int32_t nibbles)
{
    int32_t filled = 0;
    int32_t repeat = 0;
    if (*at == ':') {
        memcpy(row, above, (size_t)nibbles);
        return at + 1;
    }
    while (filled < nibbles) {
        if (*at == ',') {
            assert_int_equal(filled % 2, 0);
            memset(row + filled, 0, (size_t)(nibbles - filled));
            return at + 1;
        }
        if (*at >= 'g' && *at <= 'z') {
            repeat += (*at++ - 'g' + 1) * 20;
        } else if (*at >= 'G' && *at <= 'Y') {
            repeat += *at++ - 'G' + 1;
        } else {
            int32_t value = hex_value(*at++);
            assert_true(value >= 0);
            for (int32_t i = 0; i < (repeat == 0 ? 1 : repeat); i++) {
                assert_true(filled < nibbles);
                row[filled++] = (uint8_t)value;
            }
            repeat = 0;
        }
    }
    return at;
}

static const char *assert_label(const char *at, const struct picture *picture)
{
    int width = 0;
    int height = 0;
    int bytes = 0;
    int same = 0;
    int row_bytes = 0;
    int used = 0;
    assert_int_equal(sscanf(at, "^XA ^PW%d ^LL%d ^LH0,0 ^FO0,0^GFA,%d,%d,%d,%n", &width, &height,
                            &bytes, &same, &row_bytes, &used),
                     5);
    assert_int_equal(width, picture->width);
    assert_int_equal(height, picture->height);
    assert_int_equal(row_bytes, (picture->width + 7) / 8);
    assert_int_equal(bytes, row_bytes * height);
    assert_int_equal(same, bytes);
    uint8_t rows[2][PICTURE_SIDE_MAX / 4] = { { 0 } };
    at += used;
    for (int32_t y = 0; y < height; y++) {
        uint8_t *row = rows[y % 2];
        at = read_row(at, row, rows[(y + 1) % 2], row_bytes * 2);
        for (int32_t x = 0; x < width; x++) {
            bool dark = (row[x / 4] >> (3 - x % 4)) & 1;
            assert_int_equal(dark, picture->pixels[y * picture->stride + x] == 0);
        }
    }
    assert_memory_equal(at, "^FS\n^PQ1\n^XZ\n", 13);
    return at + 13;
}

static void each_bag_is_its_expected_dots(void **state)
{
    (void)state;
    static const int32_t resolutions[] = { 203, 300, 600 };
    for (size_t i = 0; i < RW_COUNT(resolutions); i++) {
        struct roll *roll = make_roll(resolutions[i]);
        const char *bytes = NULL;
        size_t length = 0;
        struct rw_error err = { 0 };
        assert_true(
            zpl_dots_write(&sample_desk.desk, roll, sample_desk.arena, &bytes, &length, &err));
        const char *at = bytes;
        for (size_t bag = 0; bag < roll->bag_count; bag++) {
            struct picture picture;
            assert_true(expected_draw(&sample_desk.desk, roll, &roll->bags[bag], sample_desk.arena,
                                      &picture, NULL, &err));
            at = assert_label(at, &picture);
        }
        assert_ptr_equal(at, bytes + length);
        rw_arena_reset(sample_desk.arena);
    }
}

static void runs_make_it_a_quarter_as_long(void **state)
{
    (void)state;
    struct roll *roll = make_roll(300);
    const char *bytes = NULL;
    size_t length = 0;
    struct rw_error err = { 0 };
    assert_true(zpl_dots_write(&sample_desk.desk, roll, sample_desk.arena, &bytes, &length, &err));
    assert_true(length / roll->bag_count < 2 * 73736 / 4);
}

static void a_bag_that_does_not_fit_gives_no_zpl(void **state)
{
    (void)state;
    struct roll *roll = make_roll(300);
    const char *bytes = NULL;
    size_t length = 0;
    struct rw_error err = { 0 };
    roll->client.name = "Mw. \u674E";
    assert_false(zpl_dots_write(&sample_desk.desk, roll, sample_desk.arena, &bytes, &length, &err));
    assert_string_equal(err.at, "/client-name");
    assert_null(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_bag_is_its_expected_dots),
        cmocka_unit_test(runs_make_it_a_quarter_as_long),
        cmocka_unit_test(a_bag_that_does_not_fit_gives_no_zpl),
    };
    return cmocka_run_group_tests(tests, sample_desk_open, sample_desk_close);
}
