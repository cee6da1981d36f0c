/* SPDX-License-Identifier: Apache-2.0 */
/* Plans a roll from the orders that are kept of a client. */
#ifndef RW_API_PREPARE_H
#define RW_API_PREPARE_H

#include <stdbool.h>
#include <stdint.h>

#include "api/change.h"
#include "core/base/attributes.h"
#include "core/model/roll.h"
#include "db/rolls.h"
#include "db/scope.h"

struct service;

struct prepare_request {
    const char *client;
    int32_t from; /* day */
    int32_t days;
    const char *replaces; /* roll number, or NULL */
};
struct prepare_result {
    const struct roll *roll;
    bool blocked; /* a finding of severity B: nothing was kept */
    struct rolls_document document;
    bool changes; /* `change` says what it does to the roll that it replaces */
    struct change change;
};

/* A roll that replaces one at the client's begins on the first day that differs: the days before
 * are handed out of the old one, and only what changed is made anew. The number is reserved with
 * the roll itself: no two rolls ever share one. RW_NOT_FOUND when nothing was received for the
 * client. */
RW_MUST_USE bool prepare_roll(struct service *service, const struct scope *who,
                              const struct prepare_request *request,
                              struct prepare_result *ret_result, struct rw_error *err);

/* D56: a roll that orders received since would change is not approved and not released, nor is one
 * approved that the policy or the products of today would change. It is planned once more, in
 * memory alone; RW_CONFLICT when that differs, or when a batch of it was taken back. */
RW_MUST_USE bool prepare_check_current(struct service *service, const struct scope *scope,
                                       const struct step *step, struct rw_error *err);

#endif
