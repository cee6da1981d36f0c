/* SPDX-License-Identifier: Apache-2.0 */
/* Makes keys, requests and certificates with GnuTLS. */
#include "core/net/pki.h"

#include <arpa/inet.h>
#include <assert.h>
#include <string.h>
#include <time.h>

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "core/base/crypto.h"

#define PKI_SERIAL_BYTES 16 /* RFC 5280 allows 20; 127 random bits never meet twice */
#define PKI_HOST_MAX 256
#define PKI_HOSTS_MAX 32
#define PKI_DAYS_MAX 36500
#define PKI_BITS 256

/* Everything that one operation may open; what it did not open is NULL. */
struct pki_set {
    gnutls_x509_privkey_t key;
    gnutls_x509_crt_t cert;
    gnutls_x509_privkey_t issuer_key;
    gnutls_x509_crt_t issuer;
    gnutls_x509_crq_t request;
    gnutls_pubkey_t public_key;
};

static void release(struct pki_set *set)
{
    gnutls_x509_privkey_deinit(set->key);
    gnutls_x509_crt_deinit(set->cert);
    gnutls_x509_privkey_deinit(set->issuer_key);
    gnutls_x509_crt_deinit(set->issuer);
    gnutls_x509_crq_deinit(set->request);
    gnutls_pubkey_deinit(set->public_key);
}

/* True when the library was content; its failures become an error that names what was tried. */
static bool fine(int status, const char *what, struct rw_error *err)
{
    if (status >= 0)
        return true;
    return rw_error_set(err, status == GNUTLS_E_MEMORY_ERROR ? RW_NO_MEMORY : RW_INVALID, "",
                        "could not %s: %s", what, gnutls_strerror(status));
}

static bool pem_datum(const char *pem, gnutls_datum_t *ret, struct rw_error *err)
{
    size_t length = strlen(pem);
    if (length > PKI_PEM_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "a PEM text of %zu bytes is too large", length);
    /* The library reads it only, but its type has no const. */
    *ret = (gnutls_datum_t){ .data = (unsigned char *)(uintptr_t)pem, .size = (unsigned)length };
    return true;
}

static bool load_key(const char *pem, gnutls_x509_privkey_t *ret_key, struct rw_error *err)
{
    gnutls_datum_t bytes;
    return pem_datum(pem, &bytes, err) &&
           fine(gnutls_x509_privkey_init(ret_key), "hold a key", err) &&
           fine(gnutls_x509_privkey_import(*ret_key, &bytes, GNUTLS_X509_FMT_PEM), "read a key",
                err);
}

static bool load_cert(const char *pem, gnutls_x509_crt_t *ret_cert, struct rw_error *err)
{
    gnutls_datum_t bytes;
    return pem_datum(pem, &bytes, err) &&
           fine(gnutls_x509_crt_init(ret_cert), "hold a certificate", err) &&
           fine(gnutls_x509_crt_import(*ret_cert, &bytes, GNUTLS_X509_FMT_PEM),
                "read a certificate", err);
}

/* Copies a text of the library into the arena and frees the library's. */
static bool keep_pem(int status, gnutls_datum_t *text, struct rw_arena *arena, const char **ret_pem,
                     struct rw_error *err)
{
    if (!fine(status, "write a PEM text", err))
        return false;
    char *copy = rw_arena_text_n(arena, (const char *)text->data, text->size, err);
    rw_crypto_wipe(text->data, text->size);
    gnutls_free(text->data);
    if (copy == NULL)
        return false;
    *ret_pem = copy;
    return true;
}

bool pki_key_make(struct rw_arena *arena, const char **ret_key_pem, struct rw_error *err)
{
    struct pki_set set = { 0 };
    gnutls_datum_t text;
    bool done =
        fine(gnutls_x509_privkey_init(&set.key), "hold a key", err) &&
        fine(gnutls_x509_privkey_generate(set.key, GNUTLS_PK_ECDSA,
                                          GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0),
             "make a key", err) &&
        keep_pem(gnutls_x509_privkey_export2_pkcs8(set.key, GNUTLS_X509_FMT_PEM, NULL,
                                                   GNUTLS_PKCS_PLAIN, &text),
                 &text, arena, ret_key_pem, err);
    release(&set);
    return done;
}

