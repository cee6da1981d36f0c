/* SPDX-License-Identifier: Apache-2.0 */
/* Asks for the schedules of many dispensers in one statement. */
#ifndef RW_API_FETCH_H
#define RW_API_FETCH_H

#include <stdbool.h>
#include <stddef.h>

#include "api/queue.h"
#include "core/base/arena.h"
#include "core/base/error.h"
#include "db/dispensers.h"

struct service;

#define FETCH_MANY_MAX 64 /* schedules of one statement */
#define FETCH_JOIN_US 250 /* longer waits saved nothing more */

/* A question that sleeps until the table has answered. Lives in the arena of its request. */
struct fetch {
    struct queue_entry entry;
    struct queue *queue;
    struct rw_arena *arena; /* where the answer is put */
    const char *dispenser;
    bool done; /* `schedule` or `failure` says what came of it */
    struct dispensers_schedule schedule;
    struct rw_error failure;
};

/* The `start` of an exchange_park whose `self` is one with queue, arena and dispenser set. */
RW_MUST_USE bool fetch_add(void *fetch, void (*resume)(void *connection), void *connection);
/* The body of one thread, until the service is stopping; then whoever waits is still served. */
void fetch_run(struct service *service);

#endif
