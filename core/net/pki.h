/* SPDX-License-Identifier: Apache-2.0 */
/* Makes keys, certificate requests and certificates; a door to GnuTLS. */
#ifndef RW_CORE_NET_PKI_H
#define RW_CORE_NET_PKI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

#define PKI_PEM_MAX 16384
#define PKI_SHA1_BYTES 20
#define PKI_FINGERPRINT_MAX 65 /* SHA-256 of the DER certificate in hex, NUL included */

/* All keys are ECDSA P-256 (secure elements of dispensers have no Ed25519). PEM texts live in the
 * arena. Times are UTC milliseconds. */
RW_MUST_USE bool pki_key_make(struct rw_arena *arena, const char **ret_key_pem,
                              struct rw_error *err);
RW_MUST_USE bool pki_ca_make(const char *key_pem, const char *name, int64_t from_utc_ms,
                             int32_t days, struct rw_arena *arena, const char **ret_cert_pem,
                             struct rw_error *err);
/* Who signs. */
struct pki_issuer {
    const char *cert_pem;
    const char *key_pem;
};
/* `hosts` is "localhost,127.0.0.1,::1": DNS names and addresses for the subject alternative name.
 */
RW_MUST_USE bool pki_server_make(const struct pki_issuer *ca, const char *key_pem,
                                 const char *hosts, int64_t from_utc_ms, int32_t days,
                                 struct rw_arena *arena, const char **ret_cert_pem,
                                 struct rw_error *err);
/* PKCS#10. */
RW_MUST_USE bool pki_request_make(const char *key_pem, const char *common_name,
                                  struct rw_arena *arena, const char **ret_csr_pem,
                                  struct rw_error *err);
/* A client certificate with CN = common_name and OU = role ("dispenser", "line"); the request's
 * own names are ignored, its signature is checked. */
struct pki_client {
    const char *common_name;
    const char *role;
    int64_t from_utc_ms;
    int32_t days;
};
RW_MUST_USE bool pki_client_sign(const char *ca_cert_pem, const char *ca_key_pem,
                                 const char *csr_pem, const struct pki_client *client,
                                 struct rw_arena *arena, const char **ret_cert_pem,
                                 struct rw_error *err);
RW_MUST_USE bool pki_fingerprint(const char *cert_pem, char ret_hex[PKI_FINGERPRINT_MAX],
                                 struct rw_error *err);
/* The first and the last moment at which a certificate is good, UTC milliseconds. */
RW_MUST_USE bool pki_times(const char *cert_pem, int64_t *ret_from_ms, int64_t *ret_until_ms,
                           struct rw_error *err);
/* HMAC-SHA-1 (RFC 2104), which one-time passwords are made of; of no use for anything else. */
RW_MUST_USE bool pki_hmac_sha1(const void *key, size_t key_length, const void *bytes, size_t length,
                               uint8_t ret_mac[PKI_SHA1_BYTES], struct rw_error *err);

#endif
