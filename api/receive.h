/* SPDX-License-Identifier: Apache-2.0 */
/* Takes in a document with orders and says what it means. */
#ifndef RW_API_RECEIVE_H
#define RW_API_RECEIVE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/attributes.h"
#include "core/base/diag.h"
#include "db/scope.h"

struct service;

#define RECEIVE_CLIENTS_MAX 2000 /* of one document */

struct receive_line {
    const char *pointer;
    const char *resource;
    const char *client; /* id, NULL when the line names nobody */
    const char *product;
    const char *outcome;     /* "plan", "refuse" or "none" (no order) */
    const char *destination; /* "roll", "loose", "excluded" */
    const char *reason;      /* of a refusal, else NULL */
};
struct receive_result {
    const char *order_id;
    bool is_new; /* false: the same bytes were received before */
    const char **clients;
    size_t client_count;
    struct receive_line *lines;
    size_t line_count;
    struct rw_diag findings; /* B findings: nothing was kept */
};

/* Any format that intake reads. An agreement whose client cannot be told refuses the document as a
 * whole: kept half, somebody's medicine would silently be left out. */
RW_MUST_USE bool receive_orders(struct service *service, const struct scope *who, const char *bytes,
                                size_t length, struct receive_result *ret_result,
                                struct rw_error *err);

#endif
