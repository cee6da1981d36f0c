/* SPDX-License-Identifier: Apache-2.0 */
/* Takes in what a dispenser reports and draws the consequences. */
#ifndef RW_API_FOLLOW_H
#define RW_API_FOLLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/model/event.h"
#include "db/scope.h"

struct service;

/* What one dispenser reports in one request, and what became of it. */
struct follow_batch {
    const char *dispenser;
    struct scope who; /* who reports, for the journal; without connection and arena */
    struct event *events;
    size_t count;
    int64_t stored;      /* the last number that is kept */
    bool gap;            /* nothing of it was stored: it does not begin behind `stored` */
    size_t first;        /* the first of the events that is new */
    int64_t epoch;       /* of the dispenser */
    int64_t paused_ms;   /* since when its client is away */
    const char *problem; /* of a gap, in words */
};

/* Reads {"events":[…]} into the batch. */
RW_MUST_USE bool follow_read(struct follow_batch *batch, const char *bytes, size_t length,
                             struct rw_arena *arena, struct rw_error *err);
/* Idempotent by number: what was stored before is skipped, and a gap stores nothing of its batch.
 * All batches, each of another dispenser, are kept in one transaction or none is; after true what
 * is `stored` is on disk. */
RW_MUST_USE bool follow_batches(struct service *service, struct follow_batch **batches,
                                size_t count, struct rw_arena *arena, struct rw_error *err);

#endif
