/* SPDX-License-Identifier: Apache-2.0 */
/* The pages of batches that are taken back. */
#include <string.h>

#include "api/approve.h"
#include "api/handlers.h"
#include "api/plan_settings.h"
#include "api/recall.h"
#include "api/recall_record.h"
#include "api/routes.h"
#include "api/service.h"
#include "api/view.h"
#include "core/base/text.h"

struct overview {
    struct plan_settings settings;
    struct recalls_row *rows;
    size_t count;
};

static bool read_overview(void *self, const struct scope *scope, struct rw_error *err)
{
    struct overview *overview = self;
    return plan_settings_open(scope, &overview->settings, err) &&
           recalls_find(scope, NULL, &overview->rows, &overview->count, err);
}

static void write_products(struct page *page, const struct products *products, const char *chosen)
{
    struct json_writer *json = &page->json;
    json_write_list(json, "products");
    for (size_t i = 0; products && i < products->count; i++) {
        const struct product *product = &products->rows[i];
        json_write_object(json, NULL);
        json_write_text(json, "code", product->code);
        json_write_text(json, "name", product->name);
        json_write_text(json, "strength", product->strength);
        json_write_bool(json, "chosen", rw_text_equal(product->code, chosen));
        json_write_object_end(json);
    }
    json_write_list_end(json);
}

/* As the table of products is now; NULL = the product left it since. */
static const struct product *find_product(const struct products *products, const char *code)
{
    for (size_t i = 0; products && i < products->count; i++) {
        if (rw_text_equal(products->rows[i].code, code))
            return &products->rows[i];
    }
    return NULL;
}

static void write_row(struct page *page, const struct recalls_row *row,
                      const struct products *products)
{
    struct json_writer *json = &page->json;
    const struct product *product = find_product(products, row->product);
    json_write_text(json, "recall", row->recall_id);
    json_write_text(json, "product", row->product);
    json_write_text(json, "name", product ? product->name : "");
    json_write_text(json, "strength", product ? product->strength : "");
    json_write_text(json, "lot", row->lot);
    json_write_text(json, "by", row->actor);
    json_write_text(json, "reason", row->reason);
    json_write_int(json, "client_count", row->clients);
    json_write_int(json, "bag_count", row->bags);
    json_write_int(json, "told_count", row->told);
    json_write_bool(json, "complete", row->told == row->clients);
    page_time(page, "at", row->at_ms);
    if (row->lifted_ms > 0) {
        json_write_object(json, "lifted");
        json_write_text(json, "by", row->lifted_by);
        json_write_text(json, "reason", row->lifted_reason);
        page_time(page, "at", row->lifted_ms);
        json_write_object_end(json);
    }
}

static void write_bag(struct page *page, const struct recalls_bag *bag)
{
    json_write_object(&page->json, NULL);
    json_write_int(&page->json, "n", bag->n);
    json_write_text(&page->json, "roll", bag->roll);
    json_write_text(&page->json, "fate", bag->fate);
    json_write_bool(&page->json, bag->fate, true);
    view_stamp(page, "at", bag->at);
    json_write_object_end(&page->json);
}

static void write_told(struct page *page, const struct recall_record *record, const char *client)
{
    json_write_list(&page->json, "told");
    for (size_t i = 0; record && i < record->told_count; i++) {
        if (!rw_text_equal(record->told[i].client_id, client))
            continue;
        json_write_object(&page->json, NULL);
        json_write_text(&page->json, "by", record->told[i].actor);
        json_write_text(&page->json, "note", record->told[i].note);
        page_time(page, "at", record->told[i].at_ms);
        json_write_object_end(&page->json);
    }
    json_write_list_end(&page->json);
}

/* Bags stand by client: one card for one call. */
static void write_clients(struct page *page, const struct recalls_bags *bags,
                          const struct recall_record *record)
{
    struct json_writer *json = &page->json;
    json_write_list(json, "clients");
    for (size_t i = 0; i < bags->count;) { /* each round takes the bags of a client */
        const struct recalls_bag *first = &bags->bags[i];
        int64_t taken = 0;
        json_write_object(json, NULL);
        json_write_text(json, "client", first->client_id);
        json_write_text(json, "client_name", first->client_name);
        json_write_text(json, "dispenser", first->dispenser_id);
        json_write_list(json, "bags");
        for (; i < bags->count && rw_text_equal(bags->bags[i].client_id, first->client_id); i++) {
            taken += rw_text_equal(bags->bags[i].fate, "taken_out");
            write_bag(page, &bags->bags[i]);
        }
        json_write_list_end(json);
        json_write_int(json, "taken_count", taken);
        write_told(page, record, first->client_id);
        json_write_object_end(json);
    }
    json_write_list_end(json);
}

static bool by_client(const struct recalls_bags *bags, struct rw_arena *arena,
                      struct recalls_bags *ret_sorted, struct rw_error *err)
{
    struct recalls_bag *sorted = rw_arena_array(arena, bags->count, sizeof *sorted, err);
    size_t held = 0;
    if (!sorted)
        return false;
    for (size_t i = 0; i < bags->count; i++) {
        bool known = false;
        for (size_t k = 0; k < held && !known; k++)
            known = rw_text_equal(sorted[k].client_id, bags->bags[i].client_id);
        for (size_t k = i; !known && k < bags->count; k++) {
            if (rw_text_equal(bags->bags[k].client_id, bags->bags[i].client_id))
                sorted[held++] = bags->bags[k];
        }
    }
    *ret_sorted = (struct recalls_bags){ sorted, held };
    return true;
}

