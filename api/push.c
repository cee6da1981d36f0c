/* SPDX-License-Identifier: Apache-2.0 */
/* Wakes connections that wait, whichever node made the change. */
#define _GNU_SOURCE
#include "api/push.h"

#include <time.h>

#include "api/service.h"
#include "core/base/log.h"
#include "db/dispensers.h"

#define OVERLAP_MS 10000 /* a change may be committed this long after its time */
#define WAIT_MS 500      /* hints come at once; without them changes are found within this */
#define TICK_MS 10       /* hints that come together wake together */
#define ARENA_MAX (8 * RW_ARENA_MIB)

struct pushing {
    struct service *service;
    struct dispensers_change *changes;
    size_t count;
};

static void sleep_ms(long milliseconds)
{
    const struct timespec step = { milliseconds / 1000, milliseconds % 1000 * 1000000L };
    (void)nanosleep(&step, NULL);
}

static bool read_changes(void *self, const struct scope *scope, struct rw_error *err)
{
    struct pushing *pushing = self;
    return dispensers_changes(scope, scope->now_ms - OVERLAP_MS, &pushing->changes, &pushing->count,
                              err);
}

static bool wake_changed(struct service *service, struct rw_arena *arena, struct rw_error *err)
{
    struct pushing pushing = { .service = service };
    const struct scope who = service_self(service, arena);
    const struct service_work work = { &pushing, read_changes };
    if (!service_transact(service, &who, &work, err))
        return false;
    for (size_t i = 0; i < pushing.count; i++)
        waiters_wake(service->waiters, pushing.changes[i].dispenser_id, pushing.changes[i].version);
    return true;
}

/* One round: a hint or the end of the wait, then the truth. */
static bool push_once(struct service *service, struct conn *conn, struct rw_arena *arena,
                      struct rw_error *err)
{
    bool notified = false;
    rw_arena_reset(arena);
    if (!conn_wait(conn, WAIT_MS, &notified, err))
        return false;
    if (notified)
        sleep_ms(TICK_MS);
    return wake_changed(service, arena, err);
}

static void listen_until_lost(struct service *service, struct conn *conn, struct rw_arena *arena)
{
    struct rw_error err = { 0 };
    bool good = conn_ready(conn, &err) && conn_listen(conn, &err);
    while (good && !atomic_load(&service->stopping))
        good = push_once(service, conn, arena, &err);
    if (good)
        return;
    const struct rw_log_field fields[] = { { "detail", err.text }, { 0 } };
    rw_log(&service->clock, RW_LOG_WARN, "push-waits-for-database", fields);
    sleep_ms(WAIT_MS);
}

void push_run(struct service *service)
{
    struct rw_arena *arena = rw_arena_open(ARENA_MAX);
    while (arena && !atomic_load(&service->stopping)) { /* ends with the service */
        struct conn *conn = conn_open(service->database, service->database_role);
        if (conn)
            listen_until_lost(service, conn, arena);
        else
            sleep_ms(WAIT_MS);
        conn_close(conn);
    }
    rw_arena_close(arena);
}
