/* SPDX-License-Identifier: Apache-2.0 */
/* Speaks HTTP over TLS 1.3 as a server; the only door to libmicrohttpd. */
#define _GNU_SOURCE
#include "api/http.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <microhttpd.h>

#include "api/acceptor.h"
#include "api/body.h"
#include "api/crowd.h"
#include "api/handshakes.h"
#include "api/http_check.h"
#include "api/http_pairs.h"
#include "api/http_reply.h"
#include "api/listen.h"
#include "api/reaper.h"
#include "api/spares.h"
#include "api/tls.h"
#include "core/base/crypto.h"
#include "core/base/text.h"

#define FIRST_HEAD_MS 10000 /* handshake and first request */
#define NEXT_HEAD_MS 75000  /* from the answer before it: who polls does so each minute at least */
#define BODY_MS 60000
#define ANSWER_MS 300000 /* who takes it in drops does not hold us up for ever */
#define ENTERING_MAX 10  /* each thread: a handshake is long, so who comes waits before it */
#define SILENCE_MS 5000  /* a thread of libmicrohttpd looks at whom it was given within that */

struct http {
    struct http_settings settings;
    struct MHD_Daemon *daemon;
    struct acceptor acceptor;
    struct reaper reaper;
    struct tls *tls;
    struct handshakes *handshakes;
    struct crowd crowd;
    struct spares spares;
    struct http_reply_kept kept;
    atomic_bool draining;
};

/* From its handshake to its end. */
struct connection {
    struct http *http;
    struct reaper_watched watched;
    struct exchange_link link;
    struct tls_wire wire;
    struct handshakes_one asleep;
    int32_t place; /* in the crowd, until its first request */
};

/* A request from its first line to its end; lies in its own arena. */
struct request {
    struct http *http;
    struct MHD_Connection *connection;
    struct exchange exchange;
    struct rw_arena *arena;
    struct body body;
    size_t target_length;
    const char *target_end; /* NULL = it cannot be read */
    bool begun;
    bool newest; /* HTTP/1.1 */
    bool streams;
};

static int64_t now_ms(const struct http *http)
{
    return rw_clock_monotonic_ms(&http->settings.clock);
}

static struct connection *connection_of(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

static void allow(struct request *request, int64_t more_ms)
{
    reaper_allow(&connection_of(request->connection)->watched,
                 more_ms == 0 ? 0 : request->exchange.clock_ms + more_ms);
}

static void sleep_in_handshake(void *self)
{
    struct connection *one = self;
    handshakes_sleep(one->http->handshakes, &one->asleep);
}

static void begin_connection(struct http *http, struct connection *one,
                             struct MHD_Connection *connection, int socket)
{
    one->http = http;
    listen_write_peer(
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr,
        one->link.source);
    one->watched.socket = one->wire.socket = one->asleep.socket = socket;
    one->asleep.connection = connection;
    one->place = crowd_enter(&http->crowd, one->link.source);
    if (one->place == CROWD_NOWHERE)
        (void)shutdown(socket, SHUT_RDWR);
    one->wire.waiter = one;
    one->wire.wait = sleep_in_handshake;
    reaper_watch(&http->reaper, &one->watched, now_ms(http) + FIRST_HEAD_MS);
    const union MHD_ConnectionInfo *session =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    tls_begin(http->tls, session->tls_session, &one->wire, http->settings.client_ca_pem != NULL);
}

/* Fires before the handshake and when all is over. */
static void connection_changed(void *self, struct MHD_Connection *connection, void **context,
                               enum MHD_ConnectionNotificationCode code)
{
    struct http *http = self;
    struct connection *one = *context;
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        if (one) {
            reaper_forget(&http->reaper, &one->watched);
            crowd_leave(&http->crowd, one->place);
            tls_end(&one->wire);
        }
        free(one);
        *context = NULL;
        acceptor_left(&http->acceptor);
        return;
    }
    acceptor_entered(&http->acceptor);
    *context = one = calloc(1, sizeof *one);
    const union MHD_ConnectionInfo *socket =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (one)
        begin_connection(http, one, connection, socket->connect_fd);
    else
        (void)shutdown(socket->connect_fd, SHUT_RDWR); /* nobody is served unwatched */
}

/* Once for each connection: it leaves the crowd; of the certificate it showed the hash is kept. */
static void read_link(struct request *request, struct connection *one)
{
    if (one->place == CROWD_NOWHERE)
        return;
    crowd_leave(&request->http->crowd, one->place);
    one->place = CROWD_NOWHERE;
    if (request->http->settings.client_ca_pem)
        tls_fingerprint(one->wire.session, one->link.fingerprint);
}

