/* SPDX-License-Identifier: Apache-2.0 */
/* Hashes, signs and encodes; the door to libsodium and nettle. */
#ifndef RW_CORE_BASE_CRYPTO_H
#define RW_CORE_BASE_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

#define RW_SHA256_BYTES 32
#define RW_HMAC_KEY_BYTES 32
#define RW_SIGN_PUBLIC_BYTES 32 /* Ed25519 (RFC 8032) */
#define RW_SIGN_SECRET_BYTES 64
#define RW_SIGNATURE_BYTES 64
#define RW_HEX_SHA256_MAX 65     /* 64 hex digits and the NUL */
#define RW_PASSWORD_HASH_MAX 128 /* of rw_password_hash, NUL included (crypto_pwhash_STRBYTES) */

/* Must succeed once, before anything else of this file, in each program's main. */
RW_MUST_USE bool rw_crypto_init(struct rw_error *err);

struct rw_sha256 {
    _Alignas(16) unsigned char state[256]; /* the library's own state lies in here */
};
void rw_sha256_begin(struct rw_sha256 *hash);
void rw_sha256_add(struct rw_sha256 *hash, const void *bytes, size_t length);
void rw_sha256_end(struct rw_sha256 *hash, uint8_t ret_digest[RW_SHA256_BYTES]);
void rw_sha256(const void *bytes, size_t length, uint8_t ret_digest[RW_SHA256_BYTES]);
/* HMAC-SHA-256 (RFC 2104) with a key of any length; for many texts it is made ready once. What is
 * ready is as secret as the key. */
struct rw_hmac {
    _Alignas(16) unsigned char state[512];
};
void rw_hmac_begin(struct rw_hmac *hmac, const void *key, size_t key_length);
void rw_hmac_of(const struct rw_hmac *hmac, const void *bytes, size_t length,
                uint8_t ret_mac[RW_SHA256_BYTES]);
void rw_hmac_sha256(const void *key, size_t key_length, const void *bytes, size_t length,
                    uint8_t ret_mac[RW_SHA256_BYTES]);

void rw_sign_keypair(uint8_t ret_public[RW_SIGN_PUBLIC_BYTES],
                     uint8_t ret_secret[RW_SIGN_SECRET_BYTES]);
void rw_sign(const uint8_t secret[RW_SIGN_SECRET_BYTES], const void *bytes, size_t length,
             uint8_t ret_signature[RW_SIGNATURE_BYTES]);
bool rw_sign_check(const uint8_t public_key[RW_SIGN_PUBLIC_BYTES], const void *bytes, size_t length,
                   const uint8_t signature[RW_SIGNATURE_BYTES]);

#define RW_SEAL_KEY_BYTES 32
#define RW_SEAL_EXTRA_BYTES 40 /* what a sealed text is longer: a nonce of 24 and a tag of 16 */
/* XChaCha20-Poly1305 with a nonce by chance. `place` says where the text is kept, so that it cannot
 * be read in the place of another. */
RW_MUST_USE bool rw_seal(const uint8_t key[RW_SEAL_KEY_BYTES], const char *place, const char *bytes,
                         size_t length, struct rw_arena *arena, const char **ret_sealed,
                         struct rw_error *err);
/* RW_UNREADABLE when the key or the place is another, or a bit was changed. A NUL that is not
 * counted follows the text. */
RW_MUST_USE bool rw_unseal(const uint8_t key[RW_SEAL_KEY_BYTES], const char *place,
                           const char *sealed, size_t length, struct rw_arena *arena,
                           const char **ret_bytes, struct rw_error *err);

/* Argon2id (RFC 9106) with a salt of its own, as text that says how it was made. It takes 64 MiB
 * and tens of milliseconds. RW_NO_MEMORY. */
RW_MUST_USE bool rw_password_hash(const char *password, char ret_hash[RW_PASSWORD_HASH_MAX],
                                  struct rw_error *err);
/* Takes as long as the making did, whatever the answer. */
bool rw_password_check(const char *hash, const char *password);

/* Compares without telling by its time where they differ. */
bool rw_crypto_equal(const void *left, const void *right, size_t length);
/* Bytes from the system's random source. */
void rw_crypto_random(void *ret_bytes, size_t length);
/* Overwrites a secret. */
void rw_crypto_wipe(void *bytes, size_t length);
/* Encodings. The results live in the arena and are NUL-terminated. */
RW_MUST_USE bool rw_hex(struct rw_arena *arena, const void *bytes, size_t length,
                        const char **ret_text, struct rw_error *err);
void rw_hex_sha256(const uint8_t digest[RW_SHA256_BYTES], char ret_text[RW_HEX_SHA256_MAX]);
RW_MUST_USE bool rw_base64(struct rw_arena *arena, const void *bytes, size_t length,
                           const char **ret_text, struct rw_error *err);
/* URL alphabet without padding (RFC 4648 section 5). */
RW_MUST_USE bool rw_base64url(struct rw_arena *arena, const void *bytes, size_t length,
                              const char **ret_text, struct rw_error *err);
RW_MUST_USE bool rw_base64_decode(struct rw_arena *arena, const char *text, uint8_t **ret_bytes,
                                  size_t *ret_length, struct rw_error *err);
RW_MUST_USE bool rw_base64url_decode(struct rw_arena *arena, const char *text, uint8_t **ret_bytes,
                                     size_t *ret_length, struct rw_error *err);

#endif
