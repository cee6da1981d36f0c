/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps the arenas of requests that are over for those that come. */
#include "api/spares.h"

static struct rw_arena *take_kept(struct spares *spares)
{
    for (size_t i = 0; i < SPARES_MAX; i++) {
        if (!atomic_load_explicit(&spares->kept[i], memory_order_relaxed))
            continue;
        struct rw_arena *arena = atomic_exchange(&spares->kept[i], NULL);
        if (arena)
            return arena;
    }
    return NULL;
}

struct rw_arena *spares_take(struct spares *spares, size_t ceiling)
{
    struct rw_arena *arena = take_kept(spares);
    return arena ? arena : rw_arena_open(ceiling);
}

void spares_give(struct spares *spares, struct rw_arena *arena)
{
    bool small = arena && rw_arena_used(arena) <= SPARES_BYTES_MAX;
    if (small)
        rw_arena_reset(arena);
    for (size_t i = 0; small && i < SPARES_MAX; i++) {
        struct rw_arena *none = NULL;
        if (!atomic_load_explicit(&spares->kept[i], memory_order_relaxed) &&
            atomic_compare_exchange_strong(&spares->kept[i], &none, arena))
            return;
    }
    rw_arena_close(arena);
}

void spares_release(struct spares *spares)
{
    for (struct rw_arena *arena = take_kept(spares); arena; arena = take_kept(spares))
        rw_arena_close(arena); /* ends: nobody gives any more */
}
