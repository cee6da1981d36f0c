/* SPDX-License-Identifier: Apache-2.0 */
/* Hands answers to libmicrohttpd; the other half of its door. */
#ifndef RW_API_HTTP_REPLY_H
#define RW_API_HTTP_REPLY_H

#include <pthread.h>
#include <stdbool.h>

#include "api/exchange.h"
#include "api/stream.h"
#include "api/tls.h"
#include "core/base/attributes.h"

#define HTTP_REPLY_KEPT_MAX 64 /* versions whose "not modified" is kept, and documents */
#define HTTP_REPLY_TAG_MAX 24  /* bytes of the ETag of one, NUL included: those of schedules */

/* "Not modified" is one answer for all who hold one version, and so is a document for all who are
 * lent it: what the library makes of either is made once and sent to each of them. Used by all
 * threads of a door. */
struct http_reply_kept {
    pthread_mutex_t lock;
    struct {
        char tag[HTTP_REPLY_TAG_MAX];
        void *response; /* the library's; NULL = none yet */
    } answers[HTTP_REPLY_KEPT_MAX];
    struct {
        const void *owner; /* of the document, which gets it back when another takes the place */
        void *response;
    } loans[HTTP_REPLY_KEPT_MAX];
};
void http_reply_kept_init(struct http_reply_kept *kept);
/* Nobody is answered any more. */
void http_reply_kept_release(struct http_reply_kept *kept);

/* `connection` is the library's. False: it is to be cut. */
RW_MUST_USE bool http_reply_send(struct http_reply_kept *kept, void *connection,
                                 const struct exchange *exchange);
/* Answers a head that leaves no room for an answer beside it, and nothing more is sent. It does not
 * pass through the library, which would cut the connection without a word. */
void http_reply_too_long(struct tls_wire *wire);
/* The answer goes on: what stream.h tells, as the given one that was not started. */
RW_MUST_USE bool http_reply_stream(void *connection, const struct exchange *exchange,
                                   const struct stream *unstarted);
/* No answer yet; see exchange_park. */
void http_reply_park(void *connection, struct exchange *exchange);
/* The connection sleeps, and goes on. */
void http_reply_suspend(void *connection);
void http_reply_resume(void *connection);

#endif
