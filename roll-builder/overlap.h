/* SPDX-License-Identifier: Apache-2.0 */
/* Finds dosages of one order that meet at one time. */
#ifndef RW_ROLL_BUILDER_OVERLAP_H
#define RW_ROLL_BUILDER_OVERLAP_H

#include <stdbool.h>
#include <stddef.h>

#include "core/model/order.h"
#include "roll-builder/phases.h"
#include "roll-builder/policy.h"
#include "roll-builder/rhythm.h"

/* True when two phases meet on one day and both would give an intake at one time of that day:
 * "until the 10th" and "from the 10th on" are then most likely one dose and not two. Both ends
 * count, so that the words alone would double it. `rhythms` has one row for each dosage. */
bool overlap_find(const struct order *order, const struct rhythm *rhythms,
                  const struct phases *phases, const struct policy *policy, size_t *ret_dosing);

/* True when two dosages that run side by side would both give an intake at one time, and nothing
 * says that both are meant: they bear no number, or one of them leaves its time to the site. */
bool overlap_find_double(const struct order *order, const struct rhythm *rhythms,
                         const struct phases *phases, const struct policy *policy,
                         size_t *ret_dosing);

#endif
