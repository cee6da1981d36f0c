/* SPDX-License-Identifier: Apache-2.0 */
/* Lists the intakes of one dosage that fall into a window. */
#ifndef RW_ROLL_BUILDER_OCCURRENCE_H
#define RW_ROLL_BUILDER_OCCURRENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "roll-builder/phases.h"
#include "roll-builder/policy.h"
#include "roll-builder/rhythm.h"
#include "roll-builder/window.h"

/* Intakes under construction. */
struct occurrence_list {
    struct intake *intakes;
    size_t count;
    size_t room;
    bool overflows; /* more than DOSING_INTAKES_MAX */
};

/* One phase of one dosage. `left` counts down the `count` of the dosage over its phases; a
 * negative number is no limit. */
struct occurrence {
    const struct dosing *dosing;
    const struct rhythm *rhythm;
    const struct phase *phase;
    const struct phases *phases;
    const struct policy *policy;
    const struct window *window;
    int64_t *left;
};

/* When an instant of a list is: a date alone is taken in the site's morning of that day. */
struct rw_stamp occurrence_event_at(const struct policy *policy, const struct dosing_point *event);
/* Appends the intakes of the phase in ascending order. A dose of 0 gives none, but counts. */
RW_MUST_USE bool occurrence_add(const struct occurrence *occurrence, struct rw_arena *arena,
                                struct occurrence_list *list, struct rw_error *err);
void occurrence_sort(struct occurrence_list *list);

#endif
