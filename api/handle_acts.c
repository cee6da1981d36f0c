/* SPDX-License-Identifier: Apache-2.0 */
/* A person's acts on a roll. */
#include <string.h>

#include "api/approve.h"
#include "api/handlers.h"
#include "api/judge.h"
#include "api/release.h"
#include "api/remake.h"
#include "api/respond.h"
#include "api/service.h"
#include "api/withdraw.h"
#include "core/base/text.h"

/* An empty body stands for an empty object. */
static bool read_body(struct exchange *exchange, const char *const *names,
                      const struct json **ret_root, struct rw_error *err)
{
    if (exchange->body_length == 0) {
        exchange->body = "{}";
        exchange->body_length = 2;
    }
    return respond_read(exchange, names, ret_root, err);
}

static bool check_reason(const char *reason, struct rw_error *err)
{
    if (!reason[0] || strlen(reason) > APPROVE_REASON_MAX)
        return rw_error_set(err, RW_INVALID, "/reason", "a reason has 1 to %d bytes",
                            APPROVE_REASON_MAX);
    return true;
}

static bool read_overrides(struct exchange *exchange, struct approve_request *request,
                           struct rw_error *err)
{
    static const char *const names[] = { "overrides", NULL };
    static const char *const members[] = { "finding", "reason", NULL };
    const struct json *root = NULL;
    if (!read_body(exchange, names, &root, err))
        return false;
    const struct json *list = json_member(root, "overrides");
    if (!list)
        return true;
    if (list->kind != JSON_LIST || list->count > APPROVE_OVERRIDES_MAX)
        return rw_error_set(err, RW_INVALID, "/overrides", "overrides are a list of at most %d",
                            APPROVE_OVERRIDES_MAX);
    request->overrides =
        rw_arena_array(exchange->arena, (size_t)list->count, sizeof *request->overrides, err);
    if (!request->overrides)
        return false;
    for (const struct json *one = list->first; one; one = one->next) {
        struct approve_override *override = &request->overrides[request->override_count];
        if (!json_only(one, members, err) || !json_text(one, "finding", &override->finding, err) ||
            !json_text(one, "reason", &override->reason, err) ||
            !check_reason(override->reason, err))
            return false;
        request->override_count++;
    }
    return true;
}

void handle_rolls_approve(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct approve_request request = { .roll = exchange->args[0] };
    struct step step;
    const struct scope who = service_who(service, exchange);
    if (!read_overrides(exchange, &request, &err) ||
        !approve_roll(service, &who, &request, &step, &err))
        respond_error(service, exchange, &err);
    else
        respond_step(service, exchange, &step);
}

static void take(struct service *service, struct exchange *exchange, enum roll_act act)
{
    static const char *const names[] = { "reason", NULL };
    struct rw_error err = { 0 };
    struct approve_request request = { .roll = exchange->args[0], .act = act };
    struct step step;
    const struct json *root = NULL;
    const struct scope who = service_who(service, exchange);
    if (!read_body(exchange, names, &root, &err) ||
        !json_text_or(root, "reason", "", &request.detail, &err) ||
        (request.detail[0] && !check_reason(request.detail, &err)) ||
        !approve_take(service, &who, &request, &step, &err))
        respond_error(service, exchange, &err);
    else
        respond_step(service, exchange, &step);
}

void handle_rolls_reject(struct service *service, struct exchange *exchange)
{
    take(service, exchange, ROLL_ACT_REJECT);
}

void handle_rolls_print(struct service *service, struct exchange *exchange)
{
    take(service, exchange, ROLL_ACT_PRINT);
}

static bool read_remake(struct exchange *exchange, struct remake_request *request,
                        struct rw_error *err)
{
    static const char *const names[] = { "serials", "reason", NULL };
    const struct json *root = NULL;
    const struct json *list = NULL;
    if (!respond_read(exchange, names, &root, err) || !json_list(root, "serials", &list, err) ||
        !json_text(root, "reason", &request->reason, err) || !check_reason(request->reason, err))
        return false;
    if (list->count < 1 || list->count > ROLL_BAGS_MAX)
        return rw_error_set(err, RW_INVALID, "/serials", "between 1 and %d serials are needed",
                            ROLL_BAGS_MAX);
    request->serials =
        rw_arena_array(exchange->arena, (size_t)list->count, sizeof *request->serials, err);
    if (!request->serials)
        return false;
    for (const struct json *one = list->first; one; one = one->next) {
        if (one->kind != JSON_TEXT)
            return rw_error_set(err, RW_INVALID, "/serials", "a serial is text");
        request->serials[request->serial_count++] = one->text;
    }
    return true;
}

