/* SPDX-License-Identifier: Apache-2.0 */
/* Orders in, rolls planned, rolls read. */
#include "api/claim.h"
#include "api/handlers.h"
#include "api/prepare.h"
#include "api/receive.h"
#include "api/respond.h"
#include "api/role.h"
#include "api/service.h"
#include "core/base/date.h"
#include "core/base/text.h"
#include "core/json/finding_json.h"
#include "core/model/client.h"
#include "db/bags.h"
#include "db/journal.h"
#include "roll-builder/amend_json.h"

#define DAYS_MAX 366

static void write_received(struct json_writer *json, const struct receive_result *result)
{
    json_write_text(json, "order", result->order_id);
    json_write_bool(json, "new", result->is_new);
    json_write_list(json, "clients");
    for (size_t i = 0; i < result->client_count; i++)
        json_write_text(json, NULL, result->clients[i]);
    json_write_list_end(json);
    json_write_list(json, "lines");
    for (size_t i = 0; i < result->line_count; i++) {
        const struct receive_line *line = &result->lines[i];
        json_write_object(json, NULL);
        json_write_text(json, "pointer", line->pointer);
        json_write_text(json, "resource", line->resource);
        json_write_text(json, "client", line->client);
        json_write_text(json, "product", line->product);
        json_write_text(json, "outcome", line->outcome);
        json_write_text(json, "destination", line->destination);
        if (line->reason)
            json_write_text(json, "reason", line->reason);
        json_write_object_end(json);
    }
    json_write_list_end(json);
}

