/* SPDX-License-Identifier: Apache-2.0 */
/* Hands answers to libmicrohttpd; the other half of its door. */
#ifndef RW_API_HTTP_REPLY_H
#define RW_API_HTTP_REPLY_H

#include <stdbool.h>

#include "api/exchange.h"
#include "api/waiters.h"
#include "core/base/attributes.h"
#include "core/base/clock.h"

/* `connection` is the library's. False: it is to be cut. */
RW_MUST_USE bool http_reply_send(void *connection, const struct exchange *exchange);
/* The answer goes on: what stream.h tells. */
RW_MUST_USE bool http_reply_stream(void *connection, const struct exchange *exchange,
                                   struct waiters *waiters, const struct rw_clock *clock);
/* No answer yet; see exchange_park. */
void http_reply_park(void *connection, struct exchange *exchange);
/* The connection sleeps, and goes on. */
void http_reply_suspend(void *connection);
void http_reply_resume(void *connection);

#endif
