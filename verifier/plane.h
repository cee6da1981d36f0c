/* SPDX-License-Identifier: Apache-2.0 */
/* How much darker than its paper each place of a picture is. */
#ifndef RW_VERIFIER_PLANE_H
#define RW_VERIFIER_PLANE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"

#define PLANE_MARGIN 28 /* pixels around, equal to the nearest inside: boxes are shifted there */

/* Print alone, in grey levels, row by row with the margin around. The sums make those of any box
 * cheap: each is that of all pixels above and left of it. */
struct plane {
    int16_t *ink;
    int32_t *sums; /* NULL: not summed up */
    int64_t *squares;
    int width; /* without the margin */
    int height;
};
struct plane_box {
    int x;
    int y;
    int width;
    int height;
};
struct plane_shift {
    int x;
    int y;
};

/* A shift to a part of a pixel. */
struct plane_rest {
    struct plane_shift shift; /* whole pixels, rounded down … */
    float right;              /* … and what is left, 0 … 1 */
    float down;
};

/* `paper` has the size of the picture; NULL = plain white. */
RW_MUST_USE bool plane_make(const struct picture *picture, const struct picture *paper,
                            struct rw_arena *arena, struct plane *ret_plane, struct rw_error *err);
RW_MUST_USE bool plane_sum_up(struct plane *plane, struct rw_arena *arena, struct rw_error *err);
/* The row that begins at this place, which may lie in the margin. */
const int16_t *plane_row(const struct plane *plane, int x, int y);
#define PLANE_BOX_MAX 64 /* pixels, of the width of a box that is seen so */
/* A row of a box under such a shift, each place from the four pixels around it. */
void plane_see_row(const struct plane *plane, const struct plane_box *box,
                   const struct plane_rest *rest, int row, float *ret_seen);

/* Of the ink in a box, which does not reach beyond the margin. */
struct plane_moments {
    double mean;
    double variance;
};
struct plane_moments plane_moments_of(const struct plane *plane, const struct plane_box *box);

/* A wanted box laid over the seen plane under some shift. */
struct plane_overlay {
    struct plane_moments wanted;
    struct plane_moments seen;
    double covariance;
};
/* `of_wanted` are its moments, for boxes that are laid many times; `seen` was summed up. */
struct plane_overlay plane_lay(const struct plane *wanted, const struct plane_box *box,
                               const struct plane_moments *of_wanted, const struct plane *seen,
                               struct plane_shift shift);
/* The correlation, -1 … 1; 0 where one of them is plain. */
float plane_likeness(const struct plane_overlay *overlay);

#endif
