/* SPDX-License-Identifier: Apache-2.0 */
/* What a care team and a family may see of a client, and no more. */
#include <stdio.h>
#include <string.h>

#include "api/adherence.h"
#include "api/handlers.h"
#include "api/pause.h"
#include "api/respond.h"
#include "api/service.h"
#include "api/view.h"
#include "api/wall.h"
#include "core/base/date.h"
#include "core/json/json_time.h"
#include "core/json/roll_json.h"
#include "db/alarms.h"
#include "db/follows.h"
#include "db/pauses.h"

#define FOLLOWED_MAX 200
#define PAUSES_MAX 8

/* One client, as this person may see it. */
struct followed {
    struct follows_row follow;
    struct lookups_moment *moments; /* of today */
    size_t count;
    struct roll *roll; /* of the last of them, or the last that was released; NULL without any */
    struct alarm *alarms;
    size_t alarm_count;
    struct pauses_list pauses; /* that are not over */
    const struct lookups_dispenser
        *dispenser; /* for a carer; NULL = none holds a roll of the client */
    bool change;    /* a plan waits that is not released yet */
};

struct watch {
    const char *person;
    const char *client; /* "" = all */
    const char *alarm_id;
    int32_t day;
    char today[RW_DATE_TEXT_MAX];
    char tomorrow[RW_DATE_TEXT_MAX];
    struct followed *clients;
    size_t count;
};

static struct watch watch_of(struct service *service, struct exchange *exchange, const char *client)
{
    struct watch watch = { .person = exchange->caller.follower, .client = client };
    watch.day = wall_today(service, exchange);
    rw_date_write(watch.day, watch.today);
    rw_date_write(watch.day + 1, watch.tomorrow);
    return watch;
}

static bool read_roll(const struct scope *scope, const char *number, struct roll **ret_roll,
                      struct rw_error *err)
{
    struct rolls_row row;
    struct rolls_document document;
    return rolls_get(scope, number, false, &row, err) &&
           rolls_get_version(scope, number, row.version, &document, err) &&
           roll_json_read(document.bytes, document.length, scope->arena, ret_roll, err);
}

