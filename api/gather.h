/* SPDX-License-Identifier: Apache-2.0 */
/* Brings the reports of many dispensers to disk in one transaction. */
#ifndef RW_API_GATHER_H
#define RW_API_GATHER_H

#include <stdbool.h>
#include <stddef.h>

#include "api/follow.h"
#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

struct service;

#define GATHER_BATCHES_MAX 128 /* of one transaction */
#define GATHER_EVENTS_MAX 2000 /* of one transaction; one batch alone always fits */
#define GATHER_WAITING_MAX 20000

/* A report that sleeps until it is on disk. Lives in the arena of its request. */
struct gather_report {
    struct follow_batch batch;
    bool done; /* `batch` and `failure` say what became of it */
    struct rw_error failure;
    struct gather *gather;
    void (*resume)(void *connection);
    void *connection;
    uint32_t hash; /* of the dispenser's id */
    struct gather_report *next;
};

/* Those that wait while the transaction before theirs is written. Thread-safe. */
struct gather;

RW_MUST_USE bool gather_open(struct rw_arena *arena, struct gather **ret_gather,
                             struct rw_error *err);
void gather_close(struct gather *gather); /* nobody waits any more */
/* The `start` of an exchange_park whose `self` is a report with its batch and gather set. */
RW_MUST_USE bool gather_add(void *report, void (*resume)(void *connection), void *connection);
/* The body of one thread, until the service is stopping; then whoever waits is still served. A
 * transaction that fails is tried again for each batch alone, so that none suffers for another. */
void gather_run(struct service *service);

#endif
