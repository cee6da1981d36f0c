/* SPDX-License-Identifier: Apache-2.0 */
/* Consents of a client, for programs; people give them on its page. */
#include "api/consent.h"
#include "api/handlers.h"
#include "api/respond.h"
#include "api/service.h"
#include "core/base/text.h"
#include "core/json/json_time.h"

static void write_consent(struct json_writer *json, const struct follows_row *row)
{
    json_write_object(json, NULL);
    json_write_text(json, "follower", row->follower);
    json_write_text(json, "kind", row->kind);
    json_write_bool(json, "medicines", row->medicines);
    json_write_bool(json, "acknowledges", row->acknowledges);
    json_write_text(json, "reason", row->reason);
    json_write_text(json, "by", row->given_by);
    json_time_write_utc(json, "given", row->given_ms);
    if (row->ended_ms > 0)
        json_time_write_utc(json, "ended", row->ended_ms);
    json_write_object_end(json);
}

void handle_consents_list(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct respond respond;
    struct follows_list list;
    const struct scope who = service_who(service, exchange);
    if (!consent_list(service, &who, exchange->args[0], &list, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    respond_begin(&respond, exchange);
    json_write_text(&respond.json, "client", exchange->args[0]);
    json_write_list(&respond.json, "consents");
    for (size_t i = 0; i < list.count; i++)
        write_consent(&respond.json, &list.rows[i]);
    json_write_list_end(&respond.json);
    respond_end(service, exchange, &respond, 200);
}

void handle_consents_create(struct service *service, struct exchange *exchange)
{
    static const char *const names[] = { "follower",     "kind",   "medicines",
                                         "acknowledges", "reason", NULL };
    struct rw_error err = { 0 };
    const struct json *root = NULL;
    struct follows_row given = { .client_id = exchange->args[0] };
    const struct scope who = service_who(service, exchange);
    if (!respond_read(exchange, names, &root, &err) ||
        !json_text(root, "follower", &given.follower, &err) ||
        !json_text(root, "kind", &given.kind, &err) ||
        !json_bool_or(root, "medicines", false, &given.medicines, &err) ||
        !json_bool_or(root, "acknowledges", false, &given.acknowledges, &err) ||
        !json_text(root, "reason", &given.reason, &err) ||
        !consent_give(service, &who, &given, &err))
        respond_error(service, exchange, &err);
    else
        exchange_reply_empty(exchange, 204);
}

void handle_consents_end(struct service *service, struct exchange *exchange)
{
    static const char *const names[] = { "follower", NULL };
    struct rw_error err = { 0 };
    const struct json *root = NULL;
    const char *follower = NULL;
    const struct scope who = service_who(service, exchange);
    if (!respond_read(exchange, names, &root, &err) ||
        !json_text(root, "follower", &follower, &err) ||
        !consent_end(service, &who, exchange->args[0], follower, &err))
        respond_error(service, exchange, &err);
    else
        exchange_reply_empty(exchange, 204);
}
