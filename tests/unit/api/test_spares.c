/* SPDX-License-Identifier: Apache-2.0 */
/* Tests that a kept arena tells nothing of who had it before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "api/spares.h"

#define CEILING (64 * RW_ARENA_KIB)

static void fill(struct rw_arena *arena, size_t size)
{
    struct rw_error err = { 0 };
    char *bytes = rw_arena_alloc(arena, size, &err);
    assert_non_null(bytes);
    memset(bytes, 'x', size);
}

static void what_the_last_one_wrote_is_gone(void **state)
{
    (void)state;
    struct rw_error err = { 0 };
    struct spares spares = { 0 };
    struct rw_arena *first = spares_take(&spares, CEILING);
    fill(first, 1000);
    spares_give(&spares, first);
    assert_ptr_equal(spares.kept[0], first);
    struct rw_arena *again = spares_take(&spares, CEILING);
    assert_ptr_equal(again, first);
    assert_int_equal(rw_arena_used(again), 0);
    const char *bytes = rw_arena_alloc(again, 1000, &err);
    assert_non_null(bytes);
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(bytes[i], 0);
    struct rw_arena *other = spares_take(&spares, CEILING);
    assert_ptr_not_equal(other, again);
    spares_give(&spares, again);
    spares_give(&spares, other);
    spares_release(&spares);
}

static void who_used_much_is_not_kept_nor_more_than_fit(void **state)
{
    (void)state;
    struct spares spares = { 0 };
    struct rw_arena *all[SPARES_MAX + 1];
    struct rw_arena *large = spares_take(&spares, CEILING);
    fill(large, SPARES_BYTES_MAX + 1);
    spares_give(&spares, large);
    spares_give(&spares, NULL);
    assert_null(spares.kept[0]);
    for (size_t i = 0; i <= SPARES_MAX; i++)
        all[i] = spares_take(&spares, CEILING);
    for (size_t i = 0; i <= SPARES_MAX; i++)
        spares_give(&spares, all[i]);
    for (size_t i = 0; i < SPARES_MAX; i++)
        assert_ptr_equal(spares.kept[i], all[i]);
    spares_release(&spares);
    assert_null(spares.kept[0]);
    assert_null(spares.kept[SPARES_MAX - 1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_last_one_wrote_is_gone),
        cmocka_unit_test(who_used_much_is_not_kept_nor_more_than_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
