/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that a flood is counted and told in a few rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "api/repeats.h"

#define NOW INT64_C(1000000)

static struct rw_arena *arena;
static struct repeats *repeats;
static struct repeats_row rows[REPEATS_ROWS_MAX];

static int open_all(void **state)
{
    struct rw_error err = { 0 };
    (void)state;
    arena = rw_arena_open(RW_ARENA_MIB);
    return arena && repeats_open(arena, &repeats, &err) ? 0 : -1;
}

static int close_all(void **state)
{
    (void)state;
    repeats_close(repeats);
    rw_arena_close(arena);
    return 0;
}

static bool add(const char *source, int64_t now_ms, const char **ret_source)
{
    return repeats_add(repeats, source, now_ms, ret_source);
}

static void the_first_is_told_at_once_and_the_rest_after_a_minute(void **state)
{
    const char *source = NULL;
    (void)state;
    assert_true(add("192.0.2.1", NOW, &source));
    assert_string_equal(source, "192.0.2.1");
    for (int i = 0; i < 999; i++)
        assert_false(add("192.0.2.1", NOW + i, &source));
    assert_true(add("2001:db8::1", NOW + 10, &source));
    assert_int_equal(repeats_take(repeats, NOW + REPEATS_SPAN_MS - 1, rows), 0);
    assert_int_equal(repeats_take(repeats, NOW + REPEATS_SPAN_MS, rows), 1);
    assert_string_equal(rows[0].key, "192.0.2.1");
    assert_int_equal(rows[0].count, 999);
    assert_true(add("192.0.2.1", NOW + REPEATS_SPAN_MS, &source));
    assert_int_equal(repeats_take(repeats, INT64_MAX, rows), 0); /* nobody followed these two */
}

static void more_addresses_than_are_told_apart_are_others(void **state)
{
    char address[24];
    const char *source = NULL;
    (void)state;
    for (int i = 0; i < REPEATS_KEYS_MAX; i++) {
        (void)snprintf(address, sizeof address, "192.0.2.%d", i);
        assert_true(add(address, NOW, &source));
        assert_string_equal(source, address);
    }
    assert_true(add("198.51.100.1", NOW, &source));
    assert_string_equal(source, REPEATS_OTHERS);
    assert_false(add("198.51.100.2", NOW, &source));
    assert_false(add("198.51.100.3", NOW, &source));
    assert_false(add("192.0.2.7", NOW, &source));
    assert_int_equal(repeats_take(repeats, INT64_MAX, rows), 2);
    assert_string_equal(rows[0].key, "192.0.2.7");
    assert_int_equal(rows[0].count, 1);
    assert_string_equal(rows[1].key, REPEATS_OTHERS);
    assert_int_equal(rows[1].count, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_first_is_told_at_once_and_the_rest_after_a_minute,
                                        open_all, close_all),
        cmocka_unit_test_setup_teardown(more_addresses_than_are_told_apart_are_others, open_all,
                                        close_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
