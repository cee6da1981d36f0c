/* SPDX-License-Identifier: Apache-2.0 */
/* Takes in what a dispenser reports and draws the consequences. */
#include "api/follow.h"

#include <assert.h>
#include <string.h>

#include "api/raise.h"
#include "api/service.h"
#include "api/step.h"
#include "core/base/text.h"
#include "core/json/event_json.h"
#include "db/dispensers.h"
#include "db/events.h"
#include "db/journal.h"
#include "db/pauses.h"
#include "db/rolls.h"

#define DAY_MS INT64_C(86400000)
/* Our own choice: bags come so much too soon without harm. */
#define CLOCK_AHEAD_MS (5 * INT64_C(60000))

/* A bag ("" = none) and what tells one trouble from the next. */
struct fault {
    const char *serial;
    int64_t once;
};

/* One transaction, and the batch that is being followed in it. */
struct following {
    struct service *service;
    struct follow_batch **batches;
    size_t count;
    struct follow_batch *batch;
    size_t stored; /* events that are new */
};

/* The roll that a serial belongs to: its first nine digits. */
static void roll_of(const char *serial, char ret_number[ROLL_NUMBER_MAX])
{
    size_t length = strlen(serial) == BAG_SERIAL_DIGITS ? ROLL_NUMBER_DIGITS : 0;
    memcpy(ret_number, serial, length);
    ret_number[length] = '\0';
}

/* What became of the bag. Nothing is missed while the dispenser is paused, nor, by the service's
 * own clock, before its time: until then the moment stands as it did. */
static const char *fate_of(const struct following *following, const struct event *event)
{
    if (event->type == EVENT_RELEASED)
        return "released";
    return event->type == EVENT_MISSED && following->batch->paused_ms == 0 ? "missed" : "withheld";
}

/* Two moments' bags in one hand may be a double dose. A bag that is taken early raises no alarm,
 * but the journal says what was not allowed, and pages and reports tell it apart. */
static bool note_too_early(const struct scope *scope, const struct event *event,
                           const struct events_moment *moment, struct rw_error *err)
{
    struct rolls_row row;
    char left[RW_CLOCK_TEXT_MAX];
    char allowed[RW_CLOCK_TEXT_MAX];
    if (event->cause == EVENT_MANUAL || event->at_utc_ms >= moment->leaves_ms)
        return true;
    rw_clock_write_utc(event->at_utc_ms, left);
    rw_clock_write_utc(moment->leaves_ms, allowed);
    const char *detail = rw_arena_format(scope->arena, err, "bag %s left at %s, allowed from %s",
                                         event->serial, left, allowed);
    if (!detail || !rolls_get(scope, moment->roll, false, &row, err))
        return false;
    const struct journal_act act = { .action = "too-early",
                                     .object_type = "roll",
                                     .object_id = row.number,
                                     .client = row.pseudonym,
                                     .detail = detail };
    return journal_insert(scope, &act, err);
}

static bool raise_fault(const struct scope *scope, struct following *following,
                        enum alarm_type type, const struct fault *fault, struct rw_error *err)
{
    struct events_moment moment;
    struct rolls_row row;
    bool away = false;
    const char *key = rw_arena_format(scope->arena, err, "%s:%s:%lld:%lld", alarm_type_word(type),
                                      following->batch->dispenser,
                                      (long long)following->batch->epoch, (long long)fault->once);
    if (!key || !events_at_hand(scope, following->batch->dispenser, fault->serial, &moment, err))
        return false;
    if (!moment.roll)
        return true; /* it never had a roll, so nobody waits for a bag */
    if (!pauses_cover(scope, moment.roll, scope->now_ms, &away, err) ||
        !rolls_get(scope, moment.roll, false, &row, err))
        return false;
    if (away || following->batch->paused_ms > 0)
        return true; /* it stays among the events, and nobody is called out for it */
    const struct alarm alarm = { .type = type,
                                 .client = row.pseudonym,
                                 .dispenser = following->batch->dispenser,
                                 .roll = moment.roll,
                                 .bag = (int32_t)moment.n,
                                 .dedupe_key = key };
    return raise_alarm(following->service, scope, &alarm, err);
}

