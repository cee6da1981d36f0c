/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the service share while it runs. */
#ifndef RW_API_SERVICE_H
#define RW_API_SERVICE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "api/config.h"
#include "api/console.h"
#include "api/contacts.h"
#include "api/exchange.h"
#include "api/http.h"
#include "api/secrets.h"
#include "api/waiters.h"
#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/clock.h"
#include "core/base/crypto.h"
#include "core/base/error.h"
#include "core/base/zone.h"
#include "db/pool.h"
#include "db/scope.h"
#include "labels/canvas.h"

#define SERVICE_FED_MS_MAX 2000  /* a change is heard of four times as often */
#define SERVICE_STATUS_CLASSES 6 /* 0 unused, 1xx … 5xx */

struct downloads;
struct limiter;
struct queue;
struct repeats;
struct schedule_cache;

/* What /metrics tells. */
struct service_counts {
    atomic_llong answers[SERVICE_STATUS_CLASSES];
    atomic_llong events;
    atomic_llong alarms;
    atomic_llong releases;
    atomic_llong sealed;
};

struct service {
    struct rw_clock clock;
    const char *pharmacy; /* whose service this is: leads every key */
    struct secrets secrets;
    uint8_t pharmacy_key[RW_HMAC_KEY_BYTES];
    struct config config;
    const char *database; /* connection string of the running service */
    const char *database_role;
    struct pool *pool;
    struct waiters *waiters;
    struct contacts *contacts;
    struct console *console;
    struct queue *reports; /* of dispensers, on their way to disk */
    struct queue *fetches; /* of schedules, on their way from there */
    struct schedule_cache *schedules;
    struct downloads *downloads; /* that the journal does not hold yet */
    struct limiter *limiter;
    struct repeats *strangers;  /* who shows what is valid for nobody */
    struct repeats *complaints; /* lines of the log that came again */
    atomic_int schedule_keys; /* how many the list of keys for schedules holds; 0 = not read yet */
    atomic_llong fed_ms;      /* monotonic: when the changes of all nodes were last read */
    atomic_llong refusals;    /* how often a device's certificate was refused, here or elsewhere */
    struct http *people;
    struct http *devices;
    /* Planning asks labels whether a text fits; the canvas serves one thread at a time. */
    pthread_mutex_t planning;
    struct canvas *canvas;
    pthread_mutex_t hashing; /* one password at a time: each takes 64 MiB */
    struct service_counts counts;
    atomic_bool stopping;
};

/* Where its connections lead: they see the rows of its pharmacy alone. */
struct conn_target service_database(const struct service *service);

/* A piece of work inside one transaction; see conn_work. */
struct service_work {
    void *self;
    bool (*run)(void *self, const struct scope *scope, struct rw_error *err);
};

/* Runs the work in one transaction for `who`, whose `conn` is filled in. */
RW_MUST_USE bool service_transact(struct service *service, const struct scope *who,
                                  const struct service_work *work, struct rw_error *err);
/* The same for work that is one reading statement, without a transaction around it. */
RW_MUST_USE bool service_read(struct service *service, const struct scope *who,
                              const struct service_work *work, struct rw_error *err);
/* Does this node hear of the changes that others make? Otherwise what it remembers is not used. */
bool service_is_fed(const struct service *service, int64_t clock_ms);
/* Who asks, as the journal names it; without a connection. */
struct scope service_who(const struct service *service, const struct exchange *exchange);
/* Ourselves, in an arena. */
struct scope service_self(const struct service *service, struct rw_arena *arena);

#endif
