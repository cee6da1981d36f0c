/* SPDX-License-Identifier: Apache-2.0 */
/* Counts a finished roll back against its orders, apart from plan. */
#ifndef RW_ROLL_BUILDER_AUDIT_H
#define RW_ROLL_BUILDER_AUDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/dosing.h"
#include "core/model/roll.h"

/* One order as it was judged, before anything was packed. */
struct audit_order {
    const char *label;   /* how the roll names it */
    const char *product; /* what was to be packed for it; NULL when the table has no such row */
    const struct intake *intakes;
    size_t count;
    bool replaced; /* chosen away: no part of it may be packed or counted */
};

struct audit_facts {
    const struct audit_order *orders;
    size_t count;
    const uint8_t *roll_key; /* RW_HMAC_KEY_BYTES */
    int32_t pieces_max;      /* of one bag */
    int32_t products_max;
    int32_t volume_max_ul; /* 0: not limited */
};

/* Fails with RW_BUG unless: each order's every intake is in the roll at its moment, or in a loose
 * or excluded line, to the thousandth; each product's own balance and the roll's sums say the same;
 * each piece names the dosage of its order that asked for it at that moment; bags stand in order of
 * time with their places, parts, limits, serials and good codes; exact intakes lie in exact bags.
 */
RW_MUST_USE bool audit_roll(const struct roll *roll, const struct audit_facts *facts,
                            struct rw_error *err);

#endif
