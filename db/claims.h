/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps which line holds which roll. */
#ifndef RW_DB_CLAIMS_H
#define RW_DB_CLAIMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/model/roll.h"
#include "db/scope.h"

#define CLAIMS_OFFERED_MAX 20 /* rolls that are looked at for one claim */
/* How long a silent line keeps its roll: longer than a jam on the line takes to clear, short enough
 * that a line which broke down does not hold up its film for the rest of the day. */
#define CLAIMS_LEASE_MS (INT64_C(15) * 60 * 1000)

/* Rolls that are printed, have a bag that nothing is known of, and are held by no other line. First
 * those that this line holds, then those that were printed first. */
struct claims_offer {
    char rolls[CLAIMS_OFFERED_MAX][ROLL_NUMBER_MAX];
    size_t count;
};
RW_MUST_USE bool claims_find(const struct scope *scope, const char *line_id,
                             struct claims_offer *ret_offer, struct rw_error *err);

/* The line holds the roll from now on for CLAIMS_LEASE_MS, also when it held it before; unless
 * another line does, or held it last and this one does not take it `from_another` (`ret_taken`
 * false). */
RW_MUST_USE bool claims_take(const struct scope *scope, const char *line_id, const char *roll,
                             bool from_another, bool *ret_taken, struct rw_error *err);

/* Who holds the roll at this moment; NULL = nobody. */
RW_MUST_USE bool claims_holder(const struct scope *scope, const char *roll, const char **ret_line,
                               struct rw_error *err);

#endif
