/* SPDX-License-Identifier: Apache-2.0 */
/* Makes certificates and reads them with GnuTLS's own checks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <time.h>

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "core/base/crypto.h"
#include "core/net/pki.h"

#define FROM_MS INT64_C(1795417200000) /* 2026-11-23T07:00Z */

static struct rw_arena *arena;
static const char *ca_key;
static const char *ca;

static int open_all(void **state)
{
    struct rw_error err = { 0 };
    (void)state;
    arena = rw_arena_open(4 * RW_ARENA_MIB);
    return arena != NULL && rw_crypto_init(&err) && pki_key_make(arena, &ca_key, &err) &&
                   pki_ca_make(ca_key, "De Vijzel CA", FROM_MS, 3650, arena, &ca, &err)
               ? 0
               : -1;
}

static int close_all(void **state)
{
    (void)state;
    rw_arena_close(arena);
    return 0;
}

static gnutls_x509_crt_t loaded(const char *pem)
{
    gnutls_x509_crt_t cert;
    unsigned char copy[PKI_PEM_MAX];
    size_t length = strlen(pem);
    memcpy(copy, pem, length);
    const gnutls_datum_t bytes = { .data = copy, .size = (unsigned)length };
    assert_int_equal(gnutls_x509_crt_init(&cert), 0);
    assert_int_equal(gnutls_x509_crt_import(cert, &bytes, GNUTLS_X509_FMT_PEM), 0);
    return cert;
}

static unsigned problems_of(const char *pem)
{
    gnutls_x509_crt_t cert = loaded(pem);
    gnutls_x509_crt_t root = loaded(ca);
    unsigned status = 0;
    assert_int_equal(
        gnutls_x509_crt_verify(cert, &root, 1, GNUTLS_VERIFY_DISABLE_TIME_CHECKS, &status), 0);
    gnutls_x509_crt_deinit(cert);
    gnutls_x509_crt_deinit(root);
    return status;
}

static const char *request_of(const char *name)
{
    struct rw_error err = { 0 };
    const char *key;
    const char *csr;
    assert_true(pki_key_make(arena, &key, &err));
    assert_true(pki_request_make(key, name, arena, &csr, &err));
    return csr;
}

static void a_server_certificate_names_its_hosts(void **state)
{
    struct rw_error err = { 0 };
    const struct pki_issuer issuer = { ca, ca_key };
    const char *key;
    const char *pem;
    (void)state;
    assert_true(pki_key_make(arena, &key, &err));
    assert_true(
        pki_server_make(&issuer, key, "rol.example,127.0.0.1,::1", FROM_MS, 30, arena, &pem, &err));
    assert_int_equal(problems_of(pem), 0);
    gnutls_x509_crt_t cert = loaded(pem);
    assert_true(gnutls_x509_crt_check_hostname(cert, "rol.example"));
    assert_true(gnutls_x509_crt_check_hostname(cert, "127.0.0.1"));
    assert_true(gnutls_x509_crt_check_hostname(cert, "::1"));
    assert_false(gnutls_x509_crt_check_hostname(cert, "other.example"));
    assert_int_equal(gnutls_x509_crt_get_activation_time(cert), FROM_MS / 1000);
    assert_int_equal(gnutls_x509_crt_get_expiration_time(cert), FROM_MS / 1000 + 30 * 86400);
    assert_int_equal(gnutls_x509_crt_get_ca_status(cert, NULL), 0);
    char purpose[64];
    size_t length = sizeof purpose;
    assert_int_equal(gnutls_x509_crt_get_key_purpose_oid(cert, 0, purpose, &length, NULL), 0);
    assert_string_equal(purpose, GNUTLS_KP_TLS_WWW_SERVER);
    gnutls_x509_crt_deinit(cert);
}