/* Version, serial and life of every certificate of ours. */
static bool begin_cert(gnutls_x509_crt_t *ret_cert, int64_t from_utc_ms, int32_t days,
                       struct rw_error *err)
{
    assert(days > 0 && days <= PKI_DAYS_MAX);
    uint8_t serial[PKI_SERIAL_BYTES];
    rw_crypto_random(serial, sizeof serial);
    serial[0] = (uint8_t)((serial[0] & 0x7F) | 0x40); /* positive, and never shorter */
    time_t from = (time_t)(from_utc_ms / 1000);
    time_t until = from + (time_t)days * 86400;
    return fine(gnutls_x509_crt_init(ret_cert), "hold a certificate", err) &&
           fine(gnutls_x509_crt_set_version(*ret_cert, 3), "set the version", err) &&
           fine(gnutls_x509_crt_set_serial(*ret_cert, serial, sizeof serial), "set the serial",
                err) &&
           fine(gnutls_x509_crt_set_activation_time(*ret_cert, from), "set the start", err) &&
           fine(gnutls_x509_crt_set_expiration_time(*ret_cert, until), "set the end", err);
}

static bool set_name(gnutls_x509_crt_t cert, const char *oid, const char *text,
                     struct rw_error *err)
{
    return fine(gnutls_x509_crt_set_dn_by_oid(cert, oid, 0, text, (unsigned)strlen(text)),
                "set the name", err);
}

/* Usage, key identifiers and the issuer's signature: the last steps of every certificate. */
static bool finish_cert(struct pki_set *set, unsigned usage, struct rw_arena *arena,
                        const char **ret_cert_pem, struct rw_error *err)
{
    uint8_t id[64];
    size_t length = sizeof id;
    if (!fine(gnutls_x509_crt_set_key_usage(set->cert, usage), "set the usage", err) ||
        !fine(gnutls_x509_crt_get_key_id(set->cert, GNUTLS_KEYID_USE_SHA256, id, &length),
              "name the key", err) ||
        !fine(gnutls_x509_crt_set_subject_key_id(set->cert, id, length), "name the key", err))
        return false;
    length = sizeof id;
    if (set->issuer != set->cert &&
        (!fine(gnutls_x509_crt_get_subject_key_id(set->issuer, id, &length, NULL),
               "name the issuer's key", err) ||
         !fine(gnutls_x509_crt_set_authority_key_id(set->cert, id, length), "name the issuer's key",
               err)))
        return false;
    gnutls_datum_t text;
    return fine(
               gnutls_x509_crt_sign2(set->cert, set->issuer, set->issuer_key, GNUTLS_DIG_SHA256, 0),
               "sign a certificate", err) &&
           keep_pem(gnutls_x509_crt_export2(set->cert, GNUTLS_X509_FMT_PEM, &text), &text, arena,
                    ret_cert_pem, err);
}

bool pki_ca_make(const char *key_pem, const char *name, int64_t from_utc_ms, int32_t days,
                 struct rw_arena *arena, const char **ret_cert_pem, struct rw_error *err)
{
    struct pki_set set = { 0 };
    bool done = load_key(key_pem, &set.key, err) && begin_cert(&set.cert, from_utc_ms, days, err) &&
                set_name(set.cert, GNUTLS_OID_X520_COMMON_NAME, name, err) &&
                fine(gnutls_x509_crt_set_key(set.cert, set.key), "set the key", err) &&
                fine(gnutls_x509_crt_set_basic_constraints(set.cert, 1, 0), "mark a CA", err);
    if (done) {
        set.issuer = set.cert;
        set.issuer_key = set.key;
        done = finish_cert(&set, GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN, arena,
                           ret_cert_pem, err);
        set.issuer = NULL;
        set.issuer_key = NULL;
    }
    release(&set);
    return done;
}

