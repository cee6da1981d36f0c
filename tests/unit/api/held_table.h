/* SPDX-License-Identifier: Apache-2.0 */
/* A table of waiters for the tests of what waits in it. */
#ifndef RW_TESTS_UNIT_API_HELD_TABLE_H
#define RW_TESTS_UNIT_API_HELD_TABLE_H

#include "api/waiters.h"

struct held_table {
    struct rw_arena *arena;
    struct waiters *waiters;
};

/* For cmocka's setup and teardown of a test: *state is a struct held_table. Nobody may wait in it
 * at the end, since who waits lies on the test's stack. */
int held_table_open(void **state);
int held_table_close(void **state);

#endif
