/* SPDX-License-Identifier: Apache-2.0 */
/* Signs documents and refuses every other document, key and header. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/text.h"
#include "core/json/jws.h"

#define JWS_CEILING ((size_t)16 * 1024 * 1024) /* docs/LIMITS.md */

static struct rw_arena *arena;
static uint8_t public_key[RW_SIGN_PUBLIC_BYTES];
static uint8_t secret[RW_SIGN_SECRET_BYTES];

static int open_all(void **state)
{
    struct rw_error err = { 0 };
    (void)state;
    arena = rw_arena_open(32 * RW_ARENA_MIB);
    if (arena == NULL || !rw_crypto_init(&err))
        return -1;
    rw_sign_keypair(public_key, secret);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    rw_arena_close(arena);
    return 0;
}

static void a_signed_document_gives_its_payload(void **state)
{
    struct rw_error err = { 0 };
    const char *bytes;
    const char *payload;
    size_t length;
    (void)state;
    assert_true(jws_sign("{\"a\":1}", 7, "t", secret, arena, &bytes, &length, &err));
    assert_int_equal(strlen(bytes), length);
    size_t payload_length;
    assert_true(jws_check(bytes, length, "t", public_key, arena, &payload, &payload_length, &err));
    assert_int_equal(payload_length, 7);
    assert_string_equal(payload, "{\"a\":1}");
}

