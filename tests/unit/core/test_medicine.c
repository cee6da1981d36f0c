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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_code_nearest_to_the_pack_comes_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
