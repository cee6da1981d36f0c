/* SPDX-License-Identifier: Apache-2.0 */
/* Opens a stored roll and takes it one step on in its life. */
#ifndef RW_API_STEP_H
#define RW_API_STEP_H

#include <stdbool.h>

#include "core/base/attributes.h"
#include "core/model/acceptance.h"
#include "core/model/roll.h"
#include "db/rolls.h"
#include "db/scope.h"

/* A roll as it is kept, locked until the transaction ends. */
struct step {
    struct rolls_row row;
    struct rolls_document document;
    struct roll *roll;
};

/* RW_NOT_FOUND. */
RW_MUST_USE bool step_open(const struct scope *scope, const char *number, struct step *ret_step,
                           struct rw_error *err);
/* The step that the table allows, else RW_CONFLICT. The row's other members may have been changed
 * before; they are stored with the state. Journalled with the table's reason and the detail. */
RW_MUST_USE bool step_take(const struct scope *scope, struct step *step, enum roll_act act,
                           const char *detail, struct rw_error *err);
/* The step that an event at a dispenser may bring about: nothing when the table has none, or when
 * the roll was given to another dispenser, as with a report that comes late or twice. */
RW_MUST_USE bool step_follow(const struct scope *scope, const char *number, const char *dispenser,
                             enum roll_act act, struct rw_error *err);
/* Something that happened to the roll without a step. */
RW_MUST_USE bool step_note(const struct scope *scope, const struct step *step, const char *action,
                           const char *detail, struct rw_error *err);
/* The bags that belong to the roll now, with their last verdicts. */
RW_MUST_USE bool step_bags(const struct scope *scope, const struct step *step,
                           struct acceptance_bag **ret_bags, size_t *ret_count,
                           struct rw_error *err);
/* From printed to verified once every bag is good; nothing otherwise. */
RW_MUST_USE bool step_verify(const struct scope *scope, struct step *step, struct rw_error *err);

#endif
