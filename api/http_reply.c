/* SPDX-License-Identifier: Apache-2.0 */
/* Hands answers to libmicrohttpd; the other half of its door. */
#include "api/http_reply.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <microhttpd.h>

#include "core/base/text.h"

#define STREAM_BLOCK 128 /* more than one event; each stream that is held has it */

#define TOO_LONG_BODY                                                                            \
    "{\"type\":\"too-large\",\"title\":\"a ceiling of the program was reached\",\"status\":431," \
    "\"detail\":\"the head of the request is too long\"}"

static const char head_too_long[] = "HTTP/1.1 431 Request Header Fields Too Large\r\n"
                                    "Content-Type: application/problem+json\r\n"
                                    "Content-Length: 127\r\n"
                                    "Cache-Control: no-store\r\n"
                                    "Connection: close\r\n\r\n" TOO_LONG_BODY;

void http_reply_too_long(struct tls_wire *wire)
{
    if (tls_tell(wire, head_too_long, sizeof head_too_long - 1))
        (void)shutdown(wire->socket, SHUT_WR); /* who asked hears it, and hangs up */
}

static void add_headers(const struct exchange *exchange, struct MHD_Response *response)
{
    const struct exchange_reply *reply = &exchange->reply;
    if (reply->content_type)
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, reply->content_type);
    for (size_t i = 0; i < reply->extra_count; i++)
        (void)MHD_add_response_header(response, reply->extras[i].name, reply->extras[i].value);
    (void)MHD_add_response_header(response, "Cache-Control",
                                  reply->cache ? reply->cache : "no-store");
    if (exchange->listener == EXCHANGE_PEOPLE) { /* what browsers look at */
        (void)MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
        (void)MHD_add_response_header(response, "Strict-Transport-Security", "max-age=31536000");
    }
}

/* Adds the headers, sends, and lets go of the response. */
static bool queue(void *connection, const struct exchange *exchange, struct MHD_Response *response)
{
    if (!response)
        return false;
    add_headers(exchange, response);
    bool queued =
        MHD_queue_response(connection, (unsigned)exchange->reply.status, response) == MHD_YES;
    MHD_destroy_response(response);
    return queued;
}

static struct MHD_Response *make_empty(void)
{
    return MHD_create_response_from_buffer(0, (void *)(uintptr_t) "", MHD_RESPMEM_PERSISTENT);
}

void http_reply_kept_init(struct http_reply_kept *kept)
{
    *kept = (struct http_reply_kept){ 0 };
    (void)pthread_mutex_init(&kept->lock, NULL); /* cannot fail with default attributes */
}

void http_reply_kept_release(struct http_reply_kept *kept)
{
    for (size_t i = 0; i < HTTP_REPLY_KEPT_MAX; i++) {
        if (kept->answers[i].response)
            MHD_destroy_response(kept->answers[i].response);
        if (kept->loans[i].response)
            MHD_destroy_response(kept->loans[i].response);
    }
    (void)pthread_mutex_destroy(&kept->lock);
}

/* Says nothing but that what the caller has still holds. */
static bool is_not_modified(const struct exchange_reply *reply)
{
    return reply->status == MHD_HTTP_NOT_MODIFIED && !reply->cache && reply->extra_count == 1 &&
           rw_text_equal(reply->extras[0].name, "ETag") &&
           reply->extras[0].value_length < HTTP_REPLY_TAG_MAX;
}

/* Two versions that share a place take it from each other; who is being answered with the one that
 * goes keeps it until then. */
static bool send_kept(struct http_reply_kept *kept, void *connection,
                      const struct exchange *exchange)
{
    const struct exchange_pair *tag = &exchange->reply.extras[0];
    size_t place = rw_text_hash(tag->value, tag->value_length) % HTTP_REPLY_KEPT_MAX;
    (void)pthread_mutex_lock(&kept->lock);
    struct MHD_Response *response = kept->answers[place].response;
    if (!response || !rw_text_equal(kept->answers[place].tag, tag->value)) {
        if (response)
            MHD_destroy_response(response);
        kept->answers[place].response = response = make_empty();
        if (response)
            add_headers(exchange, response);
        (void)rw_text_copy(kept->answers[place].tag, HTTP_REPLY_TAG_MAX, tag->value);
    }
    bool queued = response && MHD_queue_response(connection, MHD_HTTP_NOT_MODIFIED, response);
    (void)pthread_mutex_unlock(&kept->lock);
    return queued;
}

