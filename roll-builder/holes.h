/* SPDX-License-Identifier: Apache-2.0 */
/* Finds doses of replaced agreements that nothing stands in for. */
#ifndef RW_ROLL_BUILDER_HOLES_H
#define RW_ROLL_BUILDER_HOLES_H

#include <stddef.h>

#include "core/base/diag.h"
#include "core/base/zone.h"
#include "roll-builder/line.h"
#include "roll-builder/window.h"

/* A replaced agreement is gone for the whole window, though what replaced it may begin later, end
 * earlier or give nothing at all: then a medicine is left out that nobody meant to end (A18, D2).
 * `lines` are all orders of one client. */
void holes_check(const struct line *lines, size_t count, const struct window *window,
                 const struct rw_zone *zone, struct rw_diag *diag);

#endif
