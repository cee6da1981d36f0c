/* SPDX-License-Identifier: Apache-2.0 */
/* Delivers messages to those whom the configuration names. */
#define _GNU_SOURCE
#include "api/deliver.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "api/service.h"
#include "core/base/log.h"
#include "core/base/random.h"
#include "core/base/text.h"
#include "core/json/json_write.h"
#include "core/net/fetch.h"
#include "db/outbox.h"

#define ROUND_MS 250
#define LEASE_MS 120000 /* who takes longer sends twice, which the id of the message shows */
#define CALL_MS 2500
#define PAUSE_MS_MAX (3600 * INT64_C(1000))
#define LATE_MS (3 * 24 * 3600 * INT64_C(1000)) /* from then on each failed try is a fault */
#define MESSAGE_MAX 8192
#define ARENA_MAX (32 * RW_ARENA_MIB)

struct delivery {
    struct service *service;
    struct rw_arena *arena;
    struct fetch *fetches[CONFIG_WEBHOOKS_MAX];
    struct rw_random random;
    struct outbox_row *rows;
    size_t count;
    const struct outbox_row *settling;
    bool done;
    int64_t next_ms;
};

static bool claim(void *self, const struct scope *scope, struct rw_error *err)
{
    struct delivery *delivery = self;
    return outbox_claim(scope, LEASE_MS, &delivery->rows, &delivery->count, err);
}

static bool settle(void *self, const struct scope *scope, struct rw_error *err)
{
    const struct delivery *delivery = self;
    return outbox_settle(scope, delivery->settling->outbox_id, delivery->done, delivery->next_ms,
                         err);
}

static bool write_body(struct delivery *delivery, const struct outbox_row *row,
                       const char **ret_body, struct rw_error *err)
{
    struct rw_text text;
    struct json_writer json;
    char at[RW_CLOCK_TEXT_MAX];
    rw_clock_write_utc(row->created_ms, at);
    rw_text_init(&text, delivery->arena, MESSAGE_MAX);
    json_write_init(&json, &text);
    json_write_object(&json, NULL);
    json_write_text(&json, "type", row->topic);
    json_write_text(&json, "timestamp", at);
    json_write_raw(&json, "data", row->payload);
    json_write_object_end(&json);
    return rw_text_finish(&text, ret_body, err);
}

/* "v1," and the HMAC-SHA-256 over id, time and body, with dots between (Standard Webhooks 1.0). */
static bool sign(struct delivery *delivery, const struct config_webhook *webhook,
                 const char *content, const char **ret_signature, struct rw_error *err)
{
    uint8_t mac[RW_SHA256_BYTES];
    const char *text = NULL;
    rw_hmac_sha256(webhook->secret, webhook->secret_length, content, strlen(content), mac);
    if (!rw_base64(delivery->arena, mac, sizeof mac, &text, err))
        return false;
    *ret_signature = rw_arena_format(delivery->arena, err, "webhook-signature: v1,%s", text);
    return *ret_signature != NULL;
}

static bool call(struct delivery *delivery, size_t at, const struct outbox_row *row,
                 struct rw_error *err)
{
    const struct config_webhook *webhook = &delivery->service->config.webhooks[at];
    struct rw_arena *arena = delivery->arena;
    long long seconds = rw_clock_utc_ms(&delivery->service->clock) / 1000;
    const char *body = NULL;
    const char *signature = NULL;
    if (!write_body(delivery, row, &body, err))
        return false;
    const char *content = rw_arena_format(arena, err, "%s.%lld.%s", row->outbox_id, seconds, body);
    if (!content || !sign(delivery, webhook, content, &signature, err))
        return false;
    struct fetch_request request = { .method = "POST",
                                     .url = webhook->url,
                                     .content_type = "application/json",
                                     .body = body,
                                     .body_length = strlen(body),
                                     .timeout_ms = CALL_MS };
    request.headers[0] = rw_arena_format(arena, err, "webhook-id: %s", row->outbox_id);
    request.headers[1] = rw_arena_format(arena, err, "webhook-timestamp: %lld", seconds);
    request.headers[2] = signature;
    struct fetch_answer answer;
    if (!request.headers[0] || !request.headers[1] ||
        !fetch_send(delivery->fetches[at], &request, arena, &answer, err))
        return false;
    if (answer.status < 200 || answer.status > 299)
        return rw_error_set(err, RW_UNAVAILABLE, "", "the address answered %d", answer.status);
    return true;
}

