/* SPDX-License-Identifier: Apache-2.0 */
/* Holds connections that wait for a newer version of something. */
#ifndef RW_API_WAITERS_H
#define RW_API_WAITERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/exchange.h"
#include "core/base/arena.h"
#include "core/base/attributes.h"

#define WAITERS_BUCKETS 4096 /* lists by key: a wake-up looks at one */

/* One that waits; part of whatever waits, and in the table from waiters_add until it is resumed.
 * `resume` is called once, on another thread, with the lock of the table held: it must not block
 * nor call the table. */
struct waiter {
    char key[EXCHANGE_ARG_MAX];
    int64_t version;     /* what it has; after resuming, what there is */
    int64_t deadline_ms; /* monotonic */
    bool timed_out;
    bool ended; /* told to go */
    void *self;
    void (*resume)(void *self);
    struct waiter *next;
    struct waiter *previous;
    bool waiting;
};

/* Thread-safe. */
struct waiters;

RW_MUST_USE bool waiters_open(struct rw_arena *arena, struct waiters **ret_waiters,
                              struct rw_error *err);
void waiters_close(struct waiters *waiters); /* nobody waits any more */
/* False when the table was ended: it must go at once and `resume` is not called. */
RW_MUST_USE bool waiters_add(struct waiters *waiters, struct waiter *waiter);
/* Resumes those with this key that have an older version. */
void waiters_wake(struct waiters *waiters, const char *key, int64_t version);
/* Resumes those with this key and tells them to go. */
void waiters_dismiss(struct waiters *waiters, const char *key);
/* Resumes those whose time is up. */
void waiters_expire(struct waiters *waiters, int64_t now_ms);
/* Tells all to go, and all that come after. */
void waiters_end(struct waiters *waiters);
/* Tells the key of each that waits, with the lock of the table held. */
void waiters_visit(struct waiters *waiters, void *self, void (*visit)(void *self, const char *key));
size_t waiters_count(struct waiters *waiters);

#endif
