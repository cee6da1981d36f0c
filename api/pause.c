/* SPDX-License-Identifier: Apache-2.0 */
/* A person says that a client is away, and is back. */
#include "api/pause.h"

#include <string.h>

#include "api/approve.h"
#include "api/publication.h"
#include "api/service.h"
#include "api/step.h"
#include "core/base/random.h"
#include "core/base/text.h"
#include "core/json/json_time.h"
#include "db/follows.h"
#include "db/journal.h"
#include "db/orders.h"

#define MINUTE_MS INT64_C(60000)
#define DAY_MIN INT64_C(1440)

struct pausing {
    struct service *service;
    const struct pause_request *request;
    const struct pause_end_request *end;
    const char *client;
    const char *pseudonym;
    int64_t from_min;
    int64_t until_min; /* INT64_MAX: open */
    const char *detail;
    struct pause_result result;
};

static bool is_out(const struct rolls_row *row)
{
    return row->dispenser_id && (row->state == ROLL_RELEASED || row->state == ROLL_RUNNING);
}

static bool find_client(const struct scope *scope, struct pausing *pausing, const char *carer,
                        struct rw_error *err)
{
    bool may = true;
    if (!orders_pseudonym(scope, pausing->client, &pausing->pseudonym, err) ||
        (carer && !follows_acknowledges(scope, carer, pausing->client, &may, err)))
        return false;
    return (pausing->pseudonym && may) ||
           rw_error_set(err, RW_NOT_FOUND, "", "there is no client \"%s\"", pausing->client);
}

static bool note(const struct scope *scope, const struct pausing *pausing, const char *action,
                 struct rw_error *err)
{
    const struct journal_act act = { .action = action,
                                     .object_type = "client",
                                     .object_id = pausing->client,
                                     .client = pausing->pseudonym,
                                     .detail = pausing->detail };
    return journal_insert(scope, &act, err);
}

/* Bags of the pause may leave early when they go along, and not any more once it is over. */
static void set_early(const struct pausing *pausing, const struct schedule *part)
{
    for (size_t i = 0; part && i < part->bag_count; i++) {
        int64_t minute = rw_stamp_utc_minute(part->bags[i].at);
        if (minute >= pausing->from_min && minute < pausing->until_min)
            part->bags[i].early = pause_bags_go_along(&pausing->result.bags, part->bags[i].serial);
    }
}

/* The same schedule once more under the next version, with the pauses as they are now. */
static bool publish(const struct scope *scope, struct pausing *pausing, const char *dispenser_id,
                    struct rw_error *err)
{
    struct schedule *schedule = NULL;
    struct dispensers_row dispenser;
    struct pause_result *result = &pausing->result;
    char now[RW_CLOCK_TEXT_MAX];
    for (size_t i = 0; i < result->told_count; i++) {
        if (rw_text_equal(result->told[i].dispenser, dispenser_id))
            return true;
    }
    if (result->told_count == PAUSE_TOLD_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "the rolls lie in more than %d dispensers",
                            PAUSE_TOLD_MAX);
    if (!publication_open(pausing->service, scope, dispenser_id, &schedule, err) || !schedule)
        return !schedule && err->code == RW_OK;
    if (!rw_text_equal(schedule->client, pausing->pseudonym))
        return true; /* the machine went on to somebody else */
    set_early(pausing, schedule);
    set_early(pausing, schedule->before);
    rw_clock_write_utc(scope->now_ms, now);
    schedule->released = rw_arena_text(scope->arena, now, err);
    if (!schedule->released || !dispensers_get(scope, dispenser_id, &dispenser, err) ||
        !publication_store(pausing->service, scope, schedule, &dispenser, PUBLICATION_SAME, err))
        return false;
    result->told[result->told_count++] = (struct withdraw_told){ dispenser_id, dispenser.version };
    return true;
}

static bool look_through(const struct scope *scope, struct pausing *pausing,
                         const struct step *step, const struct rolls_list *rolls,
                         struct rw_error *err)
{
    const struct pause_request *request = pausing->request;
    struct pause_search search = { .kind = request->kind,
                                   .from = request->from,
                                   .to = request->until,
                                   .detail = pausing->detail,
                                   .bags = &pausing->result.bags };
    if (request->open) {
        search.to = request->from;
        search.to.wall.day += PAUSE_DAYS_MAX;
    }
    return pause_bags_find(scope, &search, step, rolls, err);
}

