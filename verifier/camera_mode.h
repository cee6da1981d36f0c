/* SPDX-License-Identifier: Apache-2.0 */
/* How a camera lays down its pictures, and which way is the best. */
#ifndef RW_VERIFIER_CAMERA_MODE_H
#define RW_VERIFIER_CAMERA_MODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"

/* A bag and a half at 15 pixels a millimetre needs two million; more than these cost time alone. */
#define CAMERA_MODE_PIXELS_USEFUL (2600 * 2100)
#define CAMERA_MODE_RATE_LEAST 10000 /* thousandths of a picture a second, for two of each bag */

struct camera_mode {
    uint32_t format; /* the four letters of V4L2, the first in the lowest byte */
    int32_t width;
    int32_t height;
    int32_t stride;     /* bytes a row; of no meaning for JPEG */
    int32_t rate_milli; /* pictures a second at most, in thousandths; 0 = not told */
    bool is_narrow;     /* black is 16 and white 235 (ITU-R BT.601) */
};

/* Can pictures of this format be read? */
bool camera_mode_is_read(uint32_t format);
/* Fast enough for a line, then large, then not packed, then fast. */
bool camera_mode_is_better(const struct camera_mode *mode, const struct camera_mode *other);
/* The grey of a picture as the camera gave it; RW_UNREADABLE where a part of it is not there. */
RW_MUST_USE bool camera_mode_grey(const struct camera_mode *mode, const uint8_t *bytes,
                                  size_t length, struct rw_arena *arena,
                                  struct picture *ret_picture, struct rw_error *err);

#endif