void handle_rolls_remake(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct remake_request request = { .roll = exchange->args[0] };
    struct step step;
    const struct scope who = service_who(service, exchange);
    if (!read_remake(exchange, &request, &err) ||
        !remake_bags(service, &who, &request, &step, &err))
        respond_error(service, exchange, &err);
    else
        respond_step(service, exchange, &step);
}

/* Either one bag with a verdict, or the whole roll counted. */
static bool read_decision(struct exchange *exchange, struct judge_decision *decision,
                          struct rw_error *err)
{
    static const char *const names[] = { "serial", "verdict", "counted", "reason", NULL };
    const struct json *root = NULL;
    bool counted = false;
    if (!respond_read(exchange, names, &root, err) ||
        !json_bool_or(root, "counted", false, &counted, err) ||
        !json_text_or(root, "serial", NULL, &decision->serial, err) ||
        !json_text_or(root, "verdict", NULL, &decision->verdict, err) ||
        !json_text(root, "reason", &decision->reason, err) || !check_reason(decision->reason, err))
        return false;
    bool one_bag = decision->serial && decision->verdict;
    if (counted == one_bag || (counted && (decision->serial || decision->verdict)))
        return rw_error_set(err, RW_INVALID, "",
                            "either a serial with its verdict or counted is needed");
    if (one_bag && !rw_text_equal(decision->verdict, "pass") &&
        !rw_text_equal(decision->verdict, "fail"))
        return rw_error_set(err, RW_INVALID, "/verdict", "a person decides pass or fail");
    return true;
}

void handle_rolls_judge(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct judge_decision decision = { .roll = exchange->args[0] };
    struct step step;
    const struct scope who = service_who(service, exchange);
    if (!read_decision(exchange, &decision, &err) ||
        !judge_by_person(service, &who, &decision, &step, &err))
        respond_error(service, exchange, &err);
    else
        respond_step(service, exchange, &step);
}

static void answer_told(struct service *service, struct exchange *exchange, const struct step *step,
                        const struct withdraw_told *told, int32_t first)
{
    struct respond respond;
    respond_begin(&respond, exchange);
    json_write_text(&respond.json, "roll", step->row.number);
    json_write_int(&respond.json, "version", step->row.version);
    json_write_text(&respond.json, "state", roll_state_word(step->row.state));
    json_write_text(&respond.json, "dispenser", told->dispenser);
    if (told->dispenser)
        json_write_int(&respond.json, "schedule", told->version);
    if (first > 0)
        json_write_int(&respond.json, "first", first);
    respond_end(service, exchange, &respond, 200);
}

void handle_rolls_release(struct service *service, struct exchange *exchange)
{
    static const char *const names[] = { "dispenser", NULL };
    struct rw_error err = { 0 };
    struct release_request request = { .roll = exchange->args[0] };
    struct release_result result;
    const struct json *root = NULL;
    const struct scope who = service_who(service, exchange);
    if (!respond_read(exchange, names, &root, &err) ||
        !json_text(root, "dispenser", &request.dispenser, &err) ||
        !release_roll(service, &who, &request, &result, &err))
        respond_error(service, exchange, &err);
    else
        answer_told(service, exchange, &result.step, &result.told, result.first);
}

void handle_rolls_withdraw(struct service *service, struct exchange *exchange)
{
    static const char *const names[] = { "reason", NULL };
    struct rw_error err = { 0 };
    struct withdraw_request request = { .roll = exchange->args[0] };
    struct withdraw_result result;
    const struct json *root = NULL;
    const struct scope who = service_who(service, exchange);
    if (!respond_read(exchange, names, &root, &err) ||
        !json_text(root, "reason", &request.detail, &err) || !check_reason(request.detail, &err) ||
        !withdraw_roll(service, &who, &request, &result, &err))
        respond_error(service, exchange, &err);
    else
        answer_told(service, exchange, &result.step, &result.told, 0);
}
