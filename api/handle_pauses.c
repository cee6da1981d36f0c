/* SPDX-License-Identifier: Apache-2.0 */
/* A client is away, and is back. */
#include "api/handlers.h"
#include "api/page.h"
#include "api/pause.h"
#include "api/respond.h"
#include "api/role.h"
#include "api/service.h"
#include "api/wall.h"
#include "core/base/text.h"
#include "core/json/json_time.h"

#define FORM_TIME 16 /* "2026-12-01T08:00", as a browser sends it */

static void write_bag(struct json_writer *json, const struct pause_bag *bag)
{
    json_write_object(json, NULL);
    json_write_text(json, "roll", bag->roll);
    json_write_int(json, "n", bag->n);
    json_write_text(json, "serial", bag->serial);
    json_time_write_stamp(json, "at", bag->at);
    json_write_int(json, "pieces", bag->pieces);
    json_write_text(json, "fate", bag->fate);
    json_write_text(json, "ask", bag->ask);
    json_write_object_end(json);
}

static void write_result(struct json_writer *json, const struct pause_result *result)
{
    json_write_text(json, "pause", result->pause_id);
    json_write_list(json, "bags");
    for (size_t i = 0; i < result->bags.count; i++)
        write_bag(json, &result->bags.list[i]);
    json_write_list_end(json);
    json_write_int(json, "pieces_along", result->bags.pieces_along);
    json_write_bool(json, "beyond", result->bags.beyond);
    json_write_list(json, "dispensers");
    for (size_t i = 0; i < result->told_count; i++) {
        json_write_object(json, NULL);
        json_write_text(json, "dispenser", result->told[i].dispenser);
        json_write_int(json, "schedule", result->told[i].version);
        json_write_object_end(json);
    }
    json_write_list_end(json);
}

static bool read_request(struct exchange *exchange, struct pause_request *request,
                         struct rw_error *err)
{
    static const char *const names[] = { "kind", "from", "until", "reason", NULL };
    const struct json *root = NULL;
    if (!respond_read(exchange, names, &root, err) ||
        !json_text(root, "kind", &request->kind, err) ||
        !json_time_stamp(root, "from", &request->from, err) ||
        !json_text(root, "reason", &request->reason, err))
        return false;
    const struct json *until = json_member(root, "until");
    request->open = !until || until->kind == JSON_NULL;
    return request->open || json_time_stamp(root, "until", &request->until, err);
}

void handle_pauses_create(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct respond respond;
    struct pause_request request = { .client = exchange->args[0],
                                     .carer = exchange->caller.follower };
    struct pause_result result;
    const struct scope who = service_who(service, exchange);
    if (!read_request(exchange, &request, &err) ||
        !pause_set(service, &who, &request, &result, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    respond_begin(&respond, exchange);
    write_result(&respond.json, &result);
    respond_end(service, exchange, &respond, 201);
}

static void write_pause(struct json_writer *json, const struct pauses_row *row)
{
    json_write_object(json, NULL);
    pause_write(json, row);
    json_write_text(json, "reason", row->reason);
    json_write_text(json, "by", row->actor);
    if (row->ended_ms > 0) {
        json_time_write_utc(json, "ended", row->ended_ms);
        json_write_text(json, "ended_by", row->ended_by);
        json_write_text(json, "ended_reason", row->ended_reason);
    }
    json_write_object_end(json);
}

void handle_pauses_list(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct respond respond;
    struct pauses_list list;
    const struct scope who = service_who(service, exchange);
    if (!pause_list(service, &who, exchange->args[0], exchange->caller.follower, &list, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    respond_begin(&respond, exchange);
    json_write_text(&respond.json, "client", exchange->args[0]);
    json_write_list(&respond.json, "pauses");
    for (size_t i = 0; i < list.count; i++)
        write_pause(&respond.json, &list.rows[i]);
    json_write_list_end(&respond.json);
    respond_end(service, exchange, &respond, 200);
}

void handle_pauses_end(struct service *service, struct exchange *exchange)
{
    static const char *const names[] = { "unchanged", "reason", NULL };
    struct rw_error err = { 0 };
    struct respond respond;
    const struct json *root = NULL;
    struct pause_end_request request = { .client = exchange->args[0],
                                         .carer = exchange->caller.follower,
                                         .pause_id = exchange->args[1] };
    struct pause_result result;
    const struct scope who = service_who(service, exchange);
    if (!respond_read(exchange, names, &root, &err) ||
        !json_bool_or(root, "unchanged", false, &request.unchanged, &err) ||
        !json_text(root, "reason", &request.reason, &err) ||
        !pause_end(service, &who, &request, &result, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    respond_begin(&respond, exchange);
    write_result(&respond.json, &result);
    respond_end(service, exchange, &respond, 200);
}

/* A time of the wall as the form has it, with the offset that holds there then. */
static bool read_wall(const struct exchange *exchange, const char *name, const struct rw_zone *zone,
                      struct rw_stamp *ret_stamp, struct rw_error *err)
{
    const char *text = exchange_field(exchange, name);
    const char *utc = rw_arena_format(exchange->arena, err, "%.*sZ", FORM_TIME, text);
    struct rw_stamp stamp;
    if (!utc)
        return false;
    if (!rw_stamp_parse(utc, &stamp))
        return rw_error_set(err, RW_INVALID, "", "\"%.32s\" is no day with a time", text);
    *ret_stamp = rw_zone_stamp(zone, stamp.wall);
    return true;
}

static bool read_form(struct service *service, struct exchange *exchange,
                      struct pause_request *request, struct rw_error *err)
{
    struct rw_zone *zone = NULL;
    request->kind = exchange_field(exchange, "kind");
    request->reason = exchange_field(exchange, "reason");
    request->open = !exchange_field(exchange, "until")[0];
    if (!wall_open(service, exchange, &zone, err))
        return false;
    bool read = read_wall(exchange, "from", zone, &request->from, err) &&
                (request->open || read_wall(exchange, "until", zone, &request->until, err));
    rw_zone_close(zone);
    return read;
}

/* Back to the page that the form was on. */
static void go_back(struct service *service, struct exchange *exchange, const char *done)
{
    if (exchange->caller.follower)
        page_go(service, exchange, "/followed?done=%s", done);
    else
        page_go(service, exchange, "/clients/%s?done=%s", exchange->args[0], done);
}

void handle_console_pause_post(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct pause_request request = { .client = exchange->args[0],
                                     .carer = exchange->caller.follower };
    struct pause_result result;
    const struct scope who = service_who(service, exchange);
    if (!read_form(service, exchange, &request, &err) ||
        !pause_set(service, &who, &request, &result, &err))
        page_fail(service, exchange, &err);
    else
        go_back(service, exchange, "pause");
}

void handle_console_pause_end(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    const struct pause_end_request request = {
        .client = exchange->args[0],
        .carer = exchange->caller.follower,
        .pause_id = exchange->args[1],
        .unchanged = exchange_field(exchange, "unchanged")[0] != '\0',
        .reason = exchange_field(exchange, "reason"),
    };
    struct pause_result result;
    const struct scope who = service_who(service, exchange);
    if (!pause_end(service, &who, &request, &result, &err))
        page_fail(service, exchange, &err);
    else
        go_back(service, exchange, "resume");
}
