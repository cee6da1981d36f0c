/* SPDX-License-Identifier: Apache-2.0 */
/* Asks for certificates in the handshake and resumes sessions. */
#include "api/tls.h"

#include <gnutls/gnutls.h>

struct tls {
    gnutls_datum_t tickets;
};

bool tls_open(struct rw_arena *arena, struct tls **ret_tls, struct rw_error *err)
{
    struct tls *tls = rw_arena_alloc(arena, sizeof *tls, err);
    if (!tls)
        return false;
    if (gnutls_session_ticket_key_generate(&tls->tickets) != 0)
        return rw_error_set(err, RW_UNAVAILABLE, "", "could not make a key for TLS tickets");
    *ret_tls = tls;
    return true;
}

void tls_close(struct tls *tls)
{
    gnutls_memset(tls->tickets.data, 0, tls->tickets.size);
    gnutls_free(tls->tickets.data);
}

/* A trust list alone makes libmicrohttpd only ask for a certificate; here one becomes required and
 * checked against our CA within the handshake. */
void tls_begin(const struct tls *tls, void *session, bool required)
{
    (void)gnutls_session_ticket_enable_server(session, &tls->tickets); /* else no resumption */
    if (required) {
        gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUIRE);
        gnutls_session_set_verify_cert(session, NULL, 0);
    }
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
