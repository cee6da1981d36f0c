/* SPDX-License-Identifier: Apache-2.0 */
/* Decodes BMP pictures to grey; the door to gdk-pixbuf. */
#ifndef RW_VERIFIER_BMP_H
#define RW_VERIFIER_BMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"

/* The caller has checked the size in the header. */
RW_MUST_USE bool bmp_decode_grey(const uint8_t *bytes, size_t length, struct rw_arena *arena,
                                 struct picture *ret_picture, struct rw_error *err);

#endif
