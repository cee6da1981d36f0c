/* SPDX-License-Identifier: Apache-2.0 */
/* Asks for the schedules of many dispensers in one statement. */
#include "api/fetch.h"

#include <assert.h>

#include "api/service.h"
#include "core/model/schedule.h"

#define ARENA_MAX ((size_t)FETCH_MANY_MAX * 2 * SCHEDULE_BYTES_MAX + RW_ARENA_MIB)

struct round {
    struct fetch *fetches[FETCH_MANY_MAX];
    const char *names[FETCH_MANY_MAX];
    size_t count;
    struct dispensers_schedule schedules[FETCH_MANY_MAX];
};

bool fetch_add(void *self, void (*resume)(void *connection), void *connection)
{
    struct fetch *fetch = self;
    fetch->done = false;
    fetch->entry.resume = resume;
    fetch->entry.connection = connection;
    return queue_add(fetch->queue, &fetch->entry);
}

static bool take(void *self, struct queue_entry *entry)
{
    struct round *round = self;
    struct fetch *fetch = (struct fetch *)entry; /* its first member */
    if (round->count == FETCH_MANY_MAX)
        return false;
    round->names[round->count] = fetch->dispenser;
    round->fetches[round->count++] = fetch;
    return true;
}

static bool find(void *self, const struct scope *scope, struct rw_error *err)
{
    struct round *round = self;
    return dispensers_find_schedules(scope, round->names, round->count, round->schedules, err);
}

static bool hand_over(struct fetch *fetch, const struct dispensers_schedule *found)
{
    struct dispensers_schedule mine = *found;
    mine.dispenser_id = fetch->dispenser;
    if (found->version > 0) {
        mine.roll = rw_arena_text(fetch->arena, found->roll, &fetch->failure);
        mine.bytes = rw_arena_text_n(fetch->arena, found->bytes, found->length, &fetch->failure);
        if (!mine.roll || !mine.bytes)
            return false;
    }
    fetch->schedule = mine;
    return true;
}

static void serve(struct service *service, struct round *round, struct rw_arena *arena)
{
    struct rw_error err = { 0 };
    rw_arena_reset(arena);
    const struct scope who = service_self(service, arena);
    const struct service_work work = { round, find };
    bool found = service_read(service, &who, &work, &err);
    for (size_t i = 0; i < round->count; i++) {
        struct fetch *fetch = round->fetches[i];
        if (found)
            (void)hand_over(fetch, &round->schedules[i]); /* or its failure */
        else
            fetch->failure = err;
        fetch->done = true;
    }
    for (size_t i = 0; i < round->count; i++) /* close together: a thread wakes for several */
        queue_resume(&round->fetches[i]->entry);
}

static bool serve_next(struct service *service, struct rw_arena *arena)
{
    struct round round;
    round.count = 0;
    queue_take(service->fetches, &round, take);
    if (round.count > 0)
        serve(service, &round, arena);
    return round.count > 0;
}

void fetch_run(struct service *service)
{
    struct rw_arena *arena = rw_arena_open(ARENA_MAX);
    while (arena && !atomic_load(&service->stopping)) /* ends with the service */
        (void)serve_next(service, arena);
    queue_end(service->fetches);
    while (arena && serve_next(service, arena)) { /* ends: nobody is added any more */
    }
    rw_arena_close(arena);
}
