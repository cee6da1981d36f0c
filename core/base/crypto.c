/* SPDX-License-Identifier: Apache-2.0 */
/* Hashes with nettle, signs with libsodium; the door to both. */
#include "core/base/crypto.h"

#include <assert.h>
#include <string.h>

#include <nettle/hmac.h>
#include <nettle/sha2.h>
#include <sodium.h>

_Static_assert(sizeof(struct sha256_ctx) <= sizeof((struct rw_sha256 *)0)->state,
               "the library's state fits");
_Static_assert(sizeof(struct hmac_sha256_ctx) <= sizeof((struct rw_hmac *)0)->state,
               "the library's state fits");
_Static_assert(SHA256_DIGEST_SIZE == RW_SHA256_BYTES, "SHA-256");
_Static_assert(crypto_sign_SECRETKEYBYTES == RW_SIGN_SECRET_BYTES, "Ed25519 secret key");
_Static_assert(crypto_pwhash_STRBYTES == RW_PASSWORD_HASH_MAX, "Argon2id as text");

bool rw_crypto_init(struct rw_error *err)
{
    if (sodium_init() < 0)
        return rw_error_set(err, RW_UNAVAILABLE, "", "the system gives no random bytes");
    return true;
}

static struct sha256_ctx *state_of(struct rw_sha256 *hash)
{
    return (struct sha256_ctx *)(void *)hash->state;
}

void rw_sha256_begin(struct rw_sha256 *hash)
{
    sha256_init(state_of(hash));
}

void rw_sha256_add(struct rw_sha256 *hash, const void *bytes, size_t length)
{
    sha256_update(state_of(hash), length, bytes);
}

void rw_sha256_end(struct rw_sha256 *hash, uint8_t ret_digest[RW_SHA256_BYTES])
{
    sha256_digest(state_of(hash), RW_SHA256_BYTES, ret_digest);
}

void rw_sha256(const void *bytes, size_t length, uint8_t ret_digest[RW_SHA256_BYTES])
{
    struct rw_sha256 hash;
    rw_sha256_begin(&hash);
    rw_sha256_add(&hash, bytes, length);
    rw_sha256_end(&hash, ret_digest);
}

void rw_hmac_begin(struct rw_hmac *hmac, const void *key, size_t key_length)
{
    hmac_sha256_set_key((struct hmac_sha256_ctx *)(void *)hmac->state, key_length, key);
}

void rw_hmac_of(const struct rw_hmac *hmac, const void *bytes, size_t length,
                uint8_t ret_mac[RW_SHA256_BYTES])
{
    struct hmac_sha256_ctx state;
    memcpy(&state, hmac->state, sizeof state);
    hmac_sha256_update(&state, length, bytes);
    hmac_sha256_digest(&state, RW_SHA256_BYTES, ret_mac);
    sodium_memzero(&state, sizeof state);
}

void rw_hmac_sha256(const void *key, size_t key_length, const void *bytes, size_t length,
                    uint8_t ret_mac[RW_SHA256_BYTES])
{
    struct rw_hmac hmac;
    rw_hmac_begin(&hmac, key, key_length);
    rw_hmac_of(&hmac, bytes, length, ret_mac);
    sodium_memzero(&hmac, sizeof hmac);
}

void rw_sign_keypair(uint8_t ret_public[RW_SIGN_PUBLIC_BYTES],
                     uint8_t ret_secret[RW_SIGN_SECRET_BYTES])
{
    (void)crypto_sign_keypair(ret_public, ret_secret); /* cannot fail after the initialisation */
}

void rw_sign(const uint8_t secret[RW_SIGN_SECRET_BYTES], const void *bytes, size_t length,
             uint8_t ret_signature[RW_SIGNATURE_BYTES])
{
    (void)crypto_sign_detached(ret_signature, NULL, bytes, length, secret);
}

bool rw_sign_check(const uint8_t public_key[RW_SIGN_PUBLIC_BYTES], const void *bytes, size_t length,
                   const uint8_t signature[RW_SIGNATURE_BYTES])
{
    return crypto_sign_verify_detached(signature, bytes, length, public_key) == 0;
}

static_assert(RW_SEAL_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES &&
                  RW_SEAL_EXTRA_BYTES == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES +
                                             crypto_aead_xchacha20poly1305_ietf_ABYTES,
              "libsodium's sizes are those of the header");

