/* SPDX-License-Identifier: Apache-2.0 */
/* What a pharmacist wants to hear about the bags of a roll. */
#ifndef RW_ROLL_BUILDER_LIMITS_BAGS_H
#define RW_ROLL_BUILDER_LIMITS_BAGS_H

#include <stddef.h>

#include "core/base/diag.h"
#include "core/model/roll.h"
#include "roll-builder/line.h"

/* Findings D26 (most in one bag), D36 (out of date before it is taken), D42 (look-alikes) over a
 * roll's bags; each once for an order. */
void limits_bags_check(const struct roll *roll, const struct line *lines, size_t count,
                       struct rw_diag *diag);

#endif
