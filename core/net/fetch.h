/* SPDX-License-Identifier: Apache-2.0 */
/* Speaks HTTP as a client; the door to libcurl. */
#ifndef RW_CORE_NET_FETCH_H
#define RW_CORE_NET_FETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

#define FETCH_BODY_MAX ((size_t)16 * 1024 * 1024)
#define FETCH_UNREAD_MAX ((size_t)64 * 1024) /* of a body that is not wanted */
#define FETCH_HEADERS_MAX 16

/* Who we are and whom we trust: files in PEM. client_* may be NULL (no client certificate). */
struct fetch_identity {
    const char *ca_file;
    const char *client_cert_file;
    const char *client_key_file;
    bool old_tls; /* speaks TLS 1.2 alone: for the trial whether a server refuses that */
};
struct fetch_request {
    const char *method;       /* "GET" … */
    const char *url;          /* https:// only */
    const char *content_type; /* NULL without a body */
    const void *body;
    size_t body_length;
    const char *headers[FETCH_HEADERS_MAX]; /* "If-None-Match: \"v7\"", ends with NULL */
    int32_t timeout_ms;
    bool status_only; /* the answer's body is not read, and stays empty */
};
struct fetch_answer {
    int32_t status; /* HTTP status */
    const char *content_type;
    const char *etag;      /* with its quotes; NULL when absent */
    int64_t retry_after_s; /* 0 when the answer asks for no wait */
    const char *body;      /* NUL behind the last byte */
    size_t body_length;
};

/* Starts the library once for the whole process; false when it could not be started. */
bool fetch_is_ready(void);

/* One connection that is kept open; not thread-safe. */
struct fetch;
RW_MUST_USE bool fetch_open(const struct fetch_identity *identity, struct fetch **ret_fetch,
                            struct rw_error *err);
void fetch_close(struct fetch *fetch);
/* No redirects are followed. A network failure is RW_UNAVAILABLE; any HTTP status is an answer. */
RW_MUST_USE bool fetch_send(struct fetch *fetch, const struct fetch_request *request,
                            struct rw_arena *arena, struct fetch_answer *ret_answer,
                            struct rw_error *err);
/* Reads a Server-Sent Events stream (HTML Living Standard 9.2) until `on_event` or `on_idle` says
 * false or the stream ends. Nothing at all heard for `silence_ms`, comments included, and a status
 * other than 200 are errors. `on_idle` may be NULL; it is called about once a second and may use
 * another struct fetch. */
struct fetch_stream {
    void *self;
    bool (*on_event)(void *self, const char *event, const char *id, const char *text);
    bool (*on_idle)(void *self);
    const char *last_id; /* is sent as Last-Event-ID; NULL = nothing was heard before */
};
RW_MUST_USE bool fetch_listen(struct fetch *fetch, const char *url, int32_t silence_ms,
                              const struct fetch_stream *stream, struct rw_error *err);

#endif
