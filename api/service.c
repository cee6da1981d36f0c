/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the service share while it runs. */
#include "api/service.h"

#include "api/role.h"

struct conn_target service_database(const struct service *service)
{
    return (struct conn_target){ .text = service->database,
                                 .role = service->database_role,
                                 .pharmacy = service->pharmacy,
                                 .stopping = &service->stopping };
}

struct transaction {
    const struct scope *who;
    const struct service_work *work;
};

static bool run_work(void *self, struct conn *conn, struct rw_error *err)
{
    const struct transaction *transaction = self;
    struct scope scope = *transaction->who;
    scope.conn = conn;
    return transaction->work->run(transaction->work->self, &scope, err);
}

bool service_transact(struct service *service, const struct scope *who,
                      const struct service_work *work, struct rw_error *err)
{
    struct transaction transaction = { .who = who, .work = work };
    const struct conn_work in_database = { &transaction, run_work };
    return pool_transact(service->pool, &in_database, err);
}

bool service_read(struct service *service, const struct scope *who, const struct service_work *work,
                  struct rw_error *err)
{
    struct transaction transaction = { .who = who, .work = work };
    const struct conn_work in_database = { &transaction, run_work };
    return pool_read(service->pool, &in_database, err);
}

bool service_is_fed(const struct service *service, int64_t clock_ms)
{
    int64_t fed_ms = atomic_load(&service->fed_ms);
    return fed_ms > 0 && clock_ms - fed_ms < SERVICE_FED_MS_MAX;
}

struct scope service_who(const struct service *service, const struct exchange *exchange)
{
    return (struct scope){ .pharmacy = service->pharmacy,
                           .arena = exchange->arena,
                           .now_ms = exchange->now_ms,
                           .actor = exchange->caller.name ? exchange->caller.name : "",
                           .role = role_word(exchange->caller.role),
                           .source = exchange->link->source };
}

struct scope service_self(const struct service *service, struct rw_arena *arena)
{
    return (struct scope){ .pharmacy = service->pharmacy,
                           .arena = arena,
                           .now_ms = rw_clock_utc_ms(&service->clock),
                           .actor = "service",
                           .role = "service",
                           .source = "" };
}
