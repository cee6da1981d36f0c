/* SPDX-License-Identifier: Apache-2.0 */
/* Makes a machine known to the service and keeps what it was given. */
#ifndef RW_CORE_NET_ENROL_H
#define RW_CORE_NET_ENROL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/crypto.h"
#include "core/base/error.h"
#include "core/net/fetch.h"

#define ENROL_CODE_MAX 256
#define ENROL_FILE_MAX ((size_t)64 * 1024)

/* A dispenser or a line that the service knows. In its state folder lie ca.pem, client.pem,
 * client.key and device.json, all 0600; device.json is written last and makes the others valid.
 * Texts live in the arena. */
struct enrol_identity {
    const char *id;
    const char *role;    /* "dispenser" or "line" */
    const char *devices; /* "https://host:port" of the listener for machines */
    bool has_signing_key;
    uint8_t signing_key[RW_SIGN_PUBLIC_BYTES]; /* of schedules */
    const char *keys_file;                     /* more keys of schedules; need not be there */
    struct fetch_identity files;
};

struct enrol_order {
    const char *server;       /* "https://host:port" of the listener for people */
    const char *code;         /* once, from the pharmacy */
    const char *ca_file;      /* whom to trust at first; NULL: the state folder's ca.pem if there is
                               * one, else the certificates that the system trusts */
    const char *state_folder; /* made if it is absent, 0700 */
};

/* Makes a key that never leaves the folder, has it certified, and stores the answer. A folder that
 * holds an identity already is given a new one (after a factory reset). */
RW_MUST_USE bool enrol_run(const struct enrol_order *order, struct rw_arena *arena,
                           struct enrol_identity *ret_identity, struct rw_error *err);
/* RW_NOT_FOUND when this folder was never enrolled. */
RW_MUST_USE bool enrol_load(const char *state_folder, struct rw_arena *arena,
                            struct enrol_identity *ret_identity, struct rw_error *err);

/* RW_UNAUTHENTICATED once the certificate that lies in the folder has ended: the service takes
 * nothing then, and a handshake that fails does not say so. */
RW_MUST_USE bool enrol_check(const struct enrol_identity *identity, int64_t now_utc_ms,
                             struct rw_arena *arena, struct rw_error *err);

/* Asks for the next certificate once two thirds of the time of this one are over, with the same
 * key: so the folder changes by one file alone, and whole. False when it could not; the one that is
 * there stays, and the error says until when it is good. `ret_until_ms` is the end of the new one,
 * 0 when it was not time. */
RW_MUST_USE bool enrol_renew(const struct enrol_identity *identity, int64_t now_utc_ms,
                             struct rw_arena *arena, int64_t *ret_until_ms, struct rw_error *err);
/* The same, be it time or not. */
RW_MUST_USE bool enrol_renew_now(const struct enrol_identity *identity, struct rw_arena *arena,
                                 int64_t *ret_until_ms, struct rw_error *err);

#endif
