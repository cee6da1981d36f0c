/* SPDX-License-Identifier: Apache-2.0 */
/* Takes bags by hand before they open, and not two moments at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/fixture.h"
#include "walk.h"

static struct schedule_pause pause;

/* A loaded strip at 07:00: 08:00, 10:00, 12:00 …, each open 30 minutes before. From the second bag
 * on the client may be 50 minutes early; no absence lets any go along. */
static void begin(void)
{
    walk_begin();
    for (int32_t i = 0; i < STRIP_BAGS; i++) {
        strip.bags[i].early = false;
        strip.bags[i].early_min = i == 0 || strip.bags[i].exact ? 0 : 50;
    }
    walk_step(LOOP_APPLY, 7, 0);
    assert_int_equal(walk_load(1, 7, 0), LOADING_OK);
}

static void assert_refused(enum loop_refusal refusal)
{
    assert_int_equal(result.refusal, refusal);
    assert_int_equal(result.released_n, 0);
    assert_int_equal(result.event_count, 0);
}

static void the_next_bag_leaves_within_the_horizon_and_is_not_missed(void **state)
{
    (void)state;
    begin();
    walk_step(LOOP_TAKE_EARLY, 7, 29);
    assert_refused(LOOP_NOT_EARLY); /* the first has no horizon */
    walk_step(LOOP_TAKE, 8, 0);
    walk_step(LOOP_TAKE_EARLY, 9, 9);
    assert_refused(LOOP_TOO_EARLY);
    assert_string_equal(loop_refusal_word(result.refusal), "too-early");
    walk_step(LOOP_TAKE, 9, 10);
    assert_refused(LOOP_NOT_OPEN); /* only who asks for it */
    walk_step(LOOP_TAKE_EARLY, 9, 10);
    assert_int_equal(result.released_n, 2);
    assert_int_equal(result.event_count, 1);
    assert_int_equal(result.events[0].type, EVENT_RELEASED);
    assert_int_equal(result.events[0].cause, EVENT_EARLY);
    assert_string_equal(result.events[0].serial, strip.serials[1]);
    walk_step(LOOP_TICK, 11,
              59); /* 10:00 goes by and nobody is reminded, and at 11:00 none is missed */
    assert_int_equal(result.event_count, 0);
}

/* REQ-024 */
static void only_one_moment_leaves_early(void **state)
{
    (void)state;
    begin();
    walk_step(LOOP_TAKE, 8, 0);
    walk_step(LOOP_TAKE_EARLY, 9, 10);
    for (int32_t minute = 9 * 60 + 10; minute < 11 * 60 + 10; minute++) {
        walk_step(LOOP_TAKE_EARLY, minute / 60, minute % 60);
        assert_refused(LOOP_TOO_EARLY);
    }
    walk_step(LOOP_TAKE_EARLY, 11, 10);
    assert_int_equal(result.released_n, 3);
    walk_step(LOOP_TAKE_EARLY, 13, 29); /* the fourth is exact */
    assert_refused(LOOP_NOT_EARLY);
}

static void parts_of_one_moment_leave_one_by_one(void **state)
{
    (void)state;
    begin();
    strip.bags[2].at = strip.bags[1].at;
    strip.bags[2].opens = strip.bags[1].opens;
    strip.bags[2].closes = strip.bags[1].closes;
    walk_step(LOOP_TAKE, 8, 0);
    for (int32_t n = 2; n <= 3; n++) {
        walk_step(LOOP_TAKE_EARLY, 9, 10);
        assert_int_equal(result.released_n, n);
        assert_int_equal(result.events[0].cause, EVENT_EARLY);
    }
    walk_step(LOOP_TAKE_EARLY, 9, 10);
    assert_refused(LOOP_NOT_EARLY);
}

/* A horizon is for a client at home: what was planned for a stay in hospital stays. */
static void a_bag_of_a_pause_is_not_taken_by_hand(void **state)
{
    (void)state;
    begin();
    pause = (struct schedule_pause){ .from = strip.bags[1].at, .open = true };
    strip.schedule.pauses = &pause;
    strip.schedule.pause_count = 1;
    walk_step(LOOP_TAKE, 8, 0);
    walk_step(LOOP_TAKE_EARLY, 9, 10);
    assert_refused(LOOP_NOT_EARLY);
    strip.bags[1].early = true; /* a day away says that it goes along */
    walk_step(LOOP_TAKE_EARLY, 9, 10);
    assert_int_equal(result.released_n, 2);
}

static void what_holds_a_bag_back_holds_it_back_early_too(void **state)
{
    (void)state;
    begin();
    walk_step(LOOP_TAKE, 8, 0);
    walk_step(LOOP_PAUSE, 9, 0);
    walk_step(LOOP_TAKE_EARLY, 9, 10);
    assert_refused(LOOP_IS_PAUSED);
    walk_step(LOOP_RESUME, 9, 11);
    walk_step(LOOP_TAKE_EARLY, 9, 12);
    assert_refused(LOOP_NOT_LOADED);
    assert_int_equal(walk_load(2, 9, 13), LOADING_OK);
    walk_step(LOOP_JAM, 9, 14);
    walk_step(LOOP_TAKE_EARLY, 9, 15);
    assert_refused(LOOP_IS_JAMMED);
    strip.schedule.not_after = "2026-11-23T08:00:00.000Z"; /* 09:00 here */
    walk_step(LOOP_TAKE_EARLY, 9, 16);
    assert_refused(LOOP_OVER);
}

/* REQ-024: whatever is pressed at whatever time, a bag leaves behind the moment before its own. */
static void no_two_moments_leave_together_whatever_is_pressed(void **state)
{
    static const enum loop_act presses[] = { LOOP_TICK, LOOP_TAKE, LOOP_TAKE_EARLY,
                                             LOOP_TAKE_EARLY };
    uint64_t lot = 4711;
    int32_t early = 0;
    (void)state;
    for (int round = 0; round < 100; round++) {
        int32_t minute = 7 * 60;
        begin();
        for (int i = 0; i < 200; i++) {
            lot = lot * 6364136223846793005u + 1442695040888963407u;
            minute += (int32_t)(lot >> 61);
            walk_step(presses[(lot >> 33) % 4], minute / 60, minute % 60);
            const int32_t n = result.released_n;
            if (n == 0)
                continue;
            const struct schedule_bag *bag = &strip.bags[n - 1];
            const int64_t now = strip_ms(minute / 60, minute % 60) / 60000;
            if (n > 1)
                assert_true(now > rw_stamp_utc_minute(strip.bags[n - 2].at));
            assert_true(now >= rw_stamp_utc_minute(bag->opens) ||
                        now >= rw_stamp_utc_minute(bag->at) - bag->early_min);
            early += now < rw_stamp_utc_minute(bag->opens);
        }
    }
    assert_true(early > 50); /* the walk does come by what it is about */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_next_bag_leaves_within_the_horizon_and_is_not_missed),
        cmocka_unit_test(only_one_moment_leaves_early),
        cmocka_unit_test(parts_of_one_moment_leave_one_by_one),
        cmocka_unit_test(no_two_moments_leave_together_whatever_is_pressed),
        cmocka_unit_test(a_bag_of_a_pause_is_not_taken_by_hand),
        cmocka_unit_test(what_holds_a_bag_back_holds_it_back_early_too),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
