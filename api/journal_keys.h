/* SPDX-License-Identifier: Apache-2.0 */
/* The keys that sign the journal, each introduced by the one before. */
#ifndef RW_API_JOURNAL_KEYS_H
#define RW_API_JOURNAL_KEYS_H

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

#define JOURNAL_KEYS_FILE "journal.keys" /* the public halves, for everybody who checks */
#define JOURNAL_KEYS_MAX 64
#define JOURNAL_KEYS_BYTES_MAX (128 * RW_ARENA_KIB)
/* A new key holds from this much later, so that every node reads the list before it does. */
#define JOURNAL_KEYS_DELAY_MS 5000

struct journal_key {
    char kid[JWS_KID_MAX];
    uint8_t public_key[RW_SIGN_PUBLIC_BYTES];
    int64_t from_ms;        /* what it signs carries a time from here … */
    int64_t until_ms;       /* … to before here; 0 = it still holds */
    const char *introduced; /* JWS of the key before over this one; NULL of the first */
};
struct journal_keys {
    struct journal_key keys[JOURNAL_KEYS_MAX];
    size_t count; /* at least one */
};

/* Reads a list and proves that each key was introduced by the one before. Who trusts the first
 * trusts them all. */
RW_MUST_USE bool journal_keys_read(const char *path, struct rw_arena *arena,
                                   struct journal_keys *ret_keys, struct rw_error *err);
/* The same of a member of another document. */
RW_MUST_USE bool journal_keys_take(const struct json *node, struct rw_arena *arena,
                                   struct journal_keys *ret_keys, struct rw_error *err);
void journal_keys_write(const struct journal_keys *keys, const char *name,
                        struct json_writer *json);
/* The list of this folder; without one the first key is made. A chain whose end was signed by
 * `older` before there was a list begins it with that key (NULL = there is none). */
RW_MUST_USE bool journal_keys_open(const char *folder, const uint8_t older[RW_SIGN_SECRET_BYTES],
                                   int64_t now_ms, struct rw_arena *arena,
                                   struct journal_keys *ret_keys, struct rw_error *err);
/* Adds a key that takes over in JOURNAL_KEYS_DELAY_MS; services that run read it by themselves. */
RW_MUST_USE bool journal_keys_rotate(const char *folder, int64_t now_ms, struct rw_arena *arena,
                                     struct journal_key *ret_key, struct rw_error *err);
/* Signs with the key that holds at `at_ms`, and removes secret halves that hold no more. */
RW_MUST_USE bool journal_keys_sign(const char *folder, int64_t at_ms, const char *payload,
                                   const char *typ, struct rw_arena *arena, const char **ret_signed,
                                   struct rw_error *err);
/* The payload, when one of the keys signed it and its "at" lies in that key's time. */
RW_MUST_USE bool journal_keys_check(const struct journal_keys *keys, const char *bytes,
                                    const char *typ, struct rw_arena *arena,
                                    const struct json **ret_payload, struct rw_error *err);

#endif
