/* SPDX-License-Identifier: Apache-2.0 */
/* The door to OpenCV: filtering and scaling. */
#ifndef RW_VERIFIER_VISION_H
#define RW_VERIFIER_VISION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"

/* Pixels go in and results come out as copies; no exception leaves. All places are in pixels of
 * the picture that was given, the centre of the first pixel at (0.5, 0.5). */

struct vision_frame {
    int by;
    int margin; /* pixels around the enlarged picture … */
    int grey;   /* … of this grey */
};

/* False always. For the other doors to OpenCV, inside a catch: says what was caught. */
bool vision_caught(struct rw_error *err);
/* Holds the library to the calling thread: a line scales by processes, and a fork stays safe. */
RW_MUST_USE bool vision_start(struct rw_error *err);

/* A smaller picture, by a part of 1, softened by one pixel first. */
RW_MUST_USE bool vision_soften(const struct picture *picture, float part, struct rw_arena *arena,
                               struct picture *ret_picture, struct rw_error *err);
/* A picture `by` times larger with a frame around. */
RW_MUST_USE bool vision_enlarge(const struct picture *picture, const struct vision_frame *how,
                                struct rw_arena *arena, struct picture *ret_picture,
                                struct rw_error *err);
/* A picture of another size, each pixel from the four around its place. */
RW_MUST_USE bool vision_resize(const struct picture *picture, int32_t width, int32_t height,
                               struct rw_arena *arena, struct picture *ret_picture,
                               struct rw_error *err);
RW_MUST_USE bool vision_blur(const struct picture *picture, float sigma, struct rw_arena *arena,
                             struct picture *ret_picture, struct rw_error *err);
/* The ground without the dark strokes on it, those up to `stroke` pixels wide. */
RW_MUST_USE bool vision_paper(const struct picture *picture, float stroke, struct rw_arena *arena,
                              struct picture *ret_picture, struct rw_error *err);
/* The print without its paper: white where both are alike. */
RW_MUST_USE bool vision_lift(const struct picture *picture, const struct picture *paper,
                             struct rw_arena *arena, struct picture *ret_picture,
                             struct rw_error *err);

#endif
