/* SPDX-License-Identifier: Apache-2.0 */
/* Which keys a schedule may be signed with. */
#ifndef RW_CORE_JSON_SCHEDULE_KEYS_H
#define RW_CORE_JSON_SCHEDULE_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/json/keyring.h"

extern const struct keyring_kind schedule_keys_kind;

/* A schedule of the key before is still taken for so long: a hundred bags, one a day, and more. */
#define SCHEDULE_KEYS_OVERLAP_MS (INT64_C(120) * 24 * 3600 * 1000)

/* The payload of a schedule that one of the keys signed which are good at `at_ms`; 0 = any. */
RW_MUST_USE bool schedule_keys_check(const struct keyring *keys, const char *bytes, size_t length,
                                     int64_t at_ms, struct rw_arena *arena,
                                     const char **ret_payload, size_t *ret_length,
                                     struct rw_error *err);
/* Takes over what a later list says. It must hold a key that is known, whose successors it proves;
 * what was known stays. `ret_more` says whether there is a new one. */
RW_MUST_USE bool schedule_keys_follow(struct keyring *keys, const struct json *node,
                                      struct rw_arena *arena, bool *ret_more, struct rw_error *err);

#endif
