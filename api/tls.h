/* SPDX-License-Identifier: Apache-2.0 */
/* Asks for certificates, resumes sessions, moves the bytes of TLS. */
#ifndef RW_API_TLS_H
#define RW_API_TLS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/crypto.h"
#include "core/base/error.h"

/* TLS 1.3 alone, as GnuTLS writes it, and we choose. AES-128 comes first: with it goes SHA-256, for
 * which processors have an instruction, and which nothing known breaks (RFC 8446 section 9.1 asks
 * everybody for this pair). X25519 comes first: nearly all callers begin with a key of it, and who
 * must make one of another group has come in vain once. */
#define TLS_PRIORITIES                                                                       \
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-128-GCM:+CHACHA20-POLY1305:+AES-256-GCM" \
    ":-GROUP-ALL:+GROUP-X25519:+GROUP-SECP256R1:+GROUP-SECP384R1:+GROUP-SECP521R1"           \
    ":%SERVER_PRECEDENCE"
#define TLS_READ_AHEAD 512   /* bytes; most requests of devices come in one piece of this */
#define TLS_HEAD_MAX 1024    /* bytes of a head that waits for the body of its answer */
#define TLS_PROVED_MAX 16384 /* certificates, by their digest; a newcomer takes the place */

/* What the connections of one listener share: the key of its tickets, and which certificates were
 * proved lately. */
struct tls;

/* The bytes of one connection on their way from and to its socket; all zero but what tls_begin is
 * given. */
struct tls_wire {
    int socket;
    void *waiter;               /* told while the handshake waits for the client */
    void (*wait)(void *waiter); /* on the thread of the connection */
    struct tls *tls;            /* from here on: of tls.c alone */
    void *session;
    bool shaken; /* the handshake is over */
    size_t taken;
    size_t read;
    char *held; /* records that leave with the next one; NULL = each by itself */
    size_t held_size;
    size_t held_length;
    size_t coming;        /* bytes that will follow what is held */
    unsigned char *ahead; /* what was read and not taken yet; NULL = nothing: idle ones are many */
};

/* Tickets of one door are nothing at another, but the same at each node and after each start: the
 * keys that seal them follow from `key`, the door's name and, within GnuTLS, the time. */
RW_MUST_USE bool tls_open(const uint8_t key[RW_HMAC_KEY_BYTES], const char *door,
                          struct rw_arena *arena, struct tls **ret_tls, struct rw_error *err);
void tls_close(struct tls *tls);
/* Before the handshake of a session of GnuTLS, whose bytes go over `wire` from then on. `required`:
 * without a certificate of the trusted CA the handshake fails. */
void tls_begin(struct tls *tls, void *session, struct tls_wire *wire, bool required);
/* The head of an answer is sent next, then `length` bytes of body: the head and what of the body
 * fits into two records leave together. What has to wait lies in memory of its own until tls_sent.
 */
void tls_expect(struct tls_wire *wire, size_t length);
void tls_sent(struct tls_wire *wire);
void tls_end(struct tls_wire *wire);
/* Sends a record now, past whoever else uses the session and does not meanwhile. False: the caller
 * is gone or takes nothing any more, and its connection was shut down. */
RW_MUST_USE bool tls_tell(struct tls_wire *wire, const char *bytes, size_t length);
/* SHA-256 of the certificate that was shown, in hex; nothing is written when none was. */
void tls_fingerprint(void *session, char ret_fingerprint[RW_HEX_SHA256_MAX]);

#endif
