/* SPDX-License-Identifier: Apache-2.0 */
/* Takes in a document with orders and says what it means. */
#include "api/receive.h"

#include "api/plan_settings.h"
#include "api/service.h"
#include "core/base/random.h"
#include "core/base/text.h"
#include "core/model/order.h"
#include "db/journal.h"
#include "db/orders.h"
#include "roll-builder/eligibility.h"
#include "roll-builder/intake/intake.h"

#define SHOWN_DAYS 14 /* the window in which the outcome of a line is shown */
#define MINUTE_MS INT64_C(60000)

struct receipt {
    const uint8_t *key; /* that seals documents */
    const char *bytes;
    size_t length;
    struct plan_settings settings;
    struct order_list orders;
    struct receive_result result;
};

static bool is_agreement(const struct order *order)
{
    return order->kind == ORDER_PLAIN || order->kind == ORDER_MA || order->kind == ORDER_TA ||
           order->kind == ORDER_WDS;
}

static bool knows_client(const struct receive_result *result, const char *client)
{
    for (size_t i = 0; i < result->client_count; i++) {
        if (rw_text_equal(result->clients[i], client))
            return true;
    }
    return false;
}

/* Everybody the document speaks of, and a finding for each agreement that names nobody. */
static bool collect_clients(struct receipt *receipt, struct rw_arena *arena, struct rw_error *err)
{
    struct receive_result *result = &receipt->result;
    result->clients = rw_arena_array(arena, RECEIVE_CLIENTS_MAX, sizeof *result->clients, err);
    if (!result->clients)
        return false;
    for (size_t i = 0; i < receipt->orders.count; i++) {
        const struct order *order = &receipt->orders.orders[i];
        if (!order->client.id) {
            if (is_agreement(order))
                rw_diag_add(&result->findings, "D1", "unknown-client", RW_BLOCKS,
                            order->client_pointer,
                            "the order names no client by an id that can be used");
            continue;
        }
        if (knows_client(result, order->client.id))
            continue;
        if (result->client_count == RECEIVE_CLIENTS_MAX)
            return rw_error_set(err, RW_TOO_LARGE, "",
                                "the document speaks of more than %d clients", RECEIVE_CLIENTS_MAX);
        result->clients[result->client_count++] = order->client.id;
    }
    return true;
}

static bool judge_line(const struct scope *scope, const struct receipt *receipt,
                       const struct order *order, struct receive_line *ret_line,
                       struct rw_error *err)
{
    const struct rw_stamp now = rw_zone_at(receipt->settings.zone, scope->now_ms / MINUTE_MS);
    const struct window window = { .from = now.wall.day, .days = SHOWN_DAYS };
    struct eligibility judged;
    if (!eligibility_judge(order, &receipt->settings.policy, &window, scope->arena, &judged, err))
        return false;
    *ret_line = (struct receive_line){
        .pointer = order->pointer,
        .resource = order->resource,
        .client = order->client.id,
        .product = order->product.text,
        .outcome = judged.planned        ? "plan"
                   : is_agreement(order) ? "refuse"
                                         : "none",
        .destination = order_destination_word(judged.destination),
        .reason = judged.planned ? NULL : judged.reason,
    };
    return true;
}

static bool judge_lines(const struct scope *scope, struct receipt *receipt, struct rw_error *err)
{
    struct receive_result *result = &receipt->result;
    result->lines = rw_arena_array(scope->arena, receipt->orders.count, sizeof *result->lines, err);
    if (!result->lines)
        return false;
    for (size_t i = 0; i < receipt->orders.count; i++) {
        if (!judge_line(scope, receipt, &receipt->orders.orders[i], &result->lines[i], err))
            return false;
    }
    result->line_count = receipt->orders.count;
    return true;
}

static bool link_client(const struct scope *scope, const struct receipt *receipt,
                        const char *client, struct rw_error *err)
{
    char pseudonym[RW_UUID_TEXT_MAX];
    const char *kept = NULL;
    rw_uuid_make(scope->now_ms, pseudonym);
    if (!orders_link(scope, receipt->result.order_id, client, pseudonym, err) ||
        !orders_pseudonym(scope, client, &kept, err))
        return false;
    const struct journal_act act = { .action = "receive",
                                     .object_type = "order",
                                     .object_id = receipt->result.order_id,
                                     .client = kept ? kept : "",
                                     .detail = receipt->result.is_new ? "" : "received before" };
    return journal_insert(scope, &act, err);
}

static bool keep(const struct scope *scope, struct receipt *receipt, struct rw_error *err)
{
    char order_id[RW_UUID_TEXT_MAX];
    char mark[RW_HEX_SHA256_MAX];
    uint8_t mac[RW_SHA256_BYTES];
    rw_uuid_make(scope->now_ms, order_id);
    rw_hmac_sha256(receipt->key, RW_SEAL_KEY_BYTES, receipt->bytes, receipt->length, mac);
    rw_hex_sha256(mac, mark);
    struct orders_document document = { .order_id = rw_arena_text(scope->arena, order_id, err),
                                        .mark = mark,
                                        .length = receipt->length + RW_SEAL_EXTRA_BYTES,
                                        .sealed = true };
    if (!document.order_id ||
        !rw_seal(receipt->key, order_id, receipt->bytes, receipt->length, scope->arena,
                 &document.bytes, err) ||
        !orders_insert(scope, &document, &receipt->result.order_id, &receipt->result.is_new, err))
        return false;
    for (size_t i = 0; i < receipt->result.client_count; i++) {
        if (!link_client(scope, receipt, receipt->result.clients[i], err))
            return false;
    }
    return true;
}

static bool receive(void *self, const struct scope *scope, struct rw_error *err)
{
    struct receipt *receipt = self;
    receipt->orders = (struct order_list){ 0 };
    receipt->result = (struct receive_result){ 0 };
    rw_diag_init(&receipt->result.findings, scope->arena);
    if (!plan_settings_open(scope, &receipt->settings, err) ||
        !intake_read("order", receipt->bytes, receipt->length, receipt->settings.zone, scope->arena,
                     &receipt->orders, err) ||
        !collect_clients(receipt, scope->arena, err) || !judge_lines(scope, receipt, err))
        return false;
    if (receipt->result.client_count == 0 && !rw_diag_has(&receipt->result.findings, RW_BLOCKS))
        rw_diag_add(&receipt->result.findings, "D4", "not-an-order", RW_BLOCKS, "",
                    "the document holds no order for anybody");
    return rw_diag_has(&receipt->result.findings, RW_BLOCKS) || keep(scope, receipt, err);
}

bool receive_orders(struct service *service, const struct scope *who, const char *bytes,
                    size_t length, struct receive_result *ret_result, struct rw_error *err)
{
    struct receipt receipt = { .key = service->secrets.orders_key,
                               .bytes = bytes,
                               .length = length };
    const struct service_work work = { &receipt, receive };
    bool done = service_transact(service, who, &work, err);
    plan_settings_close(&receipt.settings);
    if (done)
        *ret_result = receipt.result;
    return done;
}
