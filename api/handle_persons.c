/* SPDX-License-Identifier: Apache-2.0 */
/* Who may sign in: for programs, and as a page. */
#include "api/handlers.h"
#include "api/page.h"
#include "api/respond.h"
#include "api/service.h"
#include "api/staff.h"
#include "core/base/text.h"

static void write_person(struct json_writer *json, const struct persons_row *row)
{
    json_write_text(json, "person", row->person_id);
    json_write_text(json, "name", row->name);
    json_write_text(json, "role", row->role);
    json_write_text(json, "language", row->language);
    json_write_text(json, "team", row->team);
    json_write_bool(json, "password", row->password != NULL);
    json_write_bool(json, "factor", row->totp_nonce != NULL);
    json_write_bool(json, "ended", row->ended_ms > 0);
}

static void write_persons(struct json_writer *json, const struct persons_list *list)
{
    json_write_list(json, "persons");
    for (size_t i = 0; i < list->count; i++) {
        json_write_object(json, NULL);
        write_person(json, &list->rows[i]);
        json_write_object_end(json);
    }
    json_write_list_end(json);
}

void handle_persons_list(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct persons_list list;
    struct respond respond;
    const struct scope who = service_who(service, exchange);
    if (!staff_list(service, &who, &list, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    respond_begin(&respond, exchange);
    write_persons(&respond.json, &list);
    respond_end(service, exchange, &respond, 200);
}

static void answer_code(struct service *service, struct exchange *exchange, const char *person,
                        const char *code)
{
    struct respond respond;
    respond_begin(&respond, exchange);
    json_write_text(&respond.json, "person", person);
    json_write_text(&respond.json, "code", code);
    respond_end(service, exchange, &respond, 201);
}

void handle_persons_create(struct service *service, struct exchange *exchange)
{
    static const char *const names[] = { "person", "name", "role", "language", "team", NULL };
    struct rw_error err = { 0 };
    struct staff_request request = { 0 };
    const struct json *root = NULL;
    const char *code = NULL;
    const struct scope who = service_who(service, exchange);
    if (!respond_read(exchange, names, &root, &err) ||
        !json_text(root, "person", &request.person, &err) ||
        !json_text(root, "name", &request.name, &err) ||
        !json_text(root, "role", &request.role, &err) ||
        !json_text_or(root, "language", "nl", &request.language, &err) ||
        !json_text_or(root, "team", NULL, &request.team, &err) ||
        !staff_add(service, &who, &request, &code, &err))
        respond_error(service, exchange, &err);
    else
        answer_code(service, exchange, request.person, code);
}

void handle_persons_invite(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    const char *code = NULL;
    const struct scope who = service_who(service, exchange);
    if (!staff_invite(service, &who, exchange->args[0], &code, &err))
        respond_error(service, exchange, &err);
    else
        answer_code(service, exchange, exchange->args[0], code);
}

void handle_persons_revoke(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    const struct scope who = service_who(service, exchange);
    if (!staff_end(service, &who, exchange->args[0], &err))
        respond_error(service, exchange, &err);
    else
        exchange_reply_empty(exchange, 204);
}

/* The list, and above it what went wrong or the code that was just made: it is shown this once. */
static void show(struct service *service, struct exchange *exchange, const char *person,
                 const char *code, const struct rw_error *trouble)
{
    struct rw_error err = { 0 };
    struct persons_list list;
    struct page page;
    const struct scope who = service_who(service, exchange);
    if (!staff_list(service, &who, &list, &err)) {
        page_fail(service, exchange, &err);
        return;
    }
    page_begin(&page, service, exchange, "persons", trouble);
    write_persons(&page.json, &list);
    json_write_text(&page.json, "invited", person);
    json_write_text(&page.json, "code", code);
    page_send(&page);
}

void handle_persons_page(struct service *service, struct exchange *exchange)
{
    show(service, exchange, NULL, NULL, NULL);
}

void handle_persons_page_add(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    const struct staff_request request = { .person = exchange_field(exchange, "new_person"),
                                           .name = exchange_field(exchange, "name"),
                                           .role = exchange_field(exchange, "role"),
                                           .language = exchange_field(exchange, "language"),
                                           .team = exchange_field(exchange, "team") };
    const char *code = NULL;
    const struct scope who = service_who(service, exchange);
    bool added = staff_add(service, &who, &request, &code, &err);
    show(service, exchange, added ? request.person : NULL, code, &err);
}

void handle_persons_page_invite(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    const char *code = NULL;
    const struct scope who = service_who(service, exchange);
    bool invited = staff_invite(service, &who, exchange->args[0], &code, &err);
    show(service, exchange, invited ? exchange->args[0] : NULL, code, &err);
}

void handle_persons_page_revoke(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    const struct scope who = service_who(service, exchange);
    if (staff_end(service, &who, exchange->args[0], &err))
        page_go(service, exchange, "/persons?done=revoked");
    else
        show(service, exchange, NULL, NULL, &err);
}