/* It left, and nobody waits for it: it was taken back or replaced, or is somebody else's. A person
 * has to know before the client takes it; one alarm for each roll. What left before did so once. */
static bool look_at_stray(const struct scope *scope, struct following *following,
                          const struct event *event, struct rw_error *err)
{
    const char *state = NULL;
    char number[ROLL_NUMBER_MAX];
    int64_t roll = 0;
    if (!events_state_of(scope, following->batch->dispenser, event->serial, &state, err))
        return false;
    if (state && rw_text_equal(state, "released"))
        return true;
    roll_of(event->serial, number);
    (void)rw_text_to_int(number, 0, INT64_MAX, &roll); /* what is no serial counts as roll 0 */
    return raise_fault(scope, following, ALARM_CODE_MISMATCH,
                       &(struct fault){ event->serial, -roll }, err);
}

static bool settle_bag(const struct scope *scope, struct following *following,
                       const struct event *event, struct rw_error *err)
{
    const char *fate = fate_of(following, event);
    bool missed = rw_text_equal(fate, "missed");
    struct events_moment moment;
    bool last = false;
    if (!events_settle(scope, following->batch->dispenser, event->serial, fate, &moment, &last,
                       err))
        return false;
    if (!moment.serial)
        return event->type != EVENT_RELEASED || look_at_stray(scope, following, event, err);
    if (event->type == EVENT_RELEASED && !note_too_early(scope, event, &moment, err))
        return false;
    if (missed && !raise_missed(following->service, scope, &moment, err))
        return false;
    /* Another node may be raising the alarm in this minute. */
    if (event->type == EVENT_RELEASED && moment.alarm_ms < scope->now_ms + 60000 &&
        !raise_made_good(scope, &moment, "taken out of the dispenser after all", err))
        return false;
    return !last ||
           step_follow(scope, moment.roll, following->batch->dispenser, ROLL_ACT_FINISH, err);
}

/* A clock that runs ahead cannot hold an alarm back longer than until now. */
static bool pause_or_resume(const struct scope *scope, struct following *following,
                            const struct event *event, struct rw_error *err)
{
    struct follow_batch *batch = following->batch;
    int64_t at_ms = event->at_utc_ms < scope->now_ms ? event->at_utc_ms : scope->now_ms;
    bool pause = event->type == EVENT_PAUSED;
    if (pause == (batch->paused_ms > 0))
        return true;
    if (!pause && !events_put_off(scope, batch->dispenser, batch->paused_ms, at_ms, err))
        return false;
    batch->paused_ms = pause ? at_ms : 0;
    return dispensers_set_paused(scope, batch->dispenser, batch->paused_ms, err);
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
        return step_follow(scope, number, following->batch->dispenser, ROLL_ACT_LOAD, err);
    if (alarm_of_event(event->type) != ALARM_NONE)
        return raise_fault(scope, following, alarm_of_event(event->type),
                           &(struct fault){ event->serial, event->seq }, err);
    return true;
}

/* What the device reports as it happens bears its time. One that lies ahead was written by a clock
 * that is wrong; one that lies behind may have waited for a network. Once a day is told. */
static bool look_at_clock(const struct scope *scope, struct following *following,
                          struct rw_error *err)
{
    const struct follow_batch *batch = following->batch;
    const struct event *last = &batch->events[batch->count - 1];
    return last->at_utc_ms - scope->now_ms < CLOCK_AHEAD_MS ||
           raise_fault(scope, following, ALARM_CLOCK, &(struct fault){ "", scope->now_ms / DAY_MS },
                       err);
}

/* Skips what is known; what does not begin behind it is a gap. */
static bool find_first(struct follow_batch *batch, struct rw_arena *arena, struct rw_error *err)
{
    int64_t last = batch->stored;
    while (batch->first < batch->count && batch->events[batch->first].seq <= last)
        batch->first++;
    batch->gap = batch->first < batch->count && batch->events[batch->first].seq != last + 1;
    if (!batch->gap)
        return true;
    batch->problem =
        rw_arena_format(arena, err, "the batch begins at %lld, but %lld is the last that is stored",
                        (long long)batch->events[0].seq, (long long)last);
    return batch->problem != NULL;
}

