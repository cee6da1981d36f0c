/* SPDX-License-Identifier: Apache-2.0 */
/* What the handlers share: JSON bodies in, rolls and failures out. */
#include "api/respond.h"

#include <string.h>

#include "api/complaint.h"
#include "api/routes.h"
#include "api/service.h"

void respond_log(struct service *service, const struct exchange *exchange,
                 const struct rw_error *err)
{
    bool told = err->code == RW_UNAVAILABLE &&
                (pool_is_silent(service->pool) || pool_is_full(service->pool));
    if (rw_error_http_status(err->code) < 500 || told)
        return;
    complaint_log(service, RW_LOG_FAULT, "request-failed", err,
                  exchange->route ? exchange->route->pattern : NULL);
}

void respond_error(struct service *service, struct exchange *exchange, const struct rw_error *err)
{
    respond_log(service, exchange, err);
    exchange_reply_error(exchange, err, NULL);
}

bool respond_read(struct exchange *exchange, const char *const *names, const struct json **ret_root,
                  struct rw_error *err)
{
    const struct json *root = NULL;
    if (!json_parse(exchange->arena, exchange->body, exchange->body_length, &root, err))
        return false;
    if (root->kind != JSON_OBJECT)
        return rw_error_set(err, RW_INVALID, "", "the body is not a JSON object");
    if (!json_only(root, names, err))
        return false;
    *ret_root = root;
    return true;
}

void respond_begin(struct respond *respond, struct exchange *exchange)
{
    rw_text_init(&respond->text, exchange->arena, EXCHANGE_JSON_MAX);
    json_write_init(&respond->json, &respond->text);
    json_write_object(&respond->json, NULL);
}

void respond_end(struct service *service, struct exchange *exchange, struct respond *respond,
                 int32_t status)
{
    struct rw_error err = { 0 };
    const char *body = NULL;
    json_write_object_end(&respond->json);
    if (!rw_text_finish(&respond->text, &body, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    exchange_reply_json(exchange, status, body);
}

void respond_step(struct service *service, struct exchange *exchange, const struct step *step)
{
    struct rw_error err = { 0 };
    struct respond respond;
    const char *tag = rw_arena_format(exchange->arena, &err, "\"%s\"", step->document.fingerprint);
    if (!tag) {
        respond_error(service, exchange, &err);
        return;
    }
    respond_begin(&respond, exchange);
    json_write_text(&respond.json, "roll", step->row.number);
    json_write_int(&respond.json, "version", step->row.version);
    json_write_text(&respond.json, "state", roll_state_word(step->row.state));
    json_write_text(&respond.json, "fingerprint", step->document.fingerprint);
    respond_end(service, exchange, &respond, 200);
    exchange_reply_extra(exchange, "ETag", tag);
}

/* "*" or a list of tags; weak ones compare equal for this (RFC 9110 section 13.1.2). */
bool respond_not_modified(struct exchange *exchange, const char *tag)
{
    const char *wanted = exchange_header(exchange, "if-none-match");
    if (!wanted)
        return false;
    if (!rw_text_equal(wanted, "*") && !strstr(wanted, tag))
        return false;
    exchange_reply_empty(exchange, 304);
    exchange_reply_extra(exchange, "ETag", tag);
    return true;
}
