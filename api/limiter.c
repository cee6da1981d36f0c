/* SPDX-License-Identifier: Apache-2.0 */
/* Holds callers to a number of requests a second. */
#include "api/limiter.h"

#include <pthread.h>
#include <stddef.h>

/* What is left is counted in thousandths of a request: `per_s` of them come each millisecond. */
struct slot {
    int64_t used_milli; /* of the burst; 0 = all is there */
    int64_t at_ms;
};
struct limiter {
    pthread_mutex_t lock;
    int64_t per_s;
    struct slot slots[LIMITER_SLOTS];
};

bool limiter_open(struct rw_arena *arena, int64_t per_s, struct limiter **ret_limiter,
                  struct rw_error *err)
{
    struct limiter *limiter = rw_arena_alloc(arena, sizeof *limiter, err);
    if (!limiter)
        return false;
    limiter->per_s = per_s;
    (void)pthread_mutex_init(&limiter->lock, NULL); /* cannot fail with default attributes */
    *ret_limiter = limiter;
    return true;
}

void limiter_close(struct limiter *limiter)
{
    (void)pthread_mutex_destroy(&limiter->lock);
}

/* FNV-1a. Who chooses a name to fall into the slot of another only shares the other's patience. */
static size_t slot_of(const char *caller)
{
    uint32_t hash = 2166136261U;
    for (size_t i = 0; caller[i]; i++)
        hash = (hash ^ (unsigned char)caller[i]) * 16777619U;
    return hash % LIMITER_SLOTS;
}

static void refill(struct slot *slot, int64_t per_s, int64_t now_ms)
{
    int64_t passed_ms = now_ms > slot->at_ms ? now_ms - slot->at_ms : 0;
    int64_t whole_ms = slot->used_milli / per_s + 1; /* until all is there again */
    slot->used_milli = passed_ms >= whole_ms ? 0 : slot->used_milli - passed_ms * per_s;
    slot->used_milli = slot->used_milli > 0 ? slot->used_milli : 0;
    slot->at_ms = now_ms;
}

bool limiter_take(struct limiter *limiter, const char *caller, int64_t now_ms, int64_t *ret_wait_ms)
{
    if (limiter->per_s == 0)
        return true;
    int64_t burst_milli = limiter->per_s * LIMITER_BURST_S * 1000;
    (void)pthread_mutex_lock(&limiter->lock);
    struct slot *slot = &limiter->slots[slot_of(caller)];
    refill(slot, limiter->per_s, now_ms);
    int64_t over_milli = slot->used_milli + 1000 - burst_milli;
    if (over_milli <= 0)
        slot->used_milli += 1000;
    else
        *ret_wait_ms = over_milli / limiter->per_s + 1;
    (void)pthread_mutex_unlock(&limiter->lock);
    return over_milli <= 0;
}
