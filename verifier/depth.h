/* SPDX-License-Identifier: Apache-2.0 */
/* Finds how dark ink can be on the paper of each letter. */
#ifndef RW_VERIFIER_DEPTH_H
#define RW_VERIFIER_DEPTH_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "verifier/cell.h"

/* All pictures have one size and the label's upper left corner as their origin. */
struct depth_view {
    const struct picture *seen;
    const struct picture *paper;  /* … without its print */
    const struct picture *wanted; /* the rendered print alone, on white */
    float contrast;               /* of most letters: 1 = as dark as the rendering */
};

/* Fills the depth of each cell, which was laid, and says the grey of ink itself. */
RW_MUST_USE bool depth_find(const struct depth_view *view, struct cell *cells, size_t count,
                            struct rw_arena *arena, float *ret_black, struct rw_error *err);

#endif
