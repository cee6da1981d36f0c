/* SPDX-License-Identifier: Apache-2.0 */
/* Brings the reports of many dispensers to disk in one transaction. */
#include "api/gather.h"

#include <assert.h>

#include "api/service.h"
#include "core/base/text.h"

#define ARENA_MAX (64 * RW_ARENA_MIB)

struct round {
    struct gather_report *reports[GATHER_BATCHES_MAX];
    struct follow_batch *batches[GATHER_BATCHES_MAX];
    size_t count;
    size_t events;
};

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
    report->entry.resume = resume;
    report->entry.connection = connection;
    report->hash = hash_of(report->batch.dispenser);
    return queue_add(report->queue, &report->entry);
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

static bool take(void *self, struct queue_entry *entry)
{
    struct round *round = self;
    struct gather_report *report = (struct gather_report *)entry; /* its first member */
    if (!fits(round, report))
        return false;
    round->batches[round->count] = &report->batch;
    round->reports[round->count++] = report;
    round->events += report->batch.count;
    return true;
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
        queue_resume(&report->entry);
    }
}

static bool settle_next(struct service *service, struct rw_arena *arena)
{
    struct round round;
    round.count = round.events = 0;
    queue_take(service->reports, &round, take);
    if (round.count > 0)
        settle(service, &round, arena);
    return round.count > 0;
}

void gather_run(struct service *service)
{
    struct rw_arena *arena = rw_arena_open(ARENA_MAX);
    while (arena && !atomic_load(&service->stopping)) /* ends with the service */
        (void)settle_next(service, arena);
    queue_end(service->reports);
    while (arena && settle_next(service, arena)) { /* ends: nobody is added any more */
    }
    rw_arena_close(arena);
}
