/* SPDX-License-Identifier: Apache-2.0 */
/* Judges medicines that are taken on one fixed day of the week. */
#ifndef RW_ROLL_BUILDER_WEEKLY_H
#define RW_ROLL_BUILDER_WEEKLY_H

#include <stddef.h>

#include "core/base/diag.h"
#include "roll-builder/line.h"

/* Findings D11: more than one weekday in a fortnight, by one order or by several of one substance,
 * and several strengths in one plan, block; what is packed asks for a second person. */
void weekly_check(const struct line *lines, size_t count, struct rw_diag *diag);

#endif
