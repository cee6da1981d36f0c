/* SPDX-License-Identifier: Apache-2.0 */
/* Lets a strip slip, run double, be cut askew, and the lid be opened. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/fixture.h"
#include "walk.h"

static void begin(void)
{
    walk_begin();
    walk_step(LOOP_APPLY, 7, 0);
    assert_int_equal(walk_load(1, 7, 0), LOADING_OK);
}

static void assert_told(enum event_type type, const char *serial)
{
    assert_int_equal(result.refusal, LOOP_DONE);
    assert_int_equal(result.event_count, 1);
    assert_int_equal(result.events[0].type, type);
    assert_string_equal(result.events[0].serial, serial);
}

static void assert_refused(enum loop_refusal refusal)
{
    assert_int_equal(result.refusal, refusal);
    assert_int_equal(result.released_n, 0);
    assert_int_equal(result.event_count, 0);
}

static void a_strip_that_slipped_is_tried_again_without_hands(void **state)
{
    (void)state;
    begin();
    walk_step(LOOP_MISFEED, 7, 40);
    assert_told(EVENT_MISFEED, strip.bags[0].serial);
    walk_step(LOOP_TAKE, 7, 41);
    assert_int_equal(result.released_n, 1);
    assert_int_equal(result.events[0].cause, EVENT_RETRY);
    walk_step(LOOP_TAKE, 9, 40);
    assert_int_equal(result.events[0].cause, EVENT_SCHEDULED);
}

static void a_torn_bag_stops_the_strip_until_somebody_looked(void **state)
{
    (void)state;
    begin();
    walk_step(LOOP_CUT_ERROR, 7, 40);
    assert_told(EVENT_CUT_ERROR, strip.bags[0].serial);
    walk_step(LOOP_MISFEED, 7, 40);
    assert_refused(LOOP_ALREADY);
    walk_step(LOOP_TAKE, 7, 41);
    assert_refused(LOOP_IS_JAMMED);
    walk_step(LOOP_CLEAR, 7, 42);
    walk_step(LOOP_TAKE, 7, 43);
    assert_refused(LOOP_NOT_LOADED);
    assert_int_equal(walk_load(1, 7, 44), LOADING_OK);
    walk_step(LOOP_TAKE, 7, 45);
    assert_int_equal(result.events[0].cause, EVENT_RETRY);
}

/* The danger: the bag behind a double feed is handed out as if it were the next one. */
static void behind_a_double_feed_the_strip_waits_until_its_bags_are_accounted_for(void **state)
{
    const char *revoked[2];
    (void)state;
    begin();
    walk_step(LOOP_DOUBLE_FEED, 7, 40);
    assert_told(EVENT_DOUBLE_FEED, strip.bags[0].serial);
    walk_step(LOOP_CLEAR, 7, 42);
    assert_int_equal(walk_load(3, 7, 43), LOADING_NOT_FIRST_BAG);
    walk_step(LOOP_TAKE, 7, 44);
    assert_refused(LOOP_NOT_LOADED);
    revoked[0] = strip.bags[0].serial;
    revoked[1] = strip.bags[1].serial;
    strip.schedule.revoked = revoked;
    strip.schedule.revoked_count = 2;
    strip.schedule.version++;
    walk_step(LOOP_APPLY, 7, 50);
    assert_int_equal(walk_load(3, 7, 51), LOADING_OK);
    walk_step(LOOP_TAKE, 11, 40);
    assert_int_equal(result.released_n, 3);
    assert_int_equal(result.events[0].cause, EVENT_SCHEDULED);
}

static void whoever_opened_the_lid_may_have_touched_the_strip(void **state)
{
    (void)state;
    begin();
    walk_step(LOOP_LID_OPEN, 7, 40);
    assert_told(EVENT_LID_OPEN, "");
    walk_step(LOOP_TAKE, 7, 41);
    assert_refused(LOOP_NOT_LOADED);
    assert_int_equal(walk_load(2, 7, 42), LOADING_NOT_FIRST_BAG);
    assert_int_equal(walk_load(1, 7, 43), LOADING_OK);
    walk_step(LOOP_TAKE, 7, 44);
    assert_int_equal(result.released_n, 1);
    assert_int_equal(result.events[0].cause, EVENT_SCHEDULED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_strip_that_slipped_is_tried_again_without_hands),
        cmocka_unit_test(a_torn_bag_stops_the_strip_until_somebody_looked),
        cmocka_unit_test(behind_a_double_feed_the_strip_waits_until_its_bags_are_accounted_for),
        cmocka_unit_test(whoever_opened_the_lid_may_have_touched_the_strip),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
