/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that decimals become thousandths exactly or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attributes.h"
#include "core/model/quantity.h"

#define QUANTITY_DIGITS 40 /* as many as are read */

static void decimals_become_exact_thousandths(void **state)
{
    static const struct {
        const char *text;
        int64_t milli;
    } rows[] = {
        { "0.5", 500 },       { "1.50", 1500 }, { "5E-1", 500 }, { "0", 0 },
        { "2", 2000 },        { "0.125", 125 }, { "-2", -2000 }, { "1e3", 1000000 },
        { "12.0000", 12000 }, { "0.001", 1 },   { "100E-5", 1 }, { "1000000", 1000000000 }
    };
    (void)state;
    for (size_t i = 0; i < RW_COUNT(rows); i++) {
        int64_t milli = -1;
        assert_int_equal(quantity_parse(rows[i].text, &milli), QUANTITY_EXACT);
        assert_int_equal(milli, rows[i].milli);
    }
}

static void what_is_no_decimal_is_malformed(void **state)
{
    static const char *const texts[] = { "1,00", "1.", ".5", "+1",  "",    "01",    "1e",
                                         "--1",  " 1", "1 ", "NaN", "0x1", "1.5.2", "e5" };
    (void)state;
    for (size_t i = 0; i < RW_COUNT(texts); i++) {
        int64_t milli = 7;
        assert_int_equal(quantity_parse(texts[i], &milli), QUANTITY_MALFORMED);
        assert_int_equal(milli, 7);
    }
    int64_t milli = 7;
    assert_int_equal(quantity_parse(NULL, &milli), QUANTITY_MALFORMED);
}

static void a_finer_or_too_large_amount_is_told_apart(void **state)
{
    int64_t milli = 7;
    (void)state;
    assert_int_equal(quantity_parse("0.3333", &milli), QUANTITY_FINER);
    assert_int_equal(quantity_parse("1E-4", &milli), QUANTITY_FINER);
    assert_int_equal(quantity_parse("1000000.001", &milli), QUANTITY_OUT_OF_RANGE);
    assert_int_equal(quantity_parse("9e999999999", &milli), QUANTITY_OUT_OF_RANGE);
    assert_int_equal(quantity_parse("99999999999999999999999", &milli), QUANTITY_OUT_OF_RANGE);
    assert_int_equal(milli, 7);
}

static void writing_undoes_reading(void **state)
{
    (void)state;
    for (int64_t milli = -2500; milli <= 12000; milli++) {
        char text[QUANTITY_TEXT_MAX];
        int64_t back = 0;
        quantity_write(milli, text);
        assert_int_equal(quantity_parse(text, &back), QUANTITY_EXACT);
        assert_int_equal(back, milli);
    }
    char text[QUANTITY_TEXT_MAX];
    quantity_write(1500, text);
    assert_string_equal(text, "1.5");
    quantity_write(500, text);
    assert_string_equal(text, "0.5");
}

static void a_sum_beyond_the_ceiling_is_refused(void **state)
{
    int64_t sum = 7;
    (void)state;
    assert_true(quantity_add(QUANTITY_MILLI_MAX - 1, 1, &sum));
    assert_int_equal(sum, QUANTITY_MILLI_MAX);
    assert_false(quantity_add(QUANTITY_MILLI_MAX, 1, &sum));
    assert_false(quantity_add(-QUANTITY_MILLI_MAX, -1, &sum));
    assert_int_equal(sum, QUANTITY_MILLI_MAX);
}

/* Numbers as long as anybody likes cost no more than their ceiling. */
static void a_number_of_too_many_digits_is_out_of_range(void **state)
{
    char text[3 * QUANTITY_DIGITS + 8];
    int64_t milli = 7;
    (void)state;
    text[0] = '1';
    text[1] = '.';
    memset(text + 2, '0', QUANTITY_DIGITS - 1); /* as many digits as are read */
    text[QUANTITY_DIGITS + 1] = '\0';
    assert_int_equal(quantity_parse(text, &milli), QUANTITY_EXACT);
    assert_int_equal(milli, 1000);
    text[QUANTITY_DIGITS + 1] = '0';
    text[QUANTITY_DIGITS + 2] = '\0';
    assert_int_not_equal(quantity_parse(text, &milli), QUANTITY_EXACT);
    assert_int_equal(milli, 1000);
    int64_t sum = 7;
    assert_false(quantity_add(INT64_MAX, INT64_MAX, &sum)); /* never even added */
    assert_false(quantity_add(1, INT64_MIN, &sum));
    assert_int_equal(sum, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals_become_exact_thousandths),
        cmocka_unit_test(what_is_no_decimal_is_malformed),
        cmocka_unit_test(a_finer_or_too_large_amount_is_told_apart),
        cmocka_unit_test(writing_undoes_reading),
        cmocka_unit_test(a_sum_beyond_the_ceiling_is_refused),
        cmocka_unit_test(a_number_of_too_many_digits_is_out_of_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
