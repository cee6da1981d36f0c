/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the fields of a request; a part of the door to libmicrohttpd. */
#ifndef RW_API_HTTP_PAIRS_H
#define RW_API_HTTP_PAIRS_H

#include <stdbool.h>
#include <stddef.h>

#include "api/exchange.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

/* Headers and parameters of the query, into the exchange and its arena. More of them than fit are
 * not read: such a request is refused. */
RW_MUST_USE bool http_pairs_read(void *connection, struct exchange *exchange, bool *ret_too_many,
                                 struct rw_error *err);
/* Did every line of the head reach us as it was sent? libmicrohttpd cuts lines at a NUL. The target
 * ended at `target_end` (NULL = it cannot be read), and behind it stands the version. */
RW_MUST_USE bool http_pairs_check_whole(void *connection, const struct exchange *exchange,
                                        const char *target_end, const char *version,
                                        struct rw_error *err);
/* Is there room to note each parameter of the target? Where there is not, libmicrohttpd 0.9.75
 * loses the answer that it has for this (connection.c, parse_initial_message_line goes on all the
 * same).
 */
bool http_pairs_fit(enum exchange_listener listener, const char *target);
/* Bytes of a connection at this listener, for the head of a request and that of its answer. */
size_t http_pairs_pool(enum exchange_listener listener);
/* Does the head, with a target of this many bytes, leave room for that of an answer? */
bool http_pairs_leave_room(const struct exchange *exchange, size_t target_length);

#endif
