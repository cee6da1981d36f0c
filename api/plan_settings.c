/* SPDX-License-Identifier: Apache-2.0 */
/* The policy and the product table that hold, ready to plan with. */
#include "api/plan_settings.h"

#include "core/base/text.h"
#include "db/journal.h"
#include "db/settings.h"

bool plan_settings_open(const struct scope *scope, struct plan_settings *settings,
                        struct rw_error *err)
{
    struct settings_row policy;
    struct settings_row products;
    plan_settings_close(settings);
    policy_init(&settings->policy);
    if (!settings_find(scope, "policy", &policy, err) ||
        !settings_find(scope, "products", &products, err))
        return false;
    if (policy.version > 0 &&
        !policy_read(policy.bytes, policy.length, scope->arena, &settings->policy, err))
        return false;
    if (products.version > 0 &&
        !products_read(products.bytes, products.length, scope->arena, &settings->products, err))
        return false;
    settings->policy_version = policy.version;
    settings->products_version = products.version;
    if (!rw_zone_open(settings->policy.zone_name, &settings->zone, err))
        return false;
    settings->policy.zone = settings->zone;
    return true;
}

void plan_settings_close(struct plan_settings *settings)
{
    rw_zone_close(settings->zone);
    *settings = (struct plan_settings){ 0 };
}

static bool check(const struct scope *scope, const char *kind, const char *bytes, size_t length,
                  struct rw_error *err)
{
    struct policy policy;
    struct products *products = NULL;
    struct rw_zone *zone = NULL;
    if (rw_text_equal(kind, "products"))
        return products_read(bytes, length, scope->arena, &products, err);
    policy_init(&policy);
    bool good = policy_read(bytes, length, scope->arena, &policy, err) &&
                rw_zone_open(policy.zone_name, &zone, err);
    rw_zone_close(zone);
    return good;
}

bool plan_settings_store(const struct scope *scope, const char *kind, const char *bytes,
                         size_t length, int64_t *ret_version, struct rw_error *err)
{
    int64_t version = 0;
    if (!check(scope, kind, bytes, length, err) ||
        !settings_insert(scope, kind, bytes, length, &version, err))
        return false;
    const char *detail = rw_arena_format(scope->arena, err, "version %lld", (long long)version);
    if (!detail)
        return false;
    const struct journal_act act = { .action = "change",
                                     .object_type = "settings",
                                     .object_id = kind,
                                     .client = "",
                                     .detail = detail };
    if (!journal_insert(scope, &act, err))
        return false;
    *ret_version = version;
    return true;
}
