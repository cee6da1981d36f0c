/* SPDX-License-Identifier: Apache-2.0 */
/* Decodes PNG pictures to grey; the door to libpng. */
#ifndef RW_VERIFIER_PNG_PIXELS_H
#define RW_VERIFIER_PNG_PIXELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"

/* What is behind transparent pixels is taken as white paper. The caller has checked the size in the
 * header; a picture that is not whole is RW_UNREADABLE. */
RW_MUST_USE bool png_pixels_decode(const uint8_t *bytes, size_t length, struct rw_arena *arena,
                                   struct picture *ret_picture, struct rw_error *err);

#endif
