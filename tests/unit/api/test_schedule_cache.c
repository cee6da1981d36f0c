/* SPDX-License-Identifier: Apache-2.0 */
/* Tests which schedules are remembered, and that no old one comes back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "api/schedule_cache.h"

struct table {
    struct rw_arena *arena;
    struct schedule_cache *cache;
};

static int open_table(void **state)
{
    static struct table table;
    struct rw_error err = { 0 };
    table.arena = rw_arena_open(4 * RW_ARENA_MIB);
    if (!table.arena || !schedule_cache_open(table.arena, &table.cache, &err))
        return -1;
    *state = &table;
    return 0;
}

static int close_table(void **state)
{
    struct table *table = *state;
    schedule_cache_close(table->cache);
    rw_arena_close(table->arena);
    return 0;
}

static bool has(struct table *table, const char *name, int64_t version, const char *wanted)
{
    struct schedule_cache_loan loan;
    if (!schedule_cache_borrow(table->cache, name, version, &loan))
        return false;
    bool same = loan.length == strlen(wanted) && strcmp(loan.bytes, wanted) == 0;
    schedule_cache_give_back(loan.document);
    return same;
}

static void what_was_put_is_found_at_its_version_alone(void **state)
{
    struct table *table = *state;
    assert_int_equal(schedule_cache_version(table->cache, "d-7"), 0);
    schedule_cache_put(table->cache, "d-7", 3, "three", 5);
    assert_int_equal(schedule_cache_version(table->cache, "d-7"), 3);
    assert_true(has(table, "d-7", 3, "three"));
    assert_false(has(table, "d-7", 2, "three"));
    assert_false(has(table, "d-8", 3, "three"));
}

/* A withdrawn schedule is not handed out again by who read it just before. */
static void what_was_read_before_a_change_does_not_come_back(void **state)
{
    struct table *table = *state;
    schedule_cache_put(table->cache, "d-7", 3, "three", 5);
    schedule_cache_raise(table->cache, "d-7", 4);
    assert_false(has(table, "d-7", 3, "three"));
    schedule_cache_put(table->cache, "d-7", 3, "three", 5);
    schedule_cache_raise(table->cache, "d-7", 3);
    assert_int_equal(schedule_cache_version(table->cache, "d-7"), 4);
    assert_false(has(table, "d-7", 4, "three"));
    schedule_cache_put(table->cache, "d-7", 4, "four", 4);
    assert_true(has(table, "d-7", 4, "four"));
}

/* An answer that is on its way keeps its bytes, whatever happens to the table meanwhile. */
static void what_is_lent_stays_until_it_is_given_back(void **state)
{
    struct table *table = *state;
    struct schedule_cache_loan loan;
    schedule_cache_put(table->cache, "d-7", 3, "three", 5);
    assert_true(schedule_cache_borrow(table->cache, "d-7", 3, &loan));
    schedule_cache_put(table->cache, "d-7", 4, "four", 4);
    schedule_cache_clear(table->cache);
    assert_false(has(table, "d-7", 3, "three"));
    assert_string_equal(loan.bytes, "three");
    schedule_cache_give_back(loan.document);
}

static void who_was_asked_for_stays_when_the_table_is_full(void **state)
{
    struct table *table = *state;
    char name[32];
    int64_t kept = 0;
    for (int i = 0; i < 3 * SCHEDULE_CACHE_MAX; i++) {
        (void)snprintf(name, sizeof name, "n-%d", i);
        schedule_cache_raise(table->cache, name, 1);
        schedule_cache_raise(table->cache, "asked", 9);
    }
    for (int i = 0; i < 3 * SCHEDULE_CACHE_MAX; i++) {
        (void)snprintf(name, sizeof name, "n-%d", i);
        kept += schedule_cache_version(table->cache, name);
    }
    assert_int_equal(kept, SCHEDULE_CACHE_MAX - 1);
    assert_int_equal(schedule_cache_version(table->cache, "asked"), 9);
}

static void clearing_forgets_everything(void **state)
{
    struct table *table = *state;
    schedule_cache_put(table->cache, "d-7", 3, "three", 5);
    schedule_cache_clear(table->cache);
    assert_int_equal(schedule_cache_version(table->cache, "d-7"), 0);
    schedule_cache_put(table->cache, "d-7", 1, "one", 3);
    assert_true(has(table, "d-7", 1, "one"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_put_is_found_at_its_version_alone, open_table,
                                        close_table),
        cmocka_unit_test_setup_teardown(what_was_read_before_a_change_does_not_come_back,
                                        open_table, close_table),
        cmocka_unit_test_setup_teardown(what_is_lent_stays_until_it_is_given_back, open_table,
                                        close_table),
        cmocka_unit_test_setup_teardown(who_was_asked_for_stays_when_the_table_is_full, open_table,
                                        close_table),
        cmocka_unit_test_setup_teardown(clearing_forgets_everything, open_table, close_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
