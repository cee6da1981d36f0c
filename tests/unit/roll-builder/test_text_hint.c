/* SPDX-License-Identifier: Apache-2.0 */
/* Tests which words about a dosage are understood as a hint. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/attributes.h"
#include "roll-builder/text_hint.h"

static const struct {
    const char *text;
    int64_t times; /* 0 = nothing is understood */
} rows[] = {
    { "1-0-1-0", 2 },
    { "1-1-1", 3 },
    { "0,5-0-0-1", 2 },
    { "\xC2\xBD-0-0-\xC2\xBD", 2 },
    { "Einnahme 1-0-0-0.", 1 },
    { "3 dd 1 tablet", 3 },
    { "2x daags 1 capsule", 2 },
    { "1 maal per dag 2 stuks", 1 },
    { "3 mal t\xC3\xA4glich", 3 },
    { "Take 2 times daily", 2 },
    { "one tablet twice daily", 2 },
    { "Driemaal daags 1 tablet", 3 },
    { "Zweimal am Tag", 2 },
    { "1 tablet once a week", 0 },
    { "twice daily, then once daily", 0 },
    { "2026-11-23", 0 },
    { "06-1234-5678", 0 },
    { "1-2", 0 },
    { "1-0-1-0-1", 0 },
    { "1-0-1-0/2", 0 },
    { "0,25-0-0-1", 0 },
    { "99 dd 1", 0 },
    { "1 ddx", 0 },
    { "3 dd 1, daarna 2 dd 1", 0 },
    { "volgens voorschrift", 0 },
    { "", 0 },
};

static void words_are_understood_or_left_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < RW_COUNT(rows); i++) {
        struct text_hint hint = { 0 };
        bool found = text_hint_find(rows[i].text, &hint);
        if (found != (rows[i].times > 0) || (found && hint.times != rows[i].times))
            fail_msg("\"%s\": %d, %d times", rows[i].text, found, (int)hint.times);
    }
    assert_false(text_hint_find(NULL, &(struct text_hint){ 0 }));
}

static void a_scheme_keeps_its_amounts(void **state)
{
    (void)state;
    struct text_hint hint;
    assert_true(text_hint_find("1-0-2-0,5", &hint));
    assert_true(hint.has_slots);
    assert_int_equal(hint.slot_milli[0], 1000);
    assert_int_equal(hint.slot_milli[1], 0);
    assert_int_equal(hint.slot_milli[2], 2000);
    assert_int_equal(hint.slot_milli[3], 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_understood_or_left_alone),
        cmocka_unit_test(a_scheme_keeps_its_amounts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
