/* SPDX-License-Identifier: Apache-2.0 */
/* A person says what became of a bag that lies in a dispenser. */
#ifndef RW_API_MARK_H
#define RW_API_MARK_H

#include <stdbool.h>

#include "api/withdraw.h"
#include "core/base/attributes.h"
#include "db/scope.h"

struct service;

struct mark_request {
    const char *serial;
    const char *fate;   /* "by_hand": given from the strip by a person; "skipped": not given */
    const char *reason; /* in that person's words, or a code of the official list */
    const char *carer;  /* a person who may only mark bags of clients that allowed it; or NULL */
};

/* In one transaction: the moment is settled, the bag is revoked so that the dispenser does not hand
 * it out as well, and the journal says who did it. RW_CONFLICT when the bag is not waited for any
 * more; RW_NOT_FOUND also where a carer may not know that it exists. */
RW_MUST_USE bool mark_bag(struct service *service, const struct scope *who,
                          const struct mark_request *request, struct withdraw_told *ret_told,
                          struct rw_error *err);

#endif
