/* SPDX-License-Identifier: Apache-2.0 */
/* Looks for a piece of wanted print around its place. */
#ifndef RW_VERIFIER_SEEK_H
#define RW_VERIFIER_SEEK_H

#include "verifier/plane.h"

#define SEEK_REACH_MAX 20 /* pixels to each side */

/* Where the piece lies, less where it should, to a part of a pixel. */
struct seek_place {
    float x;
    float y;
    float alike; /* the correlation there; below -1 = it was laid nowhere */
};

/* Both planes have one size and the seen one was summed up. Shifts that take the box off the plane
 * are not tried. */
void seek_box(const struct plane *wanted, const struct plane *seen, const struct plane_box *box,
              int reach, struct seek_place *ret_place);

#endif
