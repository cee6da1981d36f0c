/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps signing keys in the folder of keys, and changes them. */
#ifndef RW_API_KEY_FILES_H
#define RW_API_KEY_FILES_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/json/keyring.h"

#define KEY_FILES_BYTES_MAX (128 * RW_ARENA_KIB)
/* The soonest that a new key signs, so that every node reads the list before it does. */
#define KEY_FILES_DELAY_MS 5000

/* One file lists the public halves of all keys of a kind, for everybody who checks; the secret half
 * of each lies in a file of its own until a minute after the next key took over. */
struct key_files {
    const struct keyring_kind *ring;
    const char *list;
    const char *secrets; /* how the names of those files begin */
};
extern const struct key_files key_files_journal;
extern const struct key_files key_files_schedule;

RW_MUST_USE bool key_files_read(const struct key_files *files, const char *path,
                                struct rw_arena *arena, struct keyring *ret_keys,
                                struct rw_error *err);
/* The list of this folder. */
RW_MUST_USE bool key_files_list(const struct key_files *files, const char *folder,
                                struct rw_arena *arena, struct keyring *ret_keys,
                                struct rw_error *err);
/* The same; without one the first key is made. What was signed by `older` before there was a list
 * begins it with that key (NULL = there is none). */
RW_MUST_USE bool key_files_open(const struct key_files *files, const char *folder,
                                const uint8_t older[RW_SIGN_SECRET_BYTES], int64_t now_ms,
                                struct rw_arena *arena, struct keyring *ret_keys,
                                struct rw_error *err);
/* Begins a list, unless there is one, with a key that there is and that goes on signing. */
RW_MUST_USE bool key_files_adopt(const struct key_files *files, const char *folder,
                                 const uint8_t secret[RW_SIGN_SECRET_BYTES], struct rw_arena *arena,
                                 struct rw_error *err);
/* Adds a key that signs from `from_ms` on; services that run read it by themselves. */
RW_MUST_USE bool key_files_rotate(const struct key_files *files, const char *folder, int64_t now_ms,
                                  int64_t from_ms, struct rw_arena *arena,
                                  struct keyring_key *ret_key, struct rw_error *err);
/* The key that signs at this time; NULL without. */
const struct keyring_key *key_files_now(const struct keyring *keys, int64_t at_ms);
/* The time of a signature that is made now. A clock that was set back to before the first key began
 * does not hold signing up until then: the signature bears that moment. */
RW_MUST_USE bool key_files_time(const struct key_files *files, const char *folder, int64_t now_ms,
                                struct rw_arena *arena, int64_t *ret_at_ms, struct rw_error *err);
/* Signs with the key of `at_ms`, and removes secret halves that hold no more. */
RW_MUST_USE bool key_files_sign(const struct key_files *files, const char *folder, int64_t at_ms,
                                const char *payload, const char *typ, struct rw_arena *arena,
                                const char **ret_signed, struct rw_error *err);

#endif
