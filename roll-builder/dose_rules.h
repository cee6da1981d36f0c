/* SPDX-License-Identifier: Apache-2.0 */
/* Judges amount, unit, route and ranges of one dosage. */
#ifndef RW_ROLL_BUILDER_DOSE_RULES_H
#define RW_ROLL_BUILDER_DOSE_RULES_H

#include <stdbool.h>

#include "core/base/diag.h"
#include "core/model/dosing.h"

/* Adds a blocking finding for each word of the contract that holds. False when the dosage says
 * nothing about time, so that its timing need not be looked at. */
bool dose_rules_check(const struct dosing *dosing, struct rw_diag *diag);

#endif
