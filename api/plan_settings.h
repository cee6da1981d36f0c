/* SPDX-License-Identifier: Apache-2.0 */
/* The policy and the product table that hold, ready to plan with. */
#ifndef RW_API_PLAN_SETTINGS_H
#define RW_API_PLAN_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/attributes.h"
#include "core/base/zone.h"
#include "db/scope.h"
#include "roll-builder/policy.h"
#include "roll-builder/products.h"

/* All zero before plan_settings_open; the zone is closed by plan_settings_close. */
struct plan_settings {
    struct policy policy;
    int64_t policy_version; /* 0 = nobody gave one: the defaults */
    struct products *products;
    int64_t products_version; /* 0 = nobody gave one: nothing may be packed */
    struct rw_zone *zone;
};

RW_MUST_USE bool plan_settings_open(const struct scope *scope, struct plan_settings *settings,
                                    struct rw_error *err);
void plan_settings_close(struct plan_settings *settings);
/* Stores a policy ("policy") or a product table ("products") after reading it. */
RW_MUST_USE bool plan_settings_store(const struct scope *scope, const char *kind, const char *bytes,
                                     size_t length, int64_t *ret_version, struct rw_error *err);

#endif
