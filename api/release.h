/* SPDX-License-Identifier: Apache-2.0 */
/* Gives a verified roll to a dispenser. */
#ifndef RW_API_RELEASE_H
#define RW_API_RELEASE_H

#include <stdbool.h>
#include <stdint.h>

#include "api/step.h"
#include "api/withdraw.h"
#include "core/base/attributes.h"
#include "db/scope.h"

struct service;

struct release_request {
    const char *roll;
    const char *dispenser;
};
struct release_result {
    struct step step;
    struct withdraw_told told;
    struct withdraw_told elsewhere; /* a dispenser whose roll was replaced by one in another */
    int32_t first;                  /* n of the first bag that counts */
};

/* In one transaction: every bag is checked once more, the schedule is signed and stored, the roll
 * is released, what it replaces loses the bags that no longer count, and the dispenser's change is
 * announced. After it, connections that wait are woken. */
RW_MUST_USE bool release_roll(struct service *service, const struct scope *who,
                              const struct release_request *request,
                              struct release_result *ret_result, struct rw_error *err);

#endif
