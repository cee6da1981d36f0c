/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps what was written down about a client beside the orders. */
#ifndef RW_DB_RECORDS_H
#define RW_DB_RECORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "db/scope.h"

#define RECORDS_NONE INT64_C(-1) /* nobody wrote that down */

struct records_row {
    int64_t version; /* 0 = nothing was ever written down */
    int64_t at_ms;
    const char *actor;
    const char *reason;
    int64_t reviewed_day;
    int64_t relocated_day;
    int64_t alarm_after_min;
    int64_t early_min; /* a bag is taken by hand so long before its moment at most; 0 = never */
    int64_t baseline_visits; /* a week */
};

/* What holds; all RECORDS_NONE when nothing was written down. */
RW_MUST_USE bool records_find(const struct scope *scope, const char *client_id,
                              struct records_row *ret_row, struct rw_error *err);
/* Does the pharmacy keep records of any client? */
RW_MUST_USE bool records_are_kept(const struct scope *scope, bool *ret_kept, struct rw_error *err);
/* The next version. RW_NOT_FOUND when there is no such client. */
RW_MUST_USE bool records_insert(const struct scope *scope, const char *client_id,
                                const struct records_row *row, int64_t *ret_version,
                                struct rw_error *err);
RW_MUST_USE bool records_insert_visits(const struct scope *scope, const char *client_id,
                                       const char *month, int64_t visits, struct rw_error *err);

#endif
