/* SPDX-License-Identifier: Apache-2.0 */
/* Gives a verified roll to a dispenser, and takes it back. */
#ifndef RW_API_RELEASE_H
#define RW_API_RELEASE_H

#include <stdbool.h>
#include <stdint.h>

#include "api/step.h"
#include "core/base/attributes.h"
#include "db/scope.h"

struct service;

struct release_request {
    const char *roll;
    const char *dispenser;
    const char *detail; /* why, of a withdrawal */
};
struct release_result {
    struct step step;
    const char *dispenser;    /* NULL: none has to be told */
    int64_t schedule_version; /* of that dispenser */
};

/* In one transaction: every bag is checked once more, the schedule is signed and stored, the roll
 * is released, a roll that it replaces is superseded, and the dispenser's change is announced.
 * After it, connections that wait are woken. */
RW_MUST_USE bool release_roll(struct service *service, const struct scope *who,
                              const struct release_request *request,
                              struct release_result *ret_result, struct rw_error *err);
/* Takes a roll back; the dispenser that has it is told to hand out nothing more of it. */
RW_MUST_USE bool release_withdraw(struct service *service, const struct scope *who,
                                  const struct release_request *request,
                                  struct release_result *ret_result, struct rw_error *err);

#endif
