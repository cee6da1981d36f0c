/* SPDX-License-Identifier: Apache-2.0 */
/* Goes through pauses that the pharmacy put into the schedule. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/fixture.h"
#include "walk.h"

static struct schedule_pause pause;

static struct rw_stamp at(int32_t hour, int32_t minute)
{
    return (struct rw_stamp){ .wall = { STRIP_DAY, hour * 60 + minute }, .offset_min = 60 };
}

/* A loaded strip at 07:00 and a pause from a time to another; hour 0 = open. */
static void begin(struct rw_stamp from, int32_t until_hour, int32_t until_minute)
{
    walk_begin();
    pause = (struct schedule_pause){ from, at(until_hour, until_minute), until_hour == 0 };
    strip.schedule.pauses = &pause;
    strip.schedule.pause_count = 1;
    walk_step(LOOP_APPLY, 7, 0);
    assert_int_equal(walk_load(1, 7, 0), LOADING_OK);
}

static void bags_of_a_pause_are_withheld_at_its_end(void **state)
{
    (void)state;
    begin(at(7, 30), 12, 0); /* the bags of 08:00 and 10:00 */
    walk_step(LOOP_TAKE, 7, 45);
    assert_int_equal(result.refusal, LOOP_IS_PAUSED);
    walk_step(LOOP_TICK, 8, 0);
    assert_int_equal(result.event_count, 0); /* nobody is at home to be reminded */
    walk_step(LOOP_TICK, 9, 0);
    assert_int_equal(result.events[0].type, EVENT_WITHHELD);
    assert_string_equal(result.events[0].serial, strip.serials[0]);
    walk_step(LOOP_TICK, 11, 0);
    assert_int_equal(result.events[0].type, EVENT_WITHHELD);
    walk_step(LOOP_TICK, 12, 0);
    assert_int_equal(result.events[0].type, EVENT_DUE);
    walk_step(LOOP_TAKE, 12, 0);
    assert_int_equal(result.refusal, LOOP_NOT_LOADED); /* the strip shows its first bag again */
    assert_int_equal(walk_load(3, 12, 1), LOADING_OK);
    walk_step(LOOP_TAKE, 12, 1);
    assert_int_equal(result.released_n, 3);
}

/* REQ-023: whoever comes home at 08:30 had the dose of 08:00 where they were. */
static void a_bag_of_the_time_away_is_not_handed_out_late(void **state)
{
    (void)state;
    begin(at(7, 30), 8, 30);
    assert_true(loop_next_ms(&strip.schedule, &current, strip_ms(8, 0)) == strip_ms(8, 30));
    walk_step(LOOP_TAKE, 8, 30);
    assert_int_equal(result.released_n, 0);
    assert_int_equal(result.events[0].type, EVENT_WITHHELD);
    assert_true(result.events[0].at_utc_ms == strip_ms(8, 30));
    assert_int_equal(current.next_n, 2);
}

static void bags_go_along_before_it_begins_and_not_in_it(void **state)
{
    (void)state;
    begin(at(7, 30), 11, 0);
    walk_step(LOOP_TAKE_EARLY, 7, 5);
    assert_int_equal(result.released_n, 1);
    walk_step(LOOP_TAKE_EARLY, 7, 30);
    assert_int_equal(result.refusal, LOOP_IS_PAUSED);
    walk_step(LOOP_TICK, 13, 0); /* the bag of 10:00 is withheld at 11:00, that of 12:00 missed */
    assert_int_equal(result.events[0].type, EVENT_WITHHELD);
    assert_string_equal(result.events[0].serial, strip.serials[1]);
    assert_int_equal(result.events[2].type, EVENT_MISSED);
}

static void an_open_pause_withholds_until_another_schedule_ends_it(void **state)
{
    (void)state;
    begin(at(7, 30), 0, 0);
    walk_step(LOOP_TICK, 12, 59);
    assert_int_equal(result.event_count, 2);
    walk_step(LOOP_TAKE, 12, 59);
    assert_int_equal(result.refusal, LOOP_IS_PAUSED);
    pause.open = false;
    pause.until = at(13, 5);
    strip.schedule.version++;
    walk_step(LOOP_APPLY, 13, 6);
    assert_int_equal(current.next_n, 4); /* that of 12:00 ran out of time at 13:00 */
    assert_int_equal(walk_load(4, 13, 40), LOADING_OK);
    walk_step(LOOP_TAKE, 13, 40);
    assert_int_equal(result.released_n, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bags_of_a_pause_are_withheld_at_its_end),
        cmocka_unit_test(a_bag_of_the_time_away_is_not_handed_out_late),
        cmocka_unit_test(bags_go_along_before_it_begins_and_not_in_it),
        cmocka_unit_test(an_open_pause_withholds_until_another_schedule_ends_it),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
