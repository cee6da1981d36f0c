/* SPDX-License-Identifier: Apache-2.0 */
/* Proves which ids may name a file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/attributes.h"
#include "core/model/client.h"

static void an_id_names_a_file_safely(void **state)
{
    static const char *const good[] = { "c-1", "A.b_9", "x" };
    static const char *const bad[] = { "",
                                       ".",
                                       "..",
                                       ".x",
                                       "-o",
                                       "a/b",
                                       "a b",
                                       "\xc3\xa9",
                                       "0123456789012345678901234567890123456789012345678901234567"
                                       "890123456789" };
    (void)state;
    for (size_t i = 0; i < RW_COUNT(good); i++)
        assert_true(client_is_id(good[i]));
    for (size_t i = 0; i < RW_COUNT(bad); i++)
        assert_false(client_is_id(bad[i]));
    assert_false(client_is_id(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_names_a_file_safely),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
