/* SPDX-License-Identifier: Apache-2.0 */
/* Decides what one order alone means: intakes or a refusal. */
#ifndef RW_ROLL_BUILDER_ELIGIBILITY_H
#define RW_ROLL_BUILDER_ELIGIBILITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/diag.h"
#include "core/base/error.h"
#include "core/model/order.h"
#include "roll-builder/policy.h"
#include "roll-builder/window.h"

struct eligibility {
    const struct order *order;
    bool planned;       /* outcome "plan", else "refuse" */
    const char *reason; /* when refused */
    const char *reason_pointer;
    enum order_destination destination; /* ORDER_EXCLUDED when refused */
    struct intake *intakes;             /* ascending by moment in time */
    size_t intake_count;
    size_t *as_needed; /* indexes of the PRN dosings that stand beside regular ones (A1) */
    size_t as_needed_count;
    struct rw_diag findings;
};

/* Judges one order as if it stood alone (docs/DOSING.md). Never fails on
 * input: only memory and our own faults are errors. */
RW_MUST_USE bool eligibility_judge(const struct order *order, const struct policy *policy,
                                   const struct window *window, struct rw_arena *arena,
                                   struct eligibility *ret_eligibility, struct rw_error *err);

#endif
