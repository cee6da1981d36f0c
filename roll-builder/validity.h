/* SPDX-License-Identifier: Apache-2.0 */
/* Tells whether an order and each dosage of it hold in a window. */
#ifndef RW_ROLL_BUILDER_VALIDITY_H
#define RW_ROLL_BUILDER_VALIDITY_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/base/zone.h"
#include "core/model/order.h"
#include "roll-builder/window.h"

/* Where the order does not say, or contradicts itself, it holds: what may be in use is told. */
struct validity {
    bool lapsed[ORDER_DOSINGS_MAX]; /* the dosage has ended before the window or begins after it */
    bool ended;                     /* all of the order ended before the window */
    bool to_come;                   /* all of it begins after the window */
};

RW_MUST_USE bool validity_find(const struct order *order, const struct window *window,
                               const struct rw_zone *zone, struct rw_arena *arena,
                               struct validity *ret_validity, struct rw_error *err);

#endif
