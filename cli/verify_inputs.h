/* SPDX-License-Identifier: Apache-2.0 */
/* Reads what verify compares with beside the roll: media and key. */
#ifndef RW_CLI_VERIFY_INPUTS_H
#define RW_CLI_VERIFY_INPUTS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/crypto.h"
#include "core/base/error.h"
#include "core/model/media.h"

/* `path` NULL: the built-in profile that the roll names; nothing is written to `ret_media`. */
RW_MUST_USE bool verify_inputs_media(const char *path, struct rw_arena *arena,
                                     const struct media **ret_media, struct rw_error *err);
/* The roll's key, from the pharmacy's in the state folder. Without one (`ret_has_key` false) the
 * plan alone says which codes are good. */
RW_MUST_USE bool verify_inputs_key(const char *state, const char *number,
                                   uint8_t ret_key[RW_HMAC_KEY_BYTES], bool *ret_has_key,
                                   struct rw_error *err);

#endif
