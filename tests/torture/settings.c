/* SPDX-License-Identifier: Apache-2.0 */
/* The readers of a pharmacy's settings, with one signature. */
#include "tests/torture/settings.h"

#include "roll-builder/overrides.h"
#include "roll-builder/people.h"
#include "roll-builder/policy.h"
#include "roll-builder/products.h"

bool settings_read_policy(const char *bytes, size_t length, struct rw_arena *arena,
                          struct rw_error *err)
{
    struct policy policy;
    policy_init(&policy);
    return policy_read(bytes, length, arena, &policy, err);
}

bool settings_read_products(const char *bytes, size_t length, struct rw_arena *arena,
                            struct rw_error *err)
{
    struct products *products;
    return products_read(bytes, length, arena, &products, err);
}

bool settings_read_people(const char *bytes, size_t length, struct rw_arena *arena,
                          struct rw_error *err)
{
    struct people *people;
    struct daytimes site;
    daytimes_init(&site);
    return people_read(bytes, length, &site, arena, &people, err);
}

bool settings_read_overrides(const char *bytes, size_t length, struct rw_arena *arena,
                             struct rw_error *err)
{
    struct overrides overrides;
    return overrides_read(bytes, length, arena, &overrides, err);
}
