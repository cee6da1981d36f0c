/* SPDX-License-Identifier: Apache-2.0 */
/* Tells a person what is worth knowing about a dosage. */
#ifndef RW_ROLL_BUILDER_REMARKS_H
#define RW_ROLL_BUILDER_REMARKS_H

#include <stdbool.h>

#include "core/base/diag.h"
#include "core/model/dosing.h"
#include "roll-builder/rhythm.h"

/* Words alone are never planned: what they may mean is offered to a person (A8). */
void remarks_suggest(const struct dosing *dosing, struct rw_diag *findings);
/* About a dosage that is planned; `alone` when the order has no other. */
void remarks_tell(const struct dosing *dosing, const struct rhythm *rhythm, bool alone,
                  struct rw_diag *findings);

#endif
