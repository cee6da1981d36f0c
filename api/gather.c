/* SPDX-License-Identifier: Apache-2.0 */
/* Brings the reports of many dispensers to disk in one transaction. */
#define _GNU_SOURCE
#include "api/gather.h"

#include <assert.h>
#include <pthread.h>
#include <time.h>

#include "api/service.h"
#include "core/base/text.h"

#define ARENA_MAX (64 * RW_ARENA_MIB)
#define LOOK_MS 100 /* how often the thread looks whether the service is stopping */

struct gather {
    pthread_mutex_t lock;
    pthread_cond_t came;
    struct gather_report *first;
    struct gather_report **last; /* where the next one is hung */
    size_t waiting;
    bool ended;
};

struct round {
    struct gather_report *reports[GATHER_BATCHES_MAX];
    struct follow_batch *batches[GATHER_BATCHES_MAX];
    size_t count;
    size_t events;
};

bool gather_open(struct rw_arena *arena, struct gather **ret_gather, struct rw_error *err)
{
    struct gather *gather = rw_arena_alloc(arena, sizeof *gather, err);
    pthread_condattr_t monotonic;
    if (!gather)
        return false;
    (void)pthread_condattr_init(&monotonic); /* none of these can fail with what they are given */
    (void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&gather->came, &monotonic);
    (void)pthread_condattr_destroy(&monotonic);
    (void)pthread_mutex_init(&gather->lock, NULL);
    gather->last = &gather->first;
    *ret_gather = gather;
    return true;
}

void gather_close(struct gather *gather)
{
    assert(gather->waiting == 0);
    (void)pthread_cond_destroy(&gather->came);
    (void)pthread_mutex_destroy(&gather->lock);
}

/* FNV-1a; the keys are ids that we gave out ourselves. */
static uint32_t hash_of(const char *name)
{
    uint32_t hash = 2166136261U;
    for (size_t i = 0; name[i]; i++)
        hash = (hash ^ (unsigned char)name[i]) * 16777619U;
    return hash;
}

bool gather_add(void *self, void (*resume)(void *connection), void *connection)
{
    struct gather_report *report = self;
    struct gather *gather = report->gather;
    report->resume = resume;
    report->connection = connection;
    report->hash = hash_of(report->batch.dispenser);
    report->next = NULL;
    (void)pthread_mutex_lock(&gather->lock);
    bool taken = !gather->ended && gather->waiting < GATHER_WAITING_MAX;
    if (taken) {
        *gather->last = report;
        gather->last = &report->next;
        gather->waiting++;
        (void)pthread_cond_signal(&gather->came);
    }
    (void)pthread_mutex_unlock(&gather->lock);
    return taken;
}

/* One batch of each dispenser: the second one follows on the first. */
static bool fits(const struct round *round, const struct gather_report *report)
{
    if (round->count == GATHER_BATCHES_MAX ||
        (round->count > 0 && round->events + report->batch.count > GATHER_EVENTS_MAX))
        return false;
    for (size_t i = 0; i < round->count; i++) {
        const struct gather_report *other = round->reports[i];
        if (other->hash == report->hash &&
            rw_text_equal(other->batch.dispenser, report->batch.dispenser))
            return false;
    }
    return true;
}

/* From the head of the queue until one does not fit. */
static void take(struct gather *gather, struct round *round)
{
    round->count = round->events = 0;
    while (gather->first && fits(round, gather->first)) {
        struct gather_report *report = gather->first;
        gather->first = report->next;
        if (!gather->first)
            gather->last = &gather->first;
        gather->waiting--;
        round->batches[round->count] = &report->batch;
        round->reports[round->count++] = report;
        round->events += report->batch.count;
    }
}

static bool wait_for(struct gather *gather, struct round *round)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += LOOK_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    (void)pthread_mutex_lock(&gather->lock);
    if (!gather->first)
        (void)pthread_cond_timedwait(&gather->came, &gather->lock, &until);
    take(gather, round);
    (void)pthread_mutex_unlock(&gather->lock);
    return round->count > 0;
}

static void follow_alone(struct service *service, struct gather_report *report,
                         struct rw_arena *arena)
{
    struct follow_batch *batch = &report->batch;
    rw_arena_reset(arena);
    report->failure = (struct rw_error){ 0 };
    bool done = follow_batches(service, &batch, 1, arena, &report->failure);
    assert(done == (report->failure.code == RW_OK));
}

static void settle(struct service *service, struct round *round, struct rw_arena *arena)
{
    struct rw_error err = { 0 };
    rw_arena_reset(arena);
    bool done = follow_batches(service, round->batches, round->count, arena, &err);
    for (size_t i = 0; i < round->count; i++) {
        struct gather_report *report = round->reports[i];
        if (!done && round->count == 1)
            report->failure = err;
        if (!done && round->count > 1)
            follow_alone(service, report, arena);
        report->done = true;
        report->resume(report->connection);
    }
}

/* From now on nobody is added; who came before is served. */
static void end(struct gather *gather)
{
    (void)pthread_mutex_lock(&gather->lock);
    gather->ended = true;
    (void)pthread_mutex_unlock(&gather->lock);
}

void gather_run(struct service *service)
{
    struct gather *gather = service->gather;
    struct rw_arena *arena = rw_arena_open(ARENA_MAX);
    struct round round;
    while (arena && !atomic_load(&service->stopping)) { /* ends with the service */
        if (wait_for(gather, &round))
            settle(service, &round, arena);
    }
    end(gather);
    while (arena && wait_for(gather, &round)) /* ends: nobody is added any more */
        settle(service, &round, arena);
    rw_arena_close(arena);
}
