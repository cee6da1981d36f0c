/* SPDX-License-Identifier: Apache-2.0 */
/* Walks a strip through days, jams, pauses and changes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/fixture.h"
#include "walk.h"

/* A dispenser with the strip in it, an hour before the first moment. */
static void begin(void)
{
    walk_begin();
    walk_step(LOOP_APPLY, 7, 0);
    assert_int_equal(walk_load(1, 7, 0), LOADING_OK);
}

static void assert_event(size_t index, enum event_type type, int32_t n)
{
    assert_true(index < result.event_count);
    assert_int_equal(result.events[index].type, type);
    assert_string_equal(result.events[index].serial, n == 0 ? "" : strip.serials[n - 1]);
}

static void a_bag_leaves_when_it_is_open(void **state)
{
    (void)state;
    begin();
    assert_event(0, EVENT_ROLL_LOADED, 1);
    walk_step(LOOP_TAKE, 7, 29);
    assert_int_equal(result.refusal, LOOP_NOT_OPEN);
    assert_int_equal(result.released_n, 0);
    walk_step(LOOP_TAKE, 7, 30);
    assert_int_equal(result.refusal, LOOP_DONE);
    assert_int_equal(result.released_n, 1);
    assert_event(0, EVENT_RELEASED, 1);
    assert_int_equal(result.events[0].cause, EVENT_SCHEDULED);
    assert_int_equal(current.next_n, 2);
    walk_step(LOOP_TAKE, 8, 0);
    assert_int_equal(result.refusal, LOOP_NOT_OPEN);
}

static void a_moment_is_announced_once_and_then_missed(void **state)
{
    (void)state;
    begin();
    walk_step(LOOP_TICK, 7, 59);
    assert_int_equal(result.event_count, 0);
    walk_step(LOOP_TICK, 8, 0);
    assert_event(0, EVENT_DUE, 1);
    walk_step(LOOP_TICK, 8, 59);
    assert_int_equal(result.event_count, 0);
    walk_step(LOOP_TICK, 9, 0);
    assert_event(0, EVENT_MISSED, 1);
    assert_int_equal(current.next_n, 2);
    assert_true(result.events[0].at_utc_ms == strip_ms(9, 0));
    walk_step(LOOP_TAKE, 9, 1);
    assert_int_equal(result.refusal, LOOP_NOT_OPEN);
}

/* After days without power everything that was missed is told, at its own time, in order. */
static void a_long_night_misses_every_bag_in_order(void **state)
{
    (void)state;
    begin();
    walk_step(LOOP_TICK, 47, 0);
    int32_t missed = 0;
    int32_t low = 0;
    for (size_t i = 0; i < result.event_count; i++) {
        low += result.events[i].type == EVENT_LOW_BAGS;
        if (result.events[i].type != EVENT_MISSED)
            continue;
        missed++;
        assert_string_equal(result.events[i].serial, strip.serials[missed - 1]);
        assert_true(result.events[i].at_utc_ms == strip_ms(7 + 2 * missed, 0));
    }
    assert_int_equal(missed, STRIP_BAGS);
    assert_int_equal(low, 1);
    assert_int_equal(current.next_n, STRIP_BAGS + 1);
    assert_true(loop_next_ms(&strip.schedule, &current, strip_ms(47, 0)) == INT64_MAX);
    walk_step(LOOP_TAKE, 47, 0);
    assert_int_equal(result.refusal, LOOP_NOT_OPEN);
}

static void a_bag_may_leave_early_but_an_exact_one_not(void **state)
{
    (void)state;
    begin();
    for (int32_t n = 1; n <= 3; n++) {
        walk_step(LOOP_TAKE_EARLY, 7, 0);
        assert_int_equal(result.released_n, n);
        assert_int_equal(result.events[0].cause, EVENT_EARLY);
    }
    walk_step(LOOP_TAKE_EARLY, 7, 0);
    assert_int_equal(result.refusal, LOOP_NOT_EARLY);
    assert_int_equal(current.released_last_n, 3);
    walk_step(LOOP_TICK, 13, 59);
    assert_int_equal(result.event_count, 0); /* nothing of what was taken along is missed */
    walk_step(LOOP_TAKE_EARLY, 13, 59);
    assert_int_equal(result.events[0].cause, EVENT_SCHEDULED);
}

