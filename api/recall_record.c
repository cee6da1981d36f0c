/* SPDX-License-Identifier: Apache-2.0 */
/* A recall that was carried out, and whom to call. */
#include "api/recall_record.h"

#include "api/service.h"
#include "db/journal.h"
#include "db/orders.h"

struct reading {
    const char *id;
    struct recall_record *record;
};

static bool read_record(void *self, const struct scope *scope, struct rw_error *err)
{
    struct reading *reading = self;
    struct recall_record *record = reading->record;
    struct recalls_row *rows = NULL;
    size_t count = 0;
    *record = (struct recall_record){ 0 };
    if (!recalls_find(scope, reading->id, &rows, &count, err))
        return false;
    if (count == 0)
        return rw_error_set(err, RW_NOT_FOUND, "", "there is no recall \"%s\"", reading->id);
    record->row = rows[0];
    const struct journal_act act = { .action = "read",
                                     .object_type = "recall",
                                     .object_id = reading->id,
                                     .client = "",
                                     .detail = "" };
    return recalls_find_bags(scope, reading->id, &record->bags, err) &&
           recalls_find_told(scope, reading->id, &record->told, &record->told_count, err) &&
           journal_insert(scope, &act, err);
}

bool recall_record_read(struct service *service, const struct scope *who, const char *id,
                        struct recall_record *ret_record, struct rw_error *err)
{
    struct reading reading = { id, ret_record };
    const struct service_work work = { &reading, read_record };
    return service_transact(service, who, &work, err);
}

struct telling {
    const char *id;
    const struct recalls_told *told;
};

static bool tell(void *self, const struct scope *scope, struct rw_error *err)
{
    const struct telling *telling = self;
    const char *pseudonym = NULL;
    if (!recalls_insert_told(scope, telling->id, telling->told, err) ||
        !orders_pseudonym(scope, telling->told->client_id, &pseudonym, err))
        return false;
    const struct journal_act act = { .action = "tell",
                                     .object_type = "recall",
                                     .object_id = telling->id,
                                     .client = pseudonym ? pseudonym : "",
                                     .detail = telling->told->note };
    return journal_insert(scope, &act, err);
}

bool recall_record_tell(struct service *service, const struct scope *who, const char *id,
                        const struct recalls_told *told, struct rw_error *err)
{
    struct telling telling = { id, told };
    const struct service_work work = { &telling, tell };
    return service_transact(service, who, &work, err);
}

struct lifting {
    const char *id;
    const char *reason;
};

static bool lift(void *self, const struct scope *scope, struct rw_error *err)
{
    const struct lifting *lifting = self;
    const struct journal_act act = { .action = "lift",
                                     .object_type = "recall",
                                     .object_id = lifting->id,
                                     .client = "",
                                     .detail = lifting->reason };
    return recalls_lift(scope, lifting->id, lifting->reason, err) &&
           journal_insert(scope, &act, err);
}

bool recall_record_lift(struct service *service, const struct scope *who, const char *id,
                        const char *reason, struct rw_error *err)
{
    struct lifting lifting = { id, reason };
    const struct service_work work = { &lifting, lift };
    return service_transact(service, who, &work, err);
}
