/* SPDX-License-Identifier: Apache-2.0 */
/* Batches that are taken back: the act, and the list for the telephone. */
#include <string.h>

#include "api/approve.h"
#include "api/csv.h"
#include "api/handlers.h"
#include "api/recall.h"
#include "api/recall_record.h"
#include "api/respond.h"
#include "api/service.h"
#include "core/base/text.h"

static bool check_request(const struct recall_request *request, struct rw_error *err)
{
    if (!request->product[0])
        return rw_error_set(err, RW_INVALID, "/product", "a recall names a product");
    if (!request->lot[0] || strlen(request->lot) >= RECALLS_LOT_MAX)
        return rw_error_set(err, RW_INVALID, "/lot", "a batch has 1 to %d bytes",
                            RECALLS_LOT_MAX - 1);
    return true;
}

static bool check_words(const char *words, const char *at, struct rw_error *err)
{
    if (!words[0] || strlen(words) > APPROVE_REASON_MAX)
        return rw_error_set(err, RW_INVALID, at, "a reason has 1 to %d bytes", APPROVE_REASON_MAX);
    return true;
}

static void write_bag(struct json_writer *json, const struct recalls_bag *bag)
{
    json_write_object(json, NULL);
    json_write_text(json, "client", bag->client_id);
    json_write_text(json, "roll", bag->roll);
    json_write_int(json, "n", bag->n);
    json_write_text(json, "serial", bag->serial);
    json_write_text(json, "at", bag->at);
    json_write_text(json, "dispenser", bag->dispenser_id);
    json_write_text(json, "fate", bag->fate);
    json_write_object_end(json);
}

static void write_bags(struct json_writer *json, const struct recalls_bags *bags)
{
    json_write_list(json, "bags");
    for (size_t i = 0; i < bags->count; i++)
        write_bag(json, &bags->bags[i]);
    json_write_list_end(json);
}

