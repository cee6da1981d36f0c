/* SPDX-License-Identifier: Apache-2.0 */
/* The page of policy and product table: what holds, and a new one. */
#include "api/handlers.h"
#include "api/page.h"
#include "api/plan_settings.h"
#include "api/routes.h"
#include "api/service.h"
#include "core/base/text.h"
#include "db/settings.h"

#define VERSIONS_SHOWN 10

struct overview {
    struct plan_settings settings;
    struct settings_version *policies;
    size_t policy_count;
    struct settings_version *tables;
    size_t table_count;
};

static bool read_settings(void *self, const struct scope *scope, struct rw_error *err)
{
    struct overview *overview = self;
    return plan_settings_open(scope, &overview->settings, err) &&
           settings_history(scope, "policy", &overview->policies, &overview->policy_count, err) &&
           settings_history(scope, "products", &overview->tables, &overview->table_count, err);
}

static void write_versions(struct page *page, const char *name,
                           const struct settings_version *versions, size_t count)
{
    json_write_list(&page->json, name);
    for (size_t i = 0; i < count && i < VERSIONS_SHOWN; i++) {
        json_write_object(&page->json, NULL);
        json_write_int(&page->json, "number", versions[i].version);
        json_write_text(&page->json, "by", versions[i].actor);
        page_time(page, "at", versions[i].at_ms);
        json_write_object_end(&page->json);
    }
    json_write_list_end(&page->json);
}

static void show(struct service *service, struct exchange *exchange, const struct rw_error *trouble)
{
    struct rw_error err = { 0 };
    struct page page;
    struct overview overview = { 0 };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &overview, read_settings };
    bool done = service_transact(service, &who, &work, &err);
    if (!done) {
        plan_settings_close(&overview.settings);
        page_fail(service, exchange, &err);
        return;
    }
    const struct policy *policy = &overview.settings.policy;
    const struct products *products = overview.settings.products;
    page_begin(&page, service, exchange, "settings", trouble);
    json_write_int(&page.json, "policy_version", overview.settings.policy_version);
    json_write_int(&page.json, "products_version", overview.settings.products_version);
    json_write_int(&page.json, "product_count", products ? (int64_t)products->count : 0);
    json_write_text(&page.json, "pharmacy", policy->pharmacy_name);
    json_write_text(&page.json, "zone", policy->zone_name);
    json_write_text(&page.json, "media", policy->media);
    json_write_int(&page.json, "alarm_after_min", policy->alarm_after_min);
    json_write_bool(&page.json, "may_policy", routes_may(exchange, "POST", "/settings/policy"));
    json_write_bool(&page.json, "may_products", routes_may(exchange, "POST", "/settings/products"));
    write_versions(&page, "policies", overview.policies, overview.policy_count);
    write_versions(&page, "tables", overview.tables, overview.table_count);
    plan_settings_close(&overview.settings);
    page_send(&page);
}

void handle_console_settings_get(struct service *service, struct exchange *exchange)
{
    show(service, exchange, NULL);
}

struct storing {
    const char *kind;
    const struct exchange_pair *file;
    int64_t version;
};

static bool store(void *self, const struct scope *scope, struct rw_error *err)
{
    struct storing *storing = self;
    return plan_settings_store(scope, storing->kind, storing->file->value,
                               storing->file->value_length, &storing->version, err);
}

/* It is read first: a file with a fault is refused with its place, and what holds goes on. */
static void take(struct service *service, struct exchange *exchange, const char *kind)
{
    struct rw_error err = { 0 };
    struct storing storing = { .kind = kind };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &storing, store };
    for (size_t i = 0; i < exchange->field_count; i++) {
        if (rw_text_equal(exchange->fields[i].name, "file"))
            storing.file = &exchange->fields[i];
    }
    if (!storing.file || storing.file->value_length == 0)
        (void)rw_error_set(&err, RW_INVALID, "/file", "no file was chosen");
    if (err.code != RW_OK || !service_transact(service, &who, &work, &err))
        show(service, exchange, &err);
    else
        page_go(service, exchange, "/settings?done=settings");
}

void handle_console_policy_post(struct service *service, struct exchange *exchange)
{
    take(service, exchange, "policy");
}

void handle_console_products_post(struct service *service, struct exchange *exchange)
{
    take(service, exchange, "products");
}
