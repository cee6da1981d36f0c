/* SPDX-License-Identifier: Apache-2.0 */
/* Raises alarms, once for each trouble. */
#include "api/raise.h"

#include <string.h>

#include "api/service.h"
#include "api/step.h"
#include "api/wall.h"
#include "core/base/log.h"
#include "core/base/random.h"
#include "core/base/text.h"
#include "core/json/json_write.h"
#include "db/alarms.h"
#include "db/dispensers.h"
#include "db/journal.h"
#include "db/outbox.h"
#include "db/pauses.h"
#include "db/rolls.h"

#define MESSAGE_MAX 2000
#define MINUTE_MS INT64_C(60000)

static bool write_message(const struct alarm *alarm, struct rw_arena *arena,
                          const char **ret_payload, struct rw_error *err)
{
    struct rw_text text;
    struct json_writer writer;
    char raised[RW_CLOCK_TEXT_MAX];
    rw_clock_write_utc(alarm->raised_utc_ms, raised);
    rw_text_init(&text, arena, MESSAGE_MAX);
    json_write_init(&writer, &text);
    json_write_object(&writer, NULL);
    json_write_text(&writer, "alarm", alarm->id);
    json_write_text(&writer, "type", alarm_type_word(alarm->type));
    json_write_text(&writer, "state", alarm_state_word(alarm->state));
    json_write_text(&writer, "client", alarm->client);
    json_write_text(&writer, "dispenser", alarm->dispenser);
    json_write_text(&writer, "roll", alarm->roll);
    json_write_int(&writer, "bag", alarm->bag);
    json_write_text(&writer, "due", alarm->due);
    json_write_text(&writer, "raised", raised);
    json_write_text(&writer, "severity", alarm_severity_word(alarm->severity));
    json_write_int(&writer, "rung", alarm->rung);
    json_write_object_end(&writer);
    return rw_text_finish(&text, ret_payload, err);
}

/* What waits for the day is told when the next one begins. */
static bool choose_time(const struct service *service, const struct scope *scope,
                        struct alarm *raised, struct rw_error *err)
{
    struct rw_zone *zone = NULL;
    raised->severity = service->config.severities[raised->type];
    raised->told_utc_ms = scope->now_ms;
    if (raised->severity == ALARM_URGENT)
        return true;
    if (!wall_zone(scope, &zone, err))
        return false;
    raised->told_utc_ms = alarm_day_ms(&service->config.day, zone, scope->now_ms);
    rw_zone_close(zone);
    return true;
}

/* REQ-018: the message for others stands in the same transaction as the alarm. */
static bool raise_one(struct service *service, const struct scope *scope, struct alarm *raised,
                      struct rw_error *err)
{
    const char *payload = NULL;
    bool is_new = false;
    rw_uuid_make(scope->now_ms, raised->id);
    raised->state = ALARM_OPEN;
    raised->raised_utc_ms = scope->now_ms;
    if (!choose_time(service, scope, raised, err) || !alarms_insert(scope, raised, &is_new, err))
        return false;
    if (!is_new)
        return true;
    const struct journal_act act = { .action = "raise",
                                     .object_type = "alarm",
                                     .object_id = raised->id,
                                     .client = raised->client,
                                     .detail = alarm_type_word(raised->type) };
    atomic_fetch_add(&service->counts.alarms, 1);
    return write_message(raised, scope->arena, &payload, err) &&
           outbox_insert_for(scope, "alarm", payload, raised->told_utc_ms, err) &&
           journal_insert(scope, &act, err);
}

bool raise_alarm(struct service *service, const struct scope *scope, const struct alarm *alarm,
                 struct rw_error *err)
{
    struct alarm raised = *alarm;
    return raise_one(service, scope, &raised, err);
}

/* D38: two bags of one time are one moment, and one alarm. */
static const char *missed_key(const struct scope *scope, const struct events_moment *moment,
                              struct rw_error *err)
{
    return rw_arena_format(scope->arena, err, "missed:%s:%s:%s", moment->dispenser_id, moment->roll,
                           moment->at);
}

bool raise_missed(struct service *service, const struct scope *scope,
                  const struct events_moment *moment, struct rw_error *err)
{
    struct rolls_row row;
    struct rw_stamp at;
    bool away = false;
    const char *key = missed_key(scope, moment, err);
    if (!rw_stamp_parse(moment->at, &at))
        return rw_error_set(err, RW_BUG, "", "bag %s is kept without its time", moment->serial);
    if (!pauses_cover(scope, moment->roll, rw_stamp_utc_minute(at) * MINUTE_MS, &away, err))
        return false;
    if (away) /* REQ-023 */
        return events_excuse(scope, moment->serial, err);
    if (!key || !rolls_get(scope, moment->roll, false, &row, err))
        return false;
    const struct alarm alarm = { .type = ALARM_MISSED,
                                 .client = row.pseudonym,
                                 .dispenser = moment->dispenser_id,
                                 .roll = moment->roll,
                                 .bag = (int32_t)moment->n,
                                 .due = moment->at,
                                 .dedupe_key = key };
    return raise_alarm(service, scope, &alarm, err);
}

struct overdue {
    struct service *service;
    size_t count;
};

static bool take_overdue(void *self, const struct scope *scope, struct rw_error *err)
{
    struct overdue *overdue = self;
    struct events_moment *moments = NULL;
    if (!events_overdue(scope, &moments, &overdue->count, err))
        return false;
    for (size_t i = 0; i < overdue->count; i++) {
        struct events_moment settled;
        bool last = false;
        if (!events_settle(scope, moments[i].dispenser_id, moments[i].serial, "missed", &settled,
                           &last, err) ||
            !raise_missed(overdue->service, scope, &moments[i], err) ||
            (last &&
             !step_follow(scope, moments[i].roll, moments[i].dispenser_id, ROLL_ACT_FINISH, err)))
            return false;
    }
    return true;
}

