/* SPDX-License-Identifier: Apache-2.0 */
/* The toedienlijst of a roll, and what is new on it. */
#ifndef RW_ROLL_BUILDER_AMEND_LIST_H
#define RW_ROLL_BUILDER_AMEND_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/roll.h"

#define AMEND_LIST_MAX 1024 /* lines of one toedienlijst */

enum amend_change { AMEND_SAME, AMEND_ADDED, AMEND_CHANGED, AMEND_REMOVED, AMEND_CHANGE_COUNT };

/* One line of the list that the care team gives medicines by: roll and loose together. */
struct amend_line {
    bool loose;
    const char *product; /* may be NULL for a loose line */
    const char *name;
    const char *strength; /* may be NULL for a loose line */
    const char *look;     /* NULL for a loose line */
    const char *text;     /* dosage text of a loose line; may be NULL */
    enum amend_change change;
    struct roll_times times;
};

/* Gives first what lies in the new roll, then what is loose, then what fell off. Two
 * products are compared by their times of day, amounts and weekdays, not by their dates, and by
 * looks: who gives them must hear of another tablet (D43). */
RW_MUST_USE bool amend_list_make(const struct roll *old_roll, const struct roll *new_roll,
                                 struct rw_arena *arena, struct amend_line **ret_list,
                                 size_t *ret_count, struct rw_error *err);

#endif
