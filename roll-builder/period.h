/* SPDX-License-Identifier: Apache-2.0 */
/* The period of use of an order: from when and until when it holds. */
#ifndef RW_ROLL_BUILDER_PERIOD_H
#define RW_ROLL_BUILDER_PERIOD_H

#include <stdint.h>

#include "core/base/zone.h"
#include "core/model/order.h"
#include "roll-builder/fault_list.h"
#include "roll-builder/window.h"

#define PERIOD_NEVER INT64_MAX
#define PERIOD_ALWAYS INT64_MIN

/* [from, until) in seconds since 1970-01-01T00:00Z. */
struct period {
    int64_t from;              /* PERIOD_ALWAYS: the order names no start */
    int64_t until;             /* PERIOD_NEVER: nor an end */
    struct dosing_point start; /* of the order, or of the operator where the order names none */
};

/* A fault speaks of the whole order: its dosing is the order's count of dosages. */
void period_find(const struct order *order, const struct window *window, const struct rw_zone *zone,
                 struct period *ret_period, struct fault_list *faults);

#endif
