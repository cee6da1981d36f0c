/* SPDX-License-Identifier: Apache-2.0 */
/* Has messages that were not delivered tried again. */
#ifndef RW_API_RESEND_H
#define RW_API_RESEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attributes.h"
#include "db/outbox.h"
#include "db/scope.h"

struct service;

/* Never the payload, which speaks of a client: who repairs an exit need not read it. */
struct resend_list {
    struct outbox_row *rows; /* the oldest first, at most OUTBOX_LISTED_MAX */
    size_t count;
    struct outbox_counts counts;
};

/* What waits, or (dead) was set aside. */
RW_MUST_USE bool resend_list(struct service *service, const struct scope *who, bool dead,
                             struct resend_list *ret_list, struct rw_error *err);
/* Has one tried again now; journalled. RW_NOT_FOUND. */
RW_MUST_USE bool resend_one(struct service *service, const struct scope *who, const char *outbox_id,
                            struct rw_error *err);
/* Has everything that was set aside tried again now; journalled, where there was something. */
RW_MUST_USE bool resend_all(struct service *service, const struct scope *who, int64_t *ret_count,
                            struct rw_error *err);

#endif
