/* SPDX-License-Identifier: Apache-2.0 */
/* What a new plan changes in the roll that it replaces. */
#ifndef RW_API_CHANGE_H
#define RW_API_CHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "api/step.h"
#include "api/withdraw.h"
#include "core/base/attributes.h"
#include "db/scope.h"
#include "roll-builder/amend.h"

struct service;

/* A plan, the roll that it replaces, and what is to be done. */
struct change {
    struct step old;
    const struct roll *new_roll;
    struct amendment *amendment;
};
/* Opens and locks the roll that `new_roll` replaces, whose `replaces` is not NULL, and compares
 * both. RW_CONFLICT when there is nothing left of it to replace. */
RW_MUST_USE bool change_open(const struct scope *scope, const struct roll *new_roll,
                             struct change *ret_change, struct rw_error *err);
/* The same, whatever became of the old roll. */
RW_MUST_USE bool change_compare(const struct scope *scope, const struct roll *new_roll,
                                struct change *ret_change, struct rw_error *err);
/* Does the old roll lie at the client's? */
bool change_is_out(const struct change *change);
/* The first day on which the old roll no longer says what the new one says; false when there is
 * none that is later than the new roll's own first day. */
bool change_first_day(const struct change *change, int32_t *ret_day);

/* The comparison of a stored roll with the one that it replaces, journalled as a reading.
 * RW_NOT_FOUND when it replaces none. */
RW_MUST_USE bool change_read(struct service *service, const struct scope *who, const char *roll,
                             struct change *ret_change, struct rw_error *err);

struct change_request {
    const char *roll;   /* the new plan, approved */
    const char *action; /* what the person saw and wants done: "ADD_LOOSE", "REMOVE_BY_PHARMACY" */
    const char *reason;
};
struct change_result {
    struct step step; /* the new plan, superseded by the roll that goes on */
    struct change change;
    struct withdraw_told told;
};
/* Lets the roll at home go on with the change, without a new film: bags that are gone are revoked,
 * what is added is handed over loose. RW_CONFLICT when the change wants another film, or is another
 * than the person saw. */
RW_MUST_USE bool change_carry_out(struct service *service, const struct scope *who,
                                  const struct change_request *request,
                                  struct change_result *ret_result, struct rw_error *err);

#endif
