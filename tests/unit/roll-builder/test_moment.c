/* SPDX-License-Identifier: Apache-2.0 */
/* Proves what lies in one moment, and why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/roll-builder/planned.h"

static const int32_t at_8_and_18[] = { 8, 18 };

/* Two dosages of one number at one time are one amount in the bag, with both as its reasons. */
static void dosages_that_meet_are_added(void **state)
{
    static struct dosing both[2];
    struct planned planned;
    bool blocked;
    planned_begin(&planned, *state);
    struct order *order = planned_add(&planned, "a", 1000, at_8_and_18, 2);
    planned.dosings[0].has_sequence = true;
    planned.dosings[0].sequence = 1;
    both[0] = both[1] = order->dosings[0];
    both[1].pointer = "/o0/dosageInstruction/1";
    both[1].dose.milli = 500;
    both[1].time_count = 1; /* at eight alone */
    order->dosings = both;
    order->dosing_count = 2;
    const struct roll *roll = planned_roll(&planned, &blocked);
    assert_false(blocked);
    assert_int_equal(roll->bags[1].content_count, 1);
    assert_int_equal(roll->bags[1].contents[0].milli, 1500);
    assert_int_equal(roll->bags[1].contents[0].why_count, 2);
    assert_int_equal(roll->bags[2].contents[0].milli, 1000);
    assert_int_equal(roll->bags[2].contents[0].why_count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dosages_that_meet_are_added),
    };
    return cmocka_run_group_tests(tests, made_begin, made_end);
}
