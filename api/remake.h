/* SPDX-License-Identifier: Apache-2.0 */
/* Makes bags of a roll again under new serials (D54). */
#ifndef RW_API_REMAKE_H
#define RW_API_REMAKE_H

#include <stdbool.h>
#include <stddef.h>

#include "api/step.h"
#include "core/base/attributes.h"
#include "db/scope.h"

struct service;

struct remake_request {
    const char *roll;
    const char **serials;
    size_t serial_count;
    const char *reason; /* of the person, for the journal */
};

/* A new version of the roll: the old serials are revoked, all other bags keep theirs and what was
 * decided about them; who counted the roll counts it anew. `ret_step` is the new version. */
RW_MUST_USE bool remake_bags(struct service *service, const struct scope *who,
                             const struct remake_request *request, struct step *ret_step,
                             struct rw_error *err);

#endif
