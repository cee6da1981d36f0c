/* SPDX-License-Identifier: Apache-2.0 */
/* What still counts of a client's other rolls when a roll is released. */
#ifndef RW_API_SUCCESSION_H
#define RW_API_SUCCESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/step.h"
#include "core/base/attributes.h"
#include "core/model/schedule.h"
#include "db/scope.h"

struct service;

/* Serials that a dispenser must not hand out, each once. */
struct succession_revoked {
    const char **serials;
    size_t count;
};
RW_MUST_USE bool succession_revoke(const struct scope *scope, struct succession_revoked *revoked,
                                   const char *serial, struct rw_error *err);
/* The bags of a roll that no longer count, or all that it ever had. */
RW_MUST_USE bool succession_revoke_roll(const struct scope *scope,
                                        struct succession_revoked *revoked, const char *roll,
                                        bool all, struct rw_error *err);

struct succession {
    struct succession_revoked revoked;
    const struct schedule *before; /* goes on first; NULL = nothing is left of another roll */
    int32_t first;                 /* n of the first bag of the new roll that counts */
    int64_t from_min;              /* its moment, UTC */
    const char *elsewhere;         /* a dispenser that must hand out nothing more; or NULL */
    const char *replaced;          /* the roll that lies in it */
};

/* REQ-022, D29: no moment has bags of two valid rolls. A roll that this one replaces keeps the bags
 * before the new one's first and loses the rest; one that it does not replace must have none left
 * from there on (RW_CONFLICT). What goes on has to lie in `dispenser`. */
RW_MUST_USE bool succession_settle(struct service *service, const struct scope *scope,
                                   const struct step *step, const char *dispenser,
                                   struct succession *ret_succession, struct rw_error *err);

#endif
