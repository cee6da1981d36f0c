/* SPDX-License-Identifier: Apache-2.0 */
/* Brings the reports of many dispensers to disk in one transaction. */
#ifndef RW_API_GATHER_H
#define RW_API_GATHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/follow.h"
#include "api/queue.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

struct service;

#define GATHER_BATCHES_MAX 128 /* of one transaction */
#define GATHER_EVENTS_MAX 2000 /* of one transaction; one batch alone always fits */

/* A report that sleeps until it is on disk. Lives in the arena of its request. */
struct gather_report {
    struct queue_entry entry;
    struct queue *queue;
    struct follow_batch batch;
    bool done; /* `batch` and `failure` say what became of it */
    struct rw_error failure;
    uint32_t hash; /* of the dispenser's id */
};

/* The `start` of an exchange_park whose `self` is a report with its batch and queue set: those of
 * one queue wait while the transaction before theirs is written. */
RW_MUST_USE bool gather_add(void *report, void (*resume)(void *connection), void *connection);
/* The body of one thread, until the service is stopping; then whoever waits is still served. A
 * transaction that fails is tried again for each batch alone, so that none suffers for another. */
void gather_run(struct service *service);

#endif
