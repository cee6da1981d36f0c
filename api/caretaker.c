/* SPDX-License-Identifier: Apache-2.0 */
/* Seals the journal, raises missed moments and cuts slow callers. */
#define _GNU_SOURCE
#include "api/caretaker.h"

#include <time.h>

#include "api/raise.h"
#include "api/seal.h"
#include "api/service.h"
#include "core/base/log.h"
#include "db/journal.h"

#define STEP_MS 100
#define DATABASE_ROUND 10 /* steps between two rounds in the database: a second */
#define ARENA_MAX (32 * RW_ARENA_MIB)

static void sleep_step(void)
{
    const struct timespec step = { .tv_nsec = STEP_MS * 1000000L };
    (void)nanosleep(&step, NULL);
}

static void log_failure(struct service *service, const char *event, const struct rw_error *err)
{
    const struct rw_log_field fields[] = { { "detail", err->text }, { 0 } };
    rw_log(&service->clock, RW_LOG_WARN, event, fields);
}

/* All that waits; the first round looks at the whole journal, later ones at what is recent. */
static bool seal_all(struct service *service, int64_t since_ms, struct rw_arena *arena)
{
    int64_t sealed = 0;
    do {
        struct rw_error err = { 0 };
        rw_arena_reset(arena);
        if (!seal_journal(service, since_ms, arena, &sealed, &err)) {
            if (err.code != RW_CONFLICT) /* another node was faster */
                log_failure(service, "journal-not-sealed", &err);
            return false;
        }
    } while (sealed == JOURNAL_PAGE);
    return true;
}

static void look_for_missed(struct service *service, struct rw_arena *arena)
{
    struct rw_error err = { 0 };
    size_t raised = 0;
    rw_arena_reset(arena);
    if (!raise_overdue(service, arena, &raised, &err))
        log_failure(service, "missed-moments-not-looked-for", &err);
}

void caretaker_run_database(struct service *service)
{
    struct rw_arena *arena = rw_arena_open(ARENA_MAX);
    int64_t since_ms = 0;
    int step = 0;
    while (arena && !atomic_load(&service->stopping)) { /* ends with the service */
        if (step++ % DATABASE_ROUND == 0) {
            int64_t now_ms = rw_clock_utc_ms(&service->clock);
            look_for_missed(service, arena);
            if (seal_all(service, since_ms, arena))
                since_ms = now_ms - JOURNAL_LATE_MS;
        }
        sleep_step();
    }
    if (arena)
        (void)seal_all(service, since_ms, arena); /* what is left is sealed at the next start */
    rw_arena_close(arena);
}

void caretaker_run_connections(struct service *service)
{
    while (!atomic_load(&service->stopping)) { /* ends with the service */
        waiters_expire(service->waiters, rw_clock_monotonic_ms(&service->clock));
        http_tend(service->people);
        http_tend(service->devices);
        sleep_step();
    }
}