bool rw_seal(const uint8_t key[RW_SEAL_KEY_BYTES], const char *place, const char *bytes,
             size_t length, struct rw_arena *arena, const char **ret_sealed, struct rw_error *err)
{
    uint8_t *sealed = rw_arena_alloc(arena, length + RW_SEAL_EXTRA_BYTES, err);
    if (!sealed)
        return false;
    uint8_t *text = sealed + crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
    randombytes_buf(sealed, crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(text, NULL, (const uint8_t *)bytes, length,
                                                     (const uint8_t *)place, strlen(place), NULL,
                                                     sealed, key); /* cannot fail */
    *ret_sealed = (const char *)sealed;
    return true;
}

bool rw_unseal(const uint8_t key[RW_SEAL_KEY_BYTES], const char *place, const char *sealed,
               size_t length, struct rw_arena *arena, const char **ret_bytes, struct rw_error *err)
{
    const uint8_t *nonce = (const uint8_t *)sealed;
    size_t nonce_length = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
    uint8_t *bytes = rw_arena_alloc(arena, length + 1, err);
    if (!bytes)
        return false;
    if (length < RW_SEAL_EXTRA_BYTES ||
        crypto_aead_xchacha20poly1305_ietf_decrypt(bytes, NULL, NULL, nonce + nonce_length,
                                                   length - nonce_length, (const uint8_t *)place,
                                                   strlen(place), nonce, key) != 0)
        return rw_error_set(err, RW_UNREADABLE, "", "what is kept as \"%s\" cannot be unsealed",
                            place);
    *ret_bytes = (const char *)bytes;
    return true;
}

bool rw_password_hash(const char *password, char ret_hash[RW_PASSWORD_HASH_MAX],
                      struct rw_error *err)
{
    if (crypto_pwhash_str_alg(
            ret_hash, password, strlen(password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
            crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13) == 0)
        return true;
    return rw_error_set(err, RW_NO_MEMORY, "", "no memory to hash a password");
}

bool rw_password_check(const char *hash, const char *password)
{
    return crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
}

bool rw_crypto_equal(const void *left, const void *right, size_t length)
{
    return sodium_memcmp(left, right, length) == 0;
}

void rw_crypto_random(void *ret_bytes, size_t length)
{
    randombytes_buf(ret_bytes, length);
}

void rw_crypto_wipe(void *bytes, size_t length)
{
    sodium_memzero(bytes, length);
}

void rw_hex_sha256(const uint8_t digest[RW_SHA256_BYTES], char ret_text[RW_HEX_SHA256_MAX])
{
    (void)sodium_bin2hex(ret_text, RW_HEX_SHA256_MAX, digest, RW_SHA256_BYTES);
}

bool rw_hex(struct rw_arena *arena, const void *bytes, size_t length, const char **ret_text,
            struct rw_error *err)
{
    char *text = rw_arena_array(arena, length + 1, 2, err);
    if (text == NULL)
        return false;
    *ret_text = sodium_bin2hex(text, length * 2 + 1, bytes, length);
    return true;
}

static bool encode(struct rw_arena *arena, const void *bytes, size_t length, int variant,
                   const char **ret_text, struct rw_error *err)
{
    if (length > SIZE_MAX / 4)
        return rw_error_set(err, RW_TOO_LARGE, "", "%zu bytes are too many to encode", length);
    size_t room = sodium_base64_encoded_len(length, variant);
    char *text = rw_arena_alloc(arena, room, err);
    if (text == NULL)
        return false;
    *ret_text = sodium_bin2base64(text, room, bytes, length, variant);
    return true;
}

static bool decode(struct rw_arena *arena, const char *text, int variant, uint8_t **ret_bytes,
                   size_t *ret_length, struct rw_error *err)
{
    size_t length = strlen(text);
    size_t room = length / 4 * 3 + 3;
    uint8_t *bytes = rw_arena_alloc(arena, room, err);
    if (bytes == NULL)
        return false;
    const char *end = NULL;
    size_t count = 0;
    if (sodium_base642bin(bytes, room, text, length, NULL, &count, &end, variant) != 0 ||
        end != text + length)
        return rw_error_set(err, RW_INVALID, "", "a text of length %zu is not base64", length);
    *ret_bytes = bytes;
    *ret_length = count;
    return true;
}

bool rw_base64(struct rw_arena *arena, const void *bytes, size_t length, const char **ret_text,
               struct rw_error *err)
{
    return encode(arena, bytes, length, sodium_base64_VARIANT_ORIGINAL, ret_text, err);
}

bool rw_base64url(struct rw_arena *arena, const void *bytes, size_t length, const char **ret_text,
                  struct rw_error *err)
{
    return encode(arena, bytes, length, sodium_base64_VARIANT_URLSAFE_NO_PADDING, ret_text, err);
}

bool rw_base64_decode(struct rw_arena *arena, const char *text, uint8_t **ret_bytes,
                      size_t *ret_length, struct rw_error *err)
{
    return decode(arena, text, sodium_base64_VARIANT_ORIGINAL, ret_bytes, ret_length, err);
}

bool rw_base64url_decode(struct rw_arena *arena, const char *text, uint8_t **ret_bytes,
                         size_t *ret_length, struct rw_error *err)
{
    return decode(arena, text, sodium_base64_VARIANT_URLSAFE_NO_PADDING, ret_bytes, ret_length,
                  err);
}
