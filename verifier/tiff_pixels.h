/* SPDX-License-Identifier: Apache-2.0 */
/* Decodes TIFF pictures to grey; the door to libtiff. */
#ifndef RW_VERIFIER_TIFF_PIXELS_H
#define RW_VERIFIER_TIFF_PIXELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"

/* The first page, its rows as they are stored. What is behind transparent pixels is taken as white
 * paper. The caller has checked the sizes in the header; a picture that is not whole is
 * RW_UNREADABLE. */
RW_MUST_USE bool tiff_pixels_decode(const uint8_t *bytes, size_t length, struct rw_arena *arena,
                                    struct picture *ret_picture, struct rw_error *err);

#endif
