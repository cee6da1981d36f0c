/* SPDX-License-Identifier: Apache-2.0 */
/* One period as consecutive rolls, when a dispenser takes fewer bags. */
#ifndef RW_ROLL_BUILDER_SERIES_H
#define RW_ROLL_BUILDER_SERIES_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/roll.h"
#include "roll-builder/plan.h"

#define SERIES_ROLLS_MAX 366 /* a roll has at least a day, a window at most a year */

/* Gives the number of the second roll (`part` 2) and on; the first has the request's. */
struct series_numbers {
    void *self;
    const char *(*take)(void *self, size_t part, struct rw_arena *arena, struct rw_error *err);
};

struct series {
    struct roll **rolls; /* in order of time; one when nothing is divided or it is blocked */
    size_t count;
    bool blocked;
};

/* As few rolls as the dispenser's room asks for, each of whole days and as even as can be. Their
 * periods follow each other without gap or overlap, and together they hold each bag that the one
 * long roll would have held, or it is RW_BUG. All are packed on the first day (D36). A single day
 * that is too much for a roll blocks, and so does whatever blocks the period as a whole. */
RW_MUST_USE bool series_plan(const struct plan_request *request,
                             const struct series_numbers *numbers, struct rw_arena *arena,
                             struct series *ret_series, struct rw_error *err);

#endif
