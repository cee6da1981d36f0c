/* SPDX-License-Identifier: Apache-2.0 */
/* Wakes connections that wait, whichever node made the change. */
#define _GNU_SOURCE
#include "api/push.h"

#include <string.h>
#include <time.h>

#include "api/complaint.h"
#include "api/schedule_cache.h"
#include "api/service.h"
#include "core/base/text.h"
#include "db/dispensers.h"

#define OVERLAP_MS 10000 /* a change may be committed this long after its time */
#define WAIT_MS 500      /* hints come at once; without them changes are found within this */
#define TICK_MS 2        /* hints that follow each other sooner share a look at the table */
#define LOST_MS (1800 * INT64_C(1000)) /* so long without news, and nothing is remembered */
#define ARENA_MAX (8 * RW_ARENA_MIB)

struct pushing {
    struct service *service;
    struct rw_arena *arena;
    struct dispensers_change *changes;
    size_t count;
    int64_t since_ms;               /* UTC: changes from then on are read */
    int64_t read_ms;                /* UTC: when they were last read; 0 = never */
    int64_t woken_ms;               /* monotonic: the last round that a hint brought about */
    int64_t refusals;               /* among the changes last read */
    char refusal[EXCHANGE_ARG_MAX]; /* the last of these */
};

static void sleep_ms(long milliseconds)
{
    const struct timespec step = { milliseconds / 1000, milliseconds % 1000 * 1000000L };
    (void)nanosleep(&step, NULL);
}

static bool read_changes(void *self, const struct scope *scope, struct rw_error *err)
{
    struct pushing *pushing = self;
    return dispensers_changes(scope, pushing->since_ms, &pushing->changes, &pushing->count, err);
}

/* A certificate that is refused: every connection is looked up again, and what the device holds
 * open ends. Seen once for each change, however often the change is read. */
static void refuse(struct pushing *pushing)
{
    int64_t refusals = 0;
    const char *last = "";
    for (size_t i = 0; i < pushing->count; i++) {
        refusals += pushing->changes[i].refusals;
        if (strcmp(pushing->changes[i].refusal, last) > 0)
            last = pushing->changes[i].refusal;
    }
    if (refusals == pushing->refusals && rw_text_equal(last, pushing->refusal))
        return;
    pushing->refusals = refusals;
    (void)rw_text_copy(pushing->refusal, sizeof pushing->refusal, last); /* a UUID: it fits */
    atomic_fetch_add(&pushing->service->refusals, 1);
    for (size_t i = 0; i < pushing->count; i++) {
        if (pushing->changes[i].refusals > 0)
            waiters_dismiss(pushing->service->waiters, pushing->changes[i].dispenser_id);
    }
}

/* From where the last reading was, and some more: also when it is long ago, or the clock was set
 * back since. */
static void choose_since(struct pushing *pushing, int64_t now_ms)
{
    int64_t from_ms = pushing->read_ms;
    if (from_ms == 0 || from_ms > now_ms)
        from_ms = now_ms;
    if (now_ms - from_ms > LOST_MS) {
        schedule_cache_clear(pushing->service->schedules);
        atomic_fetch_add(&pushing->service->refusals, 1);
        from_ms = now_ms;
    }
    pushing->since_ms = from_ms - OVERLAP_MS;
}

static void wake(struct service *service, const struct dispensers_change *change)
{
    schedule_cache_raise(service->schedules, change->dispenser_id, change->version);
    waiters_wake(service->waiters, change->dispenser_id, change->version);
}

/* A hint that names its version was committed with it: who waits for that one is told before the
 * table is asked, which may have to wait for a busy database. */
static void wake_hinted(struct pushing *pushing, const struct conn_hints *hints)
{
    struct dispensers_change change;
    for (size_t i = 0; i < hints->count; i++) {
        if (dispensers_read_hint(hints->texts[i], pushing->service->pharmacy, pushing->arena,
                                 &change))
            wake(pushing->service, &change);
    }
}

static bool wake_changed(struct pushing *pushing, struct rw_error *err)
{
    struct service *service = pushing->service;
    const struct scope who = service_self(service, pushing->arena);
    const struct service_work work = { pushing, read_changes };
    int64_t begun_ms = rw_clock_monotonic_ms(&service->clock);
    choose_since(pushing, who.now_ms);
    if (!service_read(service, &who, &work, err))
        return false;
    pushing->read_ms = who.now_ms;
    refuse(pushing);
    for (size_t i = 0; i < pushing->count; i++) {
        if (pushing->changes[i].version > 0)
            wake(service, &pushing->changes[i]);
    }
    atomic_store(&service->fed_ms, begun_ms);
    return true;
}

/* One round: a hint or the end of the wait, then the truth. */
static bool push_once(struct pushing *pushing, struct conn *conn, struct rw_error *err)
{
    const struct rw_clock *clock = &pushing->service->clock;
    struct conn_hints hints;
    rw_arena_reset(pushing->arena);
    if (!conn_wait(conn, WAIT_MS, pushing->arena, &hints, err))
        return false;
    if (hints.notified) {
        wake_hinted(pushing, &hints);
        int64_t since_ms = rw_clock_monotonic_ms(clock) - pushing->woken_ms;
        if (since_ms < TICK_MS)
            sleep_ms((long)(TICK_MS - since_ms));
        pushing->woken_ms = rw_clock_monotonic_ms(clock);
    }
    return wake_changed(pushing, err);
}

static void listen_until_lost(struct pushing *pushing, struct conn *conn)
{
    struct service *service = pushing->service;
    struct rw_error err = { 0 };
    bool good = conn_ready(conn, &err) && conn_listen(conn, &err);
    while (good && !atomic_load(&service->stopping))
        good = push_once(pushing, conn, &err);
    if (good)
        return;
    complaint_log(service, RW_LOG_WARN, "push-waits-for-database", &err, NULL);
    sleep_ms(WAIT_MS);
}

void push_run(struct service *service)
{
    struct pushing pushing = { .service = service, .arena = rw_arena_open(ARENA_MAX) };
    while (pushing.arena && !atomic_load(&service->stopping)) { /* ends with the service */
        const struct conn_target target = service_database(service);
        struct conn *conn = conn_open(&target);
        if (conn)
            listen_until_lost(&pushing, conn);
        else
            sleep_ms(WAIT_MS);
        conn_close(conn);
    }
    rw_arena_close(pushing.arena);
}
