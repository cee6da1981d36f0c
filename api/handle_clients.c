/* SPDX-License-Identifier: Apache-2.0 */
/* A client at home: what became of each moment, and who may follow. */
#include <stdio.h>
#include <string.h>

#include "api/adherence.h"
#include "api/client_pauses.h"
#include "api/consent.h"
#include "api/csv.h"
#include "api/handlers.h"
#include "api/respond.h"
#include "api/routes.h"
#include "api/service.h"
#include "api/view.h"
#include "api/wall.h"
#include "core/base/date.h"
#include "db/follows.h"
#include "db/orders.h"
#include "db/persons.h"
#include "db/records.h"
#include "db/rolls.h"

#define DAYS_SHOWN 14
#define DAYS_AHEAD 7 /* of the page, where what is to come is planned around */

struct reading {
    const char *client;
    const char *pseudonym;
    char from[RW_DATE_TEXT_MAX];
    char to[RW_DATE_TEXT_MAX];     /* the last day that is shown */
    char before[RW_DATE_TEXT_MAX]; /* the day after it */
    struct lookups_moment *moments;
    size_t count;
    struct follows_list follows;
    struct records_row record;
    struct service *service;
    struct client_pauses pauses; /* for the page, as is */
    struct persons_list persons; /* who may be let follow */
    const char *name;            /* as printed last; NULL = never */
};

/* The last fortnight unless the address names days. */
static void read_days(struct service *service, struct exchange *exchange, int32_t ahead,
                      struct reading *reading)
{
    int32_t today = wall_today(service, exchange);
    int32_t from = today - DAYS_SHOWN + 1;
    int32_t to = today + ahead;
    const char *from_text = exchange_query(exchange, "from");
    const char *to_text = exchange_query(exchange, "to");
    if (from_text && !rw_date_parse(from_text, &from))
        from = today - DAYS_SHOWN + 1;
    if (to_text && !rw_date_parse(to_text, &to))
        to = today + ahead;
    rw_date_write(from, reading->from);
    rw_date_write(to, reading->to);
    rw_date_write(to < RW_DATE_MAX ? to + 1 : to, reading->before);
}

static bool read_moments(void *self, const struct scope *scope, struct rw_error *err)
{
    struct reading *reading = self;
    if (!orders_pseudonym(scope, reading->client, &reading->pseudonym, err))
        return false;
    if (!reading->pseudonym)
        return rw_error_set(err, RW_NOT_FOUND, "", "there is no client \"%s\"", reading->client);
    const struct journal_act act = { .action = "read",
                                     .object_type = "client",
                                     .object_id = reading->client,
                                     .client = reading->pseudonym,
                                     .detail = "moments" };
    return lookups_moments(scope, reading->client, reading->from, reading->before,
                           &reading->moments, &reading->count, err) &&
           follows_of_client(scope, reading->client, &reading->follows, err) &&
           records_find(scope, reading->client, &reading->record, err) &&
           journal_insert(scope, &act, err);
}

static bool read_name(const struct scope *scope, struct reading *reading, struct rw_error *err)
{
    struct rolls_list rolls;
    if (!rolls_find(scope, reading->client, &rolls, err))
        return false;
    reading->name = NULL;
    for (size_t i = 0; i < rolls.count && !reading->name; i++)
        reading->name = rolls.rows[i].client_name;
    return true;
}

static bool read_page(void *self, const struct scope *scope, struct rw_error *err)
{
    struct reading *reading = self;
    return read_moments(self, scope, err) && read_name(scope, reading, err) &&
           client_pauses_read(reading->service, scope, reading->client, &reading->pauses, err) &&
           persons_find_all(scope, &reading->persons, err);
}

static void write_moment(struct json_writer *json, const struct lookups_moment *moment)
{
    char taken[RW_CLOCK_TEXT_MAX];
    rw_clock_write_utc(moment->taken_ms, taken);
    json_write_object(json, NULL);
    json_write_text(json, "at", moment->at);
    json_write_text(json, "status", adherence_word(moment));
    json_write_text(json, "taken_out_at", moment->taken_ms > 0 ? taken : NULL);
    json_write_text(json, "cause", moment->cause[0] ? moment->cause : NULL);
    json_write_text(json, "dispenser", moment->dispenser_id);
    json_write_text(json, "roll", moment->roll);
    json_write_int(json, "bag", moment->n);
    json_write_object_end(json);
}

