/* SPDX-License-Identifier: Apache-2.0 */
/* Compares what was handed over for an agreement with what it needs. */
#ifndef RW_ROLL_BUILDER_SUPPLY_H
#define RW_ROLL_BUILDER_SUPPLY_H

#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/diag.h"
#include "core/base/error.h"
#include "core/model/order.h"
#include "roll-builder/policy.h"

#define SUPPLY_DAYS_MAX 366 /* an agreement that lasts longer is not compared */

/* The orders among which an agreement of the pharmacy stands, and how a finding names it. */
struct supply {
    const struct order *const *orders;
    size_t order_count;
    const struct policy *policy; /* its zone is open */
};

/* A supply (MVE) is a cross-check and never a rule: often a part of the period is handed over. Adds
 * a finding where all supplies of the agreement's treatment hold another number of pieces than the
 * agreement needs from its start to its end. Says nothing where one of these is not known, or where
 * a second agreement shares the supplies. */
RW_MUST_USE bool supply_compare(const struct supply *supply, const struct order *agreement,
                                const char *pointer, struct rw_arena *arena,
                                struct rw_diag *findings, struct rw_error *err);

#endif
