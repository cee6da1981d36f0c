/* SPDX-License-Identifier: Apache-2.0 */
/* The door to OpenCV: decoding, filtering, warping. */
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

/* The same places in two pictures. */
struct vision_pair {
    struct picture_point from;
    struct picture_point to;
};

/* False always. For the other doors to OpenCV, inside a catch: says what was caught. */
bool vision_caught(struct rw_error *err);
/* Holds the library to the calling thread: a line scales by processes, and a fork stays safe. */
RW_MUST_USE bool vision_start(struct rw_error *err);

/* PNG, TIFF, BMP or WebP, turned to grey. The caller has checked the size in the header. */
RW_MUST_USE bool vision_decode(const uint8_t *bytes, size_t length, struct rw_arena *arena,
                               struct picture *ret_picture, struct rw_error *err);
RW_MUST_USE bool vision_encode_png(const struct picture *picture, struct rw_arena *arena,
                                   const uint8_t **ret_bytes, size_t *ret_length,
                                   struct rw_error *err);

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

/* The homography that most pairs agree with, up to `tolerance` pixels of `to`; four pairs or more.
 * `ret_agree` has the number of those pairs. False without an error = there is none. */
RW_MUST_USE bool vision_fit_plane(const struct vision_pair *pairs, size_t count, float tolerance,
                                  float ret_from_to[9], size_t *ret_agree, struct rw_error *err);

#endif
