/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the spot of a letter that has too little or too much ink. */
#ifndef RW_VERIFIER_SPOT_H
#define RW_VERIFIER_SPOT_H

#include "verifier/plane.h"

/* A box, and how it lies best as a whole. */
struct spot_view {
    const struct plane *wanted;
    const struct plane *seen;
    const struct picture *paper; /* of what was seen; NULL = even */
    float px_per_um;
    float edge_px;               /* 0 … 1: so far aside an edge of the wanted print may lie */
    const struct plane_box *box; /* at most PLANE_BOX_MAX wide */
    struct plane_rest rest;
    float contrast; /* seen ink for wanted … */
    float offset;   /* … and what is added to it */
    float full;     /* of ink here, grey levels; 0 = there is none to tell */
    float little;   /* less than this is no spot, wherever it lies */
};

/* The largest lack and surplus, in grey levels. Film bends within a letter: a spot counts
 * for what is left of it where what lies around it lies best, a tenth of a millimetre away, and a
 * surplus for what is darker than the darkest paper around: tablets end behind letters. What an
 * edge explains that lies up to `edge_px` aside is neither. */
void spot_find(const struct spot_view *view, float *ret_missing, float *ret_extra);

#endif
