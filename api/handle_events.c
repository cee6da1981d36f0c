/* SPDX-License-Identifier: Apache-2.0 */
/* What dispensers report. */
#include "api/gather.h"
#include "api/handlers.h"
#include "api/respond.h"
#include "api/service.h"

/* The last number that is kept stands in both answers (contract, section 5). */
static void answer_gap(struct service *service, struct exchange *exchange,
                       const struct follow_batch *batch)
{
    struct respond respond;
    respond_begin(&respond, exchange);
    json_write_text(&respond.json, "type", rw_error_id(RW_CONFLICT));
    json_write_text(&respond.json, "title", rw_error_title(RW_CONFLICT));
    json_write_int(&respond.json, "status", 409);
    json_write_text(&respond.json, "detail", batch->problem);
    json_write_int(&respond.json, "stored", batch->stored);
    respond_end(service, exchange, &respond, 409);
    exchange->reply.content_type = "application/problem+json";
}

static void answer_report(struct service *service, struct exchange *exchange,
                          const struct gather_report *report)
{
    struct rw_error err = { 0 };
    struct respond respond;
    int keys = atomic_load(&service->schedule_keys);
    if (!report->done) {
        (void)rw_error_set(&err, RW_UNAVAILABLE, "", "the service takes no more reports just now");
        respond_error(service, exchange, &err);
    } else if (report->failure.code != RW_OK) {
        respond_error(service, exchange, &report->failure);
    } else if (report->batch.gap) {
        answer_gap(service, exchange, &report->batch);
    } else {
        respond_begin(&respond, exchange);
        json_write_int(&respond.json, "stored", report->batch.stored);
        if (keys > 1) /* so that a dispenser asks for the new one before it signs */
            json_write_int(&respond.json, "signing_keys", keys);
        respond_end(service, exchange, &respond, 200);
    }
}

/* Asked twice: with the report, and when it is on disk or was refused. */
void handle_events_create(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    if (exchange->resumed) {
        answer_report(service, exchange, exchange->parked);
        return;
    }
    struct gather_report *report = rw_arena_alloc(exchange->arena, sizeof *report, &err);
    if (!report || !follow_read(&report->batch, exchange->body, exchange->body_length,
                                exchange->arena, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    report->queue = service->reports;
    report->batch.dispenser = exchange->args[0];
    report->batch.who = service_who(service, exchange);
    exchange->parked = report;
    exchange->reply.hold = EXCHANGE_PARK;
    exchange->reply.park = (struct exchange_park){ report, gather_add };
}
