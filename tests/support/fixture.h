/* SPDX-License-Identifier: Apache-2.0 */
/* What a case begins with: memory and ready cryptography. */
#ifndef RW_TESTS_SUPPORT_FIXTURE_H
#define RW_TESTS_SUPPORT_FIXTURE_H

#include "core/base/arena.h"

#define FIXTURE_BYTES_MAX (64 * RW_ARENA_MIB)

extern struct rw_arena *arena; /* between open and close; the same as cmocka's state */

/* Setup and teardown for cmocka. */
int fixture_open(void **state);
int fixture_close(void **state);

#endif
