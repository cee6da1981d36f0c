/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the fields of a request; a part of the door to libmicrohttpd. */
#include "api/http_pairs.h"

#include <string.h>

#include <microhttpd.h>

#define PEOPLE_POOL 8192
#define DEVICES_POOL 3072  /* many connections that ask little */
#define PEOPLE_ANSWER 1024 /* of them for the head of an answer: cookies, content policy */
#define DEVICES_ANSWER 320
/* Of libmicrohttpd 0.9.75: struct MHD_HTTP_Req_Header, for each field and parameter. */
#define NOTE_BYTES 64
#define GROWTH 1024   /* of the buffer that is read into, MHD_BUF_INC_SIZE there */
#define LINE_BYTES 14 /* of the first line, but for method and target; and the empty line */

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

/* libmicrohttpd 0.9.75 reads lines in place and puts two NULs where CR and LF stood. A value that a
 * NUL of the sender cut, a line that was folded and one that ended with LF alone leave another gap
 * before what follows. */
static bool ends_at(const struct exchange_pair *pair, const char *next)
{
    const char *end = pair->value + pair->value_length;
    return next == end + 2 && end[0] == '\0' && end[1] == '\0';
}

static bool are_whole(const struct exchange *exchange, const char *empty_line)
{
    size_t count = exchange->header_count;
    for (size_t i = 0; i < count; i++) {
        const char *next = i + 1 < count ? exchange->headers[i + 1].name : empty_line;
        if (!ends_at(&exchange->headers[i], next))
            return false;
    }
    return true;
}

bool http_pairs_check_whole(void *connection, const struct exchange *exchange,
                            const char *target_end, const char *version, struct rw_error *err)
{
    const union MHD_ConnectionInfo *head =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    if (!target_end || version != target_end + 1)
        return rw_error_set(err, RW_INVALID, "", "the request's target cannot be read");
    if (!head || !are_whole(exchange, exchange->method + head->header_size - strlen("\r\n")))
        return rw_error_set(err, RW_INVALID, "",
                            "a line of the head holds a NUL, is folded, or ends without CR");
    return true;
}

size_t http_pairs_pool(enum exchange_listener listener)
{
    return listener == EXCHANGE_DEVICES ? DEVICES_POOL : PEOPLE_POOL;
}

bool http_pairs_fit(enum exchange_listener listener, const char *target)
{
    size_t count = 1;
    size_t length = 0;
    for (; target[length]; length++)
        count += target[length] == '&';
    return count <= EXCHANGE_PAIRS_MAX &&
           length + GROWTH + count * NOTE_BYTES <= http_pairs_pool(listener);
}

bool http_pairs_leave_room(const struct exchange *exchange, size_t target_length)
{
    size_t answer = exchange->listener == EXCHANGE_DEVICES ? DEVICES_ANSWER : PEOPLE_ANSWER;
    size_t bytes = strlen(exchange->method) + target_length + LINE_BYTES +
                   (exchange->header_count + exchange->query_count) * NOTE_BYTES;
    for (size_t i = 0; i < exchange->header_count; i++) {
        const struct exchange_pair *pair = &exchange->headers[i];
        bytes += strlen(pair->name) + pair->value_length + strlen(": \r\n");
    }
    return bytes + answer <= http_pairs_pool(exchange->listener);
}