/* The form, what it found, and the recalls of before. */
static void show(struct service *service, struct exchange *exchange,
                 const struct recall_request *request, const struct rw_error *trouble)
{
    struct rw_error err = { 0 };
    struct rw_error failed = trouble ? *trouble : (struct rw_error){ 0 };
    struct page page;
    struct overview overview = { 0 };
    struct recall_result found = { 0 };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &overview, read_overview };
    bool asked = request->product[0] && request->lot[0];
    if (!service_transact(service, &who, &work, &err)) {
        plan_settings_close(&overview.settings);
        page_fail(service, exchange, &err);
        return;
    }
    struct recalls_bags sorted = { 0 };
    if (asked &&
        (!recall_look(service, &who, request, &found, &err) ||
         !by_client(&found.bags, exchange->arena, &sorted, &err)) &&
        failed.code == RW_OK)
        failed = err;
    page_begin(&page, service, exchange, "recalls", &failed);
    json_write_text(&page.json, "product", request->product);
    json_write_text(&page.json, "lot", request->lot);
    write_products(&page, overview.settings.products, request->product);
    json_write_bool(&page.json, "asked", asked);
    json_write_int(&page.json, "bag_count", (int64_t)sorted.count);
    json_write_int(&page.json, "client_count", (int64_t)found.clients);
    json_write_bool(&page.json, "may_recall", routes_may(exchange, "POST", "/recalls"));
    write_clients(&page, &sorted, NULL);
    json_write_list(&page.json, "recalls");
    for (size_t i = 0; i < overview.count; i++) {
        json_write_object(&page.json, NULL);
        write_row(&page, &overview.rows[i], overview.settings.products);
        json_write_object_end(&page.json);
    }
    json_write_list_end(&page.json);
    plan_settings_close(&overview.settings);
    page_send(&page);
}

void handle_console_recalls_get(struct service *service, struct exchange *exchange)
{
    const char *product = exchange_query(exchange, "product");
    const char *lot = exchange_query(exchange, "lot");
    const struct recall_request request = { .product = product ? product : "",
                                            .lot = lot ? lot : "" };
    show(service, exchange, &request, NULL);
}

static bool check_words(const char *words, const char *at, struct rw_error *err)
{
    if (!words[0] || strlen(words) > APPROVE_REASON_MAX)
        return rw_error_set(err, RW_INVALID, at, "a reason has 1 to %d bytes", APPROVE_REASON_MAX);
    return true;
}

void handle_console_recalls_create(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    const struct recall_request request = { .product = exchange_field(exchange, "product"),
                                            .lot = exchange_field(exchange, "lot"),
                                            .reason = exchange_field(exchange, "reason") };
    struct recall_result result;
    const struct scope who = service_who(service, exchange);
    if (!check_words(request.reason, "/reason", &err) ||
        !recall_carry_out(service, &who, &request, &result, &err))
        show(service, exchange, &request, &err);
    else
        page_go(service, exchange, "/recalls/%s?done=recall", result.id);
}

static void show_record(struct service *service, struct exchange *exchange,
                        const struct rw_error *trouble)
{
    struct rw_error err = { 0 };
    struct page page;
    struct recall_record record;
    struct overview overview = { 0 };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &overview, read_overview };
    if (!recall_record_read(service, &who, exchange->args[0], &record, &err) ||
        !service_transact(service, &who, &work, &err)) {
        plan_settings_close(&overview.settings);
        page_fail(service, exchange, &err);
        return;
    }
    page_begin(&page, service, exchange, "recall", trouble);
    write_row(&page, &record.row, overview.settings.products);
    plan_settings_close(&overview.settings);
    json_write_bool(&page.json, "may_lift",
                    record.row.lifted_ms == 0 &&
                        routes_may(exchange, "POST", "/recalls/{recall}/lift"));
    write_clients(&page, &record.bags, &record);
    page_send(&page);
}

void handle_console_recall_get(struct service *service, struct exchange *exchange)
{
    show_record(service, exchange, NULL);
}

void handle_console_recall_tell(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    const struct recalls_told told = { .client_id = exchange_field(exchange, "client"),
                                       .note = exchange_field(exchange, "note") };
    const struct scope who = service_who(service, exchange);
    if (!check_words(told.note, "/note", &err) ||
        !recall_record_tell(service, &who, exchange->args[0], &told, &err))
        show_record(service, exchange, &err);
    else
        page_go(service, exchange, "/recalls/%s?done=told", exchange->args[0]);
}

void handle_console_recall_lift(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    const char *reason = exchange_field(exchange, "reason");
    const struct scope who = service_who(service, exchange);
    if (!check_words(reason, "/reason", &err) ||
        !recall_record_lift(service, &who, exchange->args[0], reason, &err))
        show_record(service, exchange, &err);
    else
        page_go(service, exchange, "/recalls/%s?done=lift", exchange->args[0]);
}
