/* SPDX-License-Identifier: Apache-2.0 */
/* Lists what lies outside a roll and balances every product. */
#ifndef RW_ROLL_BUILDER_OUTSIDE_H
#define RW_ROLL_BUILDER_OUTSIDE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/roll.h"
#include "roll-builder/line.h"

/* Fills the loose and excluded lines of the roll, its sums and its balances by product. */
RW_MUST_USE bool outside_list(struct roll *roll, const struct line *lines, size_t count,
                              struct rw_arena *arena, struct rw_error *err);

#endif
