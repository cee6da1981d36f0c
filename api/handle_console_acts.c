/* SPDX-License-Identifier: Apache-2.0 */
/* What is done with a roll on its page. */
#include <string.h>

#include "api/approve.h"
#include "api/console_roll.h"
#include "api/handlers.h"
#include "api/judge.h"
#include "api/page.h"
#include "api/release.h"
#include "api/remake.h"
#include "api/service.h"
#include "api/withdraw.h"
#include "core/base/text.h"

#define SERIALS_MAX (ROLL_BAGS_MAX + 2) /* header and trailer too */

void handle_console_roll_get(struct service *service, struct exchange *exchange)
{
    console_roll_show(service, exchange, NULL);
}

/* After an act: the roll anew with what was done, or with what was wrong. */
static void go_on(struct service *service, struct exchange *exchange, const char *done,
                  const struct rw_error *err)
{
    if (err->code == RW_OK)
        page_go(service, exchange, "/rolls/%s?done=%s", exchange->args[0], done);
    else
        console_roll_show(service, exchange, err);
}

static bool check_reason(const char *reason, struct rw_error *err)
{
    if (!reason[0] || strlen(reason) > APPROVE_REASON_MAX)
        return rw_error_set(err, RW_INVALID, "/reason", "a reason has 1 to %d bytes",
                            APPROVE_REASON_MAX);
    return true;
}

/* Fields "reason-NUMBER", one for each finding that asks for one. */
static bool read_overrides(struct exchange *exchange, struct approve_request *request,
                           struct rw_error *err)
{
    request->overrides =
        rw_arena_array(exchange->arena, exchange->field_count + 1, sizeof *request->overrides, err);
    if (!request->overrides)
        return false;
    for (size_t i = 0; i < exchange->field_count; i++) {
        const struct exchange_pair *field = &exchange->fields[i];
        if (!rw_text_starts_with(field->name, "reason-"))
            continue;
        if (!check_reason(field->value, err))
            return false;
        request->overrides[request->override_count++] =
            (struct approve_override){ field->name + strlen("reason-"), field->value };
    }
    return true;
}

void handle_console_roll_approve(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct approve_request request = { .roll = exchange->args[0] };
    struct step step;
    const struct scope who = service_who(service, exchange);
    bool done = read_overrides(exchange, &request, &err) &&
                approve_roll(service, &who, &request, &step, &err);
    go_on(service, exchange, done ? "approve" : "", &err);
}

static void take(struct service *service, struct exchange *exchange, enum roll_act act,
                 bool with_reason)
{
    struct rw_error err = { 0 };
    struct approve_request request = { .roll = exchange->args[0],
                                       .act = act,
                                       .detail = exchange_field(exchange, "reason") };
    struct step step;
    const struct scope who = service_who(service, exchange);
    bool done = (!with_reason || check_reason(request.detail, &err)) &&
                approve_take(service, &who, &request, &step, &err);
    go_on(service, exchange, done ? roll_act_word(act) : "", &err);
}

void handle_console_roll_reject(struct service *service, struct exchange *exchange)
{
    take(service, exchange, ROLL_ACT_REJECT, true);
}

void handle_console_roll_print(struct service *service, struct exchange *exchange)
{
    take(service, exchange, ROLL_ACT_PRINT, false);
}

/* Each "serial" of the form is a bag to be made again. */
void handle_console_roll_remake(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    const char *serials[SERIALS_MAX];
    struct remake_request request = { .roll = exchange->args[0],
                                      .serials = serials,
                                      .reason = exchange_field(exchange, "reason") };
    struct step step;
    const struct scope who = service_who(service, exchange);
    for (size_t i = 0; i < exchange->field_count && request.serial_count < SERIALS_MAX; i++) {
        if (rw_text_equal(exchange->fields[i].name, "serial"))
            serials[request.serial_count++] = exchange->fields[i].value;
    }
    if (request.serial_count == 0)
        (void)rw_error_set(&err, RW_INVALID, "/serial", "no bag was chosen");
    bool done = err.code == RW_OK && check_reason(request.reason, &err) &&
                remake_bags(service, &who, &request, &step, &err);
    go_on(service, exchange, done ? "remake" : "", &err);
}

/* One bag with a verdict, or (without a serial) the whole roll counted. Back to where it was. */
void handle_console_roll_judge(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    const char *serial = exchange_field(exchange, "serial");
    const char *verdict = exchange_field(exchange, "verdict");
    struct judge_decision decision = { .roll = exchange->args[0],
                                       .serial = serial[0] ? serial : NULL,
                                       .verdict = serial[0] ? verdict : NULL,
                                       .reason = exchange_field(exchange, "reason") };
    struct step step;
    const struct scope who = service_who(service, exchange);
    if (serial[0] && !rw_text_equal(verdict, "pass") && !rw_text_equal(verdict, "fail"))
        (void)rw_error_set(&err, RW_INVALID, "/verdict", "a person decides pass or fail");
    bool done = err.code == RW_OK && check_reason(decision.reason, &err) &&
                judge_by_person(service, &who, &decision, &step, &err);
    if (done && rw_text_equal(exchange_field(exchange, "from"), "review"))
        page_go(service, exchange, "/review?done=judge");
    else
        go_on(service, exchange, serial[0] ? "judge" : "count", &err);
}

void handle_console_roll_release(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct release_request request = { .roll = exchange->args[0],
                                       .dispenser = exchange_field(exchange, "dispenser") };
    struct release_result result;
    const struct scope who = service_who(service, exchange);
    bool done = release_roll(service, &who, &request, &result, &err);
    go_on(service, exchange, done ? "release" : "", &err);
}

void handle_console_roll_withdraw(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct withdraw_request request = { .roll = exchange->args[0],
                                        .detail = exchange_field(exchange, "reason") };
    struct withdraw_result result;
    const struct scope who = service_who(service, exchange);
    bool done =
        check_reason(request.detail, &err) && withdraw_roll(service, &who, &request, &result, &err);
    go_on(service, exchange, done ? "withdraw" : "", &err);
}