static bool read_alarms(const struct scope *scope, struct followed *one, struct rw_error *err)
{
    size_t count = 0;
    if (!alarms_find(scope, ALARM_OPEN, &one->alarms, &count, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (rw_text_equal(one->alarms[i].client, one->follow.pseudonym))
            one->alarms[one->alarm_count++] = one->alarms[i];
    }
    return true;
}

/* On a day without moments: whose page it is, and whom to call, stands in the last roll. */
static bool read_last_roll(const struct scope *scope, struct followed *one, struct rw_error *err)
{
    struct rolls_list list;
    if (!rolls_find(scope, one->follow.client_id, &list, err))
        return false;
    for (size_t i = 0; i < list.count; i++) {
        if (list.rows[i].dispenser_id)
            return read_roll(scope, list.rows[i].number, &one->roll, err);
    }
    return true;
}

static bool read_one(const struct scope *scope, const struct watch *watch, struct followed *one,
                     struct rw_error *err)
{
    const struct journal_act act = { .action = "read",
                                     .object_type = "client",
                                     .object_id = one->follow.client_id,
                                     .client = one->follow.pseudonym,
                                     .detail = one->follow.medicines ? "with medicines" : "" };
    if (!lookups_moments(scope, one->follow.client_id, watch->today, watch->tomorrow, &one->moments,
                         &one->count, err) ||
        !read_alarms(scope, one, err) ||
        !pauses_after(scope, one->follow.pseudonym, scope->now_ms, PAUSES_MAX, &one->pauses, err) ||
        !journal_insert(scope, &act, err))
        return false;
    return one->count > 0 ? read_roll(scope, one->moments[one->count - 1].roll, &one->roll, err)
                          : read_last_roll(scope, one, err);
}

/* What a carer plans around: how much is left, and whether another roll is on its way. */
static bool read_supply(const struct scope *scope, struct watch *watch, struct rw_error *err)
{
    struct lookups_dispenser *dispensers = NULL;
    struct rolls_list rolls;
    size_t count = 0;
    if (!lookups_dispensers(scope, &dispensers, &count, err))
        return false;
    for (size_t i = 0; i < watch->count; i++) {
        struct followed *one = &watch->clients[i];
        if (!rw_text_equal(one->follow.kind, "care"))
            continue;
        for (size_t k = 0; k < count; k++) {
            if (rw_text_equal(dispensers[k].client_id, one->follow.client_id))
                one->dispenser = &dispensers[k];
        }
        if (!rolls_find(scope, one->follow.client_id, &rolls, err))
            return false;
        for (size_t k = 0; k < rolls.count; k++)
            one->change = one->change || (rolls.rows[k].state >= ROLL_PLANNED &&
                                          rolls.rows[k].state <= ROLL_VERIFIED);
    }
    return true;
}

/* Who is not followed does not exist here. */
static bool read_followed(void *self, const struct scope *scope, struct rw_error *err)
{
    struct watch *watch = self;
    struct follows_list list;
    watch->count = 0;
    if (!follows_of_person(scope, watch->person, watch->client, &list, err))
        return false;
    if (watch->client[0] && list.count == 0)
        return rw_error_set(err, RW_NOT_FOUND, "", "there is nothing at this address");
    watch->clients = rw_arena_array(scope->arena, list.count + 1, sizeof *watch->clients, err);
    if (!watch->clients)
        return false;
    for (size_t i = 0; i < list.count && watch->count < FOLLOWED_MAX; i++) {
        struct followed *one = &watch->clients[watch->count];
        if (i > 0 && rw_text_equal(list.rows[i].client_id, list.rows[i - 1].client_id)) {
            one[-1].follow.medicines |= list.rows[i].medicines; /* named, and by the team */
            one[-1].follow.acknowledges |= list.rows[i].acknowledges;
            continue;
        }
        *one = (struct followed){ .follow = list.rows[i] };
        watch->count++;
    }
    for (size_t i = 0; i < watch->count; i++) {
        if (!read_one(scope, watch, &watch->clients[i], err))
            return false;
    }
    return read_supply(scope, watch, err);
}

/* A carer counts the pieces at the bag; names only where the client let them be seen. */
static void write_bag(struct json_writer *json, const struct followed *one,
                      const struct lookups_moment *moment)
{
    const struct bag *bag = one->roll ? roll_bag_find(one->roll, moment->serial) : NULL;
    if (!bag)
        return;
    json_write_int(json, "pieces", bag_pieces(bag));
    if (!one->follow.medicines)
        return;
    json_write_list(json, "medicines");
    for (size_t i = 0; i < bag->content_count; i++)
        json_write_text(json, NULL, bag->contents[i].name);
    json_write_list_end(json);
}

/* Why nothing is handed out: when the client is away. The wall's time stands on a page alone. */
static void write_pauses(struct json_writer *json, struct page *page, const struct followed *one)
{
    json_write_list(json, "pauses");
    for (size_t i = 0; i < one->pauses.count; i++) {
        const struct pauses_row *row = &one->pauses.rows[i];
        json_write_object(json, NULL);
        pause_write(json, row);
        if (page) {
            json_write_bool(json, "begun", row->from_ms <= page->exchange->now_ms);
            page_time(page, "since", row->from_ms);
            page_time(page, "to", row->until_ms);
        }
        json_write_object_end(json);
    }
    json_write_list_end(json);
}

static void write_day(struct page *page, const char *name, int32_t day)
{
    json_write_object(&page->json, name);
    page_day(page, day);
    json_write_object_end(&page->json);
}

static void write_supply(struct json_writer *json, struct page *page, const struct followed *one)
{
    char ends[RW_DATE_TEXT_MAX];
    if (!rw_text_equal(one->follow.kind, "care"))
        return;
    json_write_object(json, "supply");
    json_write_bool(json, "pending_change", one->change);
    if (one->roll) {
        const int32_t last = one->roll->from + one->roll->days - 1;
        rw_date_write(last, ends);
        json_write_text(json, "roll_ends", ends);
        if (page)
            write_day(page, "ends", last);
    }
    if (one->dispenser) {
        json_write_text(json, "dispenser", one->dispenser->dispenser_id);
        json_write_int(json, "bags_left", one->dispenser->waiting);
        if (one->dispenser->heard_ms > 0)
            json_time_write_utc(json, "last_contact", one->dispenser->heard_ms);
        if (page)
            page_time(page, "heard", one->dispenser->heard_ms);
    }
    json_write_object_end(json);
}

static void write_client(struct json_writer *json, struct page *page, const struct followed *one)
{
    const struct adherence counts = adherence_count(one->moments, one->count);
    const char *next = NULL;
    char time[6];
    json_write_text(json, "client", one->follow.client_id);
    json_write_text(json, "name", one->roll ? one->roll->client.name : NULL);
    json_write_text(json, "pharmacy", one->roll ? one->roll->pharmacy.name : NULL);
    json_write_text(json, "phone", one->roll ? one->roll->pharmacy.phone : NULL);
    json_write_bool(json, "acknowledges", one->follow.acknowledges);
    adherence_write(json, &counts);
    json_write_list(json, "moments");
    for (size_t i = 0; i < one->count; i++) {
        const char *word = adherence_word(&one->moments[i]);
        if (!next && rw_text_equal(word, "not_yet"))
            next = one->moments[i].at;
        if (rw_text_equal(word, "ended"))
            continue;
        json_write_object(json, NULL);
        json_write_text(json, "at", one->moments[i].at);
        (void)snprintf(time, sizeof time, "%.5s", one->moments[i].at + 11); /* behind "…T" */
        json_write_text(json, "time", time);
        json_write_text(json, "status", word);
        json_write_text(json, "serial", one->moments[i].serial);
        json_write_bool(json, "open",
                        rw_text_equal(word, "not_yet") || rw_text_equal(word, "missed"));
        write_bag(json, one, &one->moments[i]);
        json_write_object_end(json);
    }
    json_write_list_end(json);
    json_write_text(json, "next", next);
    write_supply(json, page, one);
    write_pauses(json, page, one);
    json_write_list(json, "alarms");
    for (size_t i = 0; i < one->alarm_count; i++) {
        json_write_object(json, NULL);
        json_write_text(json, "id", one->alarms[i].id);
        json_write_text(json, "type", alarm_type_word(one->alarms[i].type));
        json_write_text(json, "due", one->alarms[i].due);
        if (page)
            view_stamp(page, "moment", one->alarms[i].due);
        json_write_object_end(json);
    }
    json_write_list_end(json);
}

static void write_clients(struct json_writer *json, struct page *page, const struct watch *watch)
{
    json_write_list(json, "clients");
    for (size_t i = 0; i < watch->count; i++) {
        json_write_object(json, NULL);
        write_client(json, page, &watch->clients[i]);
        json_write_object_end(json);
    }
    json_write_list_end(json);
}

static void answer(struct service *service, struct exchange *exchange, const char *client)
{
    struct rw_error err = { 0 };
    struct respond respond;
    struct watch watch = watch_of(service, exchange, client);
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &watch, read_followed };
    if (!service_transact(service, &who, &work, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    respond_begin(&respond, exchange);
    write_clients(&respond.json, NULL, &watch);
    respond_end(service, exchange, &respond, 200);
}

void handle_followed_list(struct service *service, struct exchange *exchange)
{
    answer(service, exchange, "");
}

void handle_followed_get(struct service *service, struct exchange *exchange)
{
    answer(service, exchange, exchange->args[0]);
}

static void show(struct service *service, struct exchange *exchange, const struct rw_error *trouble)
{
    struct rw_error err = { 0 };
    struct page page;
    struct watch watch = watch_of(service, exchange, "");
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &watch, read_followed };
    if (!service_transact(service, &who, &work, &err)) {
        page_fail(service, exchange, &err);
        return;
    }
    page_begin(&page, service, exchange, "followed", trouble);
    write_day(&page, "today", watch.day);
    write_clients(&page.json, &page, &watch);
    page_send(&page);
}

void handle_followed_page(struct service *service, struct exchange *exchange)
{
    show(service, exchange, NULL);
}

/* Only an alarm of a client who let this person acknowledge; others do not exist here. */
static bool acknowledge(void *self, const struct scope *scope, struct rw_error *err)
{
    struct watch *watch = self;
    struct follows_list list;
    const char *pseudonym = NULL;
    bool may = false;
    if (!follows_of_person(scope, watch->person, watch->client, &list, err) ||
        !alarms_acknowledge(scope, watch->alarm_id, &pseudonym, err))
        return false;
    for (size_t i = 0; i < list.count; i++)
        may =
            may || (list.rows[i].acknowledges && rw_text_equal(list.rows[i].pseudonym, pseudonym));
    if (!may)
        return rw_error_set(err, RW_NOT_FOUND, "", "there is nothing at this address");
    const struct journal_act act = { .action = "acknowledge",
                                     .object_type = "alarm",
                                     .object_id = watch->alarm_id,
                                     .client = pseudonym,
                                     .detail = "" };
    return journal_insert(scope, &act, err);
}

void handle_followed_acknowledge(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct watch watch = watch_of(service, exchange, exchange->args[0]);
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &watch, acknowledge };
    watch.alarm_id = exchange->args[1];
    if (service_transact(service, &who, &work, &err))
        page_go(service, exchange, "/followed?done=acknowledge");
    else
        show(service, exchange, &err);
}
