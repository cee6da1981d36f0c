/* SPDX-License-Identifier: Apache-2.0 */
/* Looks for what a client uses and nobody ordered. */
#ifndef RW_ROLL_BUILDER_RECONCILE_H
#define RW_ROLL_BUILDER_RECONCILE_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/diag.h"
#include "roll-builder/line.h"

/* Finding D2 for each statement of use (MP9: medicatiegebruik) that is in force on the first day
 * and has no order of its treatment or substance beside it: a roll that is checked against its
 * orders alone does not show what the orders forgot. */
void reconcile_check(const struct line *lines, size_t count, int32_t from, struct rw_diag *diag);

#endif