/* Each roll that is at the client's takes the step, and each dispenser hears of it once. */
static bool take_rolls(const struct scope *scope, struct pausing *pausing, enum roll_act act,
                       struct rw_error *err)
{
    struct rolls_list rolls;
    struct pause_bags *bags = &pausing->result.bags;
    bags->list = rw_arena_array(scope->arena, PAUSE_BAGS_MAX, sizeof *bags->list, err);
    if (!bags->list || !rolls_find(scope, pausing->client, &rolls, err))
        return false;
    for (size_t i = 0; i < rolls.count; i++) {
        struct step step;
        if (!is_out(&rolls.rows[i]))
            continue;
        if (!step_open(scope, rolls.rows[i].number, &step, err) ||
            (act == ROLL_ACT_PAUSE && !look_through(scope, pausing, &step, &rolls, err)) ||
            !step_take(scope, &step, act, pausing->detail, err))
            return false;
    }
    for (size_t i = 0; i < rolls.count; i++) {
        if (is_out(&rolls.rows[i]) && !publish(scope, pausing, rolls.rows[i].dispenser_id, err))
            return false;
    }
    return true;
}

static bool write_detail(const struct scope *scope, struct pausing *pausing, struct rw_error *err)
{
    const struct pause_request *request = pausing->request;
    char from[RW_ZONE_STAMP_MAX];
    char until[RW_ZONE_STAMP_MAX];
    rw_stamp_write(request->from, from);
    rw_stamp_write(request->until, until);
    pausing->detail =
        rw_arena_format(scope->arena, err, "%s from %s until %s: %s", request->kind, from,
                        request->open ? "further notice" : until, request->reason);
    return pausing->detail != NULL;
}

static bool set(void *self, const struct scope *scope, struct rw_error *err)
{
    struct pausing *pausing = self;
    const struct pause_request *request = pausing->request;
    char id[RW_UUID_TEXT_MAX];
    bool is_new = false;
    rw_uuid_make(scope->now_ms, id);
    pausing->result = (struct pause_result){ .pause_id = rw_arena_text(scope->arena, id, err) };
    const struct pauses_row row = {
        .pause_id = pausing->result.pause_id,
        .client_id = request->client,
        .kind = request->kind,
        .from_ms = pausing->from_min * MINUTE_MS,
        .until_ms = request->open ? PAUSES_OPEN : pausing->until_min * MINUTE_MS,
        .reason = request->reason,
    };
    if (!row.pause_id || !find_client(scope, pausing, request->carer, err) ||
        !orders_hold_client(scope, request->client, err) ||
        !pauses_insert(scope, &row, &is_new, err))
        return false;
    if (!is_new)
        return rw_error_set(err, RW_CONFLICT, "", "the client is away at that time already");
    return write_detail(scope, pausing, err) && note(scope, pausing, "pause", err) &&
           take_rolls(scope, pausing, ROLL_ACT_PAUSE, err);
}

static bool check_reason(const char *reason, struct rw_error *err)
{
    return (reason[0] && strlen(reason) <= APPROVE_REASON_MAX) ||
           rw_error_set(err, RW_INVALID, "/reason", "a reason has 1 to %d bytes",
                        APPROVE_REASON_MAX);
}

static bool check_request(const struct pausing *pausing, int64_t now_min, struct rw_error *err)
{
    const struct pause_request *request = pausing->request;
    if (!rw_text_equal(request->kind, "away") && !rw_text_equal(request->kind, "pause"))
        return rw_error_set(err, RW_INVALID, "/kind", "a client is away or on pause");
    if (request->open && rw_text_equal(request->kind, "away"))
        return rw_error_set(err, RW_INVALID, "/until",
                            "bags are taken along until a day that is known");
    if (!request->open && pausing->until_min <= pausing->from_min)
        return rw_error_set(err, RW_INVALID, "/until", "the pause ends before it begins");
    if (!request->open && pausing->until_min <= now_min)
        return rw_error_set(err, RW_INVALID, "/until", "the pause is over already");
    if (pausing->from_min < now_min - PAUSE_PAST_DAYS_MAX * DAY_MIN ||
        pausing->from_min > now_min + PAUSE_DAYS_MAX * DAY_MIN ||
        (!request->open && pausing->until_min > pausing->from_min + PAUSE_DAYS_MAX * DAY_MIN))
        return rw_error_set(err, RW_INVALID, "/from",
                            "a pause begins at most %d days back and lasts at most %d",
                            PAUSE_PAST_DAYS_MAX, PAUSE_DAYS_MAX);
    return check_reason(request->reason, err);
}

