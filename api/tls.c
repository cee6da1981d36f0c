/* SPDX-License-Identifier: Apache-2.0 */
/* Asks for certificates, resumes sessions, moves the bytes of TLS. */
#define _GNU_SOURCE
#include "api/tls.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#define RECORD_MAX 16384 /* RFC 8446 section 5.1 */
#define RECORD_EXTRA 22  /* section 5.2: header 5, type 1, tag 16 of each cipher that we take */
#define PROVED_S 86400   /* then the chain is proved anew */
#define LABEL_MAX 64
#define TICKETS_KEY_BYTES 64 /* what GnuTLS makes the keys of tickets from; it copies them */
#define PIECES_MAX 8         /* that GnuTLS hands over at once; more are sent by themselves */

/* A certificate whose chain was found good. */
struct proved {
    uint8_t digest[RW_SHA256_BYTES];
    time_t until; /* 0 = nothing */
};
struct tls {
    uint8_t tickets[TICKETS_KEY_BYTES];
    pthread_mutex_t lock;
    struct proved proved[TLS_PROVED_MAX];
};

static void derive(const uint8_t key[RW_HMAC_KEY_BYTES], const char *door, const char *part,
                   uint8_t ret_half[RW_SHA256_BYTES])
{
    char label[LABEL_MAX];
    (void)snprintf(label, sizeof label, "rolwacht tickets %s %s", door, part); /* short words */
    rw_hmac_sha256(key, RW_HMAC_KEY_BYTES, label, strlen(label), ret_half);
}

bool tls_open(const uint8_t key[RW_HMAC_KEY_BYTES], const char *door, struct rw_arena *arena,
              struct tls **ret_tls, struct rw_error *err)
{
    struct tls *tls = rw_arena_alloc(arena, sizeof *tls, err);
    if (!tls)
        return false;
    derive(key, door, "1", tls->tickets);
    derive(key, door, "2", tls->tickets + RW_SHA256_BYTES);
    (void)pthread_mutex_init(&tls->lock, NULL); /* cannot fail with default attributes */
    *ret_tls = tls;
    return true;
}

void tls_close(struct tls *tls)
{
    rw_crypto_wipe(tls->tickets, sizeof tls->tickets);
    (void)pthread_mutex_destroy(&tls->lock);
}

static struct proved *place_of(struct tls *tls, const uint8_t digest[RW_SHA256_BYTES])
{
    size_t number;
    memcpy(&number, digest, sizeof number);
    return &tls->proved[number % TLS_PROVED_MAX];
}

static bool was_proved(struct tls *tls, const uint8_t digest[RW_SHA256_BYTES])
{
    (void)pthread_mutex_lock(&tls->lock);
    const struct proved *proved = place_of(tls, digest);
    bool was = proved->until > time(NULL) && memcmp(proved->digest, digest, RW_SHA256_BYTES) == 0;
    (void)pthread_mutex_unlock(&tls->lock);
    return was;
}

static void remember(struct tls *tls, const uint8_t digest[RW_SHA256_BYTES],
                     const gnutls_datum_t *certificate)
{
    gnutls_x509_crt_t read;
    time_t until = time(NULL) + PROVED_S;
    if (gnutls_x509_crt_init(&read) != 0)
        return;
    if (gnutls_x509_crt_import(read, certificate, GNUTLS_X509_FMT_DER) == 0) {
        time_t expires = gnutls_x509_crt_get_expiration_time(read);
        (void)pthread_mutex_lock(&tls->lock);
        struct proved *proved = place_of(tls, digest);
        memcpy(proved->digest, digest, RW_SHA256_BYTES);
        proved->until = expires < until ? expires : until;
        (void)pthread_mutex_unlock(&tls->lock);
    }
    gnutls_x509_crt_deinit(read);
}

/* Who is turned away hears why (RFC 8446 section 6.2): libmicrohttpd only ends the connection. */
static int turn_away(gnutls_session_t session, unsigned status)
{
    const unsigned dates = GNUTLS_CERT_EXPIRED | GNUTLS_CERT_NOT_ACTIVATED;
    (void)gnutls_alert_send(session, GNUTLS_AL_FATAL,
                            status & GNUTLS_CERT_SIGNER_NOT_FOUND ? GNUTLS_A_UNKNOWN_CA
                            : status & dates                      ? GNUTLS_A_CERTIFICATE_EXPIRED
                                                                  : GNUTLS_A_BAD_CERTIFICATE);
    return GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR;
}

