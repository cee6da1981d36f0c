/* SPDX-License-Identifier: Apache-2.0 */
/* The door to what OpenCV finds in a picture: blobs, edges and hulls. */
#ifndef RW_VERIFIER_VISION_SHAPES_H
#define RW_VERIFIER_VISION_SHAPES_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"
#include "verifier/budget.h"
#include "verifier/plane.h"

#define VISION_RECTS_MAX 4096    /* outlines of one call */
#define VISION_SPOTS_MAX 1024    /* of one call; what is beyond is left out */
#define VISION_SEGMENTS_MAX 8192 /* line segments of one call */

/* No exception leaves. All places are in pixels of the picture that was given, the centre of the
 * first pixel at (0.5, 0.5). */

/* A rotated rectangle around a blob; `fill` is the part of it that the blob covers. */
struct vision_rect {
    struct picture_quad quad; /* in no known order of corners but around */
    float fill;
    bool is_light; /* than what is around it; blobs are dark */
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

struct vision_segment {
    struct picture_point from;
    struct picture_point to;
};
struct vision_segments {
    struct vision_segment *segments; /* room for VISION_SEGMENTS_MAX */
    size_t count;
};

struct vision_hulls {
    int box;        /* side of the neighbourhood whose mean is the paper */
    float side_min; /* of the longer side of what is dark */
};

/* What hangs together. */
struct vision_spot {
    struct plane_box box;
    int area; /* pixels */
};
struct vision_spots {
    struct vision_spot *spots; /* room for VISION_SPOTS_MAX */
    size_t count;
};
struct vision_inks {
    int dark;  /* grey levels below white: ink */
    int reach; /* pixels around wanted ink that are not looked at */
};

/* Rectangles around dark blobs. Adds to `rects`; what is beyond its room, or behind the end of the
 * budget, is left out. */
RW_MUST_USE bool vision_shapes_blobs(const struct picture *picture, const struct vision_blobs *how,
                                     int count_how, struct budget *budget,
                                     struct vision_rects *rects, struct rw_error *err);
/* The edges around each dark thing, as if a string were laid about it: those of one thing stand one
 * after the other and end with its first one again. */
RW_MUST_USE bool vision_shapes_hulls(const struct picture *picture, const struct vision_hulls *how,
                                     struct vision_segments *edges, struct rw_error *err);

/* Spots of ink on white, away from where the wanted picture has ink. */
RW_MUST_USE bool vision_shapes_spots(const struct picture *ink, const struct picture *wanted,
                                     const struct vision_inks *how, struct vision_spots *spots,
                                     struct rw_error *err);

#endif
