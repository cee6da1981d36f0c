/* SPDX-License-Identifier: Apache-2.0 */
/* Looks once more at what differs, without what is wider than strokes. */
#ifndef RW_VERIFIER_RIMS_H
#define RW_VERIFIER_RIMS_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "verifier/cell.h"
#include "verifier/laying.h"
#include "verifier/vision_shapes.h"

/* Rims of tablets and the shadows beside them are dark and about a millimetre wide: wider than the
 * strokes of a line of text, and narrower than those of large digits, which the first look has to
 * see. Here both pictures are without what is so wide; made when first asked for, as most bags need
 * no second look. Begin with `laying` alone. */
struct rims {
    const struct laying *laying;
    bool is_made;
    struct picture paper; /* the seen one's: rims and shadows with it */
    struct plane thin;    /* of the wanted print the strokes that are no wider than this */
    struct cell_planes planes;
    struct vision_spots patches; /* dark, as wide as a rim, and shorter than any tablet */
    bool is_patchy;              /* more may lie anywhere: not all were found */
};

/* Judges a letter once more and keeps the smaller fault; one whose own strokes are as wide as a rim
 * keeps what it has. What is left where something lies behind, which print is seen badly on, counts
 * for less, and stays a fault, and so does what is left of none where the thing behind is too small
 * for a tablet: ink may have been dragged there. */
RW_MUST_USE bool rims_judge(struct rims *rims, const struct cell *cell,
                            const struct cell_usual *usual, struct rw_arena *arena,
                            struct cell_fault *fault, struct rw_error *err);
/* The same for a dark mark where none is wanted, which is no fault where it is no print: what is as
 * wide as a rim must be as dark as ink; `full` is that of full ink. */
RW_MUST_USE bool rims_judge_mark(struct rims *rims, const struct plane_box *mark, float full,
                                 struct rw_arena *arena, struct cell_fault *fault,
                                 struct rw_error *err);

#endif
