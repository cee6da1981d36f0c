/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that what lies outside a roll is listed and balanced. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/roll-builder/planned.h"

/* In force, but not in these days: it is listed, not lost. */
static void an_order_that_gives_nothing_in_these_days_is_listed(void **state)
{
    const int32_t hours[] = { 8 };
    struct planned planned;
    bool blocked;
    planned_begin(&planned, *state);
    (void)planned_add(&planned, "a", 1000, hours, 1);
    struct order *later = planned_add(&planned, "b", 1000, hours, 1);
    later->period_start =
        (struct dosing_point){ DOSING_DATE, made_at(*state, MADE_FROM + 20, 0, 0), 0 };
    const struct roll *roll = planned_roll(&planned, &blocked);
    assert_false(blocked);
    assert_int_equal(roll->excluded_count, 1);
    assert_string_equal(roll->excluded[0].order, later->pointer);
    assert_string_equal(roll->excluded[0].reason, "not-in-period");
    assert_int_equal(roll->excluded[0].milli, 0);
    assert_int_equal(roll->balance_count, 1);
}

/* What is sent later stands beside the roll with all that it would have held. */
static void what_is_sent_later_lies_beside_the_roll(void **state)
{
    const int32_t hours[] = { 8 };
    struct planned planned;
    bool blocked;
    planned_begin(&planned, *state);
    (void)planned_add(&planned, "a", 1000, hours, 1);
    (void)planned_add(&planned, "gone", 2000, hours, 1);
    for (size_t i = 0; i < planned.products->count; i++)
        planned.products->rows[i].sent_later = !planned.products->rows[i].in_stock;
    const struct roll *roll = planned_roll(&planned, &blocked);
    assert_false(blocked);
    assert_int_equal(roll->loose_count, 1);
    assert_string_equal(roll->loose[0].reason, "sent-later");
    assert_int_equal(roll->loose[0].milli, 28000);
    assert_int_equal(roll->balances[1].loose_milli, 28000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_order_that_gives_nothing_in_these_days_is_listed),
        cmocka_unit_test(what_is_sent_later_lies_beside_the_roll),
    };
    return cmocka_run_group_tests(tests, made_begin, made_end);
}
