/* SPDX-License-Identifier: Apache-2.0 */
/* What a packaging machine needs of an approved roll. */
#include "api/handlers.h"
#include "api/respond.h"
#include "api/service.h"
#include "core/json/roll_json.h"
#include "db/journal.h"
#include "db/rolls.h"
#include "labels/orderfile.h"

struct reading {
    const char *number;
    const char *kind; /* of the file, for the journal */
    struct roll *roll;
};

/* Nothing is packed that nobody agreed with, or that was taken back. */
static bool may_be_packed(enum roll_state state)
{
    return state == ROLL_APPROVED || state == ROLL_PRINTED || state == ROLL_VERIFIED ||
           state == ROLL_RELEASED || state == ROLL_RUNNING || state == ROLL_FINISHED;
}

static bool read_roll(void *self, const struct scope *scope, struct rw_error *err)
{
    struct reading *reading = self;
    struct rolls_row row;
    struct rolls_document document;
    if (!rolls_get(scope, reading->number, false, &row, err))
        return false;
    if (!may_be_packed(row.state))
        return rw_error_set(err, RW_CONFLICT, "", "a roll that is %s is not packed",
                            roll_state_word(row.state));
    const struct journal_act act = { .action = "read",
                                     .object_type = "roll",
                                     .object_id = row.number,
                                     .client = row.pseudonym,
                                     .detail = reading->kind };
    return rolls_get_version(scope, row.number, row.version, &document, err) &&
           roll_json_read(document.bytes, document.length, scope->arena, &reading->roll, err) &&
           journal_insert(scope, &act, err);
}

static void answer(struct service *service, struct exchange *exchange, const char *kind,
                   const char *type,
                   bool (*write)(const struct roll *, struct rw_arena *, const char **, size_t *,
                                 struct rw_error *))
{
    struct rw_error err = { 0 };
    struct reading reading = { .number = exchange->args[0], .kind = kind };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &reading, read_roll };
    const char *bytes = NULL;
    size_t length = 0;
    const char *name = rw_arena_format(exchange->arena, &err, "attachment; filename=\"%s-%s\"",
                                       exchange->args[0], kind);
    if (!name || !service_transact(service, &who, &work, &err) ||
        !write(reading.roll, exchange->arena, &bytes, &length, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    exchange_reply_bytes(exchange, type, bytes, length);
    exchange_reply_extra(exchange, "Content-Disposition", name);
}

void handle_prints_order_csv(struct service *service, struct exchange *exchange)
{
    answer(service, exchange, "order.csv", "text/csv; charset=utf-8", orderfile_write_csv);
}

void handle_prints_order_json(struct service *service, struct exchange *exchange)
{
    answer(service, exchange, "order.json", "application/json", orderfile_write_json);
}
