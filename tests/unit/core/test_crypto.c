/* SPDX-License-Identifier: Apache-2.0 */
/* Compares hashes and signatures with the vectors of their standards. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attributes.h"
#include "core/base/crypto.h"

static struct rw_arena *arena;

static int open_all(void **state)
{
    struct rw_error err = { 0 };
    (void)state;
    arena = rw_arena_open(RW_ARENA_MIB);
    return arena != NULL && rw_crypto_init(&err) ? 0 : -1;
}

static int close_all(void **state)
{
    (void)state;
    rw_arena_close(arena);
    return 0;
}

static const char *hex(const void *bytes, size_t length)
{
    struct rw_error err = { 0 };
    const char *text = NULL;
    assert_true(rw_hex(arena, bytes, length, &text, &err));
    return text;
}

/* FIPS 180-4, examples of NIST. */
static void sha256_gives_the_vectors_of_nist(void **state)
{
    static const char two[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    uint8_t digest[RW_SHA256_BYTES];
    char text[RW_HEX_SHA256_MAX];
    (void)state;
    rw_sha256("", 0, digest);
    assert_string_equal(hex(digest, sizeof digest),
                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    rw_sha256("abc", 3, digest);
    rw_hex_sha256(digest, text);
    assert_string_equal(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    struct rw_sha256 hash;
    rw_sha256_begin(&hash);
    for (size_t i = 0; i < strlen(two); i++)
        rw_sha256_add(&hash, two + i, 1);
    rw_sha256_end(&hash, digest);
    rw_hex_sha256(digest, text);
    assert_string_equal(text, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

/* The long example of NIST, a million times "a", in pieces that do and do not fill blocks. */
static void sha256_gives_the_same_however_the_bytes_are_cut(void **state)
{
    enum { MILLION = 1000000 };
    static char letters[MILLION];
    static const size_t pieces[] = { MILLION, 1, 63, 64, 65, 1000, 99999 };
    char text[RW_HEX_SHA256_MAX];
    (void)state;
    memset(letters, 'a', sizeof letters);
    for (size_t i = 0; i < RW_COUNT(pieces); i++) {
        uint8_t digest[RW_SHA256_BYTES];
        struct rw_sha256 hash;
        rw_sha256_begin(&hash);
        for (size_t at = 0; at < sizeof letters; at += pieces[i])
            rw_sha256_add(&hash, letters + at,
                          pieces[i] < sizeof letters - at ? pieces[i] : sizeof letters - at);
        rw_sha256_end(&hash, digest);
        rw_hex_sha256(digest, text);
        assert_string_equal(text,
                            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    }
}

/* RFC 4231, test cases 1, 2 and 6. */
static void hmac_gives_the_vectors_of_rfc_4231(void **state)
{
    uint8_t mac[RW_SHA256_BYTES];
    uint8_t key[131];
    (void)state;
    memset(key, 0x0b, 20);
    rw_hmac_sha256(key, 20, "Hi There", 8, mac);
    assert_string_equal(hex(mac, sizeof mac),
                        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    rw_hmac_sha256("Jefe", 4, "what do ya want for nothing?", 28, mac);
    assert_string_equal(hex(mac, sizeof mac),
                        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    memset(key, 0xaa, sizeof key);
    rw_hmac_sha256(key, sizeof key, "Test Using Larger Than Block-Size Key - Hash Key First", 54,
                   mac);
    assert_string_equal(hex(mac, sizeof mac),
                        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    struct rw_hmac ready; /* one key serves text after text */
    rw_hmac_begin(&ready, "Jefe", 4);
    for (size_t i = 0; i < 2; i++) {
        rw_hmac_of(&ready, "what do ya want for nothing?", 28, mac);
        assert_string_equal(hex(mac, sizeof mac),
                            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        rw_hmac_of(&ready, "", i, mac);
    }
}

/* RFC 8037 appendix A.4: the key, the signing input and its signature. */
static void ed25519_gives_the_vector_of_rfc_8037(void **state)
{
    static const char input[] = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    struct rw_error err = { 0 };
    uint8_t secret[RW_SIGN_SECRET_BYTES];
    uint8_t *seed;
    uint8_t *public_key;
    size_t length;
    (void)state;
    assert_true(rw_base64url_decode(arena, "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A", &seed,
                                    &length, &err));
    assert_int_equal(length, 32);
    assert_true(rw_base64url_decode(arena, "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
                                    &public_key, &length, &err));
    memcpy(secret, seed, 32);
    memcpy(secret + 32, public_key, 32);
    uint8_t signature[RW_SIGNATURE_BYTES];
    rw_sign(secret, input, strlen(input), signature);
    const char *text;
    assert_true(rw_base64url(arena, signature, sizeof signature, &text, &err));
    assert_string_equal(text, "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsP"
                              "t9g7sVvpAr_MuM0KAg");
    assert_true(rw_sign_check(public_key, input, strlen(input), signature));
    signature[5] ^= 1;
    assert_false(rw_sign_check(public_key, input, strlen(input), signature));
}

static void a_new_key_signs_for_itself_alone(void **state)
{
    uint8_t public_key[2][RW_SIGN_PUBLIC_BYTES];
    uint8_t secret[2][RW_SIGN_SECRET_BYTES];
    uint8_t signature[RW_SIGNATURE_BYTES];
    (void)state;
    for (int i = 0; i < 2; i++)
        rw_sign_keypair(public_key[i], secret[i]);
    rw_sign(secret[0], "x", 1, signature);
    assert_true(rw_sign_check(public_key[0], "x", 1, signature));
    assert_false(rw_sign_check(public_key[1], "x", 1, signature));
    assert_false(rw_sign_check(public_key[0], "y", 1, signature));
    assert_false(rw_crypto_equal(secret[0], secret[1], sizeof secret[0]));
    rw_crypto_wipe(secret[0], sizeof secret[0]);
    for (size_t i = 0; i < sizeof secret[0]; i++)
        assert_int_equal(secret[0][i], 0);
}

/* RFC 4648 section 10. */
static void base64_gives_the_vectors_of_rfc_4648(void **state)
{
    static const char *const pairs[][2] = {
        { "", "" },        { "f", "Zg==" },        { "fo", "Zm8=" },
        { "foo", "Zm9v" }, { "foob", "Zm9vYg==" }, { "fooba", "Zm9vYmE=" }
    };
    struct rw_error err = { 0 };
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        const char *text;
        uint8_t *bytes;
        size_t length;
        assert_true(rw_base64(arena, pairs[i][0], strlen(pairs[i][0]), &text, &err));
        assert_string_equal(text, pairs[i][1]);
        assert_true(rw_base64_decode(arena, text, &bytes, &length, &err));
        assert_int_equal(length, strlen(pairs[i][0]));
        assert_memory_equal(bytes, pairs[i][0], length);
    }
    const char *text;
    assert_true(rw_base64url(arena, "\xFB\xFF\xFE", 3, &text, &err));
    assert_string_equal(text, "-__-");
}

static void what_is_no_base64_is_refused(void **state)
{
    static const char *const wrong[] = { "Zg=", "Zg", "Z", "Zg==x", "Z g=", "-__-", "Zh==" };
    static const char *const wrong_url[] = { "Zg==", "Z", "+//+", "Zg ", "Zh" };
    uint8_t *bytes;
    size_t length;
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct rw_error err = { 0 };
        assert_false(rw_base64_decode(arena, wrong[i], &bytes, &length, &err));
        assert_int_equal(err.code, RW_INVALID);
    }
    for (size_t i = 0; i < sizeof wrong_url / sizeof wrong_url[0]; i++)
        assert_false(rw_base64url_decode(arena, wrong_url[i], &bytes, &length, NULL));
}

static void no_memory_is_told(void **state)
{
    struct rw_arena *none = rw_arena_open(0);
    const char *text;
    uint8_t *bytes;
    size_t length;
    struct rw_error err = { 0 };
    (void)state;
    assert_false(rw_hex(none, "x", 1, &text, &err));
    assert_false(rw_base64(none, "x", 1, &text, &err));
    assert_false(rw_base64_decode(none, "eA==", &bytes, &length, &err));
    assert_int_equal(err.code, RW_NO_MEMORY);
    rw_arena_close(none);
}

static void a_sealed_text_opens_with_its_key_at_its_place_alone(void **state)
{
    struct rw_arena *own = rw_arena_open(RW_ARENA_MIB);
    struct rw_error err = { 0 };
    uint8_t key[RW_SEAL_KEY_BYTES] = { 7 };
    uint8_t other[RW_SEAL_KEY_BYTES] = { 8 };
    const char *sealed = NULL;
    const char *again = NULL;
    const char *opened = NULL;
    size_t length = 4 + RW_SEAL_EXTRA_BYTES;
    (void)state;
    assert_true(rw_seal(key, "o-1", "text", 4, own, &sealed, &err));
    assert_true(rw_seal(key, "o-1", "text", 4, own, &again, &err));
    assert_memory_not_equal(sealed, again, length);
    assert_true(rw_unseal(key, "o-1", sealed, length, own, &opened, &err));
    assert_string_equal(opened, "text");
    assert_false(rw_unseal(other, "o-1", sealed, length, own, &opened, &err));
    assert_int_equal(err.code, RW_UNREADABLE);
    assert_false(rw_unseal(key, "o-2", sealed, length, own, &opened, &err));
    for (size_t i = 0; i <= RW_SEAL_EXTRA_BYTES; i++)
        assert_false(rw_unseal(key, "o-1", sealed, i, own, &opened, &err));
    for (size_t i = 0; i < length; i++) {
        char *changed = rw_arena_text_n(own, sealed, length, &err);
        changed[i] ^= 1;
        assert_false(rw_unseal(key, "o-1", changed, length, own, &opened, &err));
    }
    rw_arena_close(own);
}

static void a_password_opens_with_itself_alone(void **state)
{
    char hash[RW_PASSWORD_HASH_MAX];
    char again[RW_PASSWORD_HASH_MAX];
    struct rw_error err = { 0 };
    (void)state;
    assert_true(rw_password_hash("correct paard batterij", hash, &err));
    assert_true(rw_password_hash("correct paard batterij", again, &err));
    assert_string_not_equal(hash, again); /* two people with one password do not show it */
    assert_null(strstr(hash, "paard"));
    assert_true(rw_password_check(hash, "correct paard batterij"));
    assert_false(rw_password_check(hash, "correct paard"));
    assert_false(rw_password_check("", "correct paard batterij")); /* nobody's hash */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_gives_the_vectors_of_nist),
        cmocka_unit_test(sha256_gives_the_same_however_the_bytes_are_cut),
        cmocka_unit_test(hmac_gives_the_vectors_of_rfc_4231),
        cmocka_unit_test(ed25519_gives_the_vector_of_rfc_8037),
        cmocka_unit_test(a_new_key_signs_for_itself_alone),
        cmocka_unit_test(base64_gives_the_vectors_of_rfc_4648),
        cmocka_unit_test(what_is_no_base64_is_refused),
        cmocka_unit_test(no_memory_is_told),
        cmocka_unit_test(a_sealed_text_opens_with_its_key_at_its_place_alone),
        cmocka_unit_test(a_password_opens_with_itself_alone),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