static void a_client_is_called_what_the_service_says(void **state)
{
    struct rw_error err = { 0 };
    const struct pki_client client = {
        .common_name = "d-17", .role = "dispenser", .from_utc_ms = FROM_MS, .days = 365
    };
    const char *pem;
    char text[128];
    size_t length = sizeof text;
    (void)state;
    assert_true(
        pki_client_sign(ca, ca_key, request_of("i am the admin"), &client, arena, &pem, &err));
    assert_int_equal(problems_of(pem), 0);
    gnutls_x509_crt_t cert = loaded(pem);
    assert_int_equal(
        gnutls_x509_crt_get_dn_by_oid(cert, GNUTLS_OID_X520_COMMON_NAME, 0, 0, text, &length), 0);
    assert_string_equal(text, "d-17");
    length = sizeof text;
    assert_int_equal(gnutls_x509_crt_get_dn_by_oid(cert, GNUTLS_OID_X520_ORGANIZATIONAL_UNIT_NAME,
                                                   0, 0, text, &length),
                     0);
    assert_string_equal(text, "dispenser");
    length = sizeof text;
    assert_int_equal(gnutls_x509_crt_get_key_purpose_oid(cert, 0, text, &length, NULL), 0);
    assert_string_equal(text, GNUTLS_KP_TLS_WWW_CLIENT);
    unsigned bits = 0;
    assert_int_equal(gnutls_x509_crt_get_pk_algorithm(cert, &bits), GNUTLS_PK_ECDSA);
    assert_int_equal(bits, 256);
    gnutls_x509_crt_deinit(cert);
}

/* A request whose sender does not hold the key: its signature is altered. */
static void a_request_with_a_wrong_signature_is_refused(void **state)
{
    const struct pki_client client = {
        .common_name = "d-17", .role = "dispenser", .from_utc_ms = FROM_MS, .days = 365
    };
    struct rw_error err = { 0 };
    const char *pem = NULL;
    (void)state;
    char *csr = rw_arena_text(arena, request_of("x"), &err);
    char *end = strstr(csr, "-----END");
    int refused = 0;
    for (char *byte = end - 12; byte > end - 60; byte -= 8) {
        char old = *byte;
        err = (struct rw_error){ 0 };
        *byte = old == 'A' ? 'B' : 'A';
        refused += !pki_client_sign(ca, ca_key, csr, &client, arena, &pem, &err);
        *byte = old;
    }
    assert_int_equal(refused, 6);
    assert_null(pem);
}

static void what_is_no_pem_is_refused(void **state)
{
    static char longest[PKI_PEM_MAX + 2];
    struct rw_error err = { 0 };
    const char *pem;
    char hex[PKI_FINGERPRINT_MAX];
    (void)state;
    assert_false(pki_fingerprint("no certificate", hex, &err));
    assert_int_equal(err.code, RW_INVALID);
    assert_false(pki_ca_make("no key", "x", FROM_MS, 1, arena, &pem, NULL));
    assert_false(pki_fingerprint(ca_key, hex, NULL));
    memset(longest, 'a', sizeof longest - 1);
    err = (struct rw_error){ 0 };
    assert_false(pki_fingerprint(longest, hex, &err));
    assert_int_equal(err.code, RW_TOO_LARGE);
    const struct pki_issuer issuer = { ca, ca_key };
    assert_false(pki_server_make(&issuer, ca_key, "", FROM_MS, 1, arena, &pem, NULL));
    assert_false(pki_server_make(&issuer, ca_key, "a,,b", FROM_MS, 1, arena, &pem, NULL));
}

static void a_fingerprint_is_64_digits_of_its_own(void **state)
{
    struct rw_error err = { 0 };
    const char *other;
    char first[PKI_FINGERPRINT_MAX];
    char second[PKI_FINGERPRINT_MAX];
    (void)state;
    assert_true(pki_ca_make(ca_key, "De Vijzel CA", FROM_MS, 3650, arena, &other, &err));
    assert_true(pki_fingerprint(ca, first, &err));
    assert_true(pki_fingerprint(other, second, &err));
    assert_int_equal(strlen(first), 64);
    assert_string_not_equal(first, second); /* the serials differ */
}

static void no_memory_is_told(void **state)
{
    struct rw_arena *none = rw_arena_open(0);
    struct rw_error err = { 0 };
    const char *pem;
    (void)state;
    assert_false(pki_key_make(none, &pem, &err));
    assert_int_equal(err.code, RW_NO_MEMORY);
    rw_arena_close(none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_certificate_names_its_hosts),
        cmocka_unit_test(a_client_is_called_what_the_service_says),
        cmocka_unit_test(a_request_with_a_wrong_signature_is_refused),
        cmocka_unit_test(what_is_no_pem_is_refused),
        cmocka_unit_test(a_fingerprint_is_64_digits_of_its_own),
        cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
