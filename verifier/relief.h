/* SPDX-License-Identifier: Apache-2.0 */
/* A small picture of what changes along the film, to compare views. */
#ifndef RW_VERIFIER_RELIEF_H
#define RW_VERIFIER_RELIEF_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"

#define RELIEF_ALIKE_MIN 0.30F /* likeness below which two views share nothing */

/* Light, and what runs along the film, are gone. */
struct relief {
    float *edges;
    int width;
    int height;
    int by; /* times smaller than the frame */
};

/* Some of its rows and columns; the ends do not belong to it. */
struct relief_box {
    int left;
    int top;
    int right;
    int bottom;
};

/* `axis` is the direction of the film, of length 1. */
RW_MUST_USE bool relief_make(const struct picture *picture, const float axis[2],
                             struct rw_arena *arena, struct relief *ret_relief,
                             struct rw_error *err);
/* Correlation of `now` with `last`, when what was at p is now at p + (dx, dy); `box` tells which
 * part of `now` counts, NULL = all of it. Both are of one size. */
float relief_likeness(const struct relief *last, const struct relief *now, int dx, int dy,
                      const struct relief_box *box);

/* How labels lie in a view. */
struct relief_strip {
    float axis[2];  /* down the labels, of length 1 */
    float pitch_px; /* from bag to bag */
    float above_px; /* from a bag's upper edge to the middle of its symbol */
};
/* Is the like of a bag's label to be seen one bag further along (step 1) or back (step -1), the
 * place of its symbol, too? `symbol` is the middle of the one that was read. */
bool relief_has_neighbour(const struct relief *relief, const struct relief_strip *strip,
                          struct picture_point symbol, int step);

#endif
