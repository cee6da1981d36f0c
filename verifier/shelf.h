/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps the rolls that a line was given, for when its network is gone. */
#ifndef RW_VERIFIER_SHELF_H
#define RW_VERIFIER_SHELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

#define SHELF_ROLLS_MAX 64 /* of one more, the one that was given longest ago goes */

/* STATE/rolls/NUMBER.roll.json is the newest version that was ever seen of a roll, byte for byte.
 * Each is checked by its fingerprint when it is put there and when it is taken. */
struct shelf_roll {
    const char *bytes;
    size_t length;
    int64_t given_ms; /* UTC; when the service gave it last */
};

/* RW_CONFLICT: a newer version was seen before, or another roll under the same version. */
RW_MUST_USE bool shelf_put(const char *state_folder, const char *number,
                           const struct shelf_roll *roll, struct rw_arena *arena,
                           struct rw_error *err);
/* RW_NOT_FOUND: it was never given to this line. RW_CONFLICT: it was, but is barred. What does not
 * have its fingerprint any more is RW_INVALID. */
RW_MUST_USE bool shelf_take(const char *state_folder, const char *number, struct rw_arena *arena,
                            struct shelf_roll *ret_roll, struct rw_error *err);
/* The service no longer gives it: from here on it is not taken, until it is put again. */
RW_MUST_USE bool shelf_bar(const char *state_folder, const char *number, struct rw_error *err);

#endif
