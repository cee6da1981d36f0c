/* SPDX-License-Identifier: Apache-2.0 */
/* A recall that was carried out, and whom to call. */
#ifndef RW_API_RECALL_RECORD_H
#define RW_API_RECALL_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/attributes.h"
#include "db/recalls.h"
#include "db/scope.h"

struct service;

struct recall_record {
    struct recalls_row row;
    struct recalls_bags bags;
    struct recalls_told *told;
    size_t told_count;
};
/* RW_NOT_FOUND. */
RW_MUST_USE bool recall_record_read(struct service *service, const struct scope *who,
                                    const char *id, struct recall_record *ret_record,
                                    struct rw_error *err);
/* It was a mistake: its batch may be packed again. Nothing that it took back comes back by this;
 * the bags are planned, verified and released anew. RW_NOT_FOUND, RW_CONFLICT. */
RW_MUST_USE bool recall_record_lift(struct service *service, const struct scope *who,
                                    const char *id, const char *reason, struct rw_error *err);
/* A client was told. */
RW_MUST_USE bool recall_record_tell(struct service *service, const struct scope *who,
                                    const char *id, const struct recalls_told *told,
                                    struct rw_error *err);

#endif
