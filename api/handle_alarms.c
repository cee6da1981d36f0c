/* SPDX-License-Identifier: Apache-2.0 */
/* Alarms for those who watch. */
#include "api/handlers.h"
#include "api/page.h"
#include "api/raise.h"
#include "api/respond.h"
#include "api/role.h"
#include "api/service.h"
#include "db/alarms.h"
#include "db/dispensers.h"
#include "db/follows.h"
#include "db/journal.h"
#include "db/rolls.h"

struct watch {
    enum alarm_state state;
    struct alarm *alarms;
    size_t count;
    const char *alarm_id;
    const char *carer; /* who may see the clients that consented alone; NULL = all */
};

static bool follows(const struct follows_list *list, const char *pseudonym, bool acknowledges)
{
    for (size_t i = 0; i < list->count; i++) {
        if (rw_text_equal(list->rows[i].pseudonym, pseudonym) &&
            (!acknowledges || list->rows[i].acknowledges))
            return true;
    }
    return false;
}

static bool keep_followed(const struct scope *scope, struct watch *watch, struct rw_error *err)
{
    struct follows_list list;
    size_t kept = 0;
    if (!follows_of_person(scope, watch->carer, "", &list, err))
        return false;
    for (size_t i = 0; i < watch->count; i++) {
        if (follows(&list, watch->alarms[i].client, false))
            watch->alarms[kept++] = watch->alarms[i];
    }
    watch->count = kept;
    return true;
}

static bool check_followed(const struct scope *scope, const struct watch *watch,
                           const char *pseudonym, struct rw_error *err)
{
    struct follows_list list;
    if (!follows_of_person(scope, watch->carer, "", &list, err))
        return false;
    if (!follows(&list, pseudonym, true))
        return rw_error_set(err, RW_NOT_FOUND, "", "there is no alarm \"%s\"", watch->alarm_id);
    return true;
}

static bool list(void *self, const struct scope *scope, struct rw_error *err)
{
    struct watch *watch = self;
    if (!alarms_find(scope, watch->state, &watch->alarms, &watch->count, err) ||
        (watch->carer && !keep_followed(scope, watch, err)))
        return false;
    const char **clients = rw_arena_array(scope->arena, watch->count, sizeof *clients, err);
    for (size_t i = 0; clients && i < watch->count; i++)
        clients[i] = watch->alarms[i].client;
    return clients && journal_insert_list(scope, "alarm", clients, watch->count, err);
}

static bool acknowledge(void *self, const struct scope *scope, struct rw_error *err)
{
    const struct watch *watch = self;
    const char *pseudonym = NULL;
    if (!alarms_acknowledge(scope, watch->alarm_id, &pseudonym, err) ||
        (watch->carer && !check_followed(scope, watch, pseudonym, err)))
        return false;
    const struct journal_act act = { .action = "acknowledge",
                                     .object_type = "alarm",
                                     .object_id = watch->alarm_id,
                                     .client = pseudonym,
                                     .detail = "" };
    return journal_insert(scope, &act, err);
}

static void write_alarm(struct json_writer *json, const struct alarm *alarm)
{
    char raised[RW_CLOCK_TEXT_MAX];
    rw_clock_write_utc(alarm->raised_utc_ms, raised);
    json_write_object(json, NULL);
    json_write_text(json, "id", alarm->id);
    json_write_text(json, "type", alarm_type_word(alarm->type));
    json_write_text(json, "state", alarm_state_word(alarm->state));
    json_write_text(json, "client", alarm->client);
    json_write_text(json, "dispenser", alarm->dispenser);
    json_write_text(json, "roll", alarm->roll);
    json_write_int(json, "bag", alarm->bag);
    json_write_text(json, "due", alarm->due);
    json_write_text(json, "raised", raised);
    json_write_text(json, "severity", alarm_severity_word(alarm->severity));
    json_write_int(json, "rung", alarm->rung);
    json_write_object_end(json);
}

void handle_alarms_list(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct respond respond;
    struct watch watch = { .state = ALARM_STATE_COUNT, .carer = exchange->caller.follower };
    const char *state = exchange_query(exchange, "state");
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &watch, list };
    if (state && !alarm_state_from_word(state, &watch.state))
        (void)rw_error_set(&err, RW_INVALID, "", "\"%s\" is not a state of an alarm", state);
    if (err.code != RW_OK || !service_transact(service, &who, &work, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    respond_begin(&respond, exchange);
    json_write_list(&respond.json, "alarms");
    for (size_t i = 0; i < watch.count; i++)
        write_alarm(&respond.json, &watch.alarms[i]);
    json_write_list_end(&respond.json);
    respond_end(service, exchange, &respond, 200);
}

void handle_alarms_acknowledge(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct watch watch = { .alarm_id = exchange->args[0], .carer = exchange->caller.follower };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &watch, acknowledge };
    if (!service_transact(service, &who, &work, &err))
        respond_error(service, exchange, &err);
    else
        exchange_reply_empty(exchange, 204);
}

struct test {
    struct service *service;
    const char *carer; /* tries dispensers of its own clients alone; NULL = all */
    const char *dispenser;
    char id[RW_UUID_TEXT_MAX];
};

static bool check_own(const struct scope *scope, const struct test *test, struct rw_error *err)
{
    struct dispensers_schedule held = { 0 };
    struct rolls_row row;
    bool may = false;
    if (!test->carer)
        return true;
    if (!dispensers_find_schedule(scope, test->dispenser, &held, err) ||
        (held.bytes && (!rolls_get(scope, held.roll, false, &row, err) ||
                        !follows_acknowledges(scope, test->carer, row.client_id, &may, err))))
        return false;
    return may ||
           rw_error_set(err, RW_NOT_FOUND, "", "there is no dispenser \"%s\"", test->dispenser);
}

static bool test(void *self, const struct scope *scope, struct rw_error *err)
{
    struct test *test = self;
    return check_own(scope, test, err) &&
           raise_test(test->service, scope, test->dispenser, test->id, err);
}

void handle_alarms_test(struct service *service, struct exchange *exchange)
{
    static const char *const names[] = { "dispenser", NULL };
    struct rw_error err = { 0 };
    struct respond respond;
    struct test tested = { .service = service, .carer = exchange->caller.follower };
    const struct json *root = NULL;
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &tested, test };
    if (!respond_read(exchange, names, &root, &err) ||
        !json_text(root, "dispenser", &tested.dispenser, &err) ||
        !service_transact(service, &who, &work, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    respond_begin(&respond, exchange);
    json_write_text(&respond.json, "alarm", tested.id);
    respond_end(service, exchange, &respond, 201);
}

void handle_console_alarm_test(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct test tested = { .service = service, .dispenser = exchange->args[0] };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &tested, test };
    if (!service_transact(service, &who, &work, &err))
        page_fail(service, exchange, &err);
    else
        page_go(service, exchange, "/alarms?done=test");
}
