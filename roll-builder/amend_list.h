/* SPDX-License-Identifier: Apache-2.0 */
/* The toedienlijst of a roll, and what is new on it. */
#ifndef RW_ROLL_BUILDER_AMEND_LIST_H
#define RW_ROLL_BUILDER_AMEND_LIST_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/roll.h"
#include "roll-builder/amend.h"

/* Fills `list`: first what lies in the new roll, then what is loose, then what fell off. Two
 * products are compared by their times of day and amounts, not by their dates. */
RW_MUST_USE bool amend_list_make(const struct roll *old_roll, const struct roll *new_roll,
                                 struct rw_arena *arena, struct amendment *amendment,
                                 struct rw_error *err);

#endif