/* A device that comes back shows the very certificate that was proved before: its chain to our CA
 * is not computed again. That the device holds its key is proved in each handshake. */
static int verify(gnutls_session_t session)
{
    struct tls *tls = ((const struct tls_wire *)gnutls_transport_get_ptr(session))->tls;
    unsigned count = 0;
    unsigned status = 0;
    uint8_t digest[RW_SHA256_BYTES];
    const gnutls_datum_t *shown = gnutls_certificate_get_peers(session, &count);
    if (!shown || count == 0)
        return GNUTLS_E_NO_CERTIFICATE_FOUND;
    rw_sha256(shown[0].data, shown[0].size, digest);
    if (was_proved(tls, digest))
        return 0;
    if (gnutls_certificate_verify_peers3(session, NULL, &status) != 0 || status != 0)
        return turn_away(session, status);
    remember(tls, digest, &shown[0]);
    return 0;
}

static ssize_t take(struct tls_wire *wire, void *room, size_t size)
{
    ssize_t count = recv(wire->socket, room, size, 0);
    if (count < 0) {
        gnutls_transport_set_errno(wire->session, errno);
        if (errno == EAGAIN && !wire->shaken)
            wire->wait(wire->waiter);
    }
    return count;
}

static bool keep_ahead(struct tls_wire *wire, const unsigned char *bytes, size_t length)
{
    if (length == 0)
        return true;
    wire->ahead = malloc(length);
    if (!wire->ahead) {
        gnutls_transport_set_errno(wire->session, ENOMEM);
        return false;
    }
    memcpy(wire->ahead, bytes, length);
    wire->taken = 0;
    wire->read = length;
    return true;
}

static void take_whole(struct tls_wire *wire)
{
    free(wire->ahead);
    wire->ahead = NULL;
}

/* GnuTLS asks for the five bytes before a record and then for the record: one call gets both. What
 * is left lies in memory of its own only until it is taken. */
static ssize_t pull(gnutls_transport_ptr_t self, void *room, size_t size)
{
    struct tls_wire *wire = self;
    unsigned char bytes[TLS_READ_AHEAD];
    if (!wire->ahead) {
        if (size >= sizeof bytes)
            return take(wire, room, size);
        ssize_t count = take(wire, bytes, sizeof bytes);
        if (count <= 0)
            return count;
        size_t given = (size_t)count < size ? (size_t)count : size;
        memcpy(room, bytes, given);
        return keep_ahead(wire, bytes + given, (size_t)count - given) ? (ssize_t)given : -1;
    }
    size_t left = wire->read - wire->taken;
    size_t given = left < size ? left : size;
    memcpy(room, wire->ahead + wire->taken, given);
    wire->taken += given;
    if (wire->taken == wire->read)
        take_whole(wire);
    return (ssize_t)given;
}

/* The head, which comes first and which a body follows, and of the body all but its end. */
static bool hold(struct tls_wire *wire, const giovec_t *pieces, size_t count, size_t length)
{
    bool body = wire->held_length > 0;
    if (!wire->held || (body && length >= wire->coming) ||
        length > wire->held_size - wire->held_length)
        return false;
    wire->coming -= body ? length : 0;
    for (size_t i = 0; i < count; i++) {
        memcpy(wire->held + wire->held_length, pieces[i].iov_base, pieces[i].iov_len);
        wire->held_length += pieces[i].iov_len;
    }
    return true;
}

static void let_go(struct tls_wire *wire)
{
    free(wire->held);
    wire->held = NULL;
    wire->held_length = 0;
}

/* What was sent of the held bytes comes first, and is none of what GnuTLS asks for. */
static size_t account(struct tls_wire *wire, size_t sent)
{
    size_t old = sent < wire->held_length ? sent : wire->held_length;
    wire->held_length -= old;
    if (wire->held_length > 0)
        memmove(wire->held, wire->held + old, wire->held_length);
    else
        let_go(wire);
    sent -= old;
    wire->coming = sent < wire->coming ? wire->coming - sent : 0;
    return sent;
}

