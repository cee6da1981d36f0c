/* SPDX-License-Identifier: Apache-2.0 */
/* The symbol that libzint writes is the one that libdmtx reads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/random.h"
#include "core/model/gs1.h"
#include "labels/symbol.h"
#include "tests/support/dmtx_reader.h"
#include "tests/support/fixture.h"

#define INTERNAL "(91)1240000171001261122080029406011846039502457"
#define GS1 "(01)09520123456788(17)261231(21)240000171001(90)126112208007870058726745445538"

static struct symbol encode(const char *code)
{
    struct symbol symbol = { 0 };
    struct rw_error err = { 0 };
    bool done = symbol_encode(code, &symbol, &err);
    if (!done)
        print_error("%s\n", err.text);
    assert_true(done);
    return symbol;
}

static void assert_refused(const char *code, enum rw_code expected)
{
    struct symbol symbol = { .side = -7 };
    struct rw_error err = { 0 };
    assert_false(symbol_encode(code, &symbol, &err));
    assert_int_equal(err.code, expected);
    assert_int_equal(symbol.side, -7);
}

/* Module of a symbol turned by quarters, with a quiet zone of two around it. */
static bool turned_dark(const struct symbol *symbol, int32_t row, int32_t column, int quarters)
{
    int32_t last = symbol->side - 1;
    for (int i = 0; i < quarters; i++) {
        int32_t old = row;
        row = last - column;
        column = old;
    }
    bool inside = row >= 0 && column >= 0 && row <= last && column <= last;
    return inside && symbol_is_dark(symbol, row, column);
}

static struct picture paint(const struct symbol *symbol, int32_t scale, int quarters)
{
    struct picture picture;
    struct rw_error err = { 0 };
    int32_t side = (symbol->side + 4) * scale;
    assert_true(picture_make(arena, side, side, &picture, &err));
    for (int32_t y = 0; y < side; y++)
        for (int32_t x = 0; x < side; x++)
            picture.pixels[y * picture.stride + x] =
                turned_dark(symbol, y / scale - 2, x / scale - 2, quarters) ? 0 : 255;
    return picture;
}

static void assert_reads_as(const struct picture *picture, const char *code)
{
    struct dmtx_reading reading = { 0 };
    struct gs1_string string;
    struct rw_error err = { 0 };
    char bytes[GS1_TEXT_MAX];
    size_t length = 0;
    assert_true(dmtx_reader_read(picture, &reading));
    assert_true(reading.gs1);
    assert_true(gs1_parse_bracketed(code, &string, &err));
    gs1_write_bytes(&string, bytes, &length);
    assert_int_equal(reading.length, length);
    assert_memory_equal(reading.bytes, bytes, length);
}

static void the_internal_profile_is_22_modules_wide(void **state)
{
    (void)state;
    assert_int_equal(encode(INTERNAL).side, 22);
}

static void the_gs1_profile_is_26_modules_wide(void **state)
{
    (void)state;
    assert_int_equal(encode(GS1).side, 26);
}

static void a_symbol_is_read_back_turned_and_scaled(void **state)
{
    (void)state;
    static const char *const codes[] = { INTERNAL, GS1 };
    for (size_t i = 0; i < RW_COUNT(codes); i++) {
        struct symbol symbol = encode(codes[i]);
        for (int quarters = 0; quarters < 4; quarters++) {
            for (int32_t scale = 3; scale <= 8; scale += scale < 6 ? 1 : 2) {
                struct picture picture = paint(&symbol, scale, quarters);
                assert_reads_as(&picture, codes[i]);
                rw_arena_reset(arena);
            }
        }
    }
}

static void random_digits_are_read_back(void **state)
{
    (void)state;
    struct rw_random random = rw_random_seeded(91);
    for (int trial = 0; trial < 60; trial++) {
        char code[64] = "(91)1";
        size_t length = strlen(code);
        for (int i = 0; i < 42; i++)
            code[length++] = (char)('0' + rw_random_below(&random, 10));
        code[length] = '\0';
        struct symbol symbol = encode(code);
        assert_int_equal(symbol.side, 22);
        struct picture picture = paint(&symbol, 5, trial % 4);
        assert_reads_as(&picture, code);
        rw_arena_reset(arena);
    }
}

static void the_left_and_lower_edges_are_solid(void **state)
{
    (void)state;
    struct symbol symbol = encode(INTERNAL);
    for (int32_t i = 0; i < symbol.side; i++) {
        assert_true(symbol_is_dark(&symbol, i, 0));
        assert_true(symbol_is_dark(&symbol, symbol.side - 1, i));
        assert_int_equal(symbol_is_dark(&symbol, 0, i), i % 2 == 0);
    }
}

static void what_is_no_element_string_is_refused(void **state)
{
    (void)state;
    assert_refused("", RW_INVALID);
    assert_refused("911240000171001", RW_INVALID);
    assert_refused("(01)09520123456787(21)1", RW_INVALID);           /* check digit */
    assert_refused("(01)09520123456788(17)261331(21)1", RW_INVALID); /* month 13 */
}

static void a_code_too_long_for_a_bag_is_refused(void **state)
{
    (void)state;
    assert_refused("(91)1234567890123456789012345678901234567890123456789012345678901234567890"
                   "12345678901234567890",
                   RW_TOO_LARGE);
}

/* The three corner marks of ISO/IEC 18004: seven modules, a ring, and its eye. */
static void a_qr_code_has_its_corner_marks_and_a_size_of_the_standard(void **state)
{
    struct rw_error err = { 0 };
    const char *path = NULL;
    char corner[32];
    int32_t side = 0;
    char long_text[SYMBOL_QR_TEXT_MAX + 2];
    (void)state;
    assert_true(
        symbol_qr("otpauth://totp/rolwacht:a?secret=ABCDEFGHIJKLMNOP", arena, &path, &side, &err));
    assert_true(side >= 21 && (side - 17) % 4 == 0);
    assert_true(strncmp(path, "M0 0h7v1h-7z", 12) == 0);
    (void)snprintf(corner, sizeof corner, "M%d 0h7v1h-7z", (int)side - 7);
    assert_non_null(strstr(path, corner));
    (void)snprintf(corner, sizeof corner, "M0 %dh7v1h-7z", (int)side - 1);
    assert_non_null(strstr(path, corner));
    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    assert_false(symbol_qr(long_text, arena, &path, &side, &err));
    assert_int_equal(err.code, RW_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_internal_profile_is_22_modules_wide),
        cmocka_unit_test(the_gs1_profile_is_26_modules_wide),
        cmocka_unit_test(a_symbol_is_read_back_turned_and_scaled),
        cmocka_unit_test(random_digits_are_read_back),
        cmocka_unit_test(the_left_and_lower_edges_are_solid),
        cmocka_unit_test(what_is_no_element_string_is_refused),
        cmocka_unit_test(a_code_too_long_for_a_bag_is_refused),
        cmocka_unit_test(a_qr_code_has_its_corner_marks_and_a_size_of_the_standard),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
