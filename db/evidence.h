/* SPDX-License-Identifier: Apache-2.0 */
/* Counts what a month shows of each client at home. */
#ifndef RW_DB_EVIDENCE_H
#define RW_DB_EVIDENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/scope.h"

#define EVIDENCE_CLIENTS_MAX 20000

struct evidence_month {
    const char *text; /* "2026-11" */
    int64_t from_ms;  /* when it begins on the wall of the pharmacy */
    int64_t to_ms;
};
struct evidence_row {
    const char *client_id;
    const char *pseudonym;
    const char *first_day;
    const char *last_day;
    int64_t dispensers;
    int64_t active_days; /* on which a bag was taken out */
    int64_t planned;
    int64_t taken_out;
    int64_t early;
    int64_t too_early; /* of those, before it was allowed */
    int64_t missed;
    int64_t withheld;
    int64_t alarms;
    int64_t baseline_visits; /* a week, before the dispenser; -1 = nobody entered it */
    int64_t visits;          /* of the month; -1 = nobody entered them */
};

/* Clients without a moment in the month are not named. What is counted are moments, each of one bag
 * or of several. */
RW_MUST_USE bool evidence_of_month(const struct scope *scope, const struct evidence_month *month,
                                   struct evidence_row **ret_rows, size_t *ret_count,
                                   struct rw_error *err);

#endif
