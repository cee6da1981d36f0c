/* SPDX-License-Identifier: Apache-2.0 */
/* Tests how moments are found in a sentence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "api/instant.h"

#define AT_MS INT64_C(1795417200000) /* 2026-11-23T07:00Z, as date(1) says */

static void each_way_of_writing_is_found(void **state)
{
    static const struct {
        const char *text;
        int64_t utc_ms;
    } rows[] = {
        { "2026-11-23T08:00+01:00", AT_MS },          { "2026-11-23T07:00Z", AT_MS },
        { "2026-11-23T03:00-04:00", AT_MS },          { "2026-11-23T07:00:09Z", AT_MS + 9000 },
        { "2026-11-23T07:00:09.012Z", AT_MS + 9012 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct instant found = instant_find(rows[i].text);
        assert_ptr_equal(found.at, rows[i].text);
        assert_int_equal(found.length, strlen(rows[i].text));
        assert_int_equal(found.utc_ms, rows[i].utc_ms);
    }
}

static void the_first_is_found_wherever_it_stands(void **state)
{
    static const char text[] = "bag 1 left at 2026-11-23T07:00Z, allowed from 2026-11-24T07:00Z";
    (void)state;
    struct instant found = instant_find(text);
    assert_int_equal(found.at - text, strlen("bag 1 left at "));
    assert_int_equal(found.utc_ms, AT_MS);
    found = instant_find(found.at + found.length);
    assert_int_equal(found.utc_ms, AT_MS + 86400000);
    assert_null(instant_find(found.at + found.length).at);
}

static void what_is_none_is_left_alone(void **state)
{
    static const char *const texts[] = { "",
                                         "2026-11-23",
                                         "2026-11-23T07:00",
                                         "2026-11-23T07:00:00",
                                         "2026-13-23T07:00Z",
                                         "2026-11-23 07:00Z",
                                         "2026-11-23T07:00:00.01Z",
                                         "2026-11-23T07:00+1:00",
                                         "2026-11-23T07:61Z",
                                         "2026-11-23T07:0" };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_null(instant_find(texts[i]).at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_way_of_writing_is_found),
        cmocka_unit_test(the_first_is_found_wherever_it_stands),
        cmocka_unit_test(what_is_none_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
