/* SPDX-License-Identifier: Apache-2.0 */
/* Signs and checks JSON documents (RFC 7515 flattened, EdDSA). */
#ifndef RW_CORE_JSON_JWS_H
#define RW_CORE_JSON_JWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/crypto.h"
#include "core/base/error.h"

#define JWS_KID_MAX 44 /* base64url of the key's JWK thumbprint (RFC 7638), NUL included */

/* {"payload":"…","protected":"…","signature":"…"}; protected = {"alg":"EdDSA","kid":…,"typ":…}. */
RW_MUST_USE bool jws_sign(const char *payload, size_t length, const char *typ,
                          const uint8_t secret[RW_SIGN_SECRET_BYTES], struct rw_arena *arena,
                          const char **ret_bytes, size_t *ret_length, struct rw_error *err);
/* RW_INVALID when it is no such document, names another alg, typ or kid, or has a wrong signature;
 * `ret_payload` is given only when the signature is good. */
RW_MUST_USE bool jws_check(const char *bytes, size_t length, const char *typ,
                           const uint8_t public_key[RW_SIGN_PUBLIC_BYTES], struct rw_arena *arena,
                           const char **ret_payload, size_t *ret_length, struct rw_error *err);
/* RFC 7638 thumbprint of an Ed25519 public key, base64url. */
void jws_kid(const uint8_t public_key[RW_SIGN_PUBLIC_BYTES], char ret_kid[JWS_KID_MAX]);

#endif
