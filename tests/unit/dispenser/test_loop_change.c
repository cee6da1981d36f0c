/* SPDX-License-Identifier: Apache-2.0 */
/* Hands out what is left of one strip before the next one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/fixture.h"
#include "walk.h"

static struct strip old;
static struct strip next;

static enum loading_answer load(const struct schedule *schedule, const char *code, int32_t hour)
{
    walk_act(schedule, LOOP_LOAD, code, hour, 10);
    return result.loading;
}

/* The strip that runs keeps its first two bags; another roll counts from its third on. */
static void change(void)
{
    current = (struct loop_state){ 0 };
    strip_make(&old, 7, "d-1");
    walk_act(&old.schedule, LOOP_APPLY, NULL, 7, 0);
    assert_int_equal(load(&old.schedule, old.codes[0], 7), LOADING_OK);
    old.schedule.bag_count = 2;
    old.schedule.last = 2;
    strip_make_of(&next, "482913571", 8, "d-1");
    next.schedule.first = 3;
    next.schedule.bags += 2;
    next.schedule.bag_count -= 2;
    next.schedule.before = &old.schedule;
    walk_act(&next.schedule, LOOP_APPLY, NULL, 7, 20);
}

static void what_is_left_of_a_roll_comes_before_the_next(void **state)
{
    const struct schedule *both = &next.schedule;
    (void)state;
    change();
    assert_true(current.loaded);
    assert_int_equal(current.version, 8);
    assert_string_equal(current.roll, "482913570");
    walk_act(both, LOOP_TAKE, NULL, 7, 30);
    assert_string_equal(result.events[0].serial, old.serials[0]);
    assert_int_equal(load(both, next.codes[2], 8), LOADING_NOT_FIRST_BAG); /* not its turn */
    assert_int_equal(load(both, old.codes[1], 8), LOADING_OK);
    walk_act(both, LOOP_TAKE, NULL, 10, 0);
    assert_string_equal(result.events[1].serial, old.serials[1]);
    assert_string_equal(current.roll, "482913571"); /* used up: the next strip is to be loaded */
    assert_false(current.loaded);
    assert_int_equal(current.next_n, 3);
    walk_act(both, LOOP_TAKE, NULL, 12, 0);
    assert_int_equal(result.refusal, LOOP_NOT_LOADED);
    assert_int_equal(load(both, old.codes[1], 12), LOADING_ROLL_SUPERSEDED);
    assert_int_equal(load(both, next.codes[2], 12), LOADING_OK);
    walk_act(both, LOOP_TAKE, NULL, 12, 20);
    assert_string_equal(result.events[0].serial, next.serials[2]);
    walk_act(both, LOOP_APPLY, NULL, 12, 30); /* the same schedule again, after loss of power */
    assert_string_equal(current.roll, "482913571");
    assert_int_equal(current.next_n, 4);
}

static void what_is_left_of_a_roll_is_missed_at_its_own_time(void **state)
{
    (void)state;
    change();
    assert_true(loop_next_ms(&next.schedule, &current, strip_ms(7, 20)) == strip_ms(8, 0));
    walk_act(&next.schedule, LOOP_TICK, NULL, 13, 30);
    int32_t missed = 0;
    for (size_t i = 0; i < result.event_count; i++) {
        if (result.events[i].type != EVENT_MISSED)
            continue;
        const char *serial = missed < 2 ? old.serials[missed] : next.serials[missed];
        assert_string_equal(result.events[i].serial, serial);
        missed++;
    }
    assert_int_equal(missed, 3);
    assert_int_equal(current.next_n, 4);
}

static void a_dispenser_that_held_nothing_begins_with_what_is_left(void **state)
{
    (void)state;
    change();
    current = (struct loop_state){ 0 };
    walk_act(&next.schedule, LOOP_APPLY, NULL, 7, 20);
    assert_string_equal(current.roll, "482913570");
    assert_int_equal(current.next_n, 1);
    assert_int_equal(load(&next.schedule, old.codes[0], 7), LOADING_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_left_of_a_roll_comes_before_the_next),
        cmocka_unit_test(what_is_left_of_a_roll_is_missed_at_its_own_time),
        cmocka_unit_test(a_dispenser_that_held_nothing_begins_with_what_is_left),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
