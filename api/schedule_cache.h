/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps the schedules that hold, so that few downloads ask the table. */
#ifndef RW_API_SCHEDULE_CACHE_H
#define RW_API_SCHEDULE_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

#define SCHEDULE_CACHE_MAX 8192 /* dispensers; the one that was not asked for longest gives way */

/* What a node knows of dispensers' schedules: which version holds, and its bytes once they were
 * downloaded. A version never falls: what was read before a change and is put after it is dropped.
 * Whoever asks makes sure that the node still hears of changes. Thread-safe. */
struct schedule_cache;

RW_MUST_USE bool schedule_cache_open(struct rw_arena *arena, struct schedule_cache **ret_cache,
                                     struct rw_error *err);
void schedule_cache_close(struct schedule_cache *cache);
/* The version that holds, 0 when it is not known here. */
int64_t schedule_cache_version(struct schedule_cache *cache, const char *dispenser);
/* The bytes of a schedule as they lie here, which stay until they are given back. */
struct schedule_cache_loan {
    const char *bytes;
    size_t length;
    void *document;
};
/* False when this version's bytes are not here. */
bool schedule_cache_borrow(struct schedule_cache *cache, const char *dispenser, int64_t version,
                           struct schedule_cache_loan *ret_loan);
/* `document` of a loan, on any thread, also after the cache was closed. */
void schedule_cache_give_back(void *document);
/* This version holds. */
void schedule_cache_raise(struct schedule_cache *cache, const char *dispenser, int64_t version);
/* These are its bytes. */
void schedule_cache_put(struct schedule_cache *cache, const char *dispenser, int64_t version,
                        const char *bytes, size_t length);
/* Forgets everything: changes may have been missed. */
void schedule_cache_clear(struct schedule_cache *cache);

#endif
