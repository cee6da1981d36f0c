/* SPDX-License-Identifier: Apache-2.0 */
/* The clock on the wall of the pharmacy: its zone and its day. */
#include "api/wall.h"

#include "api/service.h"
#include "db/settings.h"
#include "roll-builder/policy.h"

#define MINUTE_MS INT64_C(60000)
#define DAY_MS INT64_C(86400000)

static bool read_policy(void *self, const struct scope *scope, struct rw_error *err)
{
    struct policy *policy = self;
    struct settings_row row;
    policy_init(policy);
    return settings_find(scope, "policy", &row, err) &&
           (row.version == 0 || policy_read(row.bytes, row.length, scope->arena, policy, err));
}

bool wall_zone(const struct scope *scope, struct rw_zone **ret_zone, struct rw_error *err)
{
    struct policy policy;
    return read_policy(&policy, scope, err) && rw_zone_open(policy.zone_name, ret_zone, err);
}

bool wall_open(struct service *service, struct exchange *exchange, struct rw_zone **ret_zone,
               struct rw_error *err)
{
    struct policy policy;
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &policy, read_policy };
    return service_read(service, &who, &work, err) && rw_zone_open(policy.zone_name, ret_zone, err);
}

int32_t wall_today(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct rw_zone *zone = NULL;
    if (!wall_open(service, exchange, &zone, &err))
        return (int32_t)(exchange->now_ms / DAY_MS);
    int32_t day = rw_zone_at(zone, exchange->now_ms / MINUTE_MS).wall.day;
    rw_zone_close(zone);
    return day;
}