void handle_clients_adherence(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct respond respond;
    struct reading reading = { .client = exchange->args[0] };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &reading, read_moments };
    read_days(service, exchange, 0, &reading);
    if (!service_transact(service, &who, &work, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    const struct adherence counts = adherence_count(reading.moments, reading.count);
    respond_begin(&respond, exchange);
    json_write_text(&respond.json, "client", reading.client);
    json_write_text(&respond.json, "from", reading.from);
    json_write_text(&respond.json, "to", reading.to);
    adherence_write(&respond.json, &counts);
    json_write_list(&respond.json, "moments");
    for (size_t i = 0; i < reading.count; i++)
        write_moment(&respond.json, &reading.moments[i]);
    json_write_list_end(&respond.json);
    respond_end(service, exchange, &respond, 200);
}

void handle_clients_adherence_csv(struct service *service, struct exchange *exchange)
{
    static const char *const names[] = { "client", "planned_at", "status", "taken_out_at",
                                         "cause",  "dispenser",  "roll",   "bag" };
    struct rw_error err = { 0 };
    struct csv csv;
    struct reading reading = { .client = exchange->args[0] };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &reading, read_moments };
    read_days(service, exchange, 0, &reading);
    if (!service_transact(service, &who, &work, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    csv_begin(&csv, exchange, names, RW_COUNT(names));
    for (size_t i = 0; i < reading.count; i++) {
        const struct lookups_moment *moment = &reading.moments[i];
        char taken[RW_CLOCK_TEXT_MAX];
        char bag[24];
        rw_clock_write_utc(moment->taken_ms, taken);
        (void)snprintf(bag, sizeof bag, "%lld", (long long)moment->n);
        const char *const cells[] = { reading.client,         moment->at,
                                      adherence_word(moment), moment->taken_ms > 0 ? taken : "",
                                      moment->cause,          moment->dispenser_id,
                                      moment->roll,           bag };
        csv_row(&csv, cells, RW_COUNT(cells));
    }
    csv_reply(service, exchange, &csv, "adherence.csv");
}

/* Days with their moments, for a table that reads like a calendar. */
static void write_days(struct page *page, const struct reading *reading)
{
    struct json_writer *json = &page->json;
    json_write_list(json, "calendar");
    for (size_t i = 0; i < reading->count;) { /* each round takes the moments of a day */
        const struct lookups_moment *first = &reading->moments[i];
        json_write_object(json, NULL);
        view_stamp(page, "day", first->at);
        json_write_list(json, "moments");
        for (; i < reading->count && strncmp(reading->moments[i].at, first->at, 10) == 0; i++) {
            const char *word = adherence_word(&reading->moments[i]);
            json_write_object(json, NULL);
            view_stamp(page, "at", reading->moments[i].at);
            json_write_text(json, "status", word);
            json_write_bool(json, word, true);
            page_time(page, "taken", reading->moments[i].taken_ms);
            json_write_object_end(json);
        }
        json_write_list_end(json);
        json_write_object_end(json);
    }
    json_write_list_end(json);
}

static void write_follows(struct page *page, const struct follows_list *list)
{
    struct json_writer *json = &page->json;
    json_write_list(json, "follows");
    for (size_t i = 0; i < list->count; i++) {
        const struct follows_row *row = &list->rows[i];
        json_write_object(json, NULL);
        json_write_text(json, "follower", row->follower);
        json_write_text(json, "kind", row->kind);
        json_write_bool(json, "medicines", row->medicines);
        json_write_bool(json, "acknowledges", row->acknowledges);
        json_write_text(json, "by", row->given_by);
        json_write_text(json, "reason", row->reason);
        page_time(page, "given", row->given_ms);
        page_time(page, "ended", row->ended_ms);
        json_write_object_end(json);
    }
    json_write_list_end(json);
}

static void write_choice(struct json_writer *json, const char *at, const char *word,
                         const char *about)
{
    json_write_object(json, NULL);
    json_write_text(json, "at", at);
    json_write_text(json, "word", word);
    json_write_text(json, "about", about);
    json_write_object_end(json);
}

/* Carers, their teams, and family: whoever can be let follow. A team comes once for each person. */
static void write_choices(struct page *page, const struct persons_list *persons)
{
    struct json_writer *json = &page->json;
    json_write_list(json, "choices");
    for (size_t i = 0; i < persons->count; i++) {
        const struct persons_row *row = &persons->rows[i];
        bool care = rw_text_equal(row->role, "care");
        if (row->ended_ms > 0 || (!care && !rw_text_equal(row->role, "family")))
            continue;
        write_choice(json, "", row->person_id, row->name);
        if (care && row->team)
            write_choice(json, "@", row->team, row->name);
    }
    json_write_list_end(json);
}

/* A number of which "0" is shown too. */
static void write_shown(struct json_writer *json, const char *name, int64_t number)
{
    char digits[24];
    if (number == RECORDS_NONE)
        return;
    (void)snprintf(digits, sizeof digits, "%lld", (long long)number);
    json_write_text(json, name, digits);
}

static void write_record(struct page *page, const struct records_row *row)
{
    struct json_writer *json = &page->json;
    char day[RW_DATE_TEXT_MAX];
    json_write_object(json, "record");
    json_write_int(json, "version", row->version);
    if (row->reviewed_day != RECORDS_NONE) {
        rw_date_write((int32_t)row->reviewed_day, day);
        json_write_text(json, "suitable", day);
    }
    if (row->relocated_day != RECORDS_NONE) {
        rw_date_write((int32_t)row->relocated_day, day);
        json_write_text(json, "relocated", day);
    }
    if (row->alarm_after_min != RECORDS_NONE)
        json_write_int(json, "alarm_after_min", row->alarm_after_min);
    write_shown(json, "early_min", row->early_min);
    write_shown(json, "baseline_visits", row->baseline_visits);
    json_write_text(json, "by", row->actor);
    json_write_text(json, "reason", row->reason);
    page_time(page, "at", row->at_ms);
    json_write_object_end(json);
}

static void show(struct service *service, struct exchange *exchange, const struct rw_error *trouble)
{
    struct rw_error err = { 0 };
    struct page page;
    struct reading reading = { .client = exchange->args[0], .service = service };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &reading, read_page };
    read_days(service, exchange, DAYS_AHEAD, &reading);
    if (!service_transact(service, &who, &work, &err)) {
        page_fail(service, exchange, &err);
        return;
    }
    const struct adherence counts = adherence_count(reading.moments, reading.count);
    page_begin(&page, service, exchange, "client", trouble);
    json_write_text(&page.json, "client", reading.client);
    json_write_text(&page.json, "client_name", reading.name);
    json_write_text(&page.json, "from", reading.from);
    json_write_text(&page.json, "to", reading.to);
    json_write_bool(&page.json, "may_consent",
                    routes_may(exchange, "POST", "/clients/{client}/consents"));
    adherence_write(&page.json, &counts);
    write_days(&page, &reading);
    client_pauses_write(&page, &reading.pauses);
    write_record(&page, &reading.record);
    write_follows(&page, &reading.follows);
    write_choices(&page, &reading.persons);
    page_send(&page);
}

void handle_clients_page(struct service *service, struct exchange *exchange)
{
    show(service, exchange, NULL);
}

static void go_on(struct service *service, struct exchange *exchange, bool done,
                  const struct rw_error *err)
{
    if (done)
        page_go(service, exchange, "/clients/%s?done=consent", exchange->args[0]);
    else
        show(service, exchange, err);
}

void handle_clients_consent(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    const struct follows_row given = {
        .client_id = exchange->args[0],
        .follower = exchange_field(exchange, "follower"),
        .kind = exchange_field(exchange, "kind"),
        .medicines = exchange_field(exchange, "medicines")[0] != '\0',
        .acknowledges = exchange_field(exchange, "acknowledges")[0] != '\0',
        .reason = exchange_field(exchange, "reason"),
    };
    const struct scope who = service_who(service, exchange);
    bool done = consent_give(service, &who, &given, &err);
    go_on(service, exchange, done, &err);
}

void handle_clients_consent_end(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    const struct scope who = service_who(service, exchange);
    bool done =
        consent_end(service, &who, exchange->args[0], exchange_field(exchange, "follower"), &err);
    go_on(service, exchange, done, &err);
}
