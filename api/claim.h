/* SPDX-License-Identifier: Apache-2.0 */
/* Gives a line the next roll that it should check. */
#ifndef RW_API_CLAIM_H
#define RW_API_CLAIM_H

#include <stdbool.h>
#include <stdint.h>

#include "api/step.h"
#include "core/base/attributes.h"
#include "db/rolls.h"
#include "db/scope.h"

struct service;

struct claim_result {
    bool found; /* false: no roll waits for a line */
    struct step step;
    int64_t expires_ms; /* UTC; unless a verdict comes before */
};

/* The roll that the line holds and has not judged wholly, else the one that was printed first and
 * that no other line holds. The line's name is that of `who`. */
RW_MUST_USE bool claim_roll(struct service *service, const struct scope *who,
                            struct claim_result *ret_result, struct rw_error *err);
/* A line that judges holds the roll: RW_CONFLICT when another line does, or was given it since.
 * What the first saw before is older than what the other said, and must not hold against it. */
RW_MUST_USE bool claim_renew(const struct scope *scope, const char *roll, struct rw_error *err);
/* A line reads the roll that it holds, and one that is printed and held by nobody. Of all others it
 * does not learn that they exist: RW_NOT_FOUND. */
RW_MUST_USE bool claim_may_read(const struct scope *scope, const struct rolls_row *row,
                                struct rw_error *err);

#endif
