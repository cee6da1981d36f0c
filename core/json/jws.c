/* SPDX-License-Identifier: Apache-2.0 */
/* Signs and checks flattened JWS documents with Ed25519. */
#include "core/json/jws.h"

#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "core/json/json_read.h"
#include "core/json/json_write.h"

#define JWS_HEADER_MAX 256 /* bytes of the protected header */
#define JWS_DOCUMENT_MAX ((size_t)16 * 1024 * 1024)
#define JWS_PUBLIC_TEXT_MAX 44 /* base64url of 32 bytes and the NUL */

/* 32 bytes are 43 characters: ten groups of three bytes and one of two. */
static void write_base64url(const uint8_t bytes[32], char ret_text[JWS_PUBLIC_TEXT_MAX])
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    size_t length = 0;
    for (size_t bit = 0; bit < 256; bit += 6) {
        uint32_t pair = (uint32_t)bytes[bit / 8] << 8;
        if (bit / 8 + 1 < 32)
            pair |= bytes[bit / 8 + 1];
        ret_text[length++] = alphabet[(pair >> (10 - bit % 8)) & 0x3F];
    }
    ret_text[length] = '\0';
}

void jws_kid(const uint8_t public_key[RW_SIGN_PUBLIC_BYTES], char ret_kid[JWS_KID_MAX])
{
    char x[JWS_PUBLIC_TEXT_MAX];
    write_base64url(public_key, x);
    char jwk[128];
    int length = snprintf(jwk, sizeof jwk, "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"%s\"}", x);
    uint8_t digest[RW_SHA256_BYTES];
    rw_sha256(jwk, (size_t)length, digest);
    write_base64url(digest, ret_kid);
}

static bool write_header(const char *typ, const uint8_t *public_key, struct rw_arena *arena,
                         const char **ret_header, struct rw_error *err)
{
    char kid[JWS_KID_MAX];
    jws_kid(public_key, kid);
    struct rw_text text;
    rw_text_init(&text, arena, JWS_HEADER_MAX);
    struct json_writer writer;
    json_write_init(&writer, &text);
    json_write_object(&writer, NULL);
    json_write_text(&writer, "alg", "EdDSA");
    json_write_text(&writer, "kid", kid);
    json_write_text(&writer, "typ", typ);
    json_write_object_end(&writer);
    return rw_text_finish(&text, ret_header, err);
}

bool jws_sign(const char *payload, size_t length, const char *typ,
              const uint8_t secret[RW_SIGN_SECRET_BYTES], struct rw_arena *arena,
              const char **ret_bytes, size_t *ret_length, struct rw_error *err)
{
    /* libsodium keeps the public key behind the seed. */
    const uint8_t *public_key = secret + RW_SIGN_SECRET_BYTES - RW_SIGN_PUBLIC_BYTES;
    const char *header;
    const char *header_text;
    const char *payload_text;
    if (!write_header(typ, public_key, arena, &header, err) ||
        !rw_base64url(arena, header, strlen(header), &header_text, err) ||
        !rw_base64url(arena, payload, length, &payload_text, err))
        return false;
    const char *signed_text = rw_arena_format(arena, err, "%s.%s", header_text, payload_text);
    if (signed_text == NULL)
        return false;
    uint8_t signature[RW_SIGNATURE_BYTES];
    rw_sign(secret, signed_text, strlen(signed_text), signature);
    const char *signature_text;
    if (!rw_base64url(arena, signature, sizeof signature, &signature_text, err))
        return false;

    struct rw_text text;
    rw_text_init(&text, arena, JWS_DOCUMENT_MAX);
    struct json_writer writer;
    json_write_init(&writer, &text);
    json_write_object(&writer, NULL);
    json_write_text(&writer, "payload", payload_text);
    json_write_text(&writer, "protected", header_text);
    json_write_text(&writer, "signature", signature_text);
    json_write_object_end(&writer);
    if (!rw_text_finish(&text, ret_bytes, err))
        return false;
    *ret_length = text.length;
    return true;
}

struct jws_parts {
    const char *payload;
    const char *header;
    const char *signature;
};

static bool split(const char *bytes, size_t length, struct rw_arena *arena, struct jws_parts *ret,
                  struct rw_error *err)
{
    static const char *const names[] = { "payload", "protected", "signature", NULL };
    if (length > JWS_DOCUMENT_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "a signed document of %zu bytes is too large",
                            length);
    const struct json *root;
    return json_parse(arena, bytes, length, &root, err) && json_only(root, names, err) &&
           json_text(root, "payload", &ret->payload, err) &&
           json_text(root, "protected", &ret->header, err) &&
           json_text(root, "signature", &ret->signature, err);
}

static bool must_be(const struct json *header, const char *name, const char *value,
                    struct rw_error *err)
{
    const char *written;
    if (!json_text(header, name, &written, err))
        return false;
    if (strcmp(written, value) != 0)
        return rw_error_set(err, RW_INVALID, "/protected", "\"%s\" is \"%.64s\", not \"%s\"", name,
                            written, value);
    return true;
}

/* Nothing but the three members: a "crit" or "b64" would change what was signed. */
static bool check_header(const struct jws_parts *parts, const char *typ, const uint8_t *public_key,
                         struct rw_arena *arena, struct rw_error *err)
{
    static const char *const names[] = { "alg", "kid", "typ", NULL };
    uint8_t *bytes;
    size_t length;
    const struct json *header;
    char kid[JWS_KID_MAX];
    jws_kid(public_key, kid);
    return rw_base64url_decode(arena, parts->header, &bytes, &length, err) &&
           json_parse(arena, (const char *)bytes, length, &header, err) &&
           json_only(header, names, err) && must_be(header, "alg", "EdDSA", err) &&
           must_be(header, "typ", typ, err) && must_be(header, "kid", kid, err);
}

static bool check_signature(const struct jws_parts *parts, const uint8_t *public_key,
                            struct rw_arena *arena, struct rw_error *err)
{
    uint8_t *signature;
    size_t length;
    if (!rw_base64url_decode(arena, parts->signature, &signature, &length, err))
        return rw_error_prefix(err, "/signature");
    const char *signed_text = rw_arena_format(arena, err, "%s.%s", parts->header, parts->payload);
    if (signed_text == NULL)
        return false;
    if (length != RW_SIGNATURE_BYTES ||
        !rw_sign_check(public_key, signed_text, strlen(signed_text), signature))
        return rw_error_set(err, RW_INVALID, "/signature", "the signature does not fit the key");
    return true;
}

bool jws_check(const char *bytes, size_t length, const char *typ,
               const uint8_t public_key[RW_SIGN_PUBLIC_BYTES], struct rw_arena *arena,
               const char **ret_payload, size_t *ret_length, struct rw_error *err)
{
    struct jws_parts parts;
    uint8_t *payload;
    size_t payload_length;
    if (!split(bytes, length, arena, &parts, err) ||
        !check_header(&parts, typ, public_key, arena, err) ||
        !check_signature(&parts, public_key, arena, err) ||
        !rw_base64url_decode(arena, parts.payload, &payload, &payload_length, err))
        return false;
    const char *text = rw_arena_text_n(arena, (const char *)payload, payload_length, err);
    if (text == NULL)
        return false;
    *ret_payload = text;
    *ret_length = payload_length;
    return true;
}
