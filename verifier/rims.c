/* SPDX-License-Identifier: Apache-2.0 */
/* Looks once more at what differs, without what is wider than strokes. */
#include "verifier/rims.h"

#include "verifier/vision.h"

#define STROKE_UM 1000.0F /* strokes of a line of text are half as wide */
#define KEPT_PART 0.80F   /* of a letter's variance: else its own strokes are as wide */
#define INK_PART 0.40F    /* of full ink: less is a shadow */
#define BLACK_PART 0.75F  /* of full ink in the mean: no rim is as dark */

static bool make(struct rims *rims, struct rw_arena *arena, struct rw_error *err)
{
    const struct laying *laying = rims->laying;
    const struct picture *seen = &laying->registration->seen;
    float stroke = STROKE_UM * laying->px_per_um;
    struct picture paper;

    if (rims->is_made)
        return true;
    if (!vision_paper(seen, stroke, arena, &rims->paper, err) ||
        !vision_paper(&laying->wanted_soft, stroke, arena, &paper, err) ||
        !plane_make(seen, &rims->paper, arena, &rims->planes.seen, err) ||
        !plane_sum_up(&rims->planes.seen, arena, err) ||
        !plane_make(&laying->wanted_soft, &paper, arena, &rims->planes.wanted, err))
        return false;
    rims->planes.paper = &rims->paper;
    rims->planes.px_per_um = laying->px_per_um;
    rims->is_made = true;
    return true;
}

bool rims_judge(struct rims *rims, const struct cell *cell, const struct cell_usual *usual,
                struct rw_arena *arena, struct cell_fault *fault, struct rw_error *err)
{
    if (!make(rims, arena, err))
        return false;
    double whole = plane_moments_of(&rims->laying->planes.wanted, &cell->box).variance;
    double kept = plane_moments_of(&rims->planes.wanted, &cell->box).variance;
    if (kept < (double)KEPT_PART * whole)
        return true;
    struct cell again = *cell;
    cell_measure(&rims->planes, &again);
    struct cell_fault second = cell_judge(&again, usual);
    if (second.size < fault->size)
        *fault = second;
    return true;
}

bool rims_is_print(struct rims *rims, const struct plane_box *mark, float full,
                   struct rw_arena *arena, bool *ret_is, struct rw_error *err)
{
    if (!make(rims, arena, err))
        return false;
    int count = 0;
    int thin = 0;
    int sum = 0;
    for (int y = mark->y; y < mark->y + mark->height; y++) {
        const int16_t *ink = plane_row(&rims->laying->planes.seen, mark->x, y);
        const int16_t *strokes = plane_row(&rims->planes.seen, mark->x, y);
        for (int x = 0; x < mark->width; x++) {
            if ((float)ink[x] < INK_PART * full)
                continue;
            count++;
            sum += ink[x];
            thin += (float)strokes[x] >= INK_PART * full;
        }
    }
    *ret_is = 2 * thin >= count || (float)sum >= BLACK_PART * full * (float)count;
    return true;
}
