/* SPDX-License-Identifier: Apache-2.0 */
/* Takes the places of modules from the clock tracks of a symbol. */
#ifndef RW_VERIFIER_CLOCK_H
#define RW_VERIFIER_CLOCK_H

#include <stdbool.h>

#include "core/model/picture.h"
#include "verifier/grid.h"
#include "verifier/symbology.h"

#define CLOCK_REGIONS_MAX 6 /* of a symbol, along one side */

/* Modules are not always of one width: a print head that slips, a picture that was scaled in
 * pixels, film that is bent. Each region of a symbol has a clock above it and one to its right,
 * which say where its columns and its rows lie. Places are in modules from the left and from the
 * top; an even grid has 0.5, 1.5 … */
struct clock {
    const struct symbology *size;
    float columns[CLOCK_REGIONS_MAX][SYMBOLOGY_SIDE_MAX]; /* at the top of each row of regions */
    float rows[CLOCK_REGIONS_MAX][SYMBOLOGY_SIDE_MAX];    /* at the right of each column of them */
};

/* Follows every clock of a grid that lies about right; false when one cannot be followed. */
bool clock_follow(const struct picture *picture, const struct grid *grid, struct clock *ret_clock);
/* The middle of a module, or of one in the ring around the symbol. */
void clock_place(const struct clock *clock, int row, int col, float *ret_x, float *ret_y);

#endif