static void note_kept(struct following *following, struct follow_batch *batch,
                      const struct events_report *report)
{
    batch->epoch = report->epoch;
    batch->paused_ms = report->paused_ms;
    following->stored += report->count;
}

/* What does not begin right behind the last that is kept was told before, in part or in whole, or
 * leaves something out. */
static bool keep_rest(const struct scope *scope, struct following *following,
                      struct follow_batch *batch, struct rw_error *err)
{
    struct dispensers_row row;
    if (!dispensers_get(scope, batch->dispenser, &row, err))
        return false;
    batch->stored = row.last_seq;
    if (!find_first(batch, batch->who.arena, err))
        return false;
    if (batch->gap || batch->first == batch->count)
        return true;
    struct events_report rest = { .dispenser_id = batch->dispenser,
                                  .events = batch->events + batch->first,
                                  .count = batch->count - batch->first };
    if (!events_keep(scope, &rest, 1, err))
        return false;
    assert(rest.kept); /* its row is locked */
    note_kept(following, batch, &rest);
    return true;
}

/* Nodes that hear the same dispensers at once may wait for each other; the database then ends one
 * transaction, which is run again. */
static bool keep(const struct scope *scope, struct following *following, struct rw_error *err)
{
    struct events_report *reports =
        rw_arena_array(scope->arena, following->count, sizeof *reports, err);
    size_t count = 0;
    if (!reports)
        return false;
    for (size_t i = 0; i < following->count; i++) {
        struct follow_batch *batch = following->batches[i];
        batch->first = 0;
        batch->gap = false;
        if (batch->count > 0) /* else it asks how far we are */
            reports[count++] = (struct events_report){ .dispenser_id = batch->dispenser,
                                                       .events = batch->events,
                                                       .count = batch->count };
    }
    if (count > 0 && !events_keep(scope, reports, count, err))
        return false;
    const struct events_report *report = reports;
    for (size_t i = 0; i < following->count; i++) {
        struct follow_batch *batch = following->batches[i];
        const struct events_report *told = batch->count > 0 ? report++ : NULL;
        if (told && told->kept)
            note_kept(following, batch, told);
        else if (!keep_rest(scope, following, batch, err))
            return false;
    }
    return true;
}

static bool draw_consequences(const struct scope *scope, struct following *following,
                              struct rw_error *err)
{
    struct follow_batch *batch = following->batch;
    struct scope who = batch->who;
    who.conn = scope->conn;
    who.arena = scope->arena;
    who.now_ms = scope->now_ms;
    for (size_t i = batch->first; i < batch->count; i++) {
        if (!follow_one(&who, following, &batch->events[i], err))
            return false;
    }
    return look_at_clock(&who, following, err);
}

/* REQ-017: the answers are given after this transaction is on disk. */
static bool follow(void *self, const struct scope *scope, struct rw_error *err)
{
    struct following *following = self;
    following->stored = 0;
    if (!keep(scope, following, err))
        return false;
    for (size_t i = 0; i < following->count; i++) {
        following->batch = following->batches[i];
        if (following->batch->gap || following->batch->first == following->batch->count)
            continue;
        if (!draw_consequences(scope, following, err))
            return false;
        following->batch->stored = following->batch->events[following->batch->count - 1].seq;
    }
    return true;
}

bool follow_read(struct follow_batch *batch, const char *bytes, size_t length,
                 struct rw_arena *arena, struct rw_error *err)
{
    return event_json_read(bytes, length, arena, &batch->events, &batch->count, err);
}

bool follow_batches(struct service *service, struct follow_batch **batches, size_t count,
                    struct rw_arena *arena, struct rw_error *err)
{
    struct following following = { .service = service, .batches = batches, .count = count };
    const struct scope who = service_self(service, arena);
    const struct service_work work = { &following, follow };
    if (!service_transact(service, &who, &work, err))
        return false;
    atomic_fetch_add(&service->counts.events, (long long)following.stored);
    return true;
}
