/* SPDX-License-Identifier: Apache-2.0 */
/* Tells what one order means in lines for a person. */
#ifndef RW_CLI_PLAN_TEXT_H
#define RW_CLI_PLAN_TEXT_H

#include "core/base/text.h"
#include "roll-builder/eligibility.h"

/* The product and what becomes of it; days of the same times as one line, from the first day to
 * the last; then each finding with its place. */
void plan_text_add(struct rw_text *text, const struct eligibility *verdict);

#endif
