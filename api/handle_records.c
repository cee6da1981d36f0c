/* SPDX-License-Identifier: Apache-2.0 */
/* What is agreed about a client, read and written. */
#include <string.h>

#include "api/approve.h"
#include "api/client_record.h"
#include "api/handlers.h"
#include "api/page.h"
#include "api/respond.h"
#include "api/service.h"
#include "core/base/date.h"
#include "core/base/text.h"

static void write_day(struct json_writer *json, const char *name, int64_t day)
{
    char text[RW_DATE_TEXT_MAX];
    if (day == RECORDS_NONE) {
        json_write_null(json, name);
        return;
    }
    rw_date_write((int32_t)day, text);
    json_write_text(json, name, text);
}

static void write_number(struct json_writer *json, const char *name, int64_t number)
{
    if (number == RECORDS_NONE)
        json_write_null(json, name);
    else
        json_write_int(json, name, number);
}

void handle_records_get(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct respond respond;
    struct records_row row;
    const struct scope who = service_who(service, exchange);
    if (!client_record_get(service, &who, exchange->args[0], &row, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    respond_begin(&respond, exchange);
    json_write_text(&respond.json, "client", exchange->args[0]);
    json_write_int(&respond.json, "version", row.version);
    write_day(&respond.json, "suitable", row.reviewed_day);
    write_day(&respond.json, "relocated", row.relocated_day);
    write_number(&respond.json, "alarm_after_min", row.alarm_after_min);
    write_number(&respond.json, "early_min", row.early_min);
    write_number(&respond.json, "baseline_visits_per_week", row.baseline_visits);
    json_write_text(&respond.json, "by", row.actor);
    json_write_text(&respond.json, "reason", row.reason);
    respond_end(service, exchange, &respond, 200);
}

/* "" and NULL: nobody wrote it down. */
static bool read_day(const char *text, const char *at, int64_t *ret_day, struct rw_error *err)
{
    int32_t day = 0;
    *ret_day = RECORDS_NONE;
    if (!text || !text[0])
        return true;
    if (!rw_date_parse(text, &day) || day < 0)
        return rw_error_set(err, RW_INVALID, at, "\"%.32s\" is no date", text);
    *ret_day = day;
    return true;
}

static bool check_reason(const char *reason, struct rw_error *err)
{
    if (!reason[0] || strlen(reason) > APPROVE_REASON_MAX)
        return rw_error_set(err, RW_INVALID, "/reason", "a reason has 1 to %d bytes",
                            APPROVE_REASON_MAX);
    return true;
}

static bool read_record(struct exchange *exchange, struct records_row *row, struct rw_error *err)
{
    static const char *const names[] = {
        "suitable", "relocated", "alarm_after_min", "early_min", "baseline_visits_per_week",
        "reason",   NULL
    };
    const struct json *root = NULL;
    const char *suitable = NULL;
    const char *relocated = NULL;
    return respond_read(exchange, names, &root, err) &&
           json_text_or(root, "suitable", NULL, &suitable, err) &&
           json_text_or(root, "relocated", NULL, &relocated, err) &&
           read_day(suitable, "/suitable", &row->reviewed_day, err) &&
           read_day(relocated, "/relocated", &row->relocated_day, err) &&
           json_int_or(root, "alarm_after_min", 1, CLIENT_RECORD_ALARM_MAX_MIN, RECORDS_NONE,
                       &row->alarm_after_min, err) &&
           json_int_or(root, "early_min", 0, SCHEDULE_EARLY_MAX_MIN, RECORDS_NONE, &row->early_min,
                       err) &&
           json_int_or(root, "baseline_visits_per_week", 0, CLIENT_RECORD_BASELINE_MAX,
                       RECORDS_NONE, &row->baseline_visits, err) &&
           json_text(root, "reason", &row->reason, err) && check_reason(row->reason, err);
}

void handle_records_put(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct respond respond;
    struct records_row row = { 0 };
    int64_t version = 0;
    const struct scope who = service_who(service, exchange);
    if (!read_record(exchange, &row, &err) ||
        !client_record_put(service, &who, exchange->args[0], &row, &version, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    respond_begin(&respond, exchange);
    json_write_int(&respond.json, "version", version);
    respond_end(service, exchange, &respond, 200);
}

void handle_visits_put(struct service *service, struct exchange *exchange)
{
    static const char *const names[] = { "month", "visits", NULL };
    struct rw_error err = { 0 };
    const struct json *root = NULL;
    const char *month = NULL;
    int64_t visits = 0;
    const struct scope who = service_who(service, exchange);
    if (!respond_read(exchange, names, &root, &err) || !json_text(root, "month", &month, &err) ||
        !json_int(root, "visits", 0, CLIENT_RECORD_VISITS_MAX, &visits, &err) ||
        !client_record_visits(service, &who, exchange->args[0], month, visits, &err))
        respond_error(service, exchange, &err);
    else
        exchange_reply_empty(exchange, 204);
}

/* A number of a form; empty: nobody wrote it down. */
static bool read_number(const struct exchange *exchange, const char *name, int64_t min, int64_t max,
                        int64_t *ret_number, struct rw_error *err)
{
    const char *text = exchange_field(exchange, name);
    *ret_number = RECORDS_NONE;
    return !text[0] || rw_text_to_int(text, min, max, ret_number) ||
           rw_error_set(err, RW_INVALID, "", "%s is a number from %lld to %lld", name,
                        (long long)min, (long long)max);
}

void handle_console_record_post(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct records_row row = { .reason = exchange_field(exchange, "reason") };
    int64_t version = 0;
    const struct scope who = service_who(service, exchange);
    if (!check_reason(row.reason, &err) ||
        !read_day(exchange_field(exchange, "suitable"), "/suitable", &row.reviewed_day, &err) ||
        !read_day(exchange_field(exchange, "relocated"), "/relocated", &row.relocated_day, &err) ||
        !read_number(exchange, "alarm_after_min", 1, CLIENT_RECORD_ALARM_MAX_MIN,
                     &row.alarm_after_min, &err) ||
        !read_number(exchange, "early_min", 0, SCHEDULE_EARLY_MAX_MIN, &row.early_min, &err) ||
        !read_number(exchange, "baseline_visits", 0, CLIENT_RECORD_BASELINE_MAX,
                     &row.baseline_visits, &err) ||
        !client_record_put(service, &who, exchange->args[0], &row, &version, &err))
        page_fail(service, exchange, &err);
    else
        page_go(service, exchange, "/clients/%s?done=record", exchange->args[0]);
}

void handle_console_visits_post(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    int64_t visits = RECORDS_NONE;
    const struct scope who = service_who(service, exchange);
    if (!read_number(exchange, "visits", 0, CLIENT_RECORD_VISITS_MAX, &visits, &err) ||
        (visits == RECORDS_NONE &&
         !rw_error_set(&err, RW_INVALID, "/visits", "how many visits is missing")) ||
        !client_record_visits(service, &who, exchange->args[0], exchange_field(exchange, "month"),
                              visits, &err))
        page_fail(service, exchange, &err);
    else
        page_go(service, exchange, "/clients/%s?done=record", exchange->args[0]);
}
