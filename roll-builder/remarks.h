/* SPDX-License-Identifier: Apache-2.0 */
/* Tells a person what is worth knowing about a dosage. */
#ifndef RW_ROLL_BUILDER_REMARKS_H
#define RW_ROLL_BUILDER_REMARKS_H

#include "core/base/diag.h"
#include "core/model/order.h"
#include "roll-builder/occurrence.h"
#include "roll-builder/rhythm.h"

/* Words alone are never planned: what they may mean is offered to a person (A8). */
void remarks_suggest(const struct dosing *dosing, struct rw_diag *findings);
/* About a dosage that is planned. */
void remarks_tell(const struct order *order, const struct dosing *dosing,
                  const struct rhythm *rhythm, struct rw_diag *findings);
/* About times that were not planned as they are written. */
void remarks_moved(const struct order *order, const struct occurrence_list *list,
                   struct rw_diag *findings);
/* About amounts beyond the most that the order itself states (maxDose…). */
void remarks_maximum(const struct order *order, const struct occurrence_list *list,
                     struct rw_diag *findings);

#endif