/* What is held goes first. Ends: each round sends some of it, or is the last. */
static ssize_t push(gnutls_transport_ptr_t self, const giovec_t *pieces, int count)
{
    struct tls_wire *wire = self;
    struct iovec all[PIECES_MAX + 1];
    size_t length = 0;
    size_t mine = 0;
    int used = count < PIECES_MAX ? count : PIECES_MAX;
    for (int i = 0; i < used; i++) {
        all[i + 1] = (struct iovec){ pieces[i].iov_base, pieces[i].iov_len };
        length += pieces[i].iov_len;
    }
    if (used == count && hold(wire, pieces, (size_t)count, length))
        return (ssize_t)length;
    do {
        all[0] = (struct iovec){ wire->held, wire->held_length };
        bool alone = wire->held_length == 0;
        const struct msghdr message = { .msg_iov = alone ? all + 1 : all,
                                        .msg_iovlen = (size_t)(alone ? used : used + 1) };
        int flags = MSG_NOSIGNAL | (length < wire->coming ? MSG_MORE : 0);
        ssize_t sent = sendmsg(wire->socket, &message, flags);
        if (sent < 0) {
            gnutls_transport_set_errno(wire->session, errno);
            return -1;
        }
        mine = account(wire, (size_t)sent);
    } while (mine == 0 && length > 0);
    return (ssize_t)mine;
}

static int heard(gnutls_session_t session, unsigned type, unsigned when, unsigned incoming,
                 const gnutls_datum_t *message)
{
    struct tls_wire *wire = gnutls_transport_get_ptr(session);
    (void)type, (void)when, (void)message;
    if (incoming)
        wire->shaken = true;
    return 0;
}

/* A trust list alone makes libmicrohttpd only ask for a certificate; here one becomes required and
 * checked against our CA within the handshake. */
void tls_begin(struct tls *tls, void *session, struct tls_wire *wire, bool required)
{
    wire->tls = tls;
    wire->session = session;
    gnutls_transport_set_ptr(session, wire);
    gnutls_transport_set_pull_function(session, pull);
    gnutls_transport_set_vec_push_function(session, push);
    gnutls_handshake_set_hook_function(session, GNUTLS_HANDSHAKE_FINISHED, GNUTLS_HOOK_POST, heard);
    const gnutls_datum_t tickets = { tls->tickets, sizeof tls->tickets };
    (void)gnutls_session_ticket_enable_server(session, &tickets); /* else no resumption */
    if (required) {
        gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUIRE);
        gnutls_session_set_verify_function(session, verify);
    }
}

void tls_expect(struct tls_wire *wire, size_t length)
{
    if (length == 0)
        return;
    wire->coming = length + (length + RECORD_MAX - 1) / RECORD_MAX * RECORD_EXTRA;
    wire->held_size = TLS_HEAD_MAX + (length > RECORD_MAX ? RECORD_MAX + RECORD_EXTRA : 0);
    wire->held = malloc(wire->held_size); /* without: sent at once */
}

void tls_sent(struct tls_wire *wire)
{
    let_go(wire);
    wire->coming = 0;
}

void tls_end(struct tls_wire *wire)
{
    take_whole(wire);
    let_go(wire);
}

/* A device that closed its end says so to poll alone: nobody reads here. */
static bool is_there(int socket)
{
    struct pollfd one = { .fd = socket, .events = POLLRDHUP };
    return poll(&one, 1, 0) == 0;
}

bool tls_tell(struct tls_wire *wire, const char *bytes, size_t length)
{
    assert(length <= RECORD_MAX);
    if (is_there(wire->socket) &&
        gnutls_record_send(wire->session, bytes, length) == (ssize_t)length)
        return true;
    (void)shutdown(wire->socket, SHUT_RDWR); /* a record that left in part cannot be followed */
    return false;
}

void tls_fingerprint(void *session, char ret_fingerprint[RW_HEX_SHA256_MAX])
{
    unsigned count = 0;
    const gnutls_datum_t *shown = gnutls_certificate_get_peers(session, &count);
    if (!shown || count == 0)
        return;
    uint8_t digest[RW_SHA256_BYTES];
    rw_sha256(shown[0].data, shown[0].size, digest);
    rw_hex_sha256(digest, ret_fingerprint);
}
