/* SPDX-License-Identifier: Apache-2.0 */
/* What waits to be told to others, and what could not be told. */
#include "api/handlers.h"
#include "api/resend.h"
#include "api/respond.h"
#include "api/service.h"
#include "core/base/text.h"

static void write_time(struct json_writer *json, const char *name, int64_t utc_ms)
{
    char text[RW_CLOCK_TEXT_MAX];
    rw_clock_write_utc(utc_ms, text);
    json_write_text(json, name, utc_ms > 0 ? text : NULL);
}

static void write_row(struct json_writer *json, const struct outbox_row *row)
{
    json_write_object(json, NULL);
    json_write_text(json, "id", row->outbox_id);
    json_write_text(json, "topic", row->topic);
    json_write_text(json, "exit", row->exit[0] ? row->exit : NULL);
    json_write_int(json, "attempts", row->attempts);
    write_time(json, "created", row->created_ms);
    write_time(json, "next", row->dead_ms > 0 ? 0 : row->next_ms);
    write_time(json, "set_aside", row->dead_ms);
    json_write_text(json, "fault", row->fault[0] ? row->fault : NULL);
    json_write_object_end(json);
}

void handle_outbox_list(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct respond respond;
    struct resend_list list = { 0 };
    const char *state = exchange_query(exchange, "state");
    bool dead = state && rw_text_equal(state, "dead");
    const struct scope who = service_who(service, exchange);
    if (state && !dead && !rw_text_equal(state, "waiting"))
        (void)rw_error_set(&err, RW_INVALID, "", "\"%s\" is neither waiting nor dead", state);
    if (err.code != RW_OK || !resend_list(service, &who, dead, &list, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    respond_begin(&respond, exchange);
    json_write_list(&respond.json, "messages");
    for (size_t i = 0; i < list.count; i++)
        write_row(&respond.json, &list.rows[i]);
    json_write_list_end(&respond.json);
    respond_end(service, exchange, &respond, 200);
}

void handle_outbox_retry(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    const struct scope who = service_who(service, exchange);
    if (!resend_one(service, &who, exchange->args[0], &err))
        respond_error(service, exchange, &err);
    else
        exchange_reply_empty(exchange, 204);
}

void handle_outbox_retry_all(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct respond respond;
    int64_t count = 0;
    const struct scope who = service_who(service, exchange);
    if (!resend_all(service, &who, &count, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    respond_begin(&respond, exchange);
    json_write_int(&respond.json, "messages", count);
    respond_end(service, exchange, &respond, 200);
}
