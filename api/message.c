/* SPDX-License-Identifier: Apache-2.0 */
/* A message of the outbox on its way to one exit. */
#include "api/message.h"

#include <string.h>

#include "core/base/crypto.h"
#include "core/base/text.h"
#include "core/json/json_write.h"
#include "core/model/dc09.h"
#include "core/net/courier.h"

#define BODY_MAX 8192
#define WEBHOOK_MS 2500
#define CENTRE_MS 5000

bool message_is_supervision(const struct message *message)
{
    return rw_text_equal(message->row->topic, MESSAGE_SUPERVISION);
}

static bool read_words(const struct json *root, struct alarm *alarm, struct rw_error *err)
{
    const char *type = NULL;
    const char *state = NULL;
    const char *id = NULL;
    if (!json_text(root, "alarm", &id, err) || !json_text(root, "type", &type, err) ||
        !json_text(root, "state", &state, err))
        return false;
    return (rw_text_copy(alarm->id, sizeof alarm->id, id) &&
            alarm_type_from_word(type, &alarm->type) &&
            alarm_state_from_word(state, &alarm->state)) ||
           rw_error_set(err, RW_BUG, "", "a message holds words that are none of an alarm");
}

bool message_alarm(const struct message *message, struct alarm *ret_alarm, struct rw_error *err)
{
    const struct json *root = NULL;
    const char *raised = NULL;
    struct alarm alarm = { 0 };
    const char *payload = message->row->payload;
    if (!json_parse(message->arena, payload, strlen(payload), &root, err) ||
        !read_words(root, &alarm, err) || !json_text(root, "client", &alarm.client, err) ||
        !json_text(root, "dispenser", &alarm.dispenser, err) ||
        !json_text_or(root, "roll", NULL, &alarm.roll, err) ||
        !json_int32(root, "bag", 0, INT32_MAX, &alarm.bag, err) ||
        !json_text_or(root, "due", NULL, &alarm.due, err) ||
        !json_text(root, "raised", &raised, err) ||
        !json_int32(root, "rung", 0, ALARM_RUNGS_MAX, &alarm.rung, err))
        return false;
    if (!rw_clock_parse_utc(raised, &alarm.raised_utc_ms))
        return rw_error_set(err, RW_BUG, "", "a message holds a time that is none");
    *ret_alarm = alarm;
    return true;
}

static bool write_body(const struct message *message, const char **ret_body, struct rw_error *err)
{
    struct rw_text text;
    struct json_writer json;
    char at[RW_CLOCK_TEXT_MAX];
    rw_clock_write_utc(message->row->created_ms, at);
    rw_text_init(&text, message->arena, BODY_MAX);
    json_write_init(&json, &text);
    json_write_object(&json, NULL);
    json_write_text(&json, "type", message->row->topic);
    json_write_text(&json, "timestamp", at);
    json_write_raw(&json, "data", message->row->payload);
    json_write_object_end(&json);
    return rw_text_finish(&text, ret_body, err);
}

/* "v1," and the HMAC-SHA-256 over id, time and body, with dots between (Standard Webhooks 1.0). */
static const char *sign(const struct message *message, const char *content, struct rw_error *err)
{
    const struct config_exit *exit = message->exit;
    uint8_t mac[RW_SHA256_BYTES];
    const char *text = NULL;
    rw_hmac_sha256(exit->secret, exit->secret_length, content, strlen(content), mac);
    if (!rw_base64(message->arena, mac, sizeof mac, &text, err))
        return NULL;
    return rw_arena_format(message->arena, err, "webhook-signature: v1,%s", text);
}

bool message_send_webhook(const struct message *message, struct fetch *fetch, int64_t *ret_wait_s,
                          struct rw_error *err)
{
    const char *id = message->row->outbox_id;
    struct rw_arena *arena = message->arena;
    long long seconds = rw_clock_utc_ms(&message->clock) / 1000;
    const char *body = NULL;
    if (!write_body(message, &body, err))
        return false;
    const char *content = rw_arena_format(arena, err, "%s.%lld.%s", id, seconds, body);
    struct fetch_request request = { .method = "POST",
                                     .url = message->exit->url,
                                     .content_type = "application/json",
                                     .body = body,
                                     .body_length = strlen(body),
                                     .timeout_ms = WEBHOOK_MS,
                                     .status_only = true };
    request.headers[0] = rw_arena_format(arena, err, "webhook-id: %s", id);
    request.headers[1] = rw_arena_format(arena, err, "webhook-timestamp: %lld", seconds);
    request.headers[2] = content ? sign(message, content, err) : NULL;
    struct fetch_answer answer;
    if (!request.headers[0] || !request.headers[1] || !request.headers[2] ||
        !fetch_send(fetch, &request, arena, &answer, err))
        return false;
    *ret_wait_s = answer.retry_after_s;
    return (answer.status >= 200 && answer.status <= 299) ||
           rw_error_set(err, RW_UNAVAILABLE, "", "the address answered %d", answer.status);
}

/* A dispenser that has no account of its own at this centre is told under that of the pharmacy. */
static const char *account_of(const struct config_exit *exit, const char *dispenser)
{
    for (size_t i = 0; i < exit->account_count; i++) {
        if (rw_text_equal(exit->accounts[i].dispenser, dispenser))
            return exit->accounts[i].account;
    }
    return exit->account;
}

static bool check_answer(enum dc09_answer answer, struct rw_error *err)
{
    switch (answer) {
    case DC09_ACK:
        return true;
    case DC09_NAK:
        return rw_error_set(err, RW_UNAVAILABLE, "", "the centre says that our clock is wrong");
    case DC09_DUH:
        return rw_error_set(err, RW_UNAVAILABLE, "", "the centre does not understand the event");
    case DC09_NONE:
    case DC09_ANSWER_COUNT:
        break;
    }
    return rw_error_set(err, RW_UNAVAILABLE, "", "the centre did not answer as DC-09 asks");
}

bool message_send_centre(const struct message *message, struct rw_error *err)
{
    const struct config_exit *exit = message->exit;
    struct alarm alarm = { .dispenser = "" };
    char bytes[DC09_TELEGRAM_MAX];
    char answer[COURIER_ANSWER_MAX];
    size_t length = 0;
    bool there = message_is_supervision(message);
    if (!there && !message_alarm(message, &alarm, err))
        return false;
    const struct dc09_telegram telegram = {
        .number = there ? 0 : (int32_t)((message->row->number - 1) % DC09_NUMBER_MAX) + 1,
        .account = account_of(exit, alarm.dispenser),
        .receiver = exit->receiver,
        .line = exit->line,
        .code = dc09_code(alarm.type),
        .is_over = !there && alarm.state == ALARM_CLOSED,
        .zone = alarm.bag,
    };
    const struct courier_line line = { exit->url, exit->ca_file };
    const struct courier_telegram sent = {
        bytes, dc09_write(&telegram, rw_clock_utc_ms(&message->clock), bytes), '\r'
    };
    return courier_telegram(&line, &sent, CENTRE_MS, answer, &length, err) &&
           check_answer(dc09_read(&telegram, answer, length), err);
}
