/* SPDX-License-Identifier: Apache-2.0 */
/* Speaks HTTP over TLS 1.3 as a server; the only door to libmicrohttpd. */
#ifndef RW_API_HTTP_H
#define RW_API_HTTP_H

#include <stdbool.h>
#include <stdint.h>

#include "api/exchange.h"
#include "api/waiters.h"
#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/clock.h"
#include "core/base/error.h"

#define HTTP_REQUEST_MEMORY_MAX (256 * RW_ARENA_MIB) /* of one request */
#define HTTP_CONNECTIONS_MAX 60000

/* The port through which requests are answered, on many threads at once. */
struct http_port {
    void *self;
    /* Before the body: may this caller do that, and how long may the body be? False: the reply is
     * set and the body is not read. */
    bool (*admit)(void *self, struct exchange *exchange, size_t *ret_body_max);
    /* With the body: sets the reply. */
    void (*answer)(void *self, struct exchange *exchange);
};

/* Everything is borrowed and lives as long as the server. */
struct http_settings {
    enum exchange_listener listener;
    const char *address; /* as in listen_open */
    const char *key_pem;
    const char *cert_pem;
    const char *client_ca_pem;  /* NULL: no client certificate is asked for; else one is required */
    const uint8_t *tickets_key; /* RW_HMAC_KEY_BYTES: the same at every node and after each start */
    struct http_port port;
    struct rw_clock clock;
    struct waiters *waiters;
    int32_t threads;
    int64_t handshakes_per_address; /* see crowd.h */
    int32_t connections;            /* more wait until one ends */
};

struct http;

RW_MUST_USE bool http_open(const struct http_settings *settings, struct rw_arena *arena,
                           struct http **ret_http, struct rw_error *err);
/* Where it listens: "127.0.0.1:43121". */
const char *http_address(const struct http *http);
/* Called a few times a second: cuts connections that are too slow. How many were refused meanwhile
 * since their address had its number. */
int64_t http_tend(struct http *http);
/* No new connections from now on; those that are there go on. */
void http_quiesce(struct http *http);
/* Is no connection left? */
bool http_is_empty(const struct http *http);
/* Ends all, after http_quiesce. The waiters must have been ended before. */
void http_close(struct http *http);

#endif
