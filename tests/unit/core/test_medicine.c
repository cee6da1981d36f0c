/* SPDX-License-Identifier: Apache-2.0 */
/* Proves which code of a product is asked for first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/model/medicine.h"

static void the_code_nearest_to_the_pack_comes_first(void **state)
{
    struct medicine_code codes[] = { { .system = NULL, .code = "free" },
                                     { .system = MEDICINE_SYSTEM_GPK, .code = "1" },
                                     { .system = MEDICINE_SYSTEM_PRK, .code = "2" },
                                     { .system = MEDICINE_SYSTEM_ZI, .code = NULL },
                                     { .system = MEDICINE_SYSTEM_HPK, .code = "3" } };
    struct medicine medicine = { .codes = codes, .code_count = 5 };
    (void)state;
    assert_string_equal(medicine_best_code(&medicine)->code, "3");
    medicine.code_count = 4;
    assert_string_equal(medicine_best_code(&medicine)->code, "2");
    medicine.code_count = 1;
    assert_string_equal(medicine_best_code(&medicine)->code, "free");
    medicine.code_count = 0;
    assert_null(medicine_best_code(&medicine));
}

static void one_product_is_known_by_a_code_or_by_its_text(void **state)
{
    struct medicine_code mine[] = { { .code = NULL },
                                    { .system = MEDICINE_SYSTEM_PRK, .code = "1" } };
    struct medicine_code other[] = { { .system = MEDICINE_SYSTEM_GPK, .code = "1" },
                                     { .system = MEDICINE_SYSTEM_PRK, .code = "1" } };
    struct medicine left = { .text = "A", .codes = mine, .code_count = 2 };
    struct medicine right = { .text = "B", .codes = other, .code_count = 2 };
    const struct medicine nameless = { 0 };
    (void)state;
    assert_true(medicine_is_same(&left, &right));
    right.code_count = 1;
    right.text = "A";
    assert_false(medicine_is_same(&left, &right)); /* both have codes, and other ones */
    right.code_count = 0;
    assert_true(medicine_is_same(&left, &right));
    assert_false(medicine_is_same(&nameless, &nameless));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_code_nearest_to_the_pack_comes_first),
        cmocka_unit_test(one_product_is_known_by_a_code_or_by_its_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
