/* SPDX-License-Identifier: Apache-2.0 */
/* Sets the clock of a dispenser forward and back, at any moment. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/random.h"
#include "dispenser/loop.h"
#include "strip.h"
#include "tests/support/fixture.h"

#define MINUTE_MS INT64_C(60000)
#define RUNS 300
#define STEPS_MAX 4000

struct walk {
    struct strip strip;
    struct loop_state state;
    struct rw_random dice;
    int64_t now_ms;
    int32_t fates[STRIP_BAGS + 1]; /* how often a bag left, or was passed over */
    int32_t released[STRIP_BAGS + 1];
};

static int32_t place_of(const struct walk *walk, const char *serial)
{
    for (int32_t n = 1; n <= STRIP_BAGS; n++) {
        if (strcmp(walk->strip.serials[n - 1], serial) == 0)
            return n;
    }
    fail_msg("a bag of another strip: %s", serial);
    return 0;
}

static void note(struct walk *walk, const struct loop_result *result)
{
    for (size_t i = 0; i < result->event_count; i++) {
        const struct loop_event *event = &result->events[i];
        bool left = event->type == EVENT_RELEASED;
        if (!left && event->type != EVENT_MISSED && event->type != EVENT_WITHHELD)
            continue;
        int32_t n = place_of(walk, event->serial);
        walk->fates[n]++;
        walk->released[n] += left;
    }
    if (result->released_n != 0)
        assert_int_equal(1, walk->released[result->released_n]);
}

static void step(struct walk *walk, enum loop_act act)
{
    const struct loop_input input = { .act = act,
                                      .dispenser = "d-1",
                                      .code = walk->strip.codes[0],
                                      .code_next = walk->strip.codes[1] };
    struct loop_result result;
    loop_step(&walk->strip.schedule, &walk->state, &input, walk->now_ms, &result);
    assert_true(result.state.next_n >= walk->state.next_n); /* the strip never runs backwards */
    note(walk, &result);
    walk->state = result.state;
}

/* An hour forward or back, now and then; else some minutes go by. */
static void move_clock(struct walk *walk)
{
    uint64_t throw = rw_random_below(&walk->dice, 20);
    if (throw == 0)
        walk->now_ms += 60 * MINUTE_MS;
    else if (throw == 1)
        walk->now_ms -= 60 * MINUTE_MS;
    else
        walk->now_ms += (int64_t)rw_random_below(&walk->dice, 15) * MINUTE_MS;
}

static void walk_once(uint64_t seed)
{
    static const enum loop_act acts[] = { LOOP_TICK, LOOP_TICK, LOOP_TAKE, LOOP_TAKE,
                                          LOOP_TAKE_EARLY };
    struct walk walk = { .dice = rw_random_seeded(seed), .now_ms = strip_ms(7, 0) };
    strip_make(&walk.strip, 7, "d-1");
    step(&walk, LOOP_APPLY);
    step(&walk, LOOP_LOAD);
    assert_true(walk.state.loaded);
    for (int32_t i = 0; i < STEPS_MAX && walk.state.next_n <= STRIP_BAGS; i++) {
        move_clock(&walk);
        step(&walk, acts[rw_random_below(&walk.dice, sizeof acts / sizeof *acts)]);
    }
    assert_true(walk.state.next_n > STRIP_BAGS);
    for (int32_t n = 1; n <= STRIP_BAGS; n++) {
        if (walk.fates[n] != 1)
            fail_msg("seed %llu: bag %d left or was passed over %d times", (unsigned long long)seed,
                     (int)n, (int)walk.fates[n]);
    }
}

/* REQ-017, REQ-018: whatever the clock does, each bag leaves once, or is told to be missed once. */
static void no_bag_leaves_twice_or_is_forgotten(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= RUNS; seed++)
        walk_once(seed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_bag_leaves_twice_or_is_forgotten),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