static struct MHD_Response *make_lent(const struct exchange *exchange)
{
    const struct exchange_reply *reply = &exchange->reply;
    struct MHD_Response *response = MHD_create_response_from_buffer_with_free_callback_cls(
        reply->length, (void *)(uintptr_t)reply->body, reply->lent.give_back, reply->lent.owner);
    if (!response)
        reply->lent.give_back(reply->lent.owner);
    return response;
}

/* Says nothing that the next who is lent the same would not hear. */
static bool is_document(const struct exchange_reply *reply)
{
    return reply->status == MHD_HTTP_OK && !reply->cache && reply->extra_count == 1 &&
           rw_text_equal(reply->extras[0].name, "ETag");
}

/* What is kept holds a loan of its own, so that no other owner can come to bear the same name. */
static bool send_lent(struct http_reply_kept *kept, void *connection,
                      const struct exchange *exchange)
{
    const struct exchange_lent *lent = &exchange->reply.lent;
    size_t place =
        rw_text_hash((const char *)&lent->owner, sizeof lent->owner) % HTTP_REPLY_KEPT_MAX;
    (void)pthread_mutex_lock(&kept->lock);
    struct MHD_Response *response = kept->loans[place].response;
    if (response && kept->loans[place].owner == lent->owner) {
        lent->give_back(lent->owner);
    } else {
        if (response)
            MHD_destroy_response(response);
        kept->loans[place].response = response = make_lent(exchange);
        kept->loans[place].owner = lent->owner;
        if (response)
            add_headers(exchange, response);
    }
    bool queued = response && MHD_queue_response(connection, MHD_HTTP_OK, response);
    (void)pthread_mutex_unlock(&kept->lock);
    return queued;
}

/* The body lives as long as the request, or until its owner gets it back. */
bool http_reply_send(struct http_reply_kept *kept, void *connection,
                     const struct exchange *exchange)
{
    const struct exchange_reply *reply = &exchange->reply;
    void *body = (void *)(uintptr_t)(reply->body ? reply->body : "");
    if (is_not_modified(reply))
        return send_kept(kept, connection, exchange);
    if (!reply->lent.give_back)
        return queue(connection, exchange,
                     MHD_create_response_from_buffer(reply->length, body, MHD_RESPMEM_PERSISTENT));
    if (is_document(reply))
        return send_lent(kept, connection, exchange);
    return queue(connection, exchange, make_lent(exchange));
}

void http_reply_resume(void *connection)
{
    MHD_resume_connection(connection);
}

void http_reply_suspend(void *connection)
{
    MHD_suspend_connection(connection);
}

static ssize_t read_stream(void *self, uint64_t position, char *room, size_t room_size)
{
    int64_t given = stream_read(self, room, room_size);
    (void)position;
    return given < 0 ? MHD_CONTENT_READER_END_OF_STREAM : (ssize_t)given;
}

bool http_reply_stream(void *connection, const struct exchange *exchange,
                       const struct stream *unstarted)
{
    struct stream *stream = calloc(1, sizeof *stream);
    if (!stream)
        return false;
    *stream = *unstarted;
    if (exchange->caller.credential)
        (void)rw_text_copy(stream->owner, sizeof stream->owner, exchange->caller.credential);
    stream_start(stream, exchange->reply.stream_key, exchange->reply.stream_version);
    struct MHD_Response *response = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, STREAM_BLOCK, read_stream, stream, free);
    if (!response)
        free(stream);
    return queue(connection, exchange, response);
}

void http_reply_park(void *connection, struct exchange *exchange)
{
    const struct exchange_park park = exchange->reply.park;
    exchange->resumed = true;
    MHD_suspend_connection(connection);
    if (!park.start(park.self, http_reply_resume, connection))
        MHD_resume_connection(connection);
}
