/* SPDX-License-Identifier: Apache-2.0 */
/* Pages of what happens at home, and of who did what. */
#include "api/csv.h"
#include "api/handlers.h"
#include "api/respond.h"
#include "api/routes.h"
#include "api/service.h"
#include "api/sign_in.h"
#include "api/view.h"
#include "api/wall.h"
#include "core/base/date.h"
#include "db/alarms.h"
#include "db/outbox.h"

#define JOURNAL_PAGE_MAX 300
#define WAITS_MIN 2 /* a message is tried again within seconds */
#define MINUTE_MS INT64_C(60000)

struct watch {
    struct alarm *alarms;
    size_t alarm_count;
    const char *alarm_id;
    struct lookups_person *persons;
    size_t person_count;
    int64_t changed_ms;
    int64_t waits_min; /* the oldest message, once that is too long */
    struct outbox_counts outbox;
    struct lookups_dispenser *dispensers;
    size_t dispenser_count;
    struct journal_search search;
    struct journal_row *journal;
    size_t journal_count;
};

/* What an open page has to show anew: another alarm, another rung, an exit that is not reached. */
static bool look_for_news(const struct scope *scope, struct watch *watch, struct rw_error *err)
{
    if (!alarms_changed(scope, &watch->changed_ms, err) ||
        !outbox_count(scope, &watch->outbox, err))
        return false;
    watch->waits_min = watch->outbox.oldest_ms / MINUTE_MS;
    if (watch->waits_min < WAITS_MIN)
        watch->waits_min = 0;
    watch->changed_ms = watch->changed_ms * 2 + (watch->waits_min > 0);
    return true;
}

static bool list_alarms(void *self, const struct scope *scope, struct rw_error *err)
{
    struct watch *watch = self;
    if (!look_for_news(scope, watch, err) ||
        !lookups_alarmed(scope, &watch->persons, &watch->person_count, err) ||
        !alarms_find(scope, ALARM_STATE_COUNT, &watch->alarms, &watch->alarm_count, err))
        return false;
    const char **clients = rw_arena_array(scope->arena, watch->alarm_count, sizeof *clients, err);
    for (size_t i = 0; clients && i < watch->alarm_count; i++)
        clients[i] = watch->alarms[i].client;
    return clients && journal_insert_list(scope, "alarm", clients, watch->alarm_count, err);
}

/* Who stands at night before the page has to know whom to call. */
static void write_person(struct json_writer *json, const struct watch *watch, const char *pseudonym)
{
    for (size_t i = 0; i < watch->person_count; i++) {
        if (!rw_text_equal(watch->persons[i].pseudonym, pseudonym))
            continue;
        json_write_text(json, "client_id", watch->persons[i].client_id);
        json_write_text(json, "client_name", watch->persons[i].name);
        return;
    }
}

static void write_alarm(struct page *page, const struct watch *watch, const struct alarm *alarm)
{
    struct json_writer *json = &page->json;
    json_write_object(json, NULL);
    json_write_text(json, "id", alarm->id);
    json_write_text(json, "type", alarm_type_word(alarm->type));
    json_write_text(json, "state", alarm_state_word(alarm->state));
    json_write_bool(json, "open", alarm->state == ALARM_OPEN);
    json_write_text(json, "client", alarm->client);
    write_person(json, watch, alarm->client);
    json_write_text(json, "dispenser", alarm->dispenser);
    json_write_text(json, "roll", alarm->roll);
    json_write_int(json, "bag", alarm->bag);
    view_stamp(page, "due", alarm->due);
    page_time(page, "raised", alarm->raised_utc_ms);
    json_write_int(json, "rung", alarm->rung);
    json_write_bool(json, "by_day", alarm->severity == ALARM_DAY);
    json_write_object_end(json);
}

