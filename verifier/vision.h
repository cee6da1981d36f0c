/* SPDX-License-Identifier: Apache-2.0 */
/* The door to OpenCV: decoding, filtering, finding outlines, warping. */
#ifndef RW_VERIFIER_VISION_H
#define RW_VERIFIER_VISION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"

#define VISION_RECTS_MAX 4096    /* outlines of one call */
#define VISION_SEGMENTS_MAX 8192 /* line segments of one call */

/* Pixels go in and results come out as copies; no exception leaves. All places are in pixels of
 * the picture that was given, the centre of the first pixel at (0.5, 0.5). */

/* A rotated rectangle around a blob; `fill` is the part of it that the blob covers. */
struct vision_rect {
    struct picture_quad quad; /* in no known order of corners but around */
    float fill;
};
struct vision_rects {
    struct vision_rect *rects; /* room for VISION_RECTS_MAX */
    size_t count;
};

struct vision_blobs {
    int box;          /* side of the neighbourhood whose mean is the paper */
    int close;        /* gaps up to this many pixels join */
    int open;         /* strokes thinner than this go */
    float fill_min;   /* 0 … 1 */
    float side_min;   /* of the shorter side */
    float side_max;   /* of the longer side */
    float aspect_max; /* longer / shorter */
};

struct vision_frame {
    int by;
    int margin; /* pixels around the enlarged picture … */
    int grey;   /* … of this grey */
};

struct vision_segment {
    struct picture_point from;
    struct picture_point to;
};
struct vision_segments {
    struct vision_segment *segments; /* room for VISION_SEGMENTS_MAX */
    size_t count;
};

/* The same places in two pictures. */
struct vision_pair {
    struct picture_point from;
    struct picture_point to;
};

/* Holds the library to the calling thread: a line scales by processes, and a fork stays safe. */
RW_MUST_USE bool vision_start(struct rw_error *err);

/* PNG, JPEG, PGM, TIFF or BMP, turned to grey. The caller has checked the size in the header. */
RW_MUST_USE bool vision_decode(const uint8_t *bytes, size_t length, struct rw_arena *arena,
                               struct picture *ret_picture, struct rw_error *err);
RW_MUST_USE bool vision_encode_png(const struct picture *picture, struct rw_arena *arena,
                                   const uint8_t **ret_bytes, size_t *ret_length,
                                   struct rw_error *err);

/* A picture `by` times smaller on each side, each pixel the mean of those it covers. */
RW_MUST_USE bool vision_shrink(const struct picture *picture, int by, struct rw_arena *arena,
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

/* Rectangles around dark blobs. Adds to `rects`; what is beyond its room is left out. */
RW_MUST_USE bool vision_find_blobs(const struct picture *picture, const struct vision_blobs *how,
                                   int count_how, struct vision_rects *rects, struct rw_error *err);
/* Straight edges at least `length_min` pixels long. */
RW_MUST_USE bool vision_find_segments(const struct picture *picture, float length_min,
                                      struct vision_segments *segments, struct rw_error *err);

/* The homography that most pairs agree with, up to `tolerance` pixels of `to`; four pairs or more.
 * `ret_agree` has the number of those pairs. False without an error = there is none. */
RW_MUST_USE bool vision_fit_plane(const struct vision_pair *pairs, size_t count, float tolerance,
                                  float ret_from_to[9], size_t *ret_agree, struct rw_error *err);

#endif
