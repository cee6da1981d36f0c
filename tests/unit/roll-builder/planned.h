/* SPDX-License-Identifier: Apache-2.0 */
/* An invented client with orders that tests may change, ready to plan. */
#ifndef RW_TESTS_UNIT_ROLL_BUILDER_PLANNED_H
#define RW_TESTS_UNIT_ROLL_BUILDER_PLANNED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "roll-builder/plan.h"
#include "tests/unit/roll-builder/made.h"

#define PLANNED_ORDERS 16

/* Products: "a" to "h" plain tablets (h in halves), "quarter", "alone" separate, "weekly", "light",
 * "drops" not solid, "moist" not packable, "gone" out of stock, "old" expires 2026-11-25. */
struct planned {
    struct made *made;
    struct order orders[PLANNED_ORDERS];
    struct dosing dosings[PLANNED_ORDERS];
    size_t count;
    struct policy policy;
    struct products *products;
    struct media media;
    struct window window; /* 14 days from MADE_FROM */
    struct plan_request request;
};

void planned_begin(struct planned *planned, struct made *made);
/* Adds a TA for the roll: `milli` of a product each day at these hours; gives its order. */
struct order *planned_add(struct planned *planned, const char *product, int64_t milli,
                          const int32_t *hours, size_t hour_count);
/* Plans; fails the test on an error. */
struct roll *planned_roll(struct planned *planned, bool *ret_blocked);
bool planned_has(const struct roll *roll, const char *id, const char *reason,
                 enum rw_severity severity);
/* The amount of a product over all bags. */
int64_t planned_milli(const struct roll *roll, const char *product);

#endif
