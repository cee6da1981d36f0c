/* SPDX-License-Identifier: Apache-2.0 */
/* Evidence for care technology (NZa performance 1062) as CSV. */
#include <stdio.h>

#include "api/client_record.h"
#include "api/csv.h"
#include "api/handlers.h"
#include "api/respond.h"
#include "api/service.h"
#include "api/wall.h"
#include "core/base/date.h"
#include "db/evidence.h"
#include "db/journal.h"

#define NUMBER_MAX 24
#define NUMBERS 9
#define MINUTE_MS INT64_C(60000)
#define VISIT_CELLS 3
#define WEEK_DAYS 7

static int32_t year_of(const char *month)
{
    return (month[0] - '0') * 1000 + (month[1] - '0') * 100 + (month[2] - '0') * 10 + month[3] -
           '0';
}

static int32_t month_of(const char *month)
{
    return (month[5] - '0') * 10 + month[6] - '0';
}

struct reading {
    const char *month;
    struct evidence_row *rows;
    size_t count;
};

/* When the first day of a month begins on the wall of the pharmacy; month 13 is the next January.
 */
static bool begins(const struct rw_zone *zone, int32_t year, int32_t month, int64_t *ret_ms,
                   struct rw_error *err)
{
    struct rw_wall wall = { 0 };
    if (!rw_date_from_civil(year + month / 13, month % 13 + month / 13, 1, &wall.day))
        return rw_error_set(err, RW_INVALID, "", "there is no such month");
    *ret_ms = rw_stamp_utc_minute(rw_zone_stamp(zone, wall)) * MINUTE_MS;
    return true;
}

static bool bounds(const struct scope *scope, struct evidence_month *month, struct rw_error *err)
{
    const char *text = month->text;
    struct rw_zone *zone = NULL;
    const int32_t year = year_of(text);
    const int32_t number = month_of(text);
    if (!wall_zone(scope, &zone, err))
        return false;
    const bool found = begins(zone, year, number, &month->from_ms, err) &&
                       begins(zone, year, number + 1, &month->to_ms, err);
    rw_zone_close(zone);
    return found;
}

static bool read_month(void *self, const struct scope *scope, struct rw_error *err)
{
    struct reading *reading = self;
    const struct journal_act act = { .action = "read",
                                     .object_type = "report",
                                     .object_id = reading->month,
                                     .client = "",
                                     .detail = "1062, all clients" };
    struct evidence_month month = { .text = reading->month };
    return bounds(scope, &month, err) &&
           evidence_of_month(scope, &month, &reading->rows, &reading->count, err) &&
           journal_insert(scope, &act, err);
}

/* Visits that fell away: those of before over the whole month, less those that were made; in
 * tenths. Only where both were entered. */
static void write_visits(const struct evidence_row *row, const char *month,
                         char cells[VISIT_CELLS][NUMBER_MAX])
{
    for (size_t i = 0; i < VISIT_CELLS; i++)
        cells[i][0] = '\0';
    if (row->visits >= 0)
        (void)snprintf(cells[0], NUMBER_MAX, "%lld", (long long)row->visits);
    if (row->baseline_visits >= 0)
        (void)snprintf(cells[1], NUMBER_MAX, "%lld", (long long)row->baseline_visits);
    if (row->visits < 0 || row->baseline_visits < 0)
        return;
    int64_t before =
        (row->baseline_visits * rw_date_month_days(year_of(month), month_of(month)) * 10 +
         WEEK_DAYS / 2) /
        WEEK_DAYS;
    int64_t tenths = before - row->visits * 10;
    int64_t size = tenths < 0 ? -tenths : tenths;
    (void)snprintf(cells[2], NUMBER_MAX, "%s%lld.%lld", tenths < 0 ? "-" : "",
                   (long long)(size / 10), (long long)(size % 10));
}

/* Visits are the care organisation's to enter: what nobody entered stays empty, never guessed. */
static void add_row(struct csv *csv, const struct evidence_row *row, const char *month)
{
    const int64_t numbers[NUMBERS] = { row->dispensers, row->active_days, row->planned,
                                       row->taken_out,  row->early,       row->missed,
                                       row->withheld,   row->alarms,      row->too_early };
    char digits[NUMBERS][NUMBER_MAX];
    for (size_t i = 0; i < NUMBERS; i++)
        (void)snprintf(digits[i], NUMBER_MAX, "%lld", (long long)numbers[i]);
    char visits[VISIT_CELLS][NUMBER_MAX];
    write_visits(row, month, visits);
    const char *const cells[] = { row->client_id,
                                  month,
                                  "medicijndispenser",
                                  digits[0],
                                  row->first_day,
                                  row->last_day,
                                  digits[1],
                                  digits[2],
                                  digits[3],
                                  digits[4],
                                  digits[5],
                                  digits[6],
                                  digits[7],
                                  visits[0],
                                  visits[1],
                                  visits[2],
                                  row->active_days == 0 ? "yes" : "no",
                                  row->dispensers > 1 ? "yes" : "no",
                                  digits[8] };
    csv_row(csv, cells, RW_COUNT(cells));
}

void handle_reports_1062(struct service *service, struct exchange *exchange)
{
    static const char *const names[] = { "client",
                                         "month",
                                         "device_type",
                                         "devices",
                                         "first_day",
                                         "last_day",
                                         "active_days",
                                         "moments_planned",
                                         "taken_out",
                                         "early",
                                         "missed",
                                         "withheld",
                                         "alarms",
                                         "follow_up_visits",
                                         "baseline_visits_per_week",
                                         "difference",
                                         "no_activity",
                                         "several_devices",
                                         "too_early" };
    struct rw_error err = { 0 };
    struct csv csv;
    const char *month = exchange_query(exchange, "month");
    struct reading reading = { .month = month ? month : "" };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &reading, read_month };
    if (!client_record_is_month(reading.month))
        (void)rw_error_set(&err, RW_INVALID, "", "the month is missing: ?month=2026-11");
    if (err.code != RW_OK || !service_transact(service, &who, &work, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    csv_begin(&csv, exchange, names, RW_COUNT(names));
    for (size_t i = 0; i < reading.count; i++)
        add_row(&csv, &reading.rows[i], reading.month);
    csv_reply(service, exchange, &csv, "1062.csv");
}
