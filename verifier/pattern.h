/* SPDX-License-Identifier: Apache-2.0 */
/* Says how like a symbol's frame a place is, and lays it there. */
#ifndef RW_VERIFIER_PATTERN_H
#define RW_VERIFIER_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"
#include "verifier/grid.h"
#include "verifier/symbology.h"

/* Where the frame of a symbol must be dark and where light, in the unit square. Points of the
 * quiet zone lie outside it and weigh half: text may touch them. */
struct pattern {
    const struct symbology *size;
    size_t count; /* padded with points of no weight */
    float *u;
    float *v;
    float *weight;
    float *wanted; /* weight, negative where it must be dark */
    float weights; /* sums of the two */
    float balance;
};

RW_MUST_USE bool pattern_make(const struct symbology *size, struct rw_arena *arena,
                              struct pattern *ret_pattern, struct rw_error *err);
/* Likeness of picture and pattern under this quad: a weighted correlation, -1 … 1. */
float pattern_score(const struct picture *picture, const struct pattern *pattern,
                    const struct picture_quad *quad);
/* The same for every part of the frame by itself, and their mean: where a shadow ends on a symbol,
 * its parts lie in light of their own. */
float pattern_score_parts(const struct picture *picture, const struct pattern *pattern,
                          const struct picture_quad *quad);
/* Moves the corners to where the score is best near by; one that stays below `give_up` after the
 * widest steps is left as it is. */
void pattern_refine(const struct picture *picture, const struct pattern *pattern, float give_up,
                    struct grid *grid);

#endif
