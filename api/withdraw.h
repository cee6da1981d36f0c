/* SPDX-License-Identifier: Apache-2.0 */
/* Takes a roll, or some of its bags, back from its dispenser. */
#ifndef RW_API_WITHDRAW_H
#define RW_API_WITHDRAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/step.h"
#include "core/base/attributes.h"
#include "db/scope.h"

struct service;

/* A dispenser that has a new schedule; NULL = none. */
struct withdraw_told {
    const char *dispenser;
    int64_t version;
};
/* Wakes what waits for that dispenser; after the transaction. */
void withdraw_tell(struct service *service, const struct withdraw_told *told);

/* In the caller's transaction: the dispenser's schedule once more, without this roll. */
RW_MUST_USE bool withdraw_from(struct service *service, const struct scope *scope,
                               const char *dispenser, const char *roll,
                               struct withdraw_told *ret_told, struct rw_error *err);
/* The same schedule once more, with these bags revoked: the rest of the roll goes on. The caller
 * has revoked the bags and ended their moments. */
RW_MUST_USE bool withdraw_bags(struct service *service, const struct scope *scope,
                               const struct step *step, struct withdraw_told *ret_told,
                               struct rw_error *err);

struct withdraw_request {
    const char *roll;
    const char *detail; /* why */
};
struct withdraw_result {
    struct step step;
    struct withdraw_told told;
};
/* Takes a roll back; the dispenser that has it is told to hand out nothing more of it. */
RW_MUST_USE bool withdraw_roll(struct service *service, const struct scope *who,
                               const struct withdraw_request *request,
                               struct withdraw_result *ret_result, struct rw_error *err);

#endif
