/* SPDX-License-Identifier: Apache-2.0 */
/* Measures how alike one letter's place is in two pictures. */
#ifndef RW_VERIFIER_CELL_H
#define RW_VERIFIER_CELL_H

#include <stdbool.h>
#include <stddef.h>

#include "core/model/verdict.h"
#include "verifier/plane.h"

#define CELL_FULL_INK 200.0F /* grey levels of a filled spot of the rendering */

/* Same size; the seen one was summed up. */
struct cell_planes {
    struct plane seen;
    struct plane wanted;
    const struct picture *paper; /* that of the seen one; NULL = even */
    float px_per_um;
    float edge_px; /* 0 … 1: so far aside an edge of the wanted print may lie */
};

struct cell {
    struct plane_box box;
    struct plane_shift shift; /* of the seen print against the wanted, for its stretch of text */
    size_t field;
    bool has_ink;    /* enough of the wanted print is in it to compare */
    float likeness;  /* correlation, -1 … 1 */
    float contrast;  /* seen for wanted: 1 = as dark as the rendering */
    float structure; /* how much print of any shape was seen, as `contrast` */
    float spread;    /* variance of what was seen, grey levels squared */
    float missing;   /* the largest wanted spot without ink, as `contrast` */
    float extra;     /* the largest spot with ink that is not wanted */
    float depth;     /* darkness that ink can have on the paper here, for that on most paper */
};

/* Cuts the box to the planes; false when nothing is left. */
bool cell_box_cut(struct plane_box *box, const struct cell_planes *planes);
/* A comma or a dot alone is too little to tell from noise: such a cell grows into its neighbours,
 * within the stretch of text that it was cut from. */
void cell_widen(const struct cell_planes *planes, const struct plane_box *stretch,
                struct cell *cell);
/* The shift within `reach` pixels of `middle` under which the box is most alike. */
struct plane_shift cell_find_shift(const struct cell_planes *planes, const struct plane_box *box,
                                   struct plane_shift middle, float reach);
/* `middle`, or the nearest to it that the planes' margin leaves room to look around. */
struct plane_shift cell_hold_shift(struct plane_shift middle, float reach);
/* Fills everything but box, shift, field and depth, where the box lies best near its shift, to a
 * part of a pixel. */
void cell_measure(const struct cell_planes *planes, struct cell *cell);
/* Moves the shift by up to two pixels to where it is best. */
void cell_settle(const struct cell_planes *planes, struct cell *cell);
/* The likeness alone, under the shift as it is. */
float cell_likeness(const struct cell_planes *planes, const struct cell *cell);
/* What most letters of this label are like. */
struct cell_usual {
    float contrast;
    float noise; /* variance that is not print, grey levels squared */
    float spot;  /* the largest without wanted ink or with ink that is not, as `contrast` */
};
/* How much of the variance that was seen is not that of the wanted print. */
float cell_residue(const struct cell *cell);
/* What is wrong with a letter. */
struct cell_fault {
    enum verdict_reason reason; /* REASON_NONE = it is good */
    float size;                 /* how far it is from good: 1 = at a limit, 0 = good */
    bool in_doubt;              /* light, or what lies behind it, may have a part in it */
};
struct cell_fault cell_judge(const struct cell *cell, const struct cell_usual *usual);

#endif
