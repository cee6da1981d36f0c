/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the fields of a request; a part of the door to libmicrohttpd. */
#include "api/http_pairs.h"

#include <microhttpd.h>

static enum MHD_Result take(void *self, enum MHD_ValueKind kind, const char *name,
                            size_t name_length, const char *value, size_t value_length)
{
    struct exchange *exchange = self;
    (void)name_length;
    struct exchange_pair *pair = kind == MHD_HEADER_KIND
                                     ? &exchange->headers[exchange->header_count++]
                                     : &exchange->queries[exchange->query_count++];
    *pair = (struct exchange_pair){ name, value ? value : "", value_length };
    return MHD_YES;
}

bool http_pairs_read(void *connection, struct exchange *exchange, bool *ret_too_many,
                     struct rw_error *err)
{
    int headers = MHD_get_connection_values_n(connection, MHD_HEADER_KIND, NULL, NULL);
    int queries = MHD_get_connection_values_n(connection, MHD_GET_ARGUMENT_KIND, NULL, NULL);
    *ret_too_many = headers > EXCHANGE_PAIRS_MAX || queries > EXCHANGE_PAIRS_MAX;
    if (*ret_too_many)
        return true;
    exchange->headers = rw_arena_array(exchange->arena, (size_t)headers + (size_t)queries,
                                       sizeof *exchange->headers, err);
    if (!exchange->headers)
        return false;
    exchange->queries = exchange->headers + headers;
    (void)MHD_get_connection_values_n(connection, MHD_HEADER_KIND, take, exchange);
    (void)MHD_get_connection_values_n(connection, MHD_GET_ARGUMENT_KIND, take, exchange);
    return true;
}
