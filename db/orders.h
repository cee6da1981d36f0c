/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps documents with orders as they came in, and whom they speak of. */
#ifndef RW_DB_ORDERS_H
#define RW_DB_ORDERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/rolls.h"
#include "db/scope.h"

#define ORDERS_DOCUMENTS_MAX 500 /* documents of one client */

struct orders_document {
    const char *order_id;
    const char *mark; /* 64 hex digits that tell the same document, without telling what it holds */
    const char *bytes;
    size_t length;
    bool sealed; /* the bytes are, with a key that the database does not know */
};
struct orders_of_client {
    struct orders_document *documents; /* oldest first */
    size_t count;
};

/* Keeps the document under `order_id`, or finds that the same mark was kept before: then
 * `ret_order_id` is the earlier one and `ret_new` is false. */
RW_MUST_USE bool orders_insert(const struct scope *scope, const struct orders_document *document,
                               const char **ret_order_id, bool *ret_new, struct rw_error *err);
/* Says that the document speaks of the client, whom it makes known under `pseudonym` if new. */
RW_MUST_USE bool orders_link(const struct scope *scope, const char *order_id, const char *client_id,
                             const char *pseudonym, struct rw_error *err);
RW_MUST_USE bool orders_find(const struct scope *scope, const char *client_id,
                             struct orders_of_client *ret_orders, struct rw_error *err);
/* How many documents of the client came in since the roll was planned. */
RW_MUST_USE bool orders_newer(const struct scope *scope, const struct rolls_row *roll,
                              int64_t *ret_count, struct rw_error *err);
/* Until the transaction ends nobody else decides which of the client's rolls count, and when. */
RW_MUST_USE bool orders_hold_client(const struct scope *scope, const char *client_id,
                                    struct rw_error *err);
/* The client's pseudonym; NULL when nothing was ever received for that id. */
RW_MUST_USE bool orders_pseudonym(const struct scope *scope, const char *client_id,
                                  const char **ret_pseudonym, struct rw_error *err);

#endif