static void a_pause_withholds_and_ends_with_a_check(void **state)
{
    (void)state;
    begin();
    walk_step(LOOP_PAUSE, 7, 30);
    assert_event(0, EVENT_PAUSED, 0);
    walk_step(LOOP_PAUSE, 7, 31);
    assert_int_equal(result.refusal, LOOP_ALREADY);
    walk_step(LOOP_TAKE, 8, 0);
    assert_int_equal(result.refusal, LOOP_IS_PAUSED);
    walk_step(LOOP_TICK, 11, 30);
    assert_int_equal(result.event_count, 2);
    assert_event(0, EVENT_WITHHELD, 1);
    assert_event(1, EVENT_WITHHELD, 2);
    walk_step(LOOP_RESUME, 11, 40);
    assert_event(0, EVENT_RESUMED, 0);
    walk_step(LOOP_TAKE, 11, 45);
    assert_int_equal(result.refusal, LOOP_NOT_LOADED);
    assert_int_equal(walk_load(1, 11, 45), LOADING_NOT_FIRST_BAG);
    assert_event(0, EVENT_CODE_MISMATCH, 1);
    assert_int_equal(walk_load(3, 11, 45), LOADING_OK);
    walk_step(LOOP_TAKE, 11, 45);
    assert_int_equal(result.released_n, 3);
}

/* The danger: a bag that ran out of time behind a jam still lies at the front of the strip. */
static void after_a_jam_the_first_bag_is_checked_again(void **state)
{
    (void)state;
    begin();
    walk_step(LOOP_JAM, 8, 0);
    assert_event(result.event_count - 1, EVENT_JAM, 1);
    walk_step(LOOP_TAKE, 8, 10);
    assert_int_equal(result.refusal, LOOP_IS_JAMMED);
    walk_step(LOOP_TICK, 9, 0);
    assert_event(0, EVENT_MISSED, 1);
    walk_step(LOOP_CLEAR, 9, 40);
    walk_step(LOOP_TAKE, 10, 0);
    assert_int_equal(result.refusal, LOOP_NOT_LOADED);
    assert_int_equal(walk_load(1, 10, 0), LOADING_NOT_FIRST_BAG);
    walk_step(LOOP_TAKE, 10, 0);
    assert_int_equal(result.refusal, LOOP_NOT_LOADED);
    assert_int_equal(walk_load(2, 10, 0), LOADING_OK);
    walk_step(LOOP_TAKE, 10, 0);
    assert_int_equal(result.released_n, 2);
    assert_int_equal(result.events[0].cause, EVENT_SCHEDULED);
}

static void a_bag_that_was_stuck_is_released_as_a_retry(void **state)
{
    (void)state;
    begin();
    walk_step(LOOP_JAM, 8, 0);
    walk_step(LOOP_CLEAR, 8, 5);
    assert_int_equal(walk_load(1, 8, 6), LOADING_OK);
    walk_step(LOOP_TAKE, 8, 7);
    assert_int_equal(result.events[0].cause, EVENT_RETRY);
    walk_step(LOOP_TAKE, 10, 0);
    assert_int_equal(result.events[result.event_count - 1].cause, EVENT_SCHEDULED);
}

static void a_strip_that_was_taken_out_hands_out_nothing(void **state)
{
    (void)state;
    begin();
    walk_step(LOOP_REMOVE, 7, 40);
    assert_event(0, EVENT_ROLL_REMOVED, 0);
    walk_step(LOOP_TAKE, 7, 50);
    assert_int_equal(result.refusal, LOOP_NOT_LOADED);
    walk_step(LOOP_REMOVE, 7, 50);
    assert_int_equal(result.refusal, LOOP_ALREADY);
}

