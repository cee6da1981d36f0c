/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps messages for others until they are delivered. */
#ifndef RW_DB_OUTBOX_H
#define RW_DB_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/scope.h"

#define OUTBOX_CLAIMED_MAX 20

struct outbox_row {
    const char *outbox_id;
    const char *topic;
    const char *payload;
    int64_t created_ms;
    int64_t attempts;
};

/* `topic` is "schedule" or "alarm"; the payload is JSON without names and drugs. */
RW_MUST_USE bool outbox_insert(const struct scope *scope, const char *topic, const char *payload,
                               struct rw_error *err);
/* Takes the rows that are due for `lease_ms`: nobody else gets them meanwhile. */
RW_MUST_USE bool outbox_claim(const struct scope *scope, int64_t lease_ms,
                              struct outbox_row **ret_rows, size_t *ret_count,
                              struct rw_error *err);
/* Delivered, or (done false) to be tried again at `next_ms`. */
RW_MUST_USE bool outbox_settle(const struct scope *scope, const char *outbox_id, bool done,
                               int64_t next_ms, struct rw_error *err);
/* Rows that wait for delivery. */
RW_MUST_USE bool outbox_count(const struct scope *scope, int64_t *ret_count, struct rw_error *err);

#endif