static void tell(struct service *service, const struct pause_result *result)
{
    for (size_t i = 0; i < result->told_count; i++)
        withdraw_tell(service, &result->told[i]);
}

bool pause_set(struct service *service, const struct scope *who,
               const struct pause_request *request, struct pause_result *ret_result,
               struct rw_error *err)
{
    struct pausing pausing = { .service = service,
                               .request = request,
                               .client = request->client,
                               .from_min = rw_stamp_utc_minute(request->from),
                               .until_min = request->open ? INT64_MAX
                                                          : rw_stamp_utc_minute(request->until) };
    const struct service_work work = { &pausing, set };
    if (!check_request(&pausing, rw_clock_utc_ms(&service->clock) / MINUTE_MS, err) ||
        !service_transact(service, who, &work, err))
        return false;
    tell(service, &pausing.result);
    *ret_result = pausing.result;
    return true;
}

/* Never "go on where we were" (C.8): who comes back takes what the roll holds, or gets a new one.
 */
static bool check_end(const struct pausing *pausing, const struct pauses_row *row,
                      struct rw_error *err)
{
    if (!row->pause_id)
        return rw_error_set(err, RW_CONFLICT, "", "this pause is over, or there is none");
    return row->ended_ms <= row->from_ms || pausing->end->unchanged ||
           rw_error_set(err, RW_CONFLICT, "/unchanged",
                        "the medicines changed since the roll was made: release a new roll");
}

static bool end(void *self, const struct scope *scope, struct rw_error *err)
{
    struct pausing *pausing = self;
    const struct pause_end_request *request = pausing->end;
    struct pauses_row row;
    pausing->result = (struct pause_result){ .pause_id = request->pause_id };
    if (!find_client(scope, pausing, request->carer, err) ||
        !orders_hold_client(scope, request->client, err) ||
        !pauses_end(scope, request->client, request->pause_id, request->reason, &row, err) ||
        !check_end(pausing, &row, err))
        return false;
    pausing->from_min = row.from_ms / MINUTE_MS;
    pausing->until_min = row.until_ms == PAUSES_OPEN ? INT64_MAX : row.until_ms / MINUTE_MS;
    pausing->detail = request->reason;
    return note(scope, pausing, "resume", err) && take_rolls(scope, pausing, ROLL_ACT_RESUME, err);
}

bool pause_end(struct service *service, const struct scope *who,
               const struct pause_end_request *request, struct pause_result *ret_result,
               struct rw_error *err)
{
    struct pausing pausing = { .service = service, .end = request, .client = request->client };
    const struct service_work work = { &pausing, end };
    if (!check_reason(request->reason, err) || !service_transact(service, who, &work, err))
        return false;
    tell(service, &pausing.result);
    *ret_result = pausing.result;
    return true;
}

struct listing {
    struct pausing pausing;
    const char *carer;
    struct pauses_list list;
};

static bool read_list(void *self, const struct scope *scope, struct rw_error *err)
{
    struct listing *listing = self;
    listing->pausing.detail = "pauses";
    return find_client(scope, &listing->pausing, listing->carer, err) &&
           pauses_of_client(scope, listing->pausing.client, &listing->list, err) &&
           note(scope, &listing->pausing, "read", err);
}

bool pause_list(struct service *service, const struct scope *who, const char *client,
                const char *carer, struct pauses_list *ret_list, struct rw_error *err)
{
    struct listing listing = { .pausing = { .client = client }, .carer = carer };
    const struct service_work work = { &listing, read_list };
    if (!service_transact(service, who, &work, err))
        return false;
    *ret_list = listing.list;
    return true;
}

void pause_write(struct json_writer *json, const struct pauses_row *row)
{
    json_write_text(json, "pause", row->pause_id);
    json_write_text(json, "kind", row->kind);
    json_time_write_utc(json, "from", row->from_ms);
    if (row->until_ms == PAUSES_OPEN)
        json_write_null(json, "until");
    else
        json_time_write_utc(json, "until", row->until_ms);
}
