/* SPDX-License-Identifier: Apache-2.0 */
/* A grey picture: bytes, size, and how large a pixel is in the world. */
#ifndef RW_CORE_MODEL_PICTURE_H
#define RW_CORE_MODEL_PICTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

#define PICTURE_SIDE_MAX 16384                /* pixels of one side */
#define PICTURE_PIXELS_MAX (24 * 1000 * 1000) /* pixels of one picture: 20 megapixels and some */

/* Row by row from the top, `stride` bytes a row; 0 = black, 255 = white. */
struct picture {
    uint8_t *pixels;
    int32_t width;
    int32_t height;
    int32_t stride;
    int32_t um_per_px_milli; /* thousandths of a micrometre per pixel; 0 = not known */
};

struct picture_point {
    float x; /* pixels, the centre of the first pixel is (0.5, 0.5) */
    float y;
};
/* Four corners: [0] the corner of the L of a symbol (or lower left of an upright bag), then in the
 * order lower right, upper right, upper left of the upright thing. */
struct picture_quad {
    struct picture_point corner[4];
};

/* Pixels in the arena, all 0. RW_TOO_LARGE beyond the ceilings. */
RW_MUST_USE bool picture_make(struct rw_arena *arena, int32_t width, int32_t height,
                              struct picture *ret_picture, struct rw_error *err);
/* The same for a caller that writes every pixel: what they are before is not known. */
RW_MUST_USE bool picture_make_room(struct rw_arena *arena, int32_t width, int32_t height,
                                   struct picture *ret_picture, struct rw_error *err);

#endif
