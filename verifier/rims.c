/* SPDX-License-Identifier: Apache-2.0 */
/* Looks once more at what differs, without what is wider than strokes. */
#include "verifier/rims.h"

#include <math.h>
#include <string.h>

#include "verifier/vision.h"

#define WHITE 255
#define STROKE_UM 1000.0F /* strokes of a line of text are half as wide */
#define KEPT_PART 0.80F   /* of a letter's variance: else its own strokes are as wide */
#define AROUND_UM 1000.0F /* where something behind a letter is seen */
#define UNEVEN_PART 0.3F  /* of full ink: something is there */
#define RIM_PART 0.3F     /* of what a fault exceeds its limit by there */
#define INK_PART 0.40F    /* of full ink: less is a shadow */
#define BLACK_PART 0.75F  /* of full ink in the mean: no rim is as dark */

static bool copy(const struct picture *picture, struct rw_arena *arena, struct picture *ret_copy,
                 struct rw_error *err)
{
    if (!picture_make(arena, picture->width, picture->height, ret_copy, err))
        return false;
    for (int y = 0; y < picture->height; y++)
        memcpy(ret_copy->pixels + (ptrdiff_t)y * ret_copy->stride,
               picture->pixels + (ptrdiff_t)y * picture->stride, (size_t)picture->width);
    return true;
}

static void turn_negative(struct picture *picture)
{
    for (int y = 0; y < picture->height; y++)
        for (int x = 0; x < picture->width; x++)
            picture->pixels[(ptrdiff_t)y * picture->stride + x] ^= WHITE;
}

/* Takes the wanted ink of one letter off the seen picture, down to the paper that the first look
 * found: ink that is not there cannot make it lighter. */
static void take_off(const struct laying *laying, const struct cell *cell, struct picture *bare)
{
    const struct picture *seen = &laying->registration->seen;
    float contrast = fmaxf(cell->contrast, 0);
    for (int y = 0; y < cell->box.height; y++) {
        int row = cell->box.y + y + cell->shift.y;
        const int16_t *wanted = plane_row(&laying->planes.wanted, cell->box.x, cell->box.y + y);
        if (row < 0 || row >= seen->height)
            continue;
        for (int x = 0; x < cell->box.width; x++) {
            int col = cell->box.x + x + cell->shift.x;
            if (col < 0 || col >= seen->width)
                continue;
            ptrdiff_t at = (ptrdiff_t)row * seen->stride + col;
            float paper =
                laying->seen_paper.pixels[(ptrdiff_t)row * laying->seen_paper.stride + col];
            float grey = fminf((float)seen->pixels[at] + contrast * (float)wanted[x], paper);
            uint8_t *pixel = bare->pixels + (ptrdiff_t)row * bare->stride + col;
            *pixel = grey > (float)*pixel ? (uint8_t)grey : *pixel;
        }
    }
}

/* The seen paper with all that is wider than a stroke: what is narrower goes, dark and light. The
 * wanted ink is taken off first, so that letters, their own strokes close together, do not look
 * like wide things. */
static bool find_paper(struct rims *rims, float stroke, struct rw_arena *arena,
                       struct rw_error *err)
{
    const struct laying *laying = rims->laying;
    struct picture bare;
    struct picture closed;
    if (!copy(&laying->registration->seen, arena, &bare, err))
        return false;
    for (size_t i = 0; i < laying->count; i++)
        take_off(laying, &laying->cells[i], &bare);
    if (!vision_paper(&bare, stroke, arena, &closed, err))
        return false;
    turn_negative(&closed);
    if (!vision_paper(&closed, stroke, arena, &rims->paper, err))
        return false;
    turn_negative(&rims->paper);
    return true;
}

static bool make(struct rims *rims, struct rw_arena *arena, struct rw_error *err)
{
    const struct laying *laying = rims->laying;
    const struct picture *seen = &laying->registration->seen;
    float stroke = STROKE_UM * laying->px_per_um;
    struct picture paper;

    if (rims->is_made)
        return true;
    if (!find_paper(rims, stroke, arena, err) ||
        !vision_paper(&laying->wanted_soft, stroke, arena, &paper, err) ||
        !plane_make(&laying->wanted_soft, &paper, arena, &rims->thin, err) ||
        !plane_make(seen, &rims->paper, arena, &rims->planes.seen, err) ||
        !plane_sum_up(&rims->planes.seen, arena, err))
        return false;
    rims->planes.wanted = laying->planes.wanted;
    rims->planes.paper = &rims->paper;
    rims->planes.px_per_um = laying->px_per_um;
    rims->is_made = true;
    return true;
}

/* Is the paper under a letter and around it darker in one place than in another? */
static bool is_uneven(const struct rims *rims, const struct cell *cell,
                      const struct cell_usual *usual)
{
    const struct picture *paper = &rims->paper;
    int around = (int)(AROUND_UM * rims->laying->px_per_um);
    int left = cell->box.x + cell->shift.x - around;
    int top = cell->box.y + cell->shift.y - around;
    int right = left + cell->box.width + 2 * around;
    int bottom = top + cell->box.height + 2 * around;
    int lightest = 0;
    int darkest = WHITE;
    for (int y = top > 0 ? top : 0; y < bottom && y < paper->height; y++)
        for (int x = left > 0 ? left : 0; x < right && x < paper->width; x++) {
            int grey = paper->pixels[(ptrdiff_t)y * paper->stride + x];
            lightest = grey > lightest ? grey : lightest;
            darkest = grey < darkest ? grey : darkest;
        }
    return (float)(lightest - darkest) > UNEVEN_PART * CELL_FULL_INK * usual->contrast;
}

/* What the letter is on the paper that has the rims; none for thick strokes. */
static struct cell_fault look_again(const struct rims *rims, const struct cell *cell,
                                    const struct cell_usual *usual, struct cell_fault first)
{
    double whole = plane_moments_of(&rims->planes.wanted, &cell->box).variance;
    double kept = plane_moments_of(&rims->thin, &cell->box).variance;
    if (kept < (double)KEPT_PART * whole)
        return first;
    struct cell again = *cell;
    cell_measure(&rims->planes, &again);
    struct cell_fault second = cell_judge(&again, usual);
    return second.size < first.size ? second : first;
}

bool rims_judge(struct rims *rims, const struct cell *cell, const struct cell_usual *usual,
                struct rw_arena *arena, struct cell_fault *fault, struct rw_error *err)
{
    if (!make(rims, arena, err))
        return false;
    *fault = look_again(rims, cell, usual, *fault);
    if (fault->reason != REASON_NONE && is_uneven(rims, cell, usual)) {
        fault->size = 1 + RIM_PART * (fault->size - 1);
        fault->on_rim = true;
    }
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
