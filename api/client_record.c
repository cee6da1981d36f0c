/* SPDX-License-Identifier: Apache-2.0 */
/* Writes down what is agreed about a client beside the orders. */
#include "api/client_record.h"

#include "api/service.h"
#include "db/journal.h"
#include "db/orders.h"

struct recording {
    const char *client;
    const struct records_row *row; /* to be written */
    struct records_row held;
    int64_t version;
    const char *month;
    int64_t visits;
};

static bool note(const struct scope *scope, const char *client, const char *action,
                 const char *detail, struct rw_error *err)
{
    const char *pseudonym = NULL;
    if (!orders_pseudonym(scope, client, &pseudonym, err))
        return false;
    if (!pseudonym)
        return rw_error_set(err, RW_NOT_FOUND, "", "there is no client \"%s\"", client);
    const struct journal_act act = { .action = action,
                                     .object_type = "client",
                                     .object_id = client,
                                     .client = pseudonym,
                                     .detail = detail };
    return journal_insert(scope, &act, err);
}

static bool put(void *self, const struct scope *scope, struct rw_error *err)
{
    struct recording *recording = self;
    if (!records_insert(scope, recording->client, recording->row, &recording->version, err))
        return false;
    const char *detail = rw_arena_format(scope->arena, err, "record version %lld: %s",
                                         (long long)recording->version, recording->row->reason);
    return detail && note(scope, recording->client, "change", detail, err);
}

bool client_record_put(struct service *service, const struct scope *who, const char *client,
                       const struct records_row *row, int64_t *ret_version, struct rw_error *err)
{
    struct recording recording = { .client = client, .row = row };
    const struct service_work work = { &recording, put };
    if (!service_transact(service, who, &work, err))
        return false;
    *ret_version = recording.version;
    return true;
}

static bool get(void *self, const struct scope *scope, struct rw_error *err)
{
    struct recording *recording = self;
    return records_find(scope, recording->client, &recording->held, err) &&
           note(scope, recording->client, "read", "record", err);
}

bool client_record_get(struct service *service, const struct scope *who, const char *client,
                       struct records_row *ret_row, struct rw_error *err)
{
    struct recording recording = { .client = client };
    const struct service_work work = { &recording, get };
    if (!service_transact(service, who, &work, err))
        return false;
    *ret_row = recording.held;
    return true;
}

static bool put_visits(void *self, const struct scope *scope, struct rw_error *err)
{
    const struct recording *recording = self;
    const char *detail = rw_arena_format(
        scope->arena, err, recording->visits == 1 ? "%lld visit in %s" : "%lld visits in %s",
        (long long)recording->visits, recording->month);
    return detail &&
           records_insert_visits(scope, recording->client, recording->month, recording->visits,
                                 err) &&
           note(scope, recording->client, "change", detail, err);
}

bool client_record_visits(struct service *service, const struct scope *who, const char *client,
                          const char *month, int64_t visits, struct rw_error *err)
{
    struct recording recording = { .client = client, .month = month, .visits = visits };
    const struct service_work work = { &recording, put_visits };
    if (!client_record_is_month(month))
        return rw_error_set(err, RW_INVALID, "/month", "a month is written 2026-11");
    return service_transact(service, who, &work, err);
}

bool client_record_is_month(const char *text)
{
    static const char shape[] = "dddd-dd";
    for (size_t i = 0; i < sizeof shape; i++) {
        bool digit = text[i] >= '0' && text[i] <= '9';
        if (shape[i] == 'd' ? !digit : text[i] != shape[i])
            return false;
    }
    int month = (text[5] - '0') * 10 + text[6] - '0';
    return month >= 1 && month <= 12;
}

bool client_record_person(const struct scope *scope, const char *client, struct person *ret_person,
                          bool *ret_known, struct rw_error *err)
{
    struct records_row row;
    if (!records_are_kept(scope, ret_known, err) || !records_find(scope, client, &row, err))
        return false;
    *ret_person = (struct person){ .id = client,
                                   .has_reviewed = row.reviewed_day != RECORDS_NONE,
                                   .reviewed = (int32_t)row.reviewed_day,
                                   .has_relocated = row.relocated_day != RECORDS_NONE,
                                   .relocated = (int32_t)row.relocated_day };
    return true;
}