static void show_alarms(struct service *service, struct exchange *exchange,
                        const struct rw_error *trouble)
{
    struct rw_error err = { 0 };
    struct page page;
    struct watch watch = { 0 };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &watch, list_alarms };
    if (!service_transact(service, &who, &work, &err)) {
        page_fail(service, exchange, &err);
        return;
    }
    page_begin(&page, service, exchange, "alarms", trouble);
    json_write_bool(&page.json, "may_open", routes_may(exchange, "GET", "/rolls/{roll}"));
    json_write_bool(&page.json, "may_messages", routes_may(exchange, "GET", "/messages"));
    json_write_int(&page.json, "changed", watch.changed_ms);
    json_write_int(&page.json, "dead", watch.outbox.dead);
    json_write_int(&page.json, "waits", watch.waits_min);
    json_write_list(&page.json, "alarms");
    for (size_t i = 0; i < watch.alarm_count; i++)
        write_alarm(&page, &watch, &watch.alarms[i]);
    json_write_list_end(&page.json);
    page_send(&page);
}

void handle_console_alarms_get(struct service *service, struct exchange *exchange)
{
    show_alarms(service, exchange, NULL);
}

static bool read_changed(void *self, const struct scope *scope, struct rw_error *err)
{
    struct watch *watch = self;
    return look_for_news(scope, watch, err);
}

/* Asked by an open page every few seconds; tells no more than that there is something to show, so
 * nothing is read that the journal would have to hold. */
void handle_console_alarms_newer(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct watch watch = { 0 };
    int64_t seen_ms = 0;
    const char *seen = exchange_query(exchange, "seen");
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &watch, read_changed };
    if (!service_read(service, &who, &work, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    exchange_reply_empty(exchange, 204);
    if (seen && rw_text_to_int(seen, 0, INT64_MAX, &seen_ms) && watch.changed_ms != seen_ms)
        exchange_reply_extra(exchange, "HX-Refresh", "true");
}

static bool acknowledge(void *self, const struct scope *scope, struct rw_error *err)
{
    const struct watch *watch = self;
    const char *pseudonym = NULL;
    if (!alarms_acknowledge(scope, watch->alarm_id, &pseudonym, err))
        return false;
    const struct journal_act act = { .action = "acknowledge",
                                     .object_type = "alarm",
                                     .object_id = watch->alarm_id,
                                     .client = pseudonym,
                                     .detail = "" };
    return journal_insert(scope, &act, err);
}

void handle_console_alarm_acknowledge(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct watch watch = { .alarm_id = exchange->args[0] };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &watch, acknowledge };
    if (service_transact(service, &who, &work, &err))
        page_go(service, exchange, "/alarms?done=acknowledge");
    else
        show_alarms(service, exchange, &err);
}

static bool list_dispensers(void *self, const struct scope *scope, struct rw_error *err)
{
    struct watch *watch = self;
    if (!lookups_dispensers(scope, &watch->dispensers, &watch->dispenser_count, err))
        return false;
    size_t known = 0;
    const char **clients =
        rw_arena_array(scope->arena, watch->dispenser_count, sizeof *clients, err);
    for (size_t i = 0; clients && i < watch->dispenser_count; i++) {
        if (watch->dispensers[i].pseudonym)
            clients[known++] = watch->dispensers[i].pseudonym;
    }
    return clients && journal_insert_list(scope, "dispenser", clients, known, err);
}

void handle_console_dispensers_get(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct page page;
    struct watch watch = { 0 };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &watch, list_dispensers };
    if (!service_transact(service, &who, &work, &err)) {
        page_fail(service, exchange, &err);
        return;
    }
    page_begin(&page, service, exchange, "dispensers", NULL);
    json_write_bool(&page.json, "may_test",
                    routes_may(exchange, "POST", "/dispensers/{tried}/test-alarm"));
    json_write_list(&page.json, "dispensers");
    for (size_t i = 0; i < watch.dispenser_count; i++) {
        const struct lookups_dispenser *one = &watch.dispensers[i];
        bool silent = service->config.silent_after_s > 0 && one->heard_ms > 0 &&
                      exchange->now_ms - one->heard_ms > service->config.silent_after_s * 1000;
        json_write_object(&page.json, NULL);
        json_write_text(&page.json, "dispenser", one->dispenser_id);
        page_time(&page, "heard", one->heard_ms);
        json_write_bool(&page.json, "fresh", one->heard_ms == 0);
        json_write_bool(&page.json, "silent", silent);
        json_write_bool(&page.json, "paused", one->paused_ms > 0);
        json_write_text(&page.json, "roll", one->roll);
        json_write_text(&page.json, "client", one->client_id);
        json_write_int(&page.json, "waiting", one->waiting);
        json_write_bool(&page.json, "low", one->roll && one->waiting > 0 && one->waiting <= 4);
        view_stamp(&page, "next", one->next);
        json_write_int(&page.json, "alarms", one->alarms);
        json_write_object_end(&page.json);
    }
    json_write_list_end(&page.json);
    page_send(&page);
}

