/* SPDX-License-Identifier: Apache-2.0 */
/* Refuses requests that two readers could understand differently. */
#ifndef RW_API_HTTP_CHECK_H
#define RW_API_HTTP_CHECK_H

#include <stdbool.h>

#include "api/exchange.h"

/* The request line's target as it was sent. */
bool http_check_target(const char *target);
/* Method, version and headers (RFC 9112): what libmicrohttpd 0.9.75 lets through and other readers
 * do not, such as a body with two lengths. */
RW_MUST_USE bool http_check_head(const struct exchange *exchange, const char *version,
                                 struct rw_error *err);

#endif
