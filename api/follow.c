/* SPDX-License-Identifier: Apache-2.0 */
/* Takes in what a dispenser reports and draws the consequences. */
#include "api/follow.h"

#include <string.h>

#include "api/raise.h"
#include "api/service.h"
#include "api/step.h"
#include "core/base/text.h"
#include "core/json/event_json.h"
#include "db/dispensers.h"
#include "db/events.h"

struct following {
    struct service *service;
    const struct follow_request *request;
    struct dispensers_row dispenser;
    struct event *events;
    size_t count;
    size_t first; /* the first that is new */
};

/* The roll that a serial belongs to: its first nine digits. */
static void roll_of(const char *serial, char ret_number[ROLL_NUMBER_MAX])
{
    size_t length = strlen(serial) == BAG_SERIAL_DIGITS ? ROLL_NUMBER_DIGITS : 0;
    memcpy(ret_number, serial, length);
    ret_number[length] = '\0';
}

/* A step that a report may bring about; a report that comes late or twice brings none. */
static bool step_on(const struct scope *scope, const struct following *following,
                    const char *number, enum roll_act act, struct rw_error *err)
{
    struct step step;
    if (!step_open(scope, number, &step, err))
        return false;
    bool ours = rw_text_equal(step.row.dispenser_id, following->request->dispenser);
    if (!ours || !roll_step_find(step.row.state, act))
        return true;
    return step_take(scope, &step, act, following->request->dispenser, err);
}

/* What became of the bag. Nothing is missed while the client is away. */
static const char *fate_of(const struct following *following, const struct event *event)
{
    if (event->type == EVENT_RELEASED)
        return "released";
    return event->type == EVENT_MISSED && following->dispenser.paused_ms == 0 ? "missed"
                                                                              : "withheld";
}

static bool settle_bag(const struct scope *scope, struct following *following,
                       const struct event *event, struct rw_error *err)
{
    const char *fate = fate_of(following, event);
    bool missed = rw_text_equal(fate, "missed");
    struct events_moment moment;
    int64_t waiting = 0;
    if (!events_settle(scope, following->request->dispenser, event->serial, fate, &moment, err))
        return false;
    if (!moment.serial)
        return true;
    if (missed && !raise_missed(following->service, scope, &moment, err))
        return false;
    if (!events_waiting(scope, moment.roll, &waiting, err))
        return false;
    return waiting > 0 || step_on(scope, following, moment.roll, ROLL_ACT_FINISH, err);
}

static bool raise_fault(const struct scope *scope, struct following *following,
                        const struct event *event, struct rw_error *err)
{
    enum alarm_type type = alarm_of_event(event->type);
    struct dispensers_schedule held;
    struct rolls_row row;
    const char *key = rw_arena_format(scope->arena, err, "%s:%s:%lld:%lld", alarm_type_word(type),
                                      following->request->dispenser,
                                      (long long)following->dispenser.epoch, (long long)event->seq);
    if (!key || !dispensers_find_schedule(scope, following->request->dispenser, &held, err))
        return false;
    if (!held.bytes)
        return true; /* it has no roll, so nobody waits for a bag */
    if (!rolls_get(scope, held.roll, false, &row, err))
        return false;
    const struct alarm alarm = { .type = type,
                                 .client = row.pseudonym,
                                 .dispenser = following->request->dispenser,
                                 .roll = held.roll,
                                 .dedupe_key = key };
    return raise_alarm(following->service, scope, &alarm, err);
}

/* A clock that runs ahead cannot hold an alarm back longer than until now. */
static bool pause_or_resume(const struct scope *scope, struct following *following,
                            const struct event *event, struct rw_error *err)
{
    struct dispensers_row *dispenser = &following->dispenser;
    int64_t at_ms = event->at_utc_ms < scope->now_ms ? event->at_utc_ms : scope->now_ms;
    bool pause = event->type == EVENT_PAUSED;
    if (pause == (dispenser->paused_ms > 0))
        return true;
    if (!pause &&
        !events_put_off(scope, following->request->dispenser, dispenser->paused_ms, at_ms, err))
        return false;
    dispenser->paused_ms = pause ? at_ms : 0;
    return dispensers_set_paused(scope, following->request->dispenser, dispenser->paused_ms, err);
}

static bool follow_one(const struct scope *scope, struct following *following,
                       const struct event *event, struct rw_error *err)
{
    char number[ROLL_NUMBER_MAX];
    roll_of(event->serial, number);
    if (event->type == EVENT_PAUSED || event->type == EVENT_RESUMED)
        return pause_or_resume(scope, following, event, err);
    if (event->type == EVENT_RELEASED || event->type == EVENT_MISSED ||
        (event->type == EVENT_WITHHELD && number[0]))
        return settle_bag(scope, following, event, err);
    if (event->type == EVENT_ROLL_LOADED && number[0])
        return step_on(scope, following, number, ROLL_ACT_LOAD, err);
    if (alarm_of_event(event->type) != ALARM_NONE)
        return raise_fault(scope, following, event, err);
    return true;
}

/* Skips what is known; a gap stops everything. */
static bool find_first(struct following *following, struct rw_error *err)
{
    int64_t last = following->dispenser.last_seq;
    following->first = 0;
    while (following->first < following->count && following->events[following->first].seq <= last)
        following->first++;
    if (following->first < following->count && following->events[following->first].seq != last + 1)
        return rw_error_set(err, RW_CONFLICT, "/events/0/seq",
                            "the batch begins at %lld, but %lld is the last that is stored",
                            (long long)following->events[0].seq, (long long)last);
    return true;
}

/* REQ-017: the answer is given after this transaction is on disk. */
static bool follow(void *self, const struct scope *scope, struct rw_error *err)
{
    struct following *following = self;
    if (!dispensers_get(scope, following->request->dispenser, &following->dispenser, err) ||
        !find_first(following, err))
        return false;
    size_t new_count = following->count - following->first;
    if (new_count == 0)
        return true;
    following->dispenser.last_seq = following->events[following->count - 1].seq;
    following->dispenser.seen_ms = scope->now_ms;
    if (!events_insert(scope, &following->dispenser, following->events + following->first,
                       new_count, err) ||
        !dispensers_update(scope, &following->dispenser, err))
        return false;
    for (size_t i = following->first; i < following->count; i++) {
        if (!follow_one(scope, following, &following->events[i], err))
            return false;
    }
    return true;
}

bool follow_events(struct service *service, const struct scope *who,
                   const struct follow_request *request, int64_t *ret_stored, struct rw_error *err)
{
    struct following following = { .service = service, .request = request };
    const struct service_work work = { &following, follow };
    *ret_stored = 0;
    if (!event_json_read(request->bytes, request->length, who->arena, &following.events,
                         &following.count, err))
        return false;
    bool done = service_transact(service, who, &work, err);
    *ret_stored = following.dispenser.last_seq;
    if (done)
        atomic_fetch_add(&service->counts.events, (long long)(following.count - following.first));
    return done;
}
