/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of the service: its CA, its certificate, its signature. */
#ifndef RW_API_SECRETS_H
#define RW_API_SECRETS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/crypto.h"
#include "core/base/error.h"
#include "core/base/file.h"

#define SECRETS_CA_DAYS 3650
#define SECRETS_SERVER_DAYS 397 /* the longest that browsers accept; made anew at each start */
#define SECRETS_DEVICE_DAYS 365

/* All lie in <state>/keys, a folder of mode 0700 with files of mode 0600; what is not there yet is
 * made. Texts live in the arena. */
struct secrets {
    char folder[RW_FILE_PATH_MAX];
    char ca_path[RW_FILE_PATH_MAX]; /* ca.pem: what clients must trust */
    const char *ca_cert_pem;
    const char *ca_key_pem;
    const char *server_cert_pem;
    const char *server_key_pem;
    uint8_t orders_key[RW_SEAL_KEY_BYTES]; /* seals documents with orders */
    bool has_first; /* a key for schedules from before there was a list of them */
    uint8_t first_secret[RW_SIGN_SECRET_BYTES];
    uint8_t totp_key[RW_HMAC_KEY_BYTES];    /* from which the second factors follow */
    uint8_t tickets_key[RW_HMAC_KEY_BYTES]; /* from which those of TLS tickets follow */
};

/* `hosts` as in pki_server_make. */
RW_MUST_USE bool secrets_open(const char *state_folder, const char *hosts, int64_t now_utc_ms,
                              struct rw_arena *arena, struct secrets *ret_secrets,
                              struct rw_error *err);
/* That first key lies in the list now. */
RW_MUST_USE bool secrets_drop_first(struct secrets *secrets, struct rw_error *err);
/* Wipes what must not stay in memory. */
void secrets_close(struct secrets *secrets);
/* 256 random bits as text that a header or a form can carry. */
RW_MUST_USE bool secrets_token(struct rw_arena *arena, const char **ret_token,
                               struct rw_error *err);
/* What is kept of a token or code instead of itself. */
void secrets_hash(const char *token, char ret_hash[RW_HEX_SHA256_MAX]);
/* Writes a file into the folder, readable by its owner alone. */
RW_MUST_USE bool secrets_write(const struct secrets *secrets, const char *name, const char *text,
                               struct rw_error *err);

#endif