static void *request_begin(void *self, const char *target, struct MHD_Connection *connection)
{
    struct http *http = self;
    struct connection *one = connection_of(connection);
    if (one && !http_pairs_fit(http->settings.listener, target)) {
        http_reply_too_long(&one->wire);
        return NULL;
    }
    struct rw_arena *arena = one ? spares_take(&http->spares, HTTP_REQUEST_MEMORY_MAX) : NULL;
    struct request *request = arena ? rw_arena_alloc(arena, sizeof *request, NULL) : NULL;
    if (!request) {
        rw_arena_close(arena);
        return NULL;
    }
    request->http = http; /* all else is zero: the arena's are */
    request->connection = connection;
    request->arena = arena;
    request->target_length = strlen(target);
    request->target_end = http_check_target(target) ? target + request->target_length : NULL;
    return request;
}

static void request_end(void *self, struct MHD_Connection *connection, void **context,
                        enum MHD_RequestTerminationCode code)
{
    (void)code;
    struct request *request = *context;
    struct connection *one = connection_of(connection);
    *context = NULL;
    if (one) {
        reaper_allow(&one->watched, now_ms(self) + NEXT_HEAD_MS);
        tls_sent(&one->wire);
    }
    if (request)
        spares_give(&request->http->spares, request->arena);
}

/* Head and body leave together. */
static enum MHD_Result send_reply(struct request *request)
{
    struct exchange *exchange = &request->exchange;
    if (atomic_load(&request->http->draining)) /* else the next question could meet a closed door */
        exchange_reply_extra(exchange, MHD_HTTP_HEADER_CONNECTION, "close");
    if (!http_reply_send(&request->http->kept, request->connection, exchange))
        return MHD_NO;
    allow(request, ANSWER_MS);
    if (!rw_text_equal(exchange->method, "HEAD"))
        tls_expect(&connection_of(request->connection)->wire, exchange->reply.length);
    return MHD_YES;
}

/* libmicrohttpd leaves a suspended connection alone, so its session is ours. */
static bool tell_stream(void *self, const char *bytes, size_t length)
{
    return tls_tell(&connection_of(self)->wire, bytes, length);
}

static enum MHD_Result start_stream(struct request *request)
{
    const struct stream stream = { .clock = request->http->settings.clock,
                                   .waiters = request->http->settings.waiters,
                                   .port = { request->connection, tell_stream, http_reply_suspend,
                                             http_reply_resume },
                                   .chunked = request->newest };
    request->streams = true;
    return http_reply_stream(request->connection, &request->exchange, &stream) ? MHD_YES : MHD_NO;
}

static enum MHD_Result answer(struct request *request)
{
    struct exchange *exchange = &request->exchange;
    exchange->body = request->body.bytes ? request->body.bytes : "";
    exchange->body_length = request->body.length;
    exchange->reply = (struct exchange_reply){ 0 };
    if (exchange->resumed || exchange->body_length > 0)
        exchange->clock_ms = now_ms(request->http);
    if (request->body.failure.code != RW_OK)
        exchange_reply_error(exchange, &request->body.failure, NULL);
    else
        request->http->settings.port.answer(request->http->settings.port.self, exchange);
    if (exchange->reply.hold == EXCHANGE_PARK) {
        http_reply_park(request->connection, exchange);
        return MHD_YES;
    }
    return exchange->reply.hold == EXCHANGE_STREAM ? start_stream(request) : send_reply(request);
}

static enum MHD_Result begin(struct request *request, const char *version)
{
    struct exchange *exchange = &request->exchange;
    struct MHD_Connection *connection = request->connection;
    struct rw_error err = { 0 };
    request->begun = true;
    request->newest = rw_text_equal(version, MHD_HTTP_VERSION_1_1);
    exchange->arena = request->arena;
    exchange->listener = request->http->settings.listener;
    exchange->now_ms = rw_clock_utc_ms(&request->http->settings.clock);
    exchange->clock_ms = now_ms(request->http);
    exchange->link = &connection_of(connection)->link;
    bool too_many = false;
    if (!http_pairs_read(connection, exchange, &too_many, &err))
        return MHD_NO;
    read_link(request, connection_of(connection));
    if (too_many || !http_pairs_leave_room(exchange, request->target_length)) {
        http_reply_too_long(&connection_of(connection)->wire);
        return MHD_NO;
    }
    if (http_pairs_check_whole(connection, exchange, request->target_end, version, &err) &&
        http_check_head(exchange, version, &err)) {
        allow(request, BODY_MS);
        if (request->http->settings.port.admit(request->http->settings.port.self, exchange,
                                               &request->body.max))
            return MHD_YES;
    } else {
        exchange_reply_error(exchange, &err, NULL);
    }
    /* The rest of what was sent is not to be trusted or not wanted: the connection ends here. */
    exchange_reply_extra(exchange, MHD_HTTP_HEADER_CONNECTION, "close");
    return send_reply(request);
}