/* One DNS name or address. */
static bool add_host(gnutls_x509_crt_t cert, const char *host, struct rw_error *err)
{
    uint8_t address[16];
    int status;
    if (inet_pton(AF_INET, host, address) == 1)
        status = gnutls_x509_crt_set_subject_alt_name(cert, GNUTLS_SAN_IPADDRESS, address, 4,
                                                      GNUTLS_FSAN_APPEND);
    else if (inet_pton(AF_INET6, host, address) == 1)
        status = gnutls_x509_crt_set_subject_alt_name(cert, GNUTLS_SAN_IPADDRESS, address, 16,
                                                      GNUTLS_FSAN_APPEND);
    else
        status = gnutls_x509_crt_set_subject_alt_name(cert, GNUTLS_SAN_DNSNAME, host,
                                                      (unsigned)strlen(host), GNUTLS_FSAN_APPEND);
    return fine(status, "set a host name", err);
}

static bool add_hosts(gnutls_x509_crt_t cert, const char *hosts, struct rw_error *err)
{
    for (int count = 0; count < PKI_HOSTS_MAX; count++) {
        char host[PKI_HOST_MAX];
        size_t length = strcspn(hosts, ",");
        if (length == 0 || length >= sizeof host)
            return rw_error_set(err, RW_INVALID, "", "a host name of %zu bytes cannot be used",
                                length);
        memcpy(host, hosts, length);
        host[length] = '\0';
        if ((count == 0 && !set_name(cert, GNUTLS_OID_X520_COMMON_NAME, host, err)) ||
            !add_host(cert, host, err))
            return false;
        if (hosts[length] == '\0')
            return true;
        hosts += length + 1;
    }
    return rw_error_set(err, RW_TOO_LARGE, "", "a server has at most %d names", PKI_HOSTS_MAX);
}

bool pki_server_make(const struct pki_issuer *ca, const char *key_pem, const char *hosts,
                     int64_t from_utc_ms, int32_t days, struct rw_arena *arena,
                     const char **ret_cert_pem, struct rw_error *err)
{
    struct pki_set set = { 0 };
    bool done = load_cert(ca->cert_pem, &set.issuer, err) &&
                load_key(ca->key_pem, &set.issuer_key, err) && load_key(key_pem, &set.key, err) &&
                begin_cert(&set.cert, from_utc_ms, days, err) && add_hosts(set.cert, hosts, err) &&
                fine(gnutls_x509_crt_set_key(set.cert, set.key), "set the key", err) &&
                fine(gnutls_x509_crt_set_basic_constraints(set.cert, 0, -1), "mark no CA", err) &&
                fine(gnutls_x509_crt_set_key_purpose_oid(set.cert, GNUTLS_KP_TLS_WWW_SERVER, 0),
                     "set the purpose", err) &&
                finish_cert(&set, GNUTLS_KEY_DIGITAL_SIGNATURE, arena, ret_cert_pem, err);
    release(&set);
    return done;
}

bool pki_request_make(const char *key_pem, const char *common_name, struct rw_arena *arena,
                      const char **ret_csr_pem, struct rw_error *err)
{
    struct pki_set set = { 0 };
    gnutls_datum_t text;
    bool done = load_key(key_pem, &set.key, err) &&
                fine(gnutls_x509_crq_init(&set.request), "hold a request", err) &&
                fine(gnutls_x509_crq_set_version(set.request, 1), "set the version", err) &&
                fine(gnutls_x509_crq_set_dn_by_oid(set.request, GNUTLS_OID_X520_COMMON_NAME, 0,
                                                   common_name, (unsigned)strlen(common_name)),
                     "set the name", err) &&
                fine(gnutls_x509_crq_set_key(set.request, set.key), "set the key", err) &&
                fine(gnutls_x509_crq_sign2(set.request, set.key, GNUTLS_DIG_SHA256, 0),
                     "sign a request", err) &&
                keep_pem(gnutls_x509_crq_export2(set.request, GNUTLS_X509_FMT_PEM, &text), &text,
                         arena, ret_csr_pem, err);
    release(&set);
    return done;
}

