/* SPDX-License-Identifier: Apache-2.0 */
/* Answers about the service itself. */
#include <inttypes.h>

#include "api/handlers.h"
#include "api/openapi.h"
#include "api/respond.h"
#include "api/service.h"
#include "db/alarms.h"
#include "db/outbox.h"

#define METRICS_MAX 8192

void handle_health(struct service *service, struct exchange *exchange)
{
    (void)service;
    exchange_reply_json(exchange, 200, "{\"status\":\"alive\"}");
}

/* What a person on call is to know: what waits for an answer, and what did not get out. */
struct counted {
    struct outbox_counts outbox;
    struct alarms_counts alarms;
};

static bool count_waiting(void *self, const struct scope *scope, struct rw_error *err)
{
    struct counted *counted = self;
    return outbox_count(scope, &counted->outbox, err) && alarms_count(scope, &counted->alarms, err);
}

void handle_ready(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct counted counted = { 0 };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &counted, count_waiting };
    if (atomic_load(&service->stopping))
        (void)rw_error_set(&err, RW_UNAVAILABLE, "", "the service is stopping");
    if (err.code != RW_OK || !service_transact(service, &who, &work, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    /* With a full disk what is there is still read, schedules above all, and that at each node: a
     * balancer that asks no node any more would take that too. */
    exchange_reply_json(exchange, 200,
                        pool_is_full(service->pool)
                            ? "{\"status\":\"ready\",\"degraded\":[\"database-full\"]}"
                            : "{\"status\":\"ready\"}");
}

static void add_metric(struct rw_text *text, const char *name, const char *kind, const char *help,
                       int64_t value)
{
    rw_text_format(text, "# HELP rolwacht_%s %s\n# TYPE rolwacht_%s %s\n", name, help, name, kind);
    rw_text_format(text, "rolwacht_%s %" PRId64 "\n", name, value);
}

void handle_metrics(struct service *service, struct exchange *exchange)
{
    struct service_counts *counts = &service->counts;
    struct rw_error err = { 0 };
    struct rw_text text;
    const char *body = NULL;
    struct counted counted = { 0 };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &counted, count_waiting };
    if (!service_transact(service, &who, &work, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    rw_text_init(&text, exchange->arena, METRICS_MAX);
    rw_text_add(&text, "# HELP rolwacht_answers_total Answers by class of status\n"
                       "# TYPE rolwacht_answers_total counter\n");
    for (int class = 1; class < SERVICE_STATUS_CLASSES; class ++)
        rw_text_format(&text, "rolwacht_answers_total{class=\"%dxx\"} %lld\n", class,
                       atomic_load(&counts->answers[class]));
    add_metric(&text, "events_total", "counter", "Dispenser events kept",
               atomic_load(&counts->events));
    add_metric(&text, "alarms_total", "counter", "Alarms raised", atomic_load(&counts->alarms));
    add_metric(&text, "releases_total", "counter", "Rolls released",
               atomic_load(&counts->releases));
    add_metric(&text, "journal_sealed_total", "counter", "Journal rows sealed",
               atomic_load(&counts->sealed));
    add_metric(&text, "held_connections", "gauge", "Connections that wait",
               (int64_t)waiters_count(service->waiters));
    add_metric(&text, "outbox_waiting", "gauge", "Messages not delivered yet",
               counted.outbox.waiting);
    add_metric(&text, "outbox_oldest_seconds", "gauge", "How long the oldest of them has waited",
               counted.outbox.oldest_ms / 1000);
    add_metric(&text, "outbox_dead", "gauge", "Messages set aside undelivered",
               counted.outbox.dead);
    add_metric(&text, "alarms_open", "gauge", "Alarms that nobody acknowledged",
               counted.alarms.open);
    add_metric(&text, "alarms_unanswered", "gauge", "Of them, behind the last rung of the ladder",
               counted.alarms.unanswered);
    add_metric(&text, "database_full", "gauge", "1 while the database's disk has no room left",
               pool_is_full(service->pool));
    if (!rw_text_finish(&text, &body, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    exchange_reply_bytes(exchange, "text/plain; version=0.0.4; charset=utf-8", body, text.length);
}

void handle_openapi(struct service *service, struct exchange *exchange)
{
    (void)service;
    exchange_reply_bytes(exchange, "application/yaml", openapi_files[0].bytes,
                         openapi_files[0].length);
}
