/* SPDX-License-Identifier: Apache-2.0 */
/* Glances, verdicts and pictures from the lines. */
#include <string.h>

#include "api/claim.h"
#include "api/handlers.h"
#include "api/judge.h"
#include "api/respond.h"
#include "api/service.h"
#include "core/base/text.h"
#include "db/journal.h"

static void put(struct service *service, struct exchange *exchange, bool is_glance)
{
    struct rw_error err = { 0 };
    const struct judge_posted posted = { .roll = exchange->args[0],
                                         .serial = exchange->args[1],
                                         .bytes = exchange->body,
                                         .length = exchange->body_length,
                                         .is_glance = is_glance };
    struct step step;
    const struct scope who = service_who(service, exchange);
    if (!judge_by_line(service, &who, &posted, &step, &err))
        respond_error(service, exchange, &err);
    else
        respond_step(service, exchange, &step);
}

void handle_verdict_put(struct service *service, struct exchange *exchange)
{
    put(service, exchange, false);
}

void handle_glance_put(struct service *service, struct exchange *exchange)
{
    put(service, exchange, true);
}

void handle_claims_create(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct claim_result result;
    struct respond respond;
    char expires[RW_CLOCK_TEXT_MAX];
    const struct scope who = service_who(service, exchange);
    if (!claim_roll(service, &who, &result, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    if (!result.found) {
        exchange_reply_empty(exchange, 204);
        return;
    }
    rw_clock_write_utc(result.expires_ms, expires);
    respond_begin(&respond, exchange);
    json_write_text(&respond.json, "roll", result.step.row.number);
    json_write_int(&respond.json, "version", result.step.row.version);
    json_write_text(&respond.json, "fingerprint", result.step.document.fingerprint);
    json_write_text(&respond.json, "expires", expires);
    respond_end(service, exchange, &respond, 200);
}

/* What the bytes begin with, not what the sender says (PNG and JPEG signatures). */
static const char *picture_type(const struct exchange *exchange)
{
    if (exchange->body_length > 8 && memcmp(exchange->body, "\x89PNG\r\n\x1a\n", 8) == 0)
        return "image/png";
    if (exchange->body_length > 3 && memcmp(exchange->body, "\xff\xd8\xff", 3) == 0)
        return "image/jpeg";
    return NULL;
}

void handle_picture_put(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct bags_picture picture = { .roll = exchange->args[0],
                                    .serial = exchange->args[1],
                                    .media_type = picture_type(exchange),
                                    .bytes = exchange->body,
                                    .length = exchange->body_length };
    const struct scope who = service_who(service, exchange);
    if (!picture.media_type)
        (void)rw_error_set(&err, RW_INVALID, "", "the picture is neither PNG nor JPEG");
    if (err.code != RW_OK || !judge_keep_picture(service, &who, &picture, &err))
        respond_error(service, exchange, &err);
    else
        exchange_reply_empty(exchange, 204);
}

static bool find_picture(void *self, const struct scope *scope, struct rw_error *err)
{
    struct bags_picture *picture = self;
    struct rolls_row row;
    if (!rolls_get(scope, picture->roll, false, &row, err) ||
        !bags_find_picture(scope, picture->roll, picture->serial, picture, err))
        return false;
    const struct journal_act act = { .action = "read",
                                     .object_type = "picture",
                                     .object_id = picture->serial,
                                     .client = row.pseudonym,
                                     .detail = "" };
    if (!picture->bytes)
        return rw_error_set(err, RW_NOT_FOUND, "", "there is no picture of bag \"%s\"",
                            picture->serial);
    return journal_insert(scope, &act, err);
}

void handle_picture_get(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct bags_picture picture = { .roll = exchange->args[0], .serial = exchange->args[1] };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &picture, find_picture };
    if (!service_transact(service, &who, &work, &err))
        respond_error(service, exchange, &err);
    else
        exchange_reply_bytes(exchange, picture.media_type, picture.bytes, picture.length);
}
