/* SPDX-License-Identifier: Apache-2.0 */
/* Which keys a dispenser takes schedules of. */
#ifndef RW_DISPENSER_TRUST_H
#define RW_DISPENSER_TRUST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/json/schedule_keys.h"
#include "core/net/enrol.h"

/* Begins with what came at enrolment; grows by keys that were introduced by one that is known. */
struct trust {
    char path[RW_FILE_PATH_MAX];
    struct keyring keys;
};

RW_MUST_USE bool trust_open(const struct enrol_identity *identity, struct rw_arena *arena,
                            struct trust *ret_trust, struct rw_error *err);
/* Takes over what the service says of its keys; on the disk before it counts. `ret_more`: there is
 * a new one. */
RW_MUST_USE bool trust_follow(struct trust *trust, const char *bytes, size_t length,
                              struct rw_arena *arena, bool *ret_more, struct rw_error *err);

#endif
