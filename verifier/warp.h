/* SPDX-License-Identifier: Apache-2.0 */
/* Shows a picture as it looks through a homography. */
#ifndef RW_VERIFIER_WARP_H
#define RW_VERIFIER_WARP_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"

struct warp_view {
    float to_source[9]; /* a homography, row by row */
    int32_t width;      /* of the picture that is made */
    int32_t height;
};

/* The picture that shows at its point p what lies at to_source(p) in `picture`, between the four
 * pixels around it; beyond the edge the nearest pixel is taken. A picture that comes out much
 * smaller should be shrunk before. */
RW_MUST_USE bool warp_picture(const struct picture *picture, const struct warp_view *how,
                              struct rw_arena *arena, struct picture *ret_picture,
                              struct rw_error *err);

#endif
