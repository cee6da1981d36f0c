/* SPDX-License-Identifier: Apache-2.0 */
/* The page of messages that arrived nowhere. */
#include "api/handlers.h"
#include "api/page.h"
#include "api/resend.h"
#include "api/routes.h"
#include "api/service.h"

static void write_rows(struct page *page, const char *name, const struct resend_list *list)
{
    struct json_writer *json = &page->json;
    json_write_list(json, name);
    for (size_t i = 0; i < list->count; i++) {
        const struct outbox_row *row = &list->rows[i];
        json_write_object(json, NULL);
        json_write_text(json, "id", row->outbox_id);
        json_write_text(json, "topic", row->topic);
        json_write_text(json, "exit", row->exit);
        json_write_int(json, "attempts", row->attempts);
        if (row->fault[0])
            page_sentence(page, "fault", row->fault);
        page_time(page, "created", row->created_ms);
        page_time(page, "next", row->next_ms);
        page_time(page, "aside", row->dead_ms);
        json_write_object_end(json);
    }
    json_write_list_end(json);
}

static void show(struct service *service, struct exchange *exchange, const struct rw_error *trouble)
{
    struct rw_error err = { 0 };
    struct page page;
    struct resend_list dead = { 0 };
    struct resend_list waiting = { 0 };
    const struct scope who = service_who(service, exchange);
    if (!resend_list(service, &who, true, &dead, &err) ||
        !resend_list(service, &who, false, &waiting, &err)) {
        page_fail(service, exchange, &err);
        return;
    }
    page_begin(&page, service, exchange, "messages", trouble);
    json_write_bool(&page.json, "may_retry",
                    routes_may(exchange, "POST", "/messages/{message}/retry"));
    json_write_int(&page.json, "dead_count", waiting.counts.dead);
    json_write_int(&page.json, "waiting_count", waiting.counts.waiting);
    json_write_int(&page.json, "listed_max", OUTBOX_LISTED_MAX);
    json_write_bool(&page.json, "cut",
                    dead.count == OUTBOX_LISTED_MAX || waiting.count == OUTBOX_LISTED_MAX);
    write_rows(&page, "dead", &dead);
    write_rows(&page, "waiting", &waiting);
    page_send(&page);
}

void handle_console_messages_get(struct service *service, struct exchange *exchange)
{
    show(service, exchange, NULL);
}

void handle_console_message_retry(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    const struct scope who = service_who(service, exchange);
    if (resend_one(service, &who, exchange->args[0], &err))
        page_go(service, exchange, "/messages?done=resend");
    else
        show(service, exchange, &err);
}

void handle_console_messages_retry(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    int64_t count = 0;
    const struct scope who = service_who(service, exchange);
    if (resend_all(service, &who, &count, &err))
        page_go(service, exchange, "/messages?done=resend");
    else
        show(service, exchange, &err);
}
