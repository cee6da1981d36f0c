/* SPDX-License-Identifier: Apache-2.0 */
/* Has messages that were not delivered tried again. */
#include "api/resend.h"

#include "api/service.h"
#include "db/journal.h"

struct resending {
    bool dead;
    struct resend_list list;
    const char *outbox_id;
    int64_t count;
};

static bool find(void *self, const struct scope *scope, struct rw_error *err)
{
    struct resending *resending = self;
    struct resend_list *list = &resending->list;
    return outbox_find(scope, resending->dead, &list->rows, &list->count, err) &&
           outbox_count(scope, &list->counts, err);
}

bool resend_list(struct service *service, const struct scope *who, bool dead,
                 struct resend_list *ret_list, struct rw_error *err)
{
    struct resending resending = { .dead = dead };
    const struct service_work work = { &resending, find };
    if (!service_read(service, who, &work, err))
        return false;
    *ret_list = resending.list;
    return true;
}

static bool note(const struct scope *scope, const char *object_id, const char *detail,
                 struct rw_error *err)
{
    const struct journal_act act = { .action = "retry",
                                     .object_type = "message",
                                     .object_id = object_id,
                                     .client = "",
                                     .detail = detail };
    return journal_insert(scope, &act, err);
}

static bool revive(void *self, const struct scope *scope, struct rw_error *err)
{
    const struct resending *resending = self;
    return outbox_revive(scope, resending->outbox_id, err) &&
           note(scope, resending->outbox_id, "", err);
}

bool resend_one(struct service *service, const struct scope *who, const char *outbox_id,
                struct rw_error *err)
{
    struct resending resending = { .outbox_id = outbox_id };
    const struct service_work work = { &resending, revive };
    return service_transact(service, who, &work, err);
}

static bool revive_all(void *self, const struct scope *scope, struct rw_error *err)
{
    struct resending *resending = self;
    if (!outbox_revive_dead(scope, &resending->count, err))
        return false;
    const char *detail = rw_arena_format(scope->arena, err, "all that was set aside: %lld",
                                         (long long)resending->count);
    return detail && (resending->count == 0 || note(scope, "", detail, err));
}

bool resend_all(struct service *service, const struct scope *who, int64_t *ret_count,
                struct rw_error *err)
{
    struct resending resending = { 0 };
    const struct service_work work = { &resending, revive_all };
    if (!service_transact(service, who, &work, err))
        return false;
    *ret_count = resending.count;
    return true;
}
