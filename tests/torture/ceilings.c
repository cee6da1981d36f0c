/* SPDX-License-Identifier: Apache-2.0 */
/* Walks from no memory to enough, so that each kind of request fails. */
#include "tests/torture/ceilings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define CEILING_MAX (64 * RW_ARENA_MIB)

struct rw_arena *ceilings_open(const struct ceilings *ceilings)
{
    assert_true(ceilings->least > 0 && ceilings->at < CEILING_MAX);
    struct rw_arena *arena = rw_arena_open(ceilings->at);
    assert_non_null(arena);
    return arena;
}

void ceilings_raise(struct ceilings *ceilings, struct rw_arena *arena)
{
    const size_t used = rw_arena_used(arena);
    ceilings->step = used > ceilings->used ? ceilings->least : ceilings->step * 2;
    if (ceilings->step == 0)
        ceilings->step = ceilings->least;
    ceilings->used = used;
    ceilings->at += ceilings->step;
    ceilings->refusals++;
    rw_arena_close(arena);
}
