/* SPDX-License-Identifier: Apache-2.0 */
/* Which of a client's agreements count, and until when (A2, A18, A21). */
#ifndef RW_ROLL_BUILDER_CHOOSE_H
#define RW_ROLL_BUILDER_CHOOSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/diag.h"
#include "core/base/error.h"
#include "core/base/zone.h"
#include "core/model/order.h"
#include "roll-builder/eligibility.h"

#define CHOOSE_ORDERS_MAX 1024 /* lines of one client: choosing compares each with each */

/* What became of one order. A stop agreement itself stands: judging refuses it. */
struct chosen {
    const struct order *order;
    bool replaced;  /* another agreement stands in its place for the whole window */
    bool has_until; /* it counts only up to `until_utc_minute`, that minute included */
    int64_t until_utc_minute;
    const char *until_reason; /* "stop-agreement", "cancelled-agreement" or "replaced" */
    const struct order *by;   /* what replaced or ended it */
    bool not_in_gds;          /* a VV wishes it outside the roll */
};

/* `orders` are all lines of one client, in an order that does not depend on how the files were
 * given. The answer has one element for each, in the same order. Findings A2 and A18. */
RW_MUST_USE bool choose_orders(const struct order *const *orders, size_t count,
                               const struct window *window, const struct rw_zone *zone,
                               struct rw_diag *diag, struct chosen **ret_chosen,
                               struct rw_error *err);

#endif
