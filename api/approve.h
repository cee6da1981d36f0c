/* SPDX-License-Identifier: Apache-2.0 */
/* A person's acts on a roll before the film is checked. */
#ifndef RW_API_APPROVE_H
#define RW_API_APPROVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/step.h"
#include "core/base/attributes.h"
#include "db/scope.h"

struct service;

#define APPROVE_OVERRIDES_MAX 512
#define APPROVE_REASON_MAX 500 /* characters of a reason, as the table holds */

/* Why one finding of severity O may stand. */
struct approve_override {
    const char *finding; /* its id, "D16"; or its place in the list as digits */
    const char *reason;
};
struct approve_request {
    const char *roll;
    struct approve_override *overrides;
    size_t override_count;
    const char *detail; /* of reject, print and withdraw; "" when nothing was said */
    enum roll_act act;  /* of approve_take */
};

/* Every finding of severity O needs a reason by the person who approves, and none of severity B
 * may be there. RW_CONFLICT names the finding. */
RW_MUST_USE bool approve_roll(struct service *service, const struct scope *who,
                              const struct approve_request *request, struct step *ret_step,
                              struct rw_error *err);
/* A step that needs nothing but the person: reject, print. */
RW_MUST_USE bool approve_take(struct service *service, const struct scope *who,
                              const struct approve_request *request, struct step *ret_step,
                              struct rw_error *err);

#endif
