/* SPDX-License-Identifier: Apache-2.0 */
/* Keys that sign one kind of document, each introduced by another. */
#ifndef RW_CORE_JSON_KEYRING_H
#define RW_CORE_JSON_KEYRING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/crypto.h"
#include "core/base/error.h"
#include "core/json/json_read.h"
#include "core/json/json_write.h"
#include "core/json/jws.h"

#define KEYRING_KEYS_MAX 64

/* What the keys are for, as their list says it: a key of one kind introduces none of another. */
struct keyring_kind {
    const char *format;
    const char *introduction_format;
    const char *introduction_typ;
};

struct keyring_key {
    char kid[JWS_KID_MAX];
    uint8_t public_key[RW_SIGN_PUBLIC_BYTES];
    int64_t from_ms;        /* it signs from here … */
    int64_t until_ms;       /* … to before here; 0 = it still does */
    const char *introduced; /* JWS of the key before over this one; NULL of the first */
};
struct keyring {
    struct keyring_key keys[KEYRING_KEYS_MAX];
    size_t count; /* at least one */
};

/* Proves that each key was introduced by the one before. Who trusts the first trusts them all. */
RW_MUST_USE bool keyring_take(const struct keyring_kind *kind, const struct json *node,
                              struct rw_arena *arena, struct keyring *ret_keys,
                              struct rw_error *err);
void keyring_write(const struct keyring_kind *kind, const struct keyring *keys, const char *name,
                   struct json_writer *json);
/* Has `by`, the secret half of the key before, say what this key is and from when it signs. */
RW_MUST_USE bool keyring_introduce(const struct keyring_kind *kind,
                                   const uint8_t by[RW_SIGN_SECRET_BYTES], struct keyring_key *key,
                                   struct rw_arena *arena, struct rw_error *err);
bool keyring_holds(const struct keyring_key *key, int64_t at_ms);
/* The payload, when one of the keys signed it and its "at" lies in that key's time. */
RW_MUST_USE bool keyring_check(const struct keyring *keys, const char *bytes, const char *typ,
                               struct rw_arena *arena, const struct json **ret_payload,
                               struct rw_error *err);

#endif
