/* SPDX-License-Identifier: Apache-2.0 */
/* One request and its answer, without a word of the HTTP library. */
#include "api/exchange.h"

#include <assert.h>
#include <string.h>

#include "core/base/text.h"
#include "core/json/json_write.h"

#define PROBLEM_TYPE "application/problem+json"
#define PROBLEM_MAX (512 * RW_ARENA_KIB)

/* The first letter tells most apart. */
bool exchange_pair_is(const struct exchange_pair *pair, const char *name)
{
    return (pair->name[0] | 0x20) == name[0] && rw_text_equal_nocase(pair->name, name);
}

const char *exchange_header(const struct exchange *exchange, const char *name)
{
    for (size_t i = 0; i < exchange->header_count; i++) {
        if (exchange_pair_is(&exchange->headers[i], name))
            return exchange->headers[i].value;
    }
    return NULL;
}

const char *exchange_query(const struct exchange *exchange, const char *name)
{
    for (size_t i = 0; i < exchange->query_count; i++) {
        if (rw_text_equal(exchange->queries[i].name, name))
            return exchange->queries[i].value;
    }
    return NULL;
}

const char *exchange_field(const struct exchange *exchange, const char *name)
{
    for (size_t i = 0; i < exchange->field_count; i++) {
        if (rw_text_equal(exchange->fields[i].name, name))
            return exchange->fields[i].value;
    }
    return "";
}

void exchange_reply_bytes(struct exchange *exchange, const char *content_type, const char *bytes,
                          size_t length)
{
    exchange->reply.status = 200;
    exchange->reply.content_type = content_type;
    exchange->reply.body = bytes;
    exchange->reply.length = length;
}

void exchange_reply_json(struct exchange *exchange, int32_t status, const char *json)
{
    exchange_reply_bytes(exchange, EXCHANGE_JSON_TYPE, json, strlen(json));
    exchange->reply.status = status;
}

void exchange_reply_empty(struct exchange *exchange, int32_t status)
{
    exchange_reply_bytes(exchange, NULL, NULL, 0);
    exchange->reply.status = status;
}

void exchange_reply_extra(struct exchange *exchange, const char *name, const char *value)
{
    struct exchange_reply *reply = &exchange->reply;
    assert(reply->extra_count < EXCHANGE_EXTRAS_MAX);
    reply->extras[reply->extra_count++] =
        (struct exchange_pair){ .name = name, .value = value, .value_length = strlen(value) };
}

static void write_finding(struct json_writer *writer, const struct rw_finding *finding)
{
    json_write_object(writer, NULL);
    json_write_text(writer, "pointer", finding->pointer);
    json_write_text(writer, "id", finding->id);
    json_write_text(writer, "severity", rw_severity_letter(finding->severity));
    json_write_text(writer, "detail", finding->text);
    json_write_object_end(writer);
}

static void write_errors(struct json_writer *writer, const struct rw_error *err,
                         const struct rw_diag *findings)
{
    json_write_list(writer, "errors");
    for (size_t i = 0; findings && i < findings->count; i++)
        write_finding(writer, &findings->findings[i]);
    if (!findings && err->at[0]) {
        const struct rw_finding place = { .pointer = err->at,
                                          .id = rw_error_id(err->code),
                                          .severity = RW_BLOCKS,
                                          .text = err->text };
        write_finding(writer, &place);
    }
    json_write_list_end(writer);
}

/* What failed of ours and why is for the log: the words of a database name hosts and accounts. */
static const char *told(const struct exchange *exchange, const struct rw_error *err)
{
    const char *reason = strstr(err->text, ": ");
    if (rw_error_http_status(err->code) < 500 || !reason)
        return err->text;
    return rw_arena_text_n(exchange->arena, err->text, (size_t)(reason - err->text), NULL);
}

void exchange_reply_error(struct exchange *exchange, const struct rw_error *err,
                          const struct rw_diag *findings)
{
    enum rw_code code = err->code == RW_OK ? RW_BUG : err->code;
    struct rw_text text;
    struct json_writer writer;
    const char *body = NULL;
    rw_text_init(&text, exchange->arena, PROBLEM_MAX);
    json_write_init(&writer, &text);
    json_write_object(&writer, NULL);
    json_write_text(&writer, "type", rw_error_id(code));
    json_write_text(&writer, "title", rw_error_title(code));
    json_write_int(&writer, "status", rw_error_http_status(code));
    json_write_text(&writer, "detail", told(exchange, err));
    write_errors(&writer, err, findings);
    json_write_object_end(&writer);
    if (!rw_text_finish(&text, &body, NULL))
        body = "{\"type\":\"no-memory\"}";
    exchange->reply = (struct exchange_reply){ 0 };
    exchange_reply_json(exchange, rw_error_http_status(code), body);
    exchange->reply.content_type = PROBLEM_TYPE;
    if (code == RW_UNAUTHENTICATED)
        exchange_reply_extra(exchange, "WWW-Authenticate", "Bearer realm=\"rolwacht\"");
    if (code == RW_UNAVAILABLE || code == RW_NO_MEMORY)
        exchange_reply_extra(exchange, "Retry-After", "5");
}
