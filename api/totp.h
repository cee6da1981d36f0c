/* SPDX-License-Identifier: Apache-2.0 */
/* One-time passwords by the clock, the second factor (RFC 6238). */
#ifndef RW_API_TOTP_H
#define RW_API_TOTP_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

#define TOTP_SECRET_BYTES 20 /* as long as the hash (RFC 4226 section 4, R6) */
#define TOTP_DIGITS 6
#define TOTP_STEP_S 30
#define TOTP_WINDOW 1 /* steps of delay that are taken either way (RFC 6238 section 5.2) */

/* The code of one step of the clock (RFC 4226 section 5.3), of TOTP_DIGITS digits. */
RW_MUST_USE bool totp_code(const uint8_t secret[TOTP_SECRET_BYTES], int64_t step,
                           char ret_code[TOTP_DIGITS + 1], struct rw_error *err);
/* The step that the code belongs to, newer than `after` and near now: a code works once. 0 = it is
 * no such code. */
RW_MUST_USE bool totp_check(const uint8_t secret[TOTP_SECRET_BYTES], const char *code,
                            int64_t now_ms, int64_t after, int64_t *ret_step, struct rw_error *err);
/* The secret as an app wants it typed: base32 (RFC 4648 section 6). */
RW_MUST_USE bool totp_base32(const uint8_t secret[TOTP_SECRET_BYTES], struct rw_arena *arena,
                             const char **ret_text, struct rw_error *err);

#endif
