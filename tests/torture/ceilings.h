/* SPDX-License-Identifier: Apache-2.0 */
/* Walks from no memory to enough, so that each kind of request fails. */
#ifndef RW_TESTS_TORTURE_CEILINGS_H
#define RW_TESTS_TORTURE_CEILINGS_H

#include "core/base/arena.h"

/* The ceiling rises by `least`, and by twice as much each time while that lets nothing more
 * through: a large request is not asked a thousand times. Begin with all else 0. */
struct ceilings {
    size_t least;
    size_t at;
    size_t step;
    size_t used;
    size_t refusals;
};

/* An arena with the ceiling of this turn. */
struct rw_arena *ceilings_open(const struct ceilings *ceilings);
/* Ends a turn whose work was refused. */
void ceilings_raise(struct ceilings *ceilings, struct rw_arena *arena);

#endif