void handle_orders_create(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct receive_result result;
    struct respond respond;
    const struct scope who = service_who(service, exchange);
    if (!receive_orders(service, &who, exchange->body, exchange->body_length, &result, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    if (rw_diag_has(&result.findings, RW_BLOCKS)) {
        (void)rw_error_set(&err, RW_INVALID, "", "the document was not kept");
        exchange_reply_error(exchange, &err, &result.findings);
        return;
    }
    respond_begin(&respond, exchange);
    write_received(&respond.json, &result);
    respond_end(service, exchange, &respond, result.is_new ? 201 : 200);
}

static bool read_request(struct exchange *exchange, struct prepare_request *request,
                         struct rw_error *err)
{
    static const char *const names[] = { "client", "from", "days", "replaces", NULL };
    const struct json *root = NULL;
    const char *from = NULL;
    int64_t days = 0;
    if (!respond_read(exchange, names, &root, err) ||
        !json_text(root, "client", &request->client, err) || !json_text(root, "from", &from, err) ||
        !json_int(root, "days", 1, DAYS_MAX, &days, err) ||
        !json_text_or(root, "replaces", NULL, &request->replaces, err))
        return false;
    if (!client_is_id(request->client))
        return rw_error_set(err, RW_INVALID, "/client", "the client's id cannot be used");
    if (!rw_date_parse(from, &request->from))
        return rw_error_set(err, RW_INVALID, "/from", "\"%s\" is no date", from);
    if (request->replaces && !roll_is_number(request->replaces))
        return rw_error_set(err, RW_INVALID, "/replaces", "a roll number has nine digits");
    request->days = (int32_t)days;
    return true;
}

static void answer_planned(struct service *service, struct exchange *exchange,
                           const struct prepare_result *result)
{
    struct rw_error err = { 0 };
    struct respond respond;
    const struct roll *roll = result->roll;
    const char *tag =
        rw_arena_format(exchange->arena, &err, "\"%s\"", result->document.fingerprint);
    const char *place = rw_arena_format(exchange->arena, &err, "/v1/rolls/%s", roll->number);
    if (!tag || !place) {
        respond_error(service, exchange, &err);
        return;
    }
    respond_begin(&respond, exchange);
    json_write_text(&respond.json, "roll", roll->number);
    json_write_int(&respond.json, "version", roll->version);
    json_write_text(&respond.json, "state", roll_state_word(ROLL_PLANNED));
    json_write_text(&respond.json, "fingerprint", result->document.fingerprint);
    json_write_int(&respond.json, "bags", (int64_t)roll->bag_count);
    json_write_int(&respond.json, "loose", (int64_t)roll->loose_count);
    json_write_int(&respond.json, "excluded", (int64_t)roll->excluded_count);
    finding_json_write(&respond.json, &roll->findings);
    if (result->changes) {
        json_write_object(&respond.json, "change");
        amend_json_write(&respond.json, result->change.old.roll, roll, result->change.amendment);
        json_write_object_end(&respond.json);
    }
    respond_end(service, exchange, &respond, 201);
    exchange_reply_extra(exchange, "ETag", tag);
    exchange_reply_extra(exchange, "Location", place);
}

void handle_rolls_create(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct prepare_request request = { 0 };
    struct prepare_result result;
    const struct scope who = service_who(service, exchange);
    if (!read_request(exchange, &request, &err) ||
        !prepare_roll(service, &who, &request, &result, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    if (result.blocked) {
        (void)rw_error_set(&err, RW_INVALID, "", "findings block this roll; nothing was kept");
        exchange_reply_error(exchange, &err, &result.roll->findings);
        return;
    }
    answer_planned(service, exchange, &result);
}

struct reading {
    const char *roll;
    bool for_line; /* who may read less than a pharmacy's people */
    struct rolls_row row;
    struct rolls_document document;
    struct bags_list bags;
    struct rolls_list list;
};

/* Reading a person's record is journalled before it is answered (NEN 7513). */
static bool journal_read(const struct scope *scope, const struct reading *reading,
                         struct rw_error *err)
{
    const struct journal_act act = { .action = "read",
                                     .object_type = "roll",
                                     .object_id = reading->roll,
                                     .client = reading->row.pseudonym,
                                     .detail = "" };
    return journal_insert(scope, &act, err);
}

static bool read_roll(void *self, const struct scope *scope, struct rw_error *err)
{
    struct reading *reading = self;
    return rolls_get(scope, reading->roll, false, &reading->row, err) &&
           (!reading->for_line || claim_may_read(scope, &reading->row, err)) &&
           rolls_get_version(scope, reading->roll, reading->row.version, &reading->document, err) &&
           journal_read(scope, reading, err);
}

static bool read_status(void *self, const struct scope *scope, struct rw_error *err)
{
    struct reading *reading = self;
    return read_roll(self, scope, err) && bags_find(scope, reading->roll, &reading->bags, err);
}

static bool read_list(void *self, const struct scope *scope, struct rw_error *err)
{
    struct reading *reading = self;
    if (!rolls_find(scope, NULL, &reading->list, err))
        return false;
    const char **clients = rw_arena_array(scope->arena, reading->list.count, sizeof *clients, err);
    for (size_t i = 0; clients && i < reading->list.count; i++)
        clients[i] = reading->list.rows[i].pseudonym;
    return clients && journal_insert_list(scope, "roll", clients, reading->list.count, err);
}

void handle_rolls_get(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct reading reading = { .roll = exchange->args[0],
                               .for_line = exchange->caller.role == ROLE_LINE };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &reading, read_roll };
    const char *tag = NULL;
    if (service_transact(service, &who, &work, &err))
        tag = rw_arena_format(exchange->arena, &err, "\"%s\"", reading.document.fingerprint);
    if (!tag) {
        respond_error(service, exchange, &err);
        return;
    }
    if (respond_not_modified(exchange, tag))
        return;
    exchange_reply_bytes(exchange, EXCHANGE_JSON_TYPE, reading.document.bytes,
                         reading.document.length);
    exchange_reply_extra(exchange, "ETag", tag);
}

static void write_row(struct json_writer *json, const struct rolls_row *row)
{
    char from[RW_DATE_TEXT_MAX];
    rw_date_write((int32_t)row->from_day, from);
    json_write_text(json, "roll", row->number);
    json_write_text(json, "client", row->client_id);
    json_write_int(json, "version", row->version);
    json_write_text(json, "state", roll_state_word(row->state));
    json_write_text(json, "from", from);
    json_write_int(json, "days", row->days);
    json_write_text(json, "approved_by", row->approved_by);
    json_write_text(json, "counted_by", row->counted_by);
    json_write_text(json, "released_by", row->released_by);
    json_write_text(json, "dispenser", row->dispenser_id);
}

static void write_bag(struct json_writer *json, const struct bags_row *bag)
{
    json_write_object(json, NULL);
    json_write_int(json, "n", bag->n);
    json_write_text(json, "serial", bag->serial);
    json_write_bool(json, "revoked", bag->revoked);
    json_write_text(json, "verdict", bag->verdict);
    json_write_text(json, "judged", bag->judged);
    json_write_text(json, "by", bag->actor);
    json_write_bool(json, "by_person", bag->by_person);
    json_write_text(json, "reason", bag->reason);
    json_write_text(json, "glance", bag->glance);
    json_write_text(json, "glance_reason", bag->glance_reason);
    json_write_object_end(json);
}

void handle_rolls_status(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct respond respond;
    struct reading reading = { .roll = exchange->args[0],
                               .for_line = exchange->caller.role == ROLE_LINE };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &reading, read_status };
    if (!service_transact(service, &who, &work, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    respond_begin(&respond, exchange);
    write_row(&respond.json, &reading.row);
    json_write_text(&respond.json, "fingerprint", reading.document.fingerprint);
    json_write_list(&respond.json, "bags");
    for (size_t i = 0; i < reading.bags.count; i++)
        write_bag(&respond.json, &reading.bags.rows[i]);
    json_write_list_end(&respond.json);
    respond_end(service, exchange, &respond, 200);
}

void handle_rolls_list(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct respond respond;
    struct reading reading = { 0 };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &reading, read_list };
    if (!service_transact(service, &who, &work, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    respond_begin(&respond, exchange);
    json_write_list(&respond.json, "rolls");
    for (size_t i = 0; i < reading.list.count; i++) {
        json_write_object(&respond.json, NULL);
        write_row(&respond.json, &reading.list.rows[i]);
        json_write_object_end(&respond.json);
    }
    json_write_list_end(&respond.json);
    respond_end(service, exchange, &respond, 200);
}