/* Looking into the journal is itself an act in it (D60). */
static bool read_journal(void *self, const struct scope *scope, struct rw_error *err)
{
    struct watch *watch = self;
    const struct journal_act act = { .action = "read",
                                     .object_type = "journal",
                                     .object_id = watch->search.object_id,
                                     .client = watch->search.client,
                                     .detail =
                                         watch->search.limit > JOURNAL_PAGE_MAX ? "export" : "" };
    return journal_find(scope, &watch->search, &watch->journal, &watch->journal_count, err) &&
           journal_insert(scope, &act, err);
}

static const char *asked(const struct exchange *exchange, const char *name)
{
    const char *value = exchange_query(exchange, name);
    return value ? value : "";
}

/* Midnight at the pharmacy's wall with which a day begins, `days` after the one that was asked for;
 * 0 leaves the condition out: no day, or one that is none. */
static int64_t begin_of(const struct exchange *exchange, const char *name, int32_t days,
                        const struct rw_zone *zone)
{
    int32_t day = 0;
    if (!rw_date_parse(asked(exchange, name), &day))
        return 0;
    const struct rw_wall midnight = { day + days, 0 };
    return rw_stamp_utc_minute(rw_zone_stamp(zone, midnight)) * MINUTE_MS;
}

static bool read_search(struct service *service, struct exchange *exchange, int64_t limit,
                        struct journal_search *ret_search, struct rw_error *err)
{
    struct rw_zone *zone = NULL;
    if (!wall_open(service, exchange, &zone, err))
        return false;
    *ret_search = (struct journal_search){ .object_id = asked(exchange, "object"),
                                           .actor = asked(exchange, "actor"),
                                           .client = asked(exchange, "client"),
                                           .from_ms = begin_of(exchange, "from", 0, zone),
                                           .to_ms = begin_of(exchange, "to", 1, zone),
                                           .limit = limit };
    rw_zone_close(zone);
    return true;
}

void handle_console_journal_get(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct page page;
    struct watch watch = { 0 };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &watch, read_journal };
    if (!read_search(service, exchange, JOURNAL_PAGE_MAX, &watch.search, &err) ||
        !service_transact(service, &who, &work, &err)) {
        page_fail(service, exchange, &err);
        return;
    }
    page_begin(&page, service, exchange, "journal", NULL);
    json_write_text(&page.json, "object", watch.search.object_id);
    json_write_text(&page.json, "actor_asked", watch.search.actor);
    json_write_text(&page.json, "client_asked", watch.search.client);
    json_write_text(&page.json, "from", asked(exchange, "from"));
    json_write_text(&page.json, "to", asked(exchange, "to"));
    view_journal(&page, watch.journal, watch.journal_count, true);
    page_send(&page);
}

void handle_console_journal_csv(struct service *service, struct exchange *exchange)
{
    static const char *const names[] = { "at",        "actor",  "role",   "action", "object_type",
                                         "object_id", "client", "detail", "source" };
    struct rw_error err = { 0 };
    struct csv csv;
    struct watch watch = { 0 };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &watch, read_journal };
    if (!read_search(service, exchange, JOURNAL_FOUND_MAX, &watch.search, &err) ||
        !service_transact(service, &who, &work, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    csv_begin(&csv, exchange, names, RW_COUNT(names));
    for (size_t i = 0; i < watch.journal_count; i++) {
        const struct journal_row *row = &watch.journal[i];
        const bool claimed = row->actor[0] && sign_in_is_claimed(&row->act);
        char at[RW_CLOCK_TEXT_MAX];
        rw_clock_write_utc(row->at_ms, at);
        const char *const cells[] = { at,
                                      row->actor,
                                      claimed ? "claimed" : row->role,
                                      row->act.action,
                                      row->act.object_type,
                                      row->act.object_id,
                                      row->act.client,
                                      row->act.detail,
                                      row->source };
        csv_row(&csv, cells, RW_COUNT(cells));
    }
    csv_reply(service, exchange, &csv, "journal.csv");
}
