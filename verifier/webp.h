/* SPDX-License-Identifier: Apache-2.0 */
/* Decodes WebP pictures to grey; the door to libwebp. */
#ifndef RW_VERIFIER_WEBP_H
#define RW_VERIFIER_WEBP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"

/* What is behind transparent pixels is taken as white paper. A picture that is not whole, or larger
 * than pictures may be, is RW_UNREADABLE. */
RW_MUST_USE bool webp_decode_grey(const uint8_t *bytes, size_t length, struct rw_arena *arena,
                                  struct picture *ret_picture, struct rw_error *err);

#endif
