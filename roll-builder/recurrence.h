/* SPDX-License-Identifier: Apache-2.0 */
/* Turns the timing of a dosage into a rhythm, or says why not. */
#ifndef RW_ROLL_BUILDER_RECURRENCE_H
#define RW_ROLL_BUILDER_RECURRENCE_H

#include <stdbool.h>

#include "core/model/dosing.h"
#include "roll-builder/fault_list.h"
#include "roll-builder/policy.h"
#include "roll-builder/rhythm.h"

/* False with at least one fault. */
bool recurrence_make(const struct dosing *dosing, const struct policy *policy,
                     struct rhythm *ret_rhythm, struct fault_list *faults);

#endif