/* RFC 8037 appendix A.3. */
static void the_thumbprint_is_that_of_rfc_8037(void **state)
{
    struct rw_error err = { 0 };
    uint8_t *key;
    size_t length;
    char kid[JWS_KID_MAX];
    (void)state;
    assert_true(rw_base64url_decode(arena, "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", &key,
                                    &length, &err));
    jws_kid(key, kid);
    assert_string_equal(kid, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}

static void another_key_or_typ_is_refused(void **state)
{
    struct rw_error err = { 0 };
    uint8_t other_public[RW_SIGN_PUBLIC_BYTES];
    uint8_t other_secret[RW_SIGN_SECRET_BYTES];
    const char *bytes;
    const char *payload = NULL;
    size_t length;
    (void)state;
    rw_sign_keypair(other_public, other_secret);
    assert_true(jws_sign("x", 1, "t", secret, arena, &bytes, &length, &err));
    assert_false(jws_check(bytes, length, "u", public_key, arena, &payload, &length, &err));
    err = (struct rw_error){ 0 };
    length = strlen(bytes);
    assert_false(jws_check(bytes, length, "t", other_public, arena, &payload, &length, &err));
    assert_int_equal(err.code, RW_INVALID);
    assert_null(payload);
}

/* Any altered character: the document, its encoding or its signature no longer fits. */
static void every_altered_byte_is_refused(void **state)
{
    struct rw_error err = { 0 };
    const char *bytes;
    const char *payload = NULL;
    size_t length;
    (void)state;
    assert_true(jws_sign("{\"dose\":1}", 10, "t", secret, arena, &bytes, &length, &err));
    char *altered = rw_arena_text_n(arena, bytes, length, &err);
    for (size_t i = 0; i < length; i++) {
        struct rw_arena *small = rw_arena_open(RW_ARENA_MIB);
        size_t ignored;
        altered[i] = altered[i] == 'A' ? 'B' : 'A';
        assert_false(jws_check(altered, length, "t", public_key, small, &payload, &ignored, NULL));
        altered[i] = bytes[i];
        rw_arena_close(small);
    }
    assert_null(payload);
}

/* Signs any header, as an attacker without our writer would. */
static const char *forged(const char *header, const char *payload)
{
    struct rw_error err = { 0 };
    const char *header_text;
    const char *payload_text;
    const char *signature_text;
    uint8_t signature[RW_SIGNATURE_BYTES];
    assert_true(rw_base64url(arena, header, strlen(header), &header_text, &err));
    assert_true(rw_base64url(arena, payload, strlen(payload), &payload_text, &err));
    char *input = rw_arena_format(arena, &err, "%s.%s", header_text, payload_text);
    rw_sign(secret, input, strlen(input), signature);
    assert_true(rw_base64url(arena, signature, sizeof signature, &signature_text, &err));
    return rw_arena_format(arena, &err,
                           "{\"payload\":\"%s\",\"protected\":\"%s\",\"signature\":\"%s\"}",
                           payload_text, header_text, signature_text);
}

static bool is_accepted(const char *bytes)
{
    const char *payload;
    size_t length;
    return jws_check(bytes, strlen(bytes), "t", public_key, arena, &payload, &length, NULL);
}

static void headers_of_other_kinds_are_refused(void **state)
{
    struct rw_error err = { 0 };
    char kid[JWS_KID_MAX];
    (void)state;
    jws_kid(public_key, kid);
    const char *good =
        rw_arena_format(arena, &err, "{\"alg\":\"EdDSA\",\"kid\":\"%s\",\"typ\":\"t\"}", kid);
    assert_true(is_accepted(forged(good, "x")));
    static const char *const wrong[] = {
        "{\"alg\":\"none\",\"kid\":\"%s\",\"typ\":\"t\"}",
        "{\"alg\":\"EdDSA\",\"typ\":\"t\"}%s",
        "{\"alg\":\"EdDSA\",\"kid\":\"%s\",\"typ\":\"t\",\"crit\":[\"b64\"]}",
        "{\"alg\":\"EdDSA\",\"kid\":\"%s\",\"typ\":7}",
        "[\"%s\"]",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        const char *header = rw_arena_format(arena, &err, wrong[i], i == 1 ? "" : kid);
#pragma GCC diagnostic pop
        assert_false(is_accepted(forged(header, "x")));
    }
}

static void what_is_no_such_document_is_refused(void **state)
{
    (void)state;
    assert_false(is_accepted(""));
    assert_false(is_accepted("{}"));
    assert_false(is_accepted("[]"));
    assert_false(is_accepted("{\"payload\":\"\",\"protected\":\"\",\"signature\":\"\"}"));
    assert_false(is_accepted("{\"payload\":\"*\",\"protected\":\"*\",\"signature\":\"*\"}"));
}

static void every_memory_ceiling_ends_cleanly(void **state)
{
    bool done = false;
    (void)state;
    for (size_t ceiling = 0; !done; ceiling += 32) {
        struct rw_arena *small = rw_arena_open(ceiling);
        struct rw_error err = { 0 };
        const char *bytes;
        const char *payload;
        size_t length;
        done = jws_sign("x", 1, "t", secret, small, &bytes, &length, &err) &&
               jws_check(bytes, length, "t", public_key, small, &payload, &length, &err);
        assert_int_equal(err.code, done ? RW_OK : RW_NO_MEMORY);
        rw_arena_close(small);
    }
}

static void a_document_beyond_its_ceiling_is_not_looked_at(void **state)
{
    const char *payload = NULL;
    size_t length;
    uint8_t key[RW_SIGN_PUBLIC_BYTES] = { 0 };
    struct rw_error err = { 0 };
    (void)state;
    assert_false(jws_check("{}", JWS_CEILING + 1, "t", key, arena, &payload, &length, &err));
    assert_int_equal(err.code, RW_TOO_LARGE);
    assert_null(payload);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signed_document_gives_its_payload),
        cmocka_unit_test(the_thumbprint_is_that_of_rfc_8037),
        cmocka_unit_test(another_key_or_typ_is_refused),
        cmocka_unit_test(every_altered_byte_is_refused),
        cmocka_unit_test(headers_of_other_kinds_are_refused),
        cmocka_unit_test(what_is_no_such_document_is_refused),
        cmocka_unit_test(every_memory_ceiling_ends_cleanly),
        cmocka_unit_test(a_document_beyond_its_ceiling_is_not_looked_at),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
