/* SPDX-License-Identifier: Apache-2.0 */
/* Takes a batch of a product back from every roll, in one act. */
#ifndef RW_API_RECALL_H
#define RW_API_RECALL_H

#include <stdbool.h>
#include <stddef.h>

#include "api/withdraw.h"
#include "core/base/attributes.h"
#include "db/recalls.h"
#include "db/scope.h"

struct service;

struct recall_request {
    const char *product; /* code of the product table */
    const char *lot;
    const char *reason; /* why; not looked at by recall_look */
};
struct recall_result {
    const char *id; /* NULL of a look */
    struct recalls_bags bags;
    size_t clients;
    struct withdraw_told *told; /* dispensers that have a new schedule */
    size_t told_count;
};

/* What a recall would find, without doing anything; journalled as a reading of these clients. */
RW_MUST_USE bool recall_look(struct service *service, const struct scope *who,
                             const struct recall_request *request, struct recall_result *ret_result,
                             struct rw_error *err);
/* D37. In one transaction: rolls with the batch that are still in the pharmacy are withdrawn or
 * rejected, bags that wait in a dispenser are revoked, each client concerned becomes an alarm, and
 * the list of all bags is kept, also of those that were taken out. RW_NOT_FOUND when no bag ever
 * held the batch. */
RW_MUST_USE bool recall_carry_out(struct service *service, const struct scope *who,
                                  const struct recall_request *request,
                                  struct recall_result *ret_result, struct rw_error *err);

#endif