static void an_older_schedule_changes_nothing(void **state)
{
    (void)state;
    begin();
    struct loop_state before = current;
    strip.schedule.version = 6;
    walk_step(LOOP_APPLY, 7, 30);
    assert_int_equal(result.refusal, LOOP_OLD_SCHEDULE);
    assert_int_equal(result.event_count, 0);
    assert_memory_equal(&before, &current, sizeof before);
}

static void a_newer_schedule_of_the_same_strip_goes_on(void **state)
{
    (void)state;
    begin();
    walk_step(LOOP_TAKE, 7, 30);
    strip.schedule.version = 8;
    walk_step(LOOP_APPLY, 7, 40);
    assert_event(0, EVENT_SCHEDULE_APPLIED, 0);
    assert_true(current.loaded);
    assert_int_equal(current.next_n, 2);
    assert_int_equal(current.version, 8);
}

static void another_roll_begins_anew_and_unchecked(void **state)
{
    (void)state;
    begin();
    walk_step(LOOP_TAKE, 7, 30);
    strip.schedule.version = 8;
    strip.schedule.roll = "482913571";
    walk_step(LOOP_APPLY, 7, 40);
    assert_false(current.loaded);
    assert_int_equal(current.next_n, 1);
    assert_int_equal(current.released_last_n, 0);
    assert_string_equal(current.roll, "482913571");
    begin();
    strip.schedule.roll_version = 2;
    walk_step(LOOP_APPLY, 7, 40);
    assert_false(current.loaded);
}

static void a_schedule_that_begins_later_skips_what_is_before(void **state)
{
    (void)state;
    begin();
    strip.schedule.version = 8;
    strip.schedule.first = 3;
    strip.schedule.bags += 2;
    strip.schedule.bag_count -= 2;
    walk_step(LOOP_APPLY, 7, 40);
    assert_int_equal(current.next_n, 3);
    walk_step(LOOP_TICK, 11, 0);
    assert_int_equal(result.event_count, 0);
}

static void a_revoked_bag_is_withheld(void **state)
{
    (void)state;
    begin();
    strip.revoked[0] = strip.serials[0];
    strip.schedule.revoked_count = 1;
    strip.schedule.version = 8;
    walk_step(LOOP_APPLY, 7, 40);
    assert_event(0, EVENT_SCHEDULE_APPLIED, 0);
    assert_event(1, EVENT_WITHHELD, 1);
    walk_step(LOOP_TAKE, 8, 0);
    assert_int_equal(result.refusal, LOOP_NOT_OPEN);
    assert_int_equal(walk_load(1, 8, 0), LOADING_ROLL_SUPERSEDED);
}

static void nothing_leaves_after_the_schedule_is_over(void **state)
{
    (void)state;
    begin();
    strip.schedule.not_after = "2026-11-23T06:45:00.000Z"; /* 07:45 on the wall */
    walk_step(LOOP_TAKE, 7, 46);
    assert_int_equal(result.refusal, LOOP_OVER);
    strip.schedule.not_after = "never";
    walk_step(LOOP_TAKE, 7, 47);
    assert_int_equal(result.refusal, LOOP_OVER);
}

static void without_a_schedule_nothing_happens(void **state)
{
    const struct loop_state empty = { 0 };
    (void)state;
    for (int act = 0; act < LOOP_ACT_COUNT; act++) {
        const struct loop_input input = { .act = (enum loop_act)act };
        loop_step(NULL, &empty, &input, 0, &result);
        assert_int_equal(result.refusal, act == LOOP_TICK ? LOOP_DONE : LOOP_NO_SCHEDULE);
        assert_int_equal(result.event_count, 0);
        assert_int_equal(result.loading, LOADING_BAD_SIGNATURE);
    }
    assert_true(loop_next_ms(NULL, &empty, 0) == INT64_MAX);
}