/* Everybody who wants this topic; one who cannot be reached lets all be tried again. */
static bool send_row(struct delivery *delivery, const struct outbox_row *row, struct rw_error *err)
{
    const struct config *config = &delivery->service->config;
    bool all = true;
    for (size_t i = 0; i < config->webhook_count; i++) {
        if (rw_text_equal(config->webhooks[i].topic, row->topic))
            all = call(delivery, i, row, err) && all;
    }
    return all;
}

static int64_t pause_ms(struct delivery *delivery, int64_t attempts)
{
    int64_t longest = attempts > 11 ? PAUSE_MS_MAX : INT64_C(1000) << attempts;
    longest = longest < PAUSE_MS_MAX ? longest : PAUSE_MS_MAX;
    return longest / 2 + (int64_t)rw_random_below(&delivery->random, (uint64_t)(longest / 2));
}

static void deliver_row(struct delivery *delivery, const struct outbox_row *row)
{
    struct service *service = delivery->service;
    struct rw_error err = { 0 };
    struct rw_error in_database = { 0 };
    int64_t now_ms = rw_clock_utc_ms(&service->clock);
    delivery->settling = row;
    delivery->done = send_row(delivery, row, &err);
    delivery->next_ms = delivery->done ? now_ms : now_ms + pause_ms(delivery, row->attempts);
    const struct scope who = service_self(service, delivery->arena);
    const struct service_work work = { delivery, settle };
    bool settled = service_transact(service, &who, &work, &in_database);
    if (delivery->done && settled)
        return;
    const struct rw_log_field fields[] = { { "message", row->outbox_id },
                                           { "topic", row->topic },
                                           { "detail",
                                             delivery->done ? in_database.text : err.text },
                                           { 0 } };
    rw_log(&service->clock, now_ms - row->created_ms > LATE_MS ? RW_LOG_FAULT : RW_LOG_WARN,
           "message-not-delivered", fields);
}

static void deliver_round(struct delivery *delivery)
{
    struct rw_error err = { 0 };
    rw_arena_reset(delivery->arena);
    const struct scope who = service_self(delivery->service, delivery->arena);
    const struct service_work work = { delivery, claim };
    if (!service_transact(delivery->service, &who, &work, &err))
        return; /* the database is away; who watches it says so */
    for (size_t i = 0; i < delivery->count && !atomic_load(&delivery->service->stopping); i++)
        deliver_row(delivery, &delivery->rows[i]);
}

static bool open_fetches(struct delivery *delivery)
{
    const struct config *config = &delivery->service->config;
    struct rw_error err = { 0 };
    for (size_t i = 0; i < config->webhook_count; i++) {
        const struct fetch_identity identity = { .ca_file = config->webhooks[i].ca_file };
        if (!fetch_open(&identity, &delivery->fetches[i], &err)) {
            const struct rw_log_field fields[] = { { "detail", err.text }, { 0 } };
            rw_log(&delivery->service->clock, RW_LOG_FAULT, "messages-not-delivered", fields);
            return false;
        }
    }
    return true;
}

void deliver_run(struct service *service)
{
    const struct timespec wait = { .tv_nsec = ROUND_MS * 1000000L };
    struct delivery delivery = { .service = service, .arena = rw_arena_open(ARENA_MAX) };
    delivery.random = rw_random_seeded((uint64_t)rw_clock_utc_ms(&service->clock));
    bool open = delivery.arena && open_fetches(&delivery);
    while (open && !atomic_load(&service->stopping)) { /* ends with the service */
        deliver_round(&delivery);
        (void)nanosleep(&wait, NULL);
    }
    for (size_t i = 0; i < CONFIG_WEBHOOKS_MAX; i++)
        fetch_close(delivery.fetches[i]);
    rw_arena_close(delivery.arena);
}
