/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of the service: its CA, its certificate, its signature. */
#define _GNU_SOURCE
#include "api/secrets.h"

#include <string.h>
#include <unistd.h>

#include "core/net/pki.h"

#define TOKEN_BYTES 32
#define CA_NAME "rolwacht CA"
#define FIRST_FILE "schedule.ed25519"
#define SKEW_MS (3600 * 1000) /* a device whose clock is a little slow still accepts us */

static bool read_secret(const struct secrets *secrets, const char *name, struct rw_arena *arena,
                        char **ret_bytes, size_t *ret_length, struct rw_error *err)
{
    char path[RW_FILE_PATH_MAX];
    *ret_bytes = NULL;
    if (!rw_file_join(path, secrets->folder, name, err))
        return false;
    if (access(path, F_OK) != 0)
        return true;
    return rw_file_read(path, PKI_PEM_MAX, arena, ret_bytes, ret_length, err);
}

static bool write_secret(const struct secrets *secrets, const char *name, const void *bytes,
                         size_t length, struct rw_error *err)
{
    char path[RW_FILE_PATH_MAX];
    return rw_file_join(path, secrets->folder, name, err) &&
           rw_file_write(path, bytes, length, 0600, err);
}

bool secrets_write(const struct secrets *secrets, const char *name, const char *text,
                   struct rw_error *err)
{
    return write_secret(secrets, name, text, strlen(text), err);
}

/* An ECDSA key that stays the same from start to start. */
static bool open_key(const struct secrets *secrets, const char *name, struct rw_arena *arena,
                     const char **ret_pem, struct rw_error *err)
{
    char *held = NULL;
    size_t length = 0;
    if (!read_secret(secrets, name, arena, &held, &length, err))
        return false;
    *ret_pem = held;
    return held ||
           (pki_key_make(arena, ret_pem, err) && secrets_write(secrets, name, *ret_pem, err));
}

static bool open_ca(struct secrets *secrets, int64_t from_ms, struct rw_arena *arena,
                    struct rw_error *err)
{
    char *held = NULL;
    size_t length = 0;
    if (!open_key(secrets, "ca.key", arena, &secrets->ca_key_pem, err) ||
        !read_secret(secrets, "ca.pem", arena, &held, &length, err))
        return false;
    secrets->ca_cert_pem = held;
    return held || (pki_ca_make(secrets->ca_key_pem, CA_NAME, from_ms, SECRETS_CA_DAYS, arena,
                                &secrets->ca_cert_pem, err) &&
                    secrets_write(secrets, "ca.pem", secrets->ca_cert_pem, err));
}

/* Both halves in one file: 64 bytes of which the last 32 are the public key (libsodium). */
static bool open_first(struct secrets *secrets, struct rw_arena *arena, struct rw_error *err)
{
    char *held = NULL;
    size_t length = 0;
    if (!read_secret(secrets, FIRST_FILE, arena, &held, &length, err))
        return false;
    if (!held)
        return true;
    if (length != RW_SIGN_SECRET_BYTES)
        return rw_error_set(err, RW_UNREADABLE, "", "%s/" FIRST_FILE " is no signing key",
                            secrets->folder);
    memcpy(secrets->first_secret, held, RW_SIGN_SECRET_BYTES);
    secrets->has_first = true;
    rw_crypto_wipe(held, length);
    return true;
}

bool secrets_drop_first(struct secrets *secrets, struct rw_error *err)
{
    char path[RW_FILE_PATH_MAX];
    rw_crypto_wipe(secrets->first_secret, sizeof secrets->first_secret);
    secrets->has_first = false;
    if (!rw_file_join(path, secrets->folder, FIRST_FILE, err))
        return false;
    (void)unlink(path); /* mostly gone already */
    return true;
}

/* 32 random bytes that stay the same from start to start. */
static bool open_bytes(const struct secrets *secrets, const char *name, uint8_t key[32],
                       struct rw_arena *arena, struct rw_error *err)
{
    char *held = NULL;
    size_t length = 0;
    if (!read_secret(secrets, name, arena, &held, &length, err))
        return false;
    if (!held) {
        rw_crypto_random(key, 32);
        return write_secret(secrets, name, key, 32, err);
    }
    if (length != 32)
        return rw_error_set(err, RW_UNREADABLE, "", "%s/%s is no key", secrets->folder, name);
    memcpy(key, held, 32);
    rw_crypto_wipe(held, length);
    return true;
}

static bool make_server(struct secrets *secrets, const char *hosts, int64_t from_ms,
                        struct rw_arena *arena, struct rw_error *err)
{
    const struct pki_issuer ca = { secrets->ca_cert_pem, secrets->ca_key_pem };
    return pki_server_make(&ca, secrets->server_key_pem, hosts, from_ms, SECRETS_SERVER_DAYS, arena,
                           &secrets->server_cert_pem, err);
}

bool secrets_open(const char *state_folder, const char *hosts, int64_t now_utc_ms,
                  struct rw_arena *arena, struct secrets *ret_secrets, struct rw_error *err)
{
    struct secrets secrets = { 0 };
    int64_t from_ms = now_utc_ms - SKEW_MS;
    if (!rw_file_join(secrets.folder, state_folder, "keys", err) ||
        !rw_file_make_folder(secrets.folder, 0700, err) ||
        !rw_file_join(secrets.ca_path, secrets.folder, "ca.pem", err) ||
        !open_ca(&secrets, from_ms, arena, err) || !open_first(&secrets, arena, err) ||
        !open_bytes(&secrets, "totp.hmac", secrets.totp_key, arena, err) ||
        !open_bytes(&secrets, "orders.key", secrets.orders_key, arena, err) ||
        !open_bytes(&secrets, "tickets.key", secrets.tickets_key, arena, err) ||
        !open_key(&secrets, "server.key", arena, &secrets.server_key_pem, err) ||
        !make_server(&secrets, hosts, from_ms, arena, err))
        return false;
    *ret_secrets = secrets;
    return true;
}

void secrets_close(struct secrets *secrets)
{
    rw_crypto_wipe(secrets->first_secret, sizeof secrets->first_secret);
    rw_crypto_wipe(secrets->orders_key, sizeof secrets->orders_key);
    rw_crypto_wipe(secrets->totp_key, sizeof secrets->totp_key);
    rw_crypto_wipe(secrets->tickets_key, sizeof secrets->tickets_key);
}

bool secrets_token(struct rw_arena *arena, const char **ret_token, struct rw_error *err)
{
    uint8_t bytes[TOKEN_BYTES];
    rw_crypto_random(bytes, sizeof bytes);
    bool done = rw_base64url(arena, bytes, sizeof bytes, ret_token, err);
    rw_crypto_wipe(bytes, sizeof bytes);
    return done;
}

void secrets_hash(const char *token, char ret_hash[RW_HEX_SHA256_MAX])
{
    uint8_t digest[RW_SHA256_BYTES];
    rw_sha256(token, strlen(token), digest);
    rw_hex_sha256(digest, ret_hash);
}
