/* SPDX-License-Identifier: Apache-2.0 */
/* The list of rolls, and what comes into it: orders and plans. */
#include <string.h>

#include "api/handlers.h"
#include "api/prepare.h"
#include "api/receive.h"
#include "api/routes.h"
#include "api/service.h"
#include "api/view.h"
#include "core/base/date.h"
#include "core/model/tag.h"

#define LISTED_MAX 100
#define DAYS_MAX 366

struct reading {
    struct rolls_search search;
    struct rolls_list list;
};

static bool read_list(void *self, const struct scope *scope, struct rw_error *err)
{
    struct reading *reading = self;
    if (!rolls_look_for(scope, &reading->search, &reading->list, err))
        return false;
    const char **clients = rw_arena_array(scope->arena, reading->list.count, sizeof *clients, err);
    for (size_t i = 0; clients && i < reading->list.count; i++)
        clients[i] = reading->list.rows[i].pseudonym;
    return clients && journal_insert_list(scope, "roll", clients, reading->list.count, err);
}

/* What a scanner types is the element string, with or without brackets: the serial begins with the
 * number of the roll. */
static const char *search_text(struct exchange *exchange, const char *typed, struct rw_error *err)
{
    struct tag tag;
    struct rw_error not_ours = { 0 };
    if (!typed)
        return "";
    if (tag_parse(typed, &tag, &not_ours))
        return rw_arena_text_n(exchange->arena, tag.serial, ROLL_NUMBER_DIGITS, err);
    if (strlen(typed) == BAG_SERIAL_DIGITS && rw_text_is_digits(typed))
        return rw_arena_text_n(exchange->arena, typed, ROLL_NUMBER_DIGITS, err);
    return typed;
}

static void write_states(struct page *page, const char *chosen)
{
    json_write_list(&page->json, "states");
    for (int state = ROLL_PLANNED; state < ROLL_STATE_COUNT; state++) {
        const char *word = roll_state_word((enum roll_state)state);
        json_write_object(&page->json, NULL);
        json_write_text(&page->json, "word", word);
        json_write_bool(&page->json, "chosen", rw_text_equal(word, chosen));
        json_write_object_end(&page->json);
    }
    json_write_list_end(&page->json);
}

/* `refused` is what was found in orders or in a plan of which nothing was kept; or NULL. */
static void show_list(struct service *service, struct exchange *exchange,
                      const struct rw_error *trouble, const struct rw_diag *refused)
{
    struct rw_error err = { 0 };
    struct page page;
    const char *typed = exchange_query(exchange, "q");
    const char *state = exchange_query(exchange, "state");
    struct reading reading = { .search = { .text = search_text(exchange, typed, &err),
                                           .state = state ? state : "",
                                           .limit = LISTED_MAX } };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &reading, read_list };
    if (!reading.search.text || !service_transact(service, &who, &work, &err)) {
        page_fail(service, exchange, &err);
        return;
    }
    page_begin(&page, service, exchange, "rolls", trouble);
    json_write_text(&page.json, "q", typed);
    json_write_text(&page.json, "plan_client", exchange_query(exchange, "client"));
    json_write_text(&page.json, "plan_replaces", exchange_query(exchange, "replaces"));
    write_states(&page, state);
    if (refused)
        view_findings(&page, refused, NULL);
    json_write_bool(&page.json, "may_plan", routes_may(exchange, "POST", "/rolls"));
    json_write_list(&page.json, "rolls");
    for (size_t i = 0; i < reading.list.count; i++) {
        json_write_object(&page.json, NULL);
        view_row(&page, &reading.list.rows[i]);
        json_write_object_end(&page.json);
    }
    json_write_list_end(&page.json);
    page_send(&page);
}

void handle_console_rolls_list(struct service *service, struct exchange *exchange)
{
    show_list(service, exchange, NULL, NULL);
}

/* What was found stands on top of the list: nothing was kept, and this is why. */
static void show_refusal(struct service *service, struct exchange *exchange,
                         const struct rw_diag *findings)
{
    struct rw_error err = { 0 };
    (void)rw_error_set(&err, RW_INVALID, "", "nothing was kept: see what was found below");
    show_list(service, exchange, &err, findings);
}

void handle_console_rolls_create(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    const char *replaces = exchange_field(exchange, "replaces");
    struct prepare_request request = { .client = exchange_field(exchange, "client"),
                                       .replaces = replaces[0] ? replaces : NULL };
    struct prepare_result result;
    int64_t days = 0;
    const struct scope who = service_who(service, exchange);
    if (!rw_date_parse(exchange_field(exchange, "from"), &request.from) ||
        !rw_text_to_int(exchange_field(exchange, "days"), 1, DAYS_MAX, &days))
        (void)rw_error_set(&err, RW_INVALID, "/from", "a roll has a first day and 1 to %d days",
                           DAYS_MAX);
    request.days = (int32_t)days;
    if (err.code != RW_OK || !prepare_roll(service, &who, &request, &result, &err))
        show_list(service, exchange, &err, NULL);
    else if (result.blocked)
        show_refusal(service, exchange, &result.roll->findings);
    else
        page_go(service, exchange, "/rolls/%s?done=plan", result.roll->number);
}

void handle_console_orders_create(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct receive_result result;
    const struct exchange_pair *file = NULL;
    const struct scope who = service_who(service, exchange);
    for (size_t i = 0; i < exchange->field_count; i++) {
        if (rw_text_equal(exchange->fields[i].name, "orders"))
            file = &exchange->fields[i];
    }
    if (!file || file->value_length == 0)
        (void)rw_error_set(&err, RW_INVALID, "/orders", "no file was chosen");
    if (err.code != RW_OK ||
        !receive_orders(service, &who, file->value, file->value_length, &result, &err))
        show_list(service, exchange, &err, NULL);
    else if (rw_diag_has(&result.findings, RW_BLOCKS))
        show_refusal(service, exchange, &result.findings);
    else
        page_go(service, exchange, "/rolls?done=orders&client=%s",
                result.client_count == 1 ? result.clients[0] : "");
}
