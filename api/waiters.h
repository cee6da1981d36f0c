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
#define WAITERS_SLOTS 1024   /* lists by deadline: each round of time looks at those that are due */
#define WAITERS_SLOT_MS 64   /* what is due later than a round of the slots is passed over */

/* The lists that a waiter stands in; in the last only if it has an owner. */
enum waiter_list { WAITER_BY_KEY, WAITER_BY_DEADLINE, WAITER_BY_OWNER, WAITER_LISTS };

/* A list that a waiter can leave from where it stands: `at` is what points to it. */
struct waiter_link {
    struct waiter *next;
    struct waiter **at;
};

/* One that waits; part of whatever waits, and in the table from waiters_add until it is resumed.
 * `resume` is called once; before it `tell`, where there is one, is asked each time that there is
 * something newer or the deadline has come: true and it goes on waiting, until the deadline that it
 * has then. Both are called on another thread, with the lock of the table held: they must not block
 * nor call the table. */
struct waiter {
    char key[EXCHANGE_ARG_MAX];
    bool ended;          /* told to go */
    int64_t version;     /* what it has; after resuming, what there is */
    int64_t deadline_ms; /* monotonic */
    void *self;
    bool (*tell)(void *self); /* may be NULL */
    void (*resume)(void *self);
    const char *owner; /* the credential it was let in with, where that may end; NULL = cannot */
    struct waiter_link links[WAITER_LISTS];
};

/* Thread-safe. */
struct waiters;

RW_MUST_USE bool waiters_open(struct rw_arena *arena, struct waiters **ret_waiters,
                              struct rw_error *err);
void waiters_close(struct waiters *waiters); /* nobody waits any more */
/* False when the table was ended: it must go at once and `resume` is not called. */
RW_MUST_USE bool waiters_add(struct waiters *waiters, struct waiter *waiter);
/* Tells or resumes those with this key that have an older version. */
void waiters_wake(struct waiters *waiters, const char *key, int64_t version);
/* Resumes those with this key and tells them to go. */
void waiters_dismiss(struct waiters *waiters, const char *key);
/* Tells or resumes those whose time is up. */
void waiters_expire(struct waiters *waiters, int64_t now_ms);
/* Tells all to go, and all that come after. */
void waiters_end(struct waiters *waiters);
/* Tells the key of each that waits, with the lock of the table held. */
void waiters_visit(struct waiters *waiters, void *self, void (*visit)(void *self, const char *key));
/* The owner of each that has one, likewise; and resumes those of one owner and tells them to go. */
void waiters_visit_owners(struct waiters *waiters, void *self,
                          void (*visit)(void *self, const char *owner));
void waiters_dismiss_owner(struct waiters *waiters, const char *owner);
size_t waiters_count(struct waiters *waiters);

#endif
