/* SPDX-License-Identifier: Apache-2.0 */
/* Holds callers to a number of requests a second. */
#ifndef RW_API_LIMITER_H
#define RW_API_LIMITER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

#define LIMITER_SLOTS 4096 /* callers whose names fall into one slot share what it allows */
#define LIMITER_BURST_S 5  /* who was quiet may make up for so many seconds at once */

/* Buckets of tokens that fill again with time; of each node its own. */
struct limiter;

/* `per_s` 0 = no limit. */
RW_MUST_USE bool limiter_open(struct rw_arena *arena, int64_t per_s, struct limiter **ret_limiter,
                              struct rw_error *err);
void limiter_close(struct limiter *limiter);
/* True when this caller may go on; else `ret_wait_ms` says when it may. `now_ms` is monotonic. */
bool limiter_take(struct limiter *limiter, const char *caller, int64_t now_ms,
                  int64_t *ret_wait_ms);

#endif
