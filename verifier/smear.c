/* SPDX-License-Identifier: Apache-2.0 */
/* Finds ink that was dragged over a row of letters. */
#include "verifier/smear.h"

#include <math.h>

#define ROW 3              /* cells that stand side by side: five millimetres of text */
#define EXTRA_MAX 0.36F    /* part of full ink that each of them may have too much, … */
#define USUAL_TIMES 2.2F   /* … and so many times what most letters have too much */
#define CONTRAST_MIN 0.08F /* of the rendering: less is no print at all */

/* How much ink a cell has that is not wanted, for the least of a smear. */
static float excess_of(const struct laying *laying, const struct cell *cell)
{
    float ink = fmaxf(laying->usual.contrast * cell->depth, cell->contrast);
    float full = fmaxf(ink, CONTRAST_MIN);
    float least = fmaxf(EXTRA_MAX * full, USUAL_TIMES * laying->usual.spot);
    return cell->has_ink ? cell->extra / least : 0;
}

float smear_of(const struct laying *laying, size_t stretch, struct plane_box *ret_box)
{
    const struct laying_stretch *row = &laying->stretches[stretch];
    float most = 0;
    for (size_t i = 0; i + ROW <= row->count; i++) {
        const struct cell *cells = &laying->cells[row->first + i];
        const struct plane_box *last = &cells[ROW - 1].box;
        float least = excess_of(laying, &cells[0]);
        for (size_t k = 1; k < ROW; k++)
            least = fminf(least, excess_of(laying, &cells[k]));
        if (least <= most)
            continue;
        most = least;
        *ret_box = cells[0].box;
        ret_box->width = last->x + last->width - ret_box->x;
    }
    return most;
}
