/* SPDX-License-Identifier: Apache-2.0 */
/* Bags that a person gave by hand or left out. */
#include "api/handlers.h"
#include "api/mark.h"
#include "api/page.h"
#include "api/respond.h"
#include "api/role.h"
#include "api/service.h"

void handle_bags_mark(struct service *service, struct exchange *exchange)
{
    static const char *const names[] = { "fate", "reason", NULL };
    struct rw_error err = { 0 };
    struct respond respond;
    struct mark_request request = { .serial = exchange->args[0],
                                    .carer = exchange->caller.follower };
    struct withdraw_told told;
    const struct json *root = NULL;
    const struct scope who = service_who(service, exchange);
    if (!respond_read(exchange, names, &root, &err) ||
        !json_text(root, "fate", &request.fate, &err) ||
        !json_text(root, "reason", &request.reason, &err) ||
        !mark_bag(service, &who, &request, &told, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    respond_begin(&respond, exchange);
    json_write_text(&respond.json, "serial", request.serial);
    json_write_text(&respond.json, "dispenser", told.dispenser);
    if (told.dispenser)
        json_write_int(&respond.json, "schedule", told.version);
    respond_end(service, exchange, &respond, 200);
}

void handle_console_bag_mark(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    const struct mark_request request = { .serial = exchange->args[0],
                                          .fate = exchange_field(exchange, "fate"),
                                          .reason = exchange_field(exchange, "reason"),
                                          .carer = exchange->caller.follower };
    struct withdraw_told told;
    const struct scope who = service_who(service, exchange);
    if (!mark_bag(service, &who, &request, &told, &err))
        page_fail(service, exchange, &err);
    else if (request.carer)
        page_go(service, exchange, "/followed?done=mark");
    else
        page_go(service, exchange, "/rolls/%.9s?done=mark", request.serial);
}