void handle_recalls_create(struct service *service, struct exchange *exchange)
{
    static const char *const names[] = { "product", "lot", "reason", NULL };
    struct rw_error err = { 0 };
    struct respond respond;
    struct recall_request request = { 0 };
    struct recall_result result;
    const struct json *root = NULL;
    const struct scope who = service_who(service, exchange);
    if (!respond_read(exchange, names, &root, &err) ||
        !json_text(root, "product", &request.product, &err) ||
        !json_text(root, "lot", &request.lot, &err) ||
        !json_text(root, "reason", &request.reason, &err) || !check_request(&request, &err) ||
        !check_words(request.reason, "/reason", &err) ||
        !recall_carry_out(service, &who, &request, &result, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    respond_begin(&respond, exchange);
    json_write_text(&respond.json, "recall", result.id);
    json_write_int(&respond.json, "clients", (int64_t)result.clients);
    json_write_int(&respond.json, "dispensers", (int64_t)result.told_count);
    write_bags(&respond.json, &result.bags);
    respond_end(service, exchange, &respond, 201);
}

static void read_query(const struct exchange *exchange, struct recall_request *request)
{
    const char *product = exchange_query(exchange, "product");
    const char *lot = exchange_query(exchange, "lot");
    request->product = product ? product : "";
    request->lot = lot ? lot : "";
}

void handle_batches_get(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct respond respond;
    struct recall_request request;
    struct recall_result result;
    const struct scope who = service_who(service, exchange);
    read_query(exchange, &request);
    if (!check_request(&request, &err) || !recall_look(service, &who, &request, &result, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    respond_begin(&respond, exchange);
    json_write_text(&respond.json, "product", request.product);
    json_write_text(&respond.json, "lot", request.lot);
    json_write_int(&respond.json, "clients", (int64_t)result.clients);
    write_bags(&respond.json, &result.bags);
    respond_end(service, exchange, &respond, 200);
}

static void write_told(struct json_writer *json, const struct recall_record *record)
{
    json_write_list(json, "told");
    for (size_t i = 0; i < record->told_count; i++) {
        char at[RW_CLOCK_TEXT_MAX];
        rw_clock_write_utc(record->told[i].at_ms, at);
        json_write_object(json, NULL);
        json_write_text(json, "client", record->told[i].client_id);
        json_write_text(json, "at", at);
        json_write_text(json, "by", record->told[i].actor);
        json_write_text(json, "note", record->told[i].note);
        json_write_object_end(json);
    }
    json_write_list_end(json);
}

static void write_lifted(struct json_writer *json, const struct recalls_row *row)
{
    char at[RW_CLOCK_TEXT_MAX];
    if (row->lifted_ms == 0)
        return;
    rw_clock_write_utc(row->lifted_ms, at);
    json_write_object(json, "lifted");
    json_write_text(json, "at", at);
    json_write_text(json, "by", row->lifted_by);
    json_write_text(json, "reason", row->lifted_reason);
    json_write_object_end(json);
}

void handle_recalls_get(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct respond respond;
    struct recall_record record;
    const struct scope who = service_who(service, exchange);
    if (!recall_record_read(service, &who, exchange->args[0], &record, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    respond_begin(&respond, exchange);
    json_write_text(&respond.json, "recall", record.row.recall_id);
    json_write_text(&respond.json, "product", record.row.product);
    json_write_text(&respond.json, "lot", record.row.lot);
    json_write_text(&respond.json, "by", record.row.actor);
    json_write_text(&respond.json, "reason", record.row.reason);
    write_lifted(&respond.json, &record.row);
    json_write_int(&respond.json, "clients", record.row.clients);
    write_bags(&respond.json, &record.bags);
    write_told(&respond.json, &record);
    respond_end(service, exchange, &respond, 200);
}

void handle_recalls_csv(struct service *service, struct exchange *exchange)
{
    static const char *const names[] = { "client", "name",   "dispenser",  "roll",
                                         "bag",    "serial", "planned_at", "fate" };
    struct rw_error err = { 0 };
    struct csv csv;
    struct recall_record record;
    const struct scope who = service_who(service, exchange);
    if (!recall_record_read(service, &who, exchange->args[0], &record, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    csv_begin(&csv, exchange, names, RW_COUNT(names));
    for (size_t i = 0; i < record.bags.count; i++) {
        const struct recalls_bag *bag = &record.bags.bags[i];
        const char *n = rw_arena_format(exchange->arena, &err, "%lld", (long long)bag->n);
        const char *const cells[] = {
            bag->client_id, bag->client_name, bag->dispenser_id ? bag->dispenser_id : "",
            bag->roll,      n ? n : "",       bag->serial,
            bag->at,        bag->fate
        };
        csv_row(&csv, cells, RW_COUNT(cells));
    }
    csv_reply(service, exchange, &csv, "recall.csv");
}

void handle_recalls_tell(struct service *service, struct exchange *exchange)
{
    static const char *const names[] = { "client", "note", NULL };
    struct rw_error err = { 0 };
    struct recalls_told told = { 0 };
    const struct json *root = NULL;
    const struct scope who = service_who(service, exchange);
    if (!respond_read(exchange, names, &root, &err) ||
        !json_text(root, "client", &told.client_id, &err) ||
        !json_text(root, "note", &told.note, &err) || !check_words(told.note, "/note", &err) ||
        !recall_record_tell(service, &who, exchange->args[0], &told, &err))
        respond_error(service, exchange, &err);
    else
        exchange_reply_empty(exchange, 204);
}

void handle_recalls_lift(struct service *service, struct exchange *exchange)
{
    static const char *const names[] = { "reason", NULL };
    struct rw_error err = { 0 };
    const char *reason = NULL;
    const struct json *root = NULL;
    const struct scope who = service_who(service, exchange);
    if (!respond_read(exchange, names, &root, &err) || !json_text(root, "reason", &reason, &err) ||
        !check_words(reason, "/reason", &err) ||
        !recall_record_lift(service, &who, exchange->args[0], reason, &err))
        respond_error(service, exchange, &err);
    else
        exchange_reply_empty(exchange, 204);
}