static void the_wrong_strip_is_not_taken_in(void **state)
{
    struct strip other;
    (void)state;
    begin();
    strip_make(&other, 7, "d-1");
    strip.codes[0][strlen(strip.codes[0]) - 1] ^= 1;
    assert_int_equal(walk_load(1, 7, 0), LOADING_BAD_TAG);
    assert_event(0, EVENT_CODE_MISMATCH, 1);
    assert_false(current.loaded);
    strip.schedule.dispenser = "d-2";
    assert_int_equal(walk_load(2, 7, 0), LOADING_WRONG_DISPENSER);
}

/* Whatever a person presses and however time jumps: a bag leaves once, in order, while it may. */
static void no_bag_leaves_twice_or_out_of_order(void **state)
{
    uint64_t lot = 12345;
    (void)state;
    for (int round = 0; round < 200; round++) {
        int32_t last = 0;
        int32_t minute = 7 * 60;
        begin();
        for (int i = 0; i < 150; i++) {
            lot = lot * 6364136223846793005u + 1442695040888963407u;
            minute += (int32_t)(lot >> 59);
            int64_t now_ms = strip_ms(minute / 60, minute % 60);
            enum loop_act act = (enum loop_act)((lot >> 33) % LOOP_ACT_COUNT);
            if (act == LOOP_APPLY)
                strip.schedule.version++;
            if (act == LOOP_LOAD && (lot >> 20) % 2 == 0)
                (void)walk_load(current.next_n <= STRIP_BAGS ? current.next_n : 1, minute / 60,
                                minute % 60);
            else
                walk_step(act, minute / 60, minute % 60);
            if (result.released_n == 0)
                continue;
            assert_true(result.released_n > last);
            last = result.released_n;
            const struct schedule_bag *bag = &strip.bags[last - 1];
            assert_true(now_ms < rw_stamp_utc_minute(bag->closes) * 60000);
            assert_true(bag->early || now_ms >= rw_stamp_utc_minute(bag->opens) * 60000);
        }
    }
}

static void every_refusal_has_its_word(void **state)
{
    (void)state;
    for (int i = 0; i < LOOP_REFUSAL_COUNT; i++)
        assert_true(strlen(loop_refusal_word((enum loop_refusal)i)) > 3);
    assert_string_equal(loop_refusal_word(LOOP_NOT_EARLY), "not-early");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bag_leaves_when_it_is_open),
        cmocka_unit_test(a_moment_is_announced_once_and_then_missed),
        cmocka_unit_test(a_long_night_misses_every_bag_in_order),
        cmocka_unit_test(a_bag_may_leave_early_but_an_exact_one_not),
        cmocka_unit_test(a_pause_withholds_and_ends_with_a_check),
        cmocka_unit_test(after_a_jam_the_first_bag_is_checked_again),
        cmocka_unit_test(a_bag_that_was_stuck_is_released_as_a_retry),
        cmocka_unit_test(a_strip_that_was_taken_out_hands_out_nothing),
        cmocka_unit_test(an_older_schedule_changes_nothing),
        cmocka_unit_test(a_newer_schedule_of_the_same_strip_goes_on),
        cmocka_unit_test(another_roll_begins_anew_and_unchecked),
        cmocka_unit_test(a_schedule_that_begins_later_skips_what_is_before),
        cmocka_unit_test(a_revoked_bag_is_withheld),
        cmocka_unit_test(nothing_leaves_after_the_schedule_is_over),
        cmocka_unit_test(without_a_schedule_nothing_happens),
        cmocka_unit_test(the_wrong_strip_is_not_taken_in),
        cmocka_unit_test(no_bag_leaves_twice_or_out_of_order),
        cmocka_unit_test(every_refusal_has_its_word),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
