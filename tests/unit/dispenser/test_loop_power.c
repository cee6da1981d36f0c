/* SPDX-License-Identifier: Apache-2.0 */
/* Loses the mains and hands out bags on the battery. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dispenser/record.h"
#include "tests/support/fixture.h"
#include "walk.h"

static void begin(void)
{
    walk_begin();
    walk_step(LOOP_APPLY, 7, 0);
    assert_int_equal(walk_load(1, 7, 0), LOADING_OK);
}

static void assert_told(enum event_type type)
{
    assert_int_equal(result.refusal, LOOP_DONE);
    assert_int_equal(result.event_count, 1);
    assert_int_equal(result.events[0].type, type);
    assert_string_equal(result.events[0].serial, "");
}

static void on_its_battery_it_hands_out_as_before(void **state)
{
    (void)state;
    begin();
    walk_step(LOOP_POWER_LOST, 7, 10);
    assert_told(EVENT_POWER_LOST);
    walk_step(LOOP_POWER_LOST, 7, 11);
    assert_int_equal(result.refusal, LOOP_ALREADY);
    assert_int_equal(result.event_count, 0);
    walk_step(LOOP_BATTERY, 7, 20);
    assert_told(EVENT_BATTERY);
    walk_step(LOOP_TAKE, 7, 30);
    assert_int_equal(result.released_n, 1);
    assert_int_equal(result.events[0].cause, EVENT_SCHEDULED);
    walk_step(LOOP_TICK, 11, 0);
    assert_int_equal(result.events[1].type, EVENT_MISSED);
    walk_step(LOOP_POWER_RESTORED, 11, 10);
    assert_told(EVENT_POWER_RESTORED);
    walk_step(LOOP_POWER_RESTORED, 11, 11);
    assert_int_equal(result.refusal, LOOP_ALREADY);
    walk_step(LOOP_TAKE, 11, 30); /* nobody touched the strip: it needs no check */
    assert_int_equal(result.released_n, 3);
}

/* Whether the mains are there survives the end of the program. */
static void the_journal_keeps_that_the_mains_are_gone(void **state)
{
    struct rw_error err = { 0 };
    struct record again;
    const char *line = NULL;
    size_t length = 0;
    (void)state;
    begin();
    walk_step(LOOP_POWER_LOST, 7, 10);
    const struct record record = { .state = current };
    assert_true(record_write(&record, arena, &line, &length, &err));
    assert_true(record_read(line, length - 1, arena, &again, &err)); /* without its end of line */
    assert_true(again.state.on_battery && again.state.loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(on_its_battery_it_hands_out_as_before),
        cmocka_unit_test(the_journal_keeps_that_the_mains_are_gone),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