static enum MHD_Result handle(void *self, struct MHD_Connection *connection, const char *path,
                              const char *method, const char *version, const char *bytes,
                              size_t *length, void **context)
{
    struct request *request = *context;
    (void)self, (void)connection;
    if (!request)
        return MHD_NO;
    request->exchange.path = path;
    request->exchange.method = method;
    if (!request->begun)
        return begin(request, version);
    if (*length > 0) {
        body_add(&request->body, bytes, *length, request->arena);
        *length = 0;
        return MHD_YES;
    }
    allow(request, 0);
    enum MHD_Result done = answer(request);
    if (request->streams) { /* one may be held for hours, and goes on without its request */
        *context = NULL;
        spares_give(&request->http->spares, request->arena);
    }
    return done;
}

/* libmicrohttpd closes what it cannot serve. */
static bool take(void *self, int socket, const struct sockaddr *peer, uint32_t peer_size)
{
    const struct http *http = self;
    return MHD_add_connection(http->daemon, socket, peer, peer_size) == MHD_YES;
}

/* Who is one too many waits with the acceptor: no thread of libmicrohttpd may ever be full. */
static bool start(struct http *http, struct rw_error *err)
{
    const struct http_settings *settings = &http->settings;
    /* It logs nothing: its sentences may quote what a client sent. */
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TLS | MHD_ALLOW_SUSPEND_RESUME |
                     MHD_USE_ITC | MHD_USE_NO_LISTEN_SOCKET;
    const char *ca = settings->client_ca_pem;
    struct MHD_OptionItem trust[] = {
        { ca ? MHD_OPTION_HTTPS_MEM_TRUST : MHD_OPTION_END, 0, (void *)(uintptr_t)ca },
        { MHD_OPTION_END, 0, NULL },
    };
    http->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, handle, http, MHD_OPTION_HTTPS_MEM_KEY, settings->key_pem,
        MHD_OPTION_HTTPS_MEM_CERT, settings->cert_pem, MHD_OPTION_HTTPS_PRIORITIES, TLS_PRIORITIES,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)(settings->connections * settings->threads),
        MHD_OPTION_THREAD_POOL_SIZE, (unsigned)settings->threads,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, http_pairs_pool(settings->listener),
        MHD_OPTION_STRICT_FOR_CLIENT, 0, MHD_OPTION_URI_LOG_CALLBACK, request_begin, http,
        MHD_OPTION_NOTIFY_COMPLETED, request_end, http, MHD_OPTION_NOTIFY_CONNECTION,
        connection_changed, http, MHD_OPTION_ARRAY, trust, MHD_OPTION_END);
    const struct acceptor_settings taking = { .address = settings->address,
                                              .count_max = settings->connections,
                                              .entering_max = ENTERING_MAX * settings->threads,
                                              .silence_ms = SILENCE_MS,
                                              .self = http,
                                              .take = take };
    if (!http->daemon)
        return rw_error_set(err, RW_UNAVAILABLE, "", "could not start the listener at %s",
                            settings->address);
    return acceptor_start(&http->acceptor, &taking, err);
}

static void stop(struct http *http)
{
    handshakes_end(http->handshakes);
    MHD_stop_daemon(http->daemon); /* NULL does no harm */
    handshakes_close(http->handshakes);
    http_reply_kept_release(&http->kept);
    spares_release(&http->spares);
    reaper_release(&http->reaper);
    tls_close(http->tls);
}

bool http_open(const struct http_settings *settings, struct rw_arena *arena, struct http **ret_http,
               struct rw_error *err)
{
    const struct handshakes_port port = { http_reply_suspend, http_reply_resume };
    const char *door = settings->listener == EXCHANGE_DEVICES ? "devices" : "people";
    struct http *http = rw_arena_alloc(arena, sizeof *http, err);
    if (!http || !tls_open(settings->tickets_key, door, arena, &http->tls, err))
        return false;
    if (!handshakes_open(arena, port, &http->handshakes, err)) {
        tls_close(http->tls);
        return false;
    }
    http->settings = *settings;
    http->crowd.max = settings->handshakes_per_address;
    reaper_init(&http->reaper);
    http_reply_kept_init(&http->kept);
    if (!start(http, err)) {
        stop(http);
        return false;
    }
    *ret_http = http;
    return true;
}

const char *http_address(const struct http *http)
{
    return http->acceptor.address;
}

int64_t http_tend(struct http *http)
{
    reaper_reap(&http->reaper, now_ms(http));
    return crowd_refused(&http->crowd);
}

void http_quiesce(struct http *http)
{
    acceptor_end(&http->acceptor);
    atomic_store(&http->draining, true);
}

bool http_is_empty(const struct http *http)
{
    return acceptor_count(&http->acceptor) == 0;
}

void http_close(struct http *http)
{
    stop(http);
    acceptor_release(&http->acceptor);
}
