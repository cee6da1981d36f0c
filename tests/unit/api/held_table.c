/* SPDX-License-Identifier: Apache-2.0 */
/* A table of waiters for the tests of what waits in it. */
#include "tests/unit/api/held_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

int held_table_open(void **state)
{
    static struct held_table table;
    struct rw_error err = { 0 };
    table.arena = rw_arena_open(RW_ARENA_MIB);
    if (!table.arena || !waiters_open(table.arena, &table.waiters, &err))
        return -1;
    *state = &table;
    return 0;
}

int held_table_close(void **state)
{
    struct held_table *table = *state;
    assert_int_equal(waiters_count(table->waiters), 0);
    waiters_close(table->waiters);
    rw_arena_close(table->arena);
    return 0;
}
