/* SPDX-License-Identifier: Apache-2.0 */
/* What must happen to a roll that is out, and bags made again. */
#ifndef RW_ROLL_BUILDER_AMEND_H
#define RW_ROLL_BUILDER_AMEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/roll.h"
#include "roll-builder/amend_list.h"

enum amend_action {
    AMEND_AT_NEXT_ROLL,       /* nothing changes before the old roll is empty */
    AMEND_REPLACE_FROM,       /* from one bag on the new roll counts, the rest comes back */
    AMEND_ADD_LOOSE,          /* the roll stays; something is handed over beside it */
    AMEND_REMOVE_BY_PHARMACY, /* whole bags are taken out, no other bag changes */
    AMEND_ACTION_COUNT
};
const char *amend_action_word(enum amend_action action); /* "AT_NEXT_ROLL" … */

const char *amend_change_word(enum amend_change change); /* "same" … */

struct amendment {
    enum amend_action action;
    int32_t from;            /* n of the old roll's first bag that no longer counts; 0 = none */
    int32_t new_first;       /* n of the new roll's first bag that counts; 0 = none */
    const char **superseded; /* serials of the old roll's dose bags that no longer count */
    size_t superseded_count;
    /* Of these, the ones behind the last day of a new roll that ends before the old one: nothing
     * takes their place until a roll for that time is made (D28). NULL and 0 when there are none.
     */
    const struct bag *uncovered; /* the first */
    size_t uncovered_count;
    struct amend_line *list; /* the new toedienlijst, and what fell off it */
    size_t list_count;
};

/* Compares two rolls of one client (RW_INVALID when they are not). No moment is ever left with a
 * bag of both. Of days behind the last one of a shorter new roll, it means to take the bags out
 * when it `replaces` the old roll, and says nothing when it does not. */
RW_MUST_USE bool amend_compare(const struct roll *old_roll, const struct roll *new_roll,
                               struct rw_arena *arena, struct amendment **ret_amendment,
                               struct rw_error *err);

/* The roll with these bags made again: version + 1, the next free serials, new codes of the same
 * profile. All else stays, the other bags' serials too. A serial that is not in the roll is
 * RW_NOT_FOUND, one named twice RW_INVALID. */
RW_MUST_USE bool amend_remake(const struct roll *roll, const char *const *serials, size_t count,
                              const uint8_t *pharmacy_key, struct rw_arena *arena,
                              struct roll **ret_roll, struct rw_error *err);

#endif
