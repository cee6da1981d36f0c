/* SPDX-License-Identifier: Apache-2.0 */
/* Unpacks and packs gzip; the door to zlib. */
#ifndef RW_CORE_JSON_GZIP_H
#define RW_CORE_JSON_GZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

/* Refuses (RW_TOO_LARGE) what would unpack to more than `max` bytes. */
RW_MUST_USE bool gzip_unpack(const void *bytes, size_t length, size_t max, struct rw_arena *arena,
                             uint8_t **ret_bytes, size_t *ret_length, struct rw_error *err);
RW_MUST_USE bool gzip_pack(const void *bytes, size_t length, struct rw_arena *arena,
                           uint8_t **ret_bytes, size_t *ret_length, struct rw_error *err);

#endif
