/* SPDX-License-Identifier: Apache-2.0 */
/* Tests how a table is written for programs and for spreadsheets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "api/csv.h"
#include "core/base/attributes.h"
#include "tests/support/fixture.h"

/* One line of two cells behind the columns a and b. */
static const char *written(const char *use, const char *left, const char *right)
{
    static const char *const names[] = { "a", "b" };
    struct exchange_pair query = { .name = "for", .value = use };
    struct exchange exchange = { .arena = arena, .queries = &query, .query_count = use ? 1 : 0 };
    const char *const cells[] = { left, right };
    struct csv csv;
    csv_begin(&csv, &exchange, names, RW_COUNT(names));
    csv_row(&csv, cells, RW_COUNT(cells));
    return csv.text.bytes;
}

static void programs_get_what_the_standard_says(void **state)
{
    (void)state;
    assert_string_equal(written(NULL, "c1", "1.5"), "\"a\",\"b\"\r\n\"c1\",\"1.5\"\r\n");
    assert_string_equal(written("other", "say \"x\"", NULL),
                        "\"a\",\"b\"\r\n\"say \"\"x\"\"\",\"\"\r\n");
}

static void spreadsheets_get_what_they_open(void **state)
{
    (void)state;
    assert_string_equal(written("sheet", "Jos\xC3\xA9", "-1.5"),
                        "\xEF\xBB\xBF\"a\";\"b\"\r\n\"Jos\xC3\xA9\";\"-1,5\"\r\n");
    assert_string_equal(written("sheet", "2026-11-23T08:00+01:00", "v1.5"),
                        "\xEF\xBB\xBF\"a\";\"b\"\r\n\"2026-11-23T08:00+01:00\";\"v1.5\"\r\n");
}

static void no_cell_is_a_formula_and_numbers_stay_numbers(void **state)
{
    static const char *const formulas[] = { "=1+1",  "+31612345678", "-",    "-1-1", "@SUM(A1)",
                                            "\t=1",  "\r=1",         "\n=1", "-.5",  "-1.",
                                            "-1.5.", "--1",          "-1e5", "=",    "+1" };
    static const char *const numbers[] = { "-1", "-12.5", "0", "482913570001", "" };
    (void)state;
    for (size_t i = 0; i < RW_COUNT(formulas); i++)
        assert_non_null(strstr(written(NULL, formulas[i], "x"), "\r\n\"'"));
    for (size_t i = 0; i < RW_COUNT(numbers); i++)
        assert_null(strchr(written(NULL, numbers[i], "x"), '\''));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(programs_get_what_the_standard_says, fixture_open,
                                        fixture_close),
        cmocka_unit_test_setup_teardown(spreadsheets_get_what_they_open, fixture_open,
                                        fixture_close),
        cmocka_unit_test_setup_teardown(no_cell_is_a_formula_and_numbers_stay_numbers, fixture_open,
                                        fixture_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
