/* SPDX-License-Identifier: Apache-2.0 */
/* Makes an invented client with orders, ready to plan. */
#include "tests/unit/roll-builder/planned.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attributes.h"
#include "core/base/text.h"

#define PLAIN "\"solid\":true,\"packable\":true"
#define ROW_MAX 256

/* A product and what its row says beside name, form, strength and code. */
static const char *const rows[][2] = {
    { "a", PLAIN },
    { "b", PLAIN },
    { "c", PLAIN },
    { "d", PLAIN },
    { "e", PLAIN },
    { "f", PLAIN },
    { "g", PLAIN ",\"gap_min\":300" },
    { "h", PLAIN ",\"split\":2,\"day_milli_max\":4000,\"bag_milli_max\":2000" },
    { "quarter", PLAIN ",\"split\":4" },
    { "alone", PLAIN ",\"separate\":true" },
    { "weekly", PLAIN ",\"weekly\":true" },
    { "light", PLAIN ",\"light\":true" },
    { "drops", "\"solid\":false,\"packable\":false" },
    { "moist", "\"solid\":true,\"packable\":false" },
    { "gone", PLAIN ",\"in_stock\":false" },
    { "old", PLAIN ",\"expiry\":\"2026-11-25\"" },
};

static struct products *read_table(struct rw_arena *arena)
{
    struct rw_text text;
    struct products *products = NULL;
    struct rw_error err = { 0 };
    rw_text_init(&text, arena, ROW_MAX * RW_COUNT(rows));
    rw_text_add(&text, "{\"format\":\"rolwacht/products/1\",\"products\":[");
    for (size_t i = 0; i < RW_COUNT(rows); i++)
        rw_text_format(&text,
                       "%s{\"code\":\"%s\",\"name\":\"%s\",\"form\":\"tablet\","
                       "\"strength\":\"5 mg\",\"look\":\"wit\",\"codes\":"
                       "[{\"system\":\"urn:p\",\"code\":\"%s\"}],%s}",
                       i > 0 ? "," : "", rows[i][0], rows[i][0], rows[i][0], rows[i][1]);
    rw_text_add(&text, "]}");
    if (!products_read(text.bytes, text.length, arena, &products, &err))
        fail_msg("%s: %s", err.at, err.text);
    return products;
}

void planned_begin(struct planned *planned, struct made *made)
{
    *planned = (struct planned){ .made = made };
    policy_init(&planned->policy);
    planned->policy.zone = made->zone;
    planned->media = *media_find("generic-70x60");
    planned->window = (struct window){ .from = MADE_FROM, .days = 14 };
    planned->products = read_table(made->arena);
    planned->request = (struct plan_request){ .client_id = "c1",
                                              .policy = &planned->policy,
                                              .products = planned->products,
                                              .media = &planned->media,
                                              .window = &planned->window,
                                              .number = "240000171",
                                              .pharmacy_key = made->pharmacy_key };
}

struct order *planned_add(struct planned *planned, const char *product, int64_t milli,
                          const int32_t *hours, size_t hour_count)
{
    struct rw_error err = { 0 };
    const size_t index = planned->count++;
    struct order *order = &planned->orders[index];
    struct dosing *dosing = &planned->dosings[index];
    struct medicine_code *code = rw_arena_alloc(planned->made->arena, sizeof *code, &err);
    const char *id = rw_arena_format(planned->made->arena, &err, "o%zu", index);
    assert_true(index < PLANNED_ORDERS && code != NULL && id != NULL);
    *code = (struct medicine_code){ .system = "urn:p", .code = product };
    *order = made_order(ORDER_TA, id);
    order->treatment = rw_arena_format(planned->made->arena, &err, "t|%zu", index);
    order->gds = true;
    order->product = (struct medicine){ .text = product, .codes = code, .code_count = 1 };
    *dosing =
        (struct dosing){ .pointer = order->pointer,
                         .route = DOSING_ROUTE_ORAL,
                         .dose_count = 1,
                         .dose = { .given = true, .milli = milli, .countable = DOSING_COUNTABLE },
                         .has_timing = true,
                         .has_repeat = true,
                         .time_count = hour_count };
    for (size_t i = 0; i < hour_count; i++)
        dosing->times[i] = hours[i] * 60;
    order->dosings = dosing;
    order->dosing_count = 1;
    return order;
}

struct roll *planned_roll(struct planned *planned, bool *ret_blocked)
{
    struct roll *roll = NULL;
    struct rw_error err = { 0 };
    struct rw_arena *arena = planned->made->arena;
    const struct order **list = rw_arena_array(arena, planned->count, sizeof *list, &err);
    assert_non_null(list);
    for (size_t i = 0; i < planned->count; i++)
        list[i] = &planned->orders[i];
    planned->request.orders = list;
    planned->request.order_count = planned->count;
    if (!plan_roll(&planned->request, arena, &roll, ret_blocked, &err))
        fail_msg("%s: %s", err.at, err.text);
    return roll;
}

bool planned_has(const struct roll *roll, const char *id, const char *reason,
                 enum rw_severity severity)
{
    for (size_t i = 0; i < roll->findings.count; i++) {
        const struct rw_finding *finding = &roll->findings.findings[i];
        if (strcmp(finding->id, id) == 0 && strcmp(finding->reason, reason) == 0 &&
            finding->severity == severity)
            return true;
    }
    return false;
}

int64_t planned_milli(const struct roll *roll, const char *product)
{
    int64_t sum = 0;
    for (size_t i = 0; i < roll->bag_count; i++) {
        for (size_t j = 0; j < roll->bags[i].content_count; j++) {
            if (strcmp(roll->bags[i].contents[j].product, product) == 0)
                sum += roll->bags[i].contents[j].milli;
        }
    }
    return sum;
}
