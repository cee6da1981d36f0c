/* SPDX-License-Identifier: Apache-2.0 */
/* Doses finer than a half, where the product table allows them (D40). */
#ifndef RW_ROLL_BUILDER_FRACTION_H
#define RW_ROLL_BUILDER_FRACTION_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "roll-builder/eligibility.h"
#include "roll-builder/products.h"

/* Was the order refused for its fractions alone, and may the product be split that far? */
bool fraction_may_plan(const struct eligibility *judged, const struct product *product);

/* Judges the order again as if each of its doses were whole, and gives the intakes their own
 * amounts back. What else there is to refuse is still refused. */
RW_MUST_USE bool fraction_judge(const struct order *order, const struct policy *policy,
                                const struct window *window, struct rw_arena *arena,
                                struct eligibility *ret_judged, struct rw_error *err);

#endif
