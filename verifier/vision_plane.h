/* SPDX-License-Identifier: Apache-2.0 */
/* The door to OpenCV's planes: a module of it that few programs need. */
#ifndef RW_VERIFIER_VISION_PLANE_H
#define RW_VERIFIER_VISION_PLANE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"

/* The same places in two pictures. */
struct vision_plane_pair {
    struct picture_point from;
    struct picture_point to;
};

/* The homography that most pairs agree with, up to `tolerance` pixels of `to`; four pairs or more.
 * `ret_agree` has the number of those pairs. False without an error = there is none. */
RW_MUST_USE bool vision_plane_fit(const struct vision_plane_pair *pairs, size_t count,
                                  float tolerance, float ret_from_to[9], size_t *ret_agree,
                                  struct rw_error *err);

#endif
