/* SPDX-License-Identifier: Apache-2.0 */
/* Ends what people hold open once they are signed in no more. */
#include "api/departure.h"

#include "api/complaint.h"
#include "api/service.h"
#include "core/base/text.h"
#include "db/sessions.h"

struct departure {
    struct rw_arena *arena;
    const char **owners;
    size_t count;
    const char **over;
    size_t over_count;
    struct rw_error err;
};

/* With the table's lock held: a stream that ends takes its owner's text with it. */
static void note_owner(void *self, const char *owner)
{
    struct departure *departure = self;
    if (departure->count == DEPARTURE_OWNERS_MAX)
        return;
    const char *kept = rw_arena_text(departure->arena, owner, &departure->err);
    if (kept)
        departure->owners[departure->count++] = kept;
}

static bool find_over(void *self, const struct scope *scope, struct rw_error *err)
{
    struct departure *departure = self;
    return sessions_find_over(scope, departure->owners, departure->count, &departure->over,
                              &departure->over_count, err);
}

/* Who is left on a page that tells nothing new must see that it does not. */
static void end_unchecked(struct service *service, struct departure *departure)
{
    departure->over = departure->owners;
    departure->over_count = departure->count;
    complaint_log(service, RW_LOG_WARN, "streams-ended-unchecked", NULL, NULL);
}

void departure_look(struct service *service, int64_t *checked_ms, struct rw_arena *arena)
{
    rw_arena_reset(arena);
    int64_t now_ms = rw_clock_monotonic_ms(&service->clock);
    struct departure departure = { .arena = arena };
    const struct service_work work = { &departure, find_over };
    const struct scope who = service_self(service, arena);
    departure.owners =
        rw_arena_array(arena, DEPARTURE_OWNERS_MAX, sizeof *departure.owners, &departure.err);
    if (!departure.owners)
        return;
    waiters_visit_owners(service->waiters, &departure, note_owner);
    if (departure.count == 0 || service_read(service, &who, &work, &departure.err))
        *checked_ms = now_ms;
    else
        complaint_log(service, RW_LOG_WARN, "streams-not-looked-at", &departure.err, NULL);
    if (now_ms - *checked_ms >= DEPARTURE_UNCHECKED_MS)
        end_unchecked(service, &departure);
    for (size_t i = 0; i < departure.over_count; i++)
        waiters_dismiss_owner(service->waiters, departure.over[i]);
}
