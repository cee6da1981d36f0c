/* SPDX-License-Identifier: Apache-2.0 */
/* What dispensers download, wait for and report. */
#include "api/follow.h"
#include "api/handlers.h"
#include "api/respond.h"
#include "api/service.h"
#include "core/base/random.h"
#include "core/base/text.h"
#include "db/dispensers.h"

#define WAIT_S_MAX 55
#define JITTER_MS 2000 /* so that those who wait together do not come back together */

struct download {
    const char *dispenser;
    struct dispensers_schedule schedule;
};

static bool find_schedule(void *self, const struct scope *scope, struct rw_error *err)
{
    struct download *download = self;
    return dispensers_find_schedule(scope, download->dispenser, &download->schedule, err);
}

static bool load(struct service *service, struct exchange *exchange, struct download *download,
                 struct rw_error *err)
{
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { download, find_schedule };
    download->dispenser = exchange->args[0];
    return service_read(service, &who, &work, err);
}

static void hold(struct exchange *exchange, enum exchange_hold kind, int64_t version,
                 int32_t hold_ms)
{
    struct exchange_reply *reply = &exchange->reply;
    reply->hold = kind;
    reply->hold_version = version;
    reply->hold_ms = hold_ms;
    (void)rw_text_copy(reply->hold_key, sizeof reply->hold_key, exchange->args[0]);
}

/* The seconds that the caller is ready to wait; 0 = answer at once. */
static int64_t wait_seconds(const struct exchange *exchange)
{
    const char *wait = exchange_query(exchange, "wait");
    int64_t seconds = 0;
    if (!wait || !rw_text_to_int(wait, 0, INT32_MAX, &seconds))
        return 0;
    return seconds < WAIT_S_MAX ? seconds : WAIT_S_MAX;
}

static int32_t jittered(const struct exchange *exchange, int64_t seconds)
{
    struct rw_random random = rw_random_seeded((uint64_t)exchange->now_ms);
    return (int32_t)(seconds * 1000 - (int64_t)rw_random_below(&random, JITTER_MS) / 2);
}

/* Waiting starts only for a caller that has what holds now. */
static void answer_unchanged(struct exchange *exchange, int64_t version)
{
    int64_t seconds = wait_seconds(exchange);
    if (exchange->waited) {
        exchange_reply_empty(exchange, 204);
        return;
    }
    if (seconds > 0)
        hold(exchange, EXCHANGE_WAIT, version, jittered(exchange, seconds));
}

/* Most questions come from who has what holds. The version came with the check of the certificate,
 * so the schedule itself is not fetched for them. */
static bool answer_known(struct exchange *exchange)
{
    struct rw_error err = { 0 };
    if (exchange->waited || exchange->caller.schedule_version == 0)
        return false;
    const char *tag = rw_arena_format(exchange->arena, &err, "\"v%lld\"",
                                      (long long)exchange->caller.schedule_version);
    if (!tag || !respond_not_modified(exchange, tag))
        return false;
    answer_unchanged(exchange, exchange->caller.schedule_version);
    return true;
}

void handle_schedule_get(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct download download = { 0 };
    const char *tag = NULL;
    if (answer_known(exchange))
        return;
    if (load(service, exchange, &download, &err))
        tag = rw_arena_format(exchange->arena, &err, "\"v%lld\"",
                              (long long)download.schedule.version);
    if (!tag) {
        respond_error(service, exchange, &err);
        return;
    }
    bool same = respond_not_modified(exchange, tag);
    bool none = !download.schedule.bytes;
    if (same || (none && (exchange->waited || wait_seconds(exchange) > 0))) {
        answer_unchanged(exchange, download.schedule.version);
        return;
    }
    if (none) {
        (void)rw_error_set(&err, RW_NOT_FOUND, "", "nothing was released to this dispenser yet");
        respond_error(service, exchange, &err);
        return;
    }
    exchange_reply_bytes(exchange, "application/jose+json", download.schedule.bytes,
                         download.schedule.length);
    exchange_reply_extra(exchange, "ETag", tag);
}

void handle_schedule_stream(struct service *service, struct exchange *exchange)
{
    (void)service; /* the version came with the check of the certificate */
    exchange->reply.content_type = "text/event-stream";
    exchange->reply.status = 200;
    hold(exchange, EXCHANGE_STREAM, exchange->caller.schedule_version, 0);
}

/* The last number that is kept stands in both answers (contract, section 5). */
static void answer_gap(struct service *service, struct exchange *exchange,
                       const struct rw_error *err, int64_t stored)
{
    struct respond respond;
    respond_begin(&respond, exchange);
    json_write_text(&respond.json, "type", rw_error_id(err->code));
    json_write_text(&respond.json, "title", rw_error_title(err->code));
    json_write_int(&respond.json, "status", 409);
    json_write_text(&respond.json, "detail", err->text);
    json_write_int(&respond.json, "stored", stored);
    respond_end(service, exchange, &respond, 409);
    exchange->reply.content_type = "application/problem+json";
}

void handle_events_create(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct respond respond;
    int64_t stored = 0;
    const struct follow_request request = { .dispenser = exchange->args[0],
                                            .bytes = exchange->body,
                                            .length = exchange->body_length };
    const struct scope who = service_who(service, exchange);
    if (!follow_events(service, &who, &request, &stored, &err)) {
        if (err.code == RW_CONFLICT)
            answer_gap(service, exchange, &err, stored);
        else
            respond_error(service, exchange, &err);
        return;
    }
    respond_begin(&respond, exchange);
    json_write_int(&respond.json, "stored", stored);
    respond_end(service, exchange, &respond, 200);
}