bool raise_overdue(struct service *service, struct rw_arena *arena, size_t *ret_raised,
                   struct rw_error *err)
{
    struct overdue overdue = { .service = service };
    const struct scope who = service_self(service, arena);
    const struct service_work work = { &overdue, take_overdue };
    if (!service_transact(service, &who, &work, err))
        return false;
    *ret_raised = overdue.count;
    return true;
}

struct silence {
    struct service *service;
    int64_t since_ms;
    size_t count;
};

static bool raise_one_silence(const struct scope *scope, struct silence *silence,
                              const struct dispensers_silent *silent, struct rw_error *err)
{
    const char *key = rw_arena_format(scope->arena, err, DISPENSERS_SILENCE_KEY,
                                      silent->dispenser_id, (long long)silent->heard_ms);
    const struct alarm alarm = { .type = ALARM_SILENT,
                                 .client = silent->pseudonym,
                                 .dispenser = silent->dispenser_id,
                                 .roll = silent->roll,
                                 .dedupe_key = key };
    return key && raise_alarm(silence->service, scope, &alarm, err);
}

static bool take_silent(void *self, const struct scope *scope, struct rw_error *err)
{
    struct silence *silence = self;
    struct dispensers_silent *silent = NULL;
    if (!dispensers_silent(scope, silence->since_ms, &silent, &silence->count, err))
        return false;
    for (size_t i = 0; i < silence->count; i++) {
        if (!raise_one_silence(scope, silence, &silent[i], err))
            return false;
    }
    return true;
}

bool raise_silent(struct service *service, int64_t since_ms, struct rw_arena *arena,
                  size_t *ret_raised, struct rw_error *err)
{
    struct silence silence = { .service = service, .since_ms = since_ms };
    const struct scope who = service_self(service, arena);
    const struct service_work work = { &silence, take_silent };
    if (!service_transact(service, &who, &work, err))
        return false;
    *ret_raised = silence.count;
    return true;
}

bool raise_tell(const struct scope *scope, const struct alarm *alarm, const char *action,
                const char *detail, const char *topic, struct rw_error *err)
{
    const char *payload = NULL;
    const struct journal_act act = { .action = action,
                                     .object_type = "alarm",
                                     .object_id = alarm->id,
                                     .client = alarm->client,
                                     .detail = detail };
    return write_message(alarm, scope->arena, &payload, err) &&
           outbox_insert(scope, topic, payload, err) && journal_insert(scope, &act, err);
}

bool raise_made_good(const struct scope *scope, const struct events_moment *moment, const char *how,
                     struct rw_error *err)
{
    const char *key = missed_key(scope, moment, err);
    struct alarm alarm = { 0 };
    bool closed = false;
    bool missed = false;
    if (!key || !events_is_missed_beside(scope, moment, &missed, err))
        return false;
    return missed || (alarms_close(scope, key, &alarm, &closed, err) &&
                      (!closed || raise_tell(scope, &alarm, "close", how, "alarm", err)));
}

static bool beat(void *self, const struct scope *scope, struct rw_error *err)
{
    const int64_t *period_ms = self;
    bool due = false;
    if (!outbox_beat(scope, *period_ms, &due, err))
        return false;
    return !due || outbox_insert(scope, "supervision", "{}", err);
}

bool raise_supervision(struct service *service, int64_t period_ms, struct rw_arena *arena,
                       struct rw_error *err)
{
    const struct scope who = service_self(service, arena);
    const struct service_work work = { &period_ms, beat };
    return service_transact(service, &who, &work, err);
}

bool raise_test(struct service *service, const struct scope *scope, const char *dispenser_id,
                char ret_id[RW_UUID_TEXT_MAX], struct rw_error *err)
{
    struct dispensers_row dispenser;
    struct dispensers_schedule held;
    struct rolls_row row = { .pseudonym = "" };
    char own[RW_UUID_TEXT_MAX]; /* no two tests are the same trouble */
    rw_uuid_make(scope->now_ms, own);
    const char *key = rw_arena_format(scope->arena, err, "test:%s", own);
    if (!key || !dispensers_get(scope, dispenser_id, &dispenser, err) ||
        !dispensers_find_schedule(scope, dispenser_id, &held, err) ||
        (held.bytes && !rolls_get(scope, held.roll, false, &row, err)))
        return false;
    struct alarm alarm = { .type = ALARM_TEST,
                           .client = row.pseudonym,
                           .dispenser = dispenser_id,
                           .roll = held.bytes ? held.roll : NULL,
                           .dedupe_key = key };
    if (!raise_one(service, scope, &alarm, err))
        return false;
    memcpy(ret_id, alarm.id, RW_UUID_TEXT_MAX);
    return true;
}

static bool end_silence(void *self, const struct scope *scope, struct rw_error *err)
{
    struct alarm *alarms = NULL;
    size_t count = 0;
    (void)self;
    if (!alarms_end_silence(scope, &alarms, &count, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!raise_tell(scope, &alarms[i], "close", "heard again", "alarm", err))
            return false;
    }
    return true;
}

bool raise_end_silence(struct service *service, struct rw_arena *arena, struct rw_error *err)
{
    const struct scope who = service_self(service, arena);
    const struct service_work work = { NULL, end_silence };
    return service_transact(service, &who, &work, err);
}
