/* SPDX-License-Identifier: Apache-2.0 */
/* Asks for certificates in the handshake and resumes sessions. */
#ifndef RW_API_TLS_H
#define RW_API_TLS_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/crypto.h"
#include "core/base/error.h"

/* TLS 1.3 alone, as GnuTLS writes it. */
#define TLS_PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3"

/* What the connections of one listener share: the key of its tickets, renewed at each start. */
struct tls;

RW_MUST_USE bool tls_open(struct rw_arena *arena, struct tls **ret_tls, struct rw_error *err);
void tls_close(struct tls *tls);
/* Before the handshake of a session of GnuTLS. `required`: without a certificate of the trusted CA
 * the handshake fails. */
void tls_begin(const struct tls *tls, void *session, bool required);
/* SHA-256 of the certificate that was shown, in hex; nothing is written when none was. */
void tls_fingerprint(void *session, char ret_fingerprint[RW_HEX_SHA256_MAX]);

#endif
