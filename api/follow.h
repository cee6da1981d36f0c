/* SPDX-License-Identifier: Apache-2.0 */
/* Takes in what a dispenser reports and draws the consequences. */
#ifndef RW_API_FOLLOW_H
#define RW_API_FOLLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attributes.h"
#include "db/scope.h"

struct service;

struct follow_request {
    const char *dispenser;
    const char *bytes; /* {"events":[…]} */
    size_t length;
};

/* Idempotent by number: what was stored before is skipped. A gap is RW_CONFLICT and nothing of the
 * batch is stored. `ret_stored` is set in both cases: the last number that is kept. What was
 * answered with success is on disk. */
RW_MUST_USE bool follow_events(struct service *service, const struct scope *who,
                               const struct follow_request *request, int64_t *ret_stored,
                               struct rw_error *err);

#endif