/* Reads a request, proves that its sender holds the key, and takes the public key alone. */
static bool take_request(const char *csr_pem, struct pki_set *set, struct rw_error *err)
{
    gnutls_datum_t bytes;
    if (!pem_datum(csr_pem, &bytes, err) ||
        !fine(gnutls_x509_crq_init(&set->request), "hold a request", err) ||
        !fine(gnutls_x509_crq_import(set->request, &bytes, GNUTLS_X509_FMT_PEM), "read a request",
              err) ||
        !fine(gnutls_x509_crq_verify(set->request, 0), "check the request's signature", err))
        return false;
    unsigned bits = 0;
    if (gnutls_x509_crq_get_pk_algorithm(set->request, &bits) != GNUTLS_PK_ECDSA ||
        bits != PKI_BITS)
        return rw_error_set(err, RW_INVALID, "", "the key of the request is not ECDSA P-256");
    return fine(gnutls_pubkey_init(&set->public_key), "hold a key", err) &&
           fine(gnutls_pubkey_import_x509_crq(set->public_key, set->request, 0), "take the key",
                err);
}

bool pki_client_sign(const char *ca_cert_pem, const char *ca_key_pem, const char *csr_pem,
                     const struct pki_client *client, struct rw_arena *arena,
                     const char **ret_cert_pem, struct rw_error *err)
{
    struct pki_set set = { 0 };
    bool done = load_cert(ca_cert_pem, &set.issuer, err) &&
                load_key(ca_key_pem, &set.issuer_key, err) && take_request(csr_pem, &set, err) &&
                begin_cert(&set.cert, client->from_utc_ms, client->days, err) &&
                set_name(set.cert, GNUTLS_OID_X520_ORGANIZATIONAL_UNIT_NAME, client->role, err) &&
                set_name(set.cert, GNUTLS_OID_X520_COMMON_NAME, client->common_name, err) &&
                fine(gnutls_x509_crt_set_pubkey(set.cert, set.public_key), "set the key", err) &&
                fine(gnutls_x509_crt_set_basic_constraints(set.cert, 0, -1), "mark no CA", err) &&
                fine(gnutls_x509_crt_set_key_purpose_oid(set.cert, GNUTLS_KP_TLS_WWW_CLIENT, 0),
                     "set the purpose", err) &&
                finish_cert(&set, GNUTLS_KEY_DIGITAL_SIGNATURE, arena, ret_cert_pem, err);
    release(&set);
    return done;
}

bool pki_fingerprint(const char *cert_pem, char ret_hex[PKI_FINGERPRINT_MAX], struct rw_error *err)
{
    struct pki_set set = { 0 };
    uint8_t digest[RW_SHA256_BYTES];
    size_t length = sizeof digest;
    bool done = load_cert(cert_pem, &set.cert, err) &&
                fine(gnutls_x509_crt_get_fingerprint(set.cert, GNUTLS_DIG_SHA256, digest, &length),
                     "count a certificate's fingerprint", err);
    if (done)
        rw_hex_sha256(digest, ret_hex);
    release(&set);
    return done;
}

bool pki_times(const char *cert_pem, int64_t *ret_from_ms, int64_t *ret_until_ms,
               struct rw_error *err)
{
    struct pki_set set = { 0 };
    bool done = load_cert(cert_pem, &set.cert, err);
    if (done) {
        *ret_from_ms = (int64_t)gnutls_x509_crt_get_activation_time(set.cert) * 1000;
        *ret_until_ms = (int64_t)gnutls_x509_crt_get_expiration_time(set.cert) * 1000;
    }
    release(&set);
    return done;
}

bool pki_hmac_sha1(const void *key, size_t key_length, const void *bytes, size_t length,
                   uint8_t ret_mac[PKI_SHA1_BYTES], struct rw_error *err)
{
    return fine(gnutls_hmac_fast(GNUTLS_MAC_SHA1, key, key_length, bytes, length, ret_mac),
                "make a one-time password", err);
}
