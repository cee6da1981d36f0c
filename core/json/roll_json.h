/* SPDX-License-Identifier: Apache-2.0 */
/* Reads and writes a roll as rolwacht/roll/1. */
#ifndef RW_CORE_JSON_ROLL_JSON_H
#define RW_CORE_JSON_ROLL_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/roll.h"

#define ROLL_JSON_SUM_MAX INT64_C(1000000000000000) /* thousandths of one roll */
#define ROLL_JSON_BYTES_MAX ((size_t)8 * 1024 * 1024)

/* One JSON object and a newline. The fingerprint is computed over the bytes with its own 64 hex
 * digits as zeros and put in their place; `roll->fingerprint` is not read. */
RW_MUST_USE bool roll_json_write(const struct roll *roll, struct rw_arena *arena,
                                 const char **ret_bytes, size_t *ret_length, struct rw_error *err);
/* Checks every member, the fingerprint, the audit, n/of, serials and times; what it gives is
 * complete. Texts live in the arena. */
RW_MUST_USE bool roll_json_read(const char *bytes, size_t length, struct rw_arena *arena,
                                struct roll **ret_roll, struct rw_error *err);

#endif
