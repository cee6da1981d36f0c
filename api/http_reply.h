/* SPDX-License-Identifier: Apache-2.0 */
/* Hands answers to libmicrohttpd; the other half of its door. */
#ifndef RW_API_HTTP_REPLY_H
#define RW_API_HTTP_REPLY_H

#include <stdbool.h>

#include "api/exchange.h"
#include "api/stream.h"
#include "core/base/attributes.h"

/* `connection` is the library's. False: it is to be cut. */
RW_MUST_USE bool http_reply_send(void *connection, const struct exchange *exchange);
/* The whole answer to a head that leaves no room for one beside it; the connection is then cut. It
 * does not pass through the library, which would cut the connection without a word. */
extern const char http_reply_head_too_long[];
/* The answer goes on: what stream.h tells, as the given one that was not started. */
RW_MUST_USE bool http_reply_stream(void *connection, const struct exchange *exchange,
                                   const struct stream *unstarted);
/* No answer yet; see exchange_park. */
void http_reply_park(void *connection, struct exchange *exchange);
/* The connection sleeps, and goes on. */
void http_reply_suspend(void *connection);
void http_reply_resume(void *connection);

#endif
