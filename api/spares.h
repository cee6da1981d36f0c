/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps the arenas of requests that are over for those that come. */
#ifndef RW_API_SPARES_H
#define RW_API_SPARES_H

#include <stdatomic.h>
#include <stddef.h>

#include "core/base/arena.h"

#define SPARES_MAX 64                        /* requests that sleep together hold one each */
#define SPARES_BYTES_MAX (16 * RW_ARENA_KIB) /* who used more gives its memory back */

/* A request takes memory of a few kilobytes, which is cut out of what is free and joined with it
 * again for each: dear beside a small answer. All arenas have the same ceiling. Thread-safe; all
 * zero is an empty one. */
struct spares {
    _Atomic(struct rw_arena *) kept[SPARES_MAX];
};

/* An arena in which nothing is left of who had it before; NULL = no memory. */
struct rw_arena *spares_take(struct spares *spares, size_t ceiling);
void spares_give(struct spares *spares, struct rw_arena *arena); /* NULL is allowed */
void spares_release(struct spares *spares);

#endif
