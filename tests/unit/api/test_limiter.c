/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that a caller is held to its rate and nobody else with it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api/limiter.h"

#define PER_S 10
#define BURST (PER_S * LIMITER_BURST_S)
#define NOW INT64_C(1000000)

static struct rw_arena *arena;
static struct limiter *limiter;

static int open_all(void **state)
{
    struct rw_error err = { 0 };
    (void)state;
    arena = rw_arena_open(RW_ARENA_MIB);
    return arena && limiter_open(arena, PER_S, &limiter, &err) ? 0 : -1;
}

static int close_all(void **state)
{
    (void)state;
    limiter_close(limiter);
    rw_arena_close(arena);
    return 0;
}

static int taken(const char *caller, int64_t now_ms, int tries)
{
    int64_t wait_ms = 0;
    int count = 0;
    for (int i = 0; i < tries; i++)
        count += limiter_take(limiter, caller, now_ms, &wait_ms);
    return count;
}

static void who_was_quiet_may_make_up_for_it_once(void **state)
{
    (void)state;
    assert_int_equal(taken("a", NOW, 10 * BURST), BURST);
    assert_int_equal(taken("a", NOW, 1), 0);
    assert_int_equal(taken("b", NOW, 1), 1);
}

static void the_rate_is_kept_afterwards(void **state)
{
    int count = 0;
    (void)state;
    (void)taken("a", NOW, BURST);
    for (int64_t ms = 1; ms <= 10000; ms++)
        count += taken("a", NOW + ms, 3);
    assert_int_equal(count, 10 * PER_S);
}

static void the_wait_that_is_told_is_enough_and_not_much_more(void **state)
{
    int64_t wait_ms = 0;
    (void)state;
    (void)taken("a", NOW, BURST);
    assert_false(limiter_take(limiter, "a", NOW, &wait_ms));
    assert_in_range(wait_ms, 1000 / PER_S, 1000 / PER_S + 1);
    assert_int_equal(taken("a", NOW + wait_ms - 2, 1), 0);
    assert_int_equal(taken("a", NOW + wait_ms, 1), 1);
}

static void a_clock_that_stands_or_leaps_starves_nobody(void **state)
{
    (void)state;
    assert_int_equal(taken("a", NOW, BURST + 1), BURST);
    assert_int_equal(taken("a", NOW - 5000, 1), 0);
    assert_int_equal(taken("a", INT64_MAX / 2, BURST + 1), BURST);
}

static void without_a_limit_all_is_taken(void **state)
{
    struct rw_error err = { 0 };
    struct limiter *none = NULL;
    int64_t wait_ms = 0;
    (void)state;
    assert_true(limiter_open(arena, 0, &none, &err));
    for (int i = 0; i < 100000; i++)
        assert_true(limiter_take(none, "a", NOW, &wait_ms));
    limiter_close(none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(who_was_quiet_may_make_up_for_it_once, open_all, close_all),
        cmocka_unit_test_setup_teardown(the_rate_is_kept_afterwards, open_all, close_all),
        cmocka_unit_test_setup_teardown(the_wait_that_is_told_is_enough_and_not_much_more, open_all,
                                        close_all),
        cmocka_unit_test_setup_teardown(a_clock_that_stands_or_leaps_starves_nobody, open_all,
                                        close_all),
        cmocka_unit_test_setup_teardown(without_a_limit_all_is_taken, open_all, close_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
