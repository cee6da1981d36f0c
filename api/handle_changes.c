/* SPDX-License-Identifier: Apache-2.0 */
/* A plan that changes a roll which is out: seen and carried out. */
#include <string.h>

#include "api/approve.h"
#include "api/change.h"
#include "api/console_roll.h"
#include "api/handlers.h"
#include "api/page.h"
#include "api/respond.h"
#include "api/service.h"
#include "core/base/text.h"
#include "roll-builder/amend_json.h"

void handle_rolls_diff(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct respond respond;
    struct change change;
    const struct scope who = service_who(service, exchange);
    if (!change_read(service, &who, exchange->args[0], &change, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    respond_begin(&respond, exchange);
    amend_json_write(&respond.json, change.old.roll, change.new_roll, change.amendment);
    respond_end(service, exchange, &respond, 200);
}

static bool check_reason(const char *reason, struct rw_error *err)
{
    if (!reason[0] || strlen(reason) > APPROVE_REASON_MAX)
        return rw_error_set(err, RW_INVALID, "/reason", "a reason has 1 to %d bytes",
                            APPROVE_REASON_MAX);
    return true;
}

static void answer(struct service *service, struct exchange *exchange,
                   const struct change_result *result)
{
    const struct rolls_row *old = &result->change.old.row;
    struct respond respond;
    respond_begin(&respond, exchange);
    json_write_text(&respond.json, "roll", result->step.row.number);
    json_write_text(&respond.json, "state", roll_state_word(result->step.row.state));
    json_write_text(&respond.json, "amended", old->number);
    json_write_text(&respond.json, "amended_state", roll_state_word(old->state));
    json_write_text(&respond.json, "dispenser", result->told.dispenser);
    if (result->told.dispenser)
        json_write_int(&respond.json, "schedule", result->told.version);
    json_write_object(&respond.json, "change");
    amend_json_write(&respond.json, result->change.old.roll, result->change.new_roll,
                     result->change.amendment);
    json_write_object_end(&respond.json);
    respond_end(service, exchange, &respond, 200);
}

void handle_rolls_amend(struct service *service, struct exchange *exchange)
{
    static const char *const names[] = { "action", "reason", NULL };
    struct rw_error err = { 0 };
    struct change_request request = { .roll = exchange->args[0] };
    struct change_result result;
    const struct json *root = NULL;
    const struct scope who = service_who(service, exchange);
    if (!respond_read(exchange, names, &root, &err) ||
        !json_text(root, "action", &request.action, &err) ||
        !json_text(root, "reason", &request.reason, &err) || !check_reason(request.reason, &err) ||
        !change_carry_out(service, &who, &request, &result, &err))
        respond_error(service, exchange, &err);
    else
        answer(service, exchange, &result);
}

void handle_console_roll_amend(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    const struct change_request request = { .roll = exchange->args[0],
                                            .action = exchange_field(exchange, "action"),
                                            .reason = exchange_field(exchange, "reason") };
    struct change_result result;
    const struct scope who = service_who(service, exchange);
    if (!check_reason(request.reason, &err) ||
        !change_carry_out(service, &who, &request, &result, &err))
        console_roll_show(service, exchange, &err);
    else
        page_go(service, exchange, "/rolls/%s?done=amend", result.change.old.row.number);
}
