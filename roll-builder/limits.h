/* SPDX-License-Identifier: Apache-2.0 */
/* What a pharmacist wants to hear about a plan: doubles, days, halves. */
#ifndef RW_ROLL_BUILDER_LIMITS_H
#define RW_ROLL_BUILDER_LIMITS_H

#include <stddef.h>

#include "core/base/diag.h"
#include "roll-builder/line.h"

/* Findings D4 (no prescription), D5 (wished from the next roll on), D8 and A18 (one substance
 * twice), D12 (days apart), D25 (gap), D26 (most of a day), D23
 * (changing doses), D35 (light), D37 (batch), D39 (halves), D41 (opiates), D43 (look), D55 (high
 * risk). */
void limits_check_lines(const struct line *lines, size_t count, const struct window *window,
                        struct rw_diag *diag);

/* Finding D28: the weekday of the last day, and more days than the policy allows a roll. */
void limits_check_days(const struct policy *policy, const struct window *window,
                       struct rw_diag *diag);

#endif
