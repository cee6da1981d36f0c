/* SPDX-License-Identifier: Apache-2.0 */
/* Measures how alike one letter's place is in two pictures. */
#include "verifier/cell.h"

#include <assert.h>
#include <math.h>

#define INK_SIGMA_MIN 18.0F    /* grey levels of the rendering: less is a space or a dot */
#define INK_SIGMA_LITTLE 36.0F /* less is a comma */
#define LIKENESS_MIN 0.80F     /* a letter below is another one, or none */
#define STRUCTURE_MIN 0.55F    /* a cell below has lost its print */
#define SPOT_PX 3              /* side of a spot: a third of a millimetre or less */
#define MISSING_MAX 0.42F      /* part of full ink that a spot may lack */
#define EXTRA_MAX 0.46F        /* part of full ink that a spot may have too much */
#define FULL_INK 200.0F        /* grey levels of a filled spot of the rendering */
#define OUTSIDE (-1e9F)
#define REACH_MAX (PLANE_MARGIN - 4) /* a shift is refined three times, by a pixel each */

bool cell_box_cut(struct plane_box *box, const struct cell_planes *planes)
{
    int right = box->x + box->width;
    int bottom = box->y + box->height;
    int width = planes->wanted.width;
    int height = planes->wanted.height;
    box->x = box->x > 0 ? box->x : 0;
    box->y = box->y > 0 ? box->y : 0;
    box->width = (right < width ? right : width) - box->x;
    box->height = (bottom < height ? bottom : height) - box->y;
    return box->width > 3 && box->height > 3;
}

void cell_widen(const struct cell_planes *planes, const struct plane_box *stretch,
                struct cell *cell)
{
    struct plane_box *box = &cell->box;
    int more = box->width / 2;
    int right = box->x + box->width + more;
    int end = stretch->x + stretch->width;
    double sigma = sqrt(plane_moments_of(&planes->wanted, box).variance);

    if (sigma < (double)INK_SIGMA_MIN || sigma >= (double)INK_SIGMA_LITTLE ||
        2 * box->width > CELL_WIDTH_MAX)
        return;
    box->x = box->x - more > stretch->x ? box->x - more : stretch->x;
    box->width = (right < end ? right : end) - box->x;
}

/* Tries the shifts around `middle`, `step` pixels apart, and keeps the most alike. */
static struct plane_shift best_shift(const struct cell_planes *planes, const struct plane_box *box,
                                     struct plane_shift middle, int reach, int step)
{
    struct plane_moments wanted = plane_moments_of(&planes->wanted, box);
    struct plane_shift best = middle;
    float best_likeness = OUTSIDE;

    for (int y = -reach; y <= reach; y += step)
        for (int x = -reach; x <= reach; x += step) {
            struct plane_shift shift = { middle.x + x, middle.y + y };
            struct plane_overlay overlay =
                plane_lay(&planes->wanted, box, &wanted, &planes->seen, shift);
            float alike = plane_likeness(&overlay);
            if (alike > best_likeness) {
                best_likeness = alike;
                best = shift;
            }
        }
    return best;
}

struct plane_shift cell_find_shift(const struct cell_planes *planes, const struct plane_box *box,
                                   float reach)
{
    /* A stroke is three pixels wide or more, so every other shift shows where the best one is. */
    int most = ((int)ceilf(reach) + 1) / 2 * 2;
    assert(most <= REACH_MAX);
    struct plane_shift near = best_shift(planes, box, (struct plane_shift){ 0, 0 }, most, 2);
    return best_shift(planes, box, near, 1, 1);
}

/* Seen ink less what the wanted print would give, along one row of a cell. */
static void find_residue(const struct cell_planes *planes, const struct cell *cell,
                         struct plane_shift shift, int row, float offset, float *residue)
{
    const int16_t *wanted = plane_row(&planes->wanted, cell->box.x, row);
    const int16_t *seen = plane_row(&planes->seen, cell->box.x + shift.x, row + shift.y);
    for (int x = 0; x < cell->box.width; x++)
        residue[x] = (float)seen[x] - offset - cell->contrast * (float)wanted[x];
}

/* The largest lack and surplus of a spot in the box, in grey levels of the seen picture. */
static void find_spots(const struct cell_planes *planes, struct plane_shift shift, float offset,
                       struct cell *cell)
{
    float rows[SPOT_PX][CELL_WIDTH_MAX];
    int width = cell->box.width;
    float highest = 0;
    float lowest = 0;

    assert(width <= CELL_WIDTH_MAX);
    for (int y = 0; y < cell->box.height; y++) {
        float column[CELL_WIDTH_MAX];
        find_residue(planes, cell, shift, cell->box.y + y, offset, rows[y % SPOT_PX]);
        if (y < SPOT_PX - 1)
            continue;
        for (int x = 0; x < width; x++)
            column[x] = rows[0][x] + rows[1][x] + rows[2][x];
        for (int x = 0; x + SPOT_PX <= width; x++) {
            float spot = column[x] + column[x + 1] + column[x + 2];
            highest = spot > highest ? spot : highest;
            lowest = spot < lowest ? spot : lowest;
        }
    }
    cell->extra = highest / (SPOT_PX * SPOT_PX) / FULL_INK;
    cell->missing = -lowest / (SPOT_PX * SPOT_PX) / FULL_INK;
}

/* The best of the nearest shifts, and how the box lies under it. */
static struct plane_overlay lay_best(const struct cell_planes *planes, const struct cell *cell,
                                     struct plane_shift *ret_shift, float *ret_likeness)
{
    struct plane_moments wanted = plane_moments_of(&planes->wanted, &cell->box);
    struct plane_overlay best = { 0 };
    struct plane_shift middle = cell->shift; /* which may be what is written to */
    *ret_likeness = OUTSIDE;
    for (int i = 0; i < 9; i++) {
        struct plane_shift tried = { middle.x + i % 3 - 1, middle.y + i / 3 - 1 };
        struct plane_overlay overlay =
            plane_lay(&planes->wanted, &cell->box, &wanted, &planes->seen, tried);
        float alike = plane_likeness(&overlay);
        if (alike > *ret_likeness) {
            *ret_likeness = alike;
            *ret_shift = tried;
            best = overlay;
        }
    }
    return best;
}

void cell_settle(const struct cell_planes *planes, struct cell *cell)
{
    float alike = 0;
    (void)lay_best(planes, cell, &cell->shift, &alike); /* the shift is what is wanted */
}

float cell_likeness(const struct cell_planes *planes, const struct cell *cell)
{
    struct plane_moments wanted = plane_moments_of(&planes->wanted, &cell->box);
    struct plane_overlay overlay =
        plane_lay(&planes->wanted, &cell->box, &wanted, &planes->seen, cell->shift);
    return plane_likeness(&overlay);
}

void cell_measure(const struct cell_planes *planes, struct cell *cell)
{
    struct plane_shift shift = cell->shift;
    struct plane_overlay best = lay_best(planes, cell, &shift, &cell->likeness);
    double wanted = best.wanted.variance;
    bool has_print = wanted >= 1;
    cell->has_ink = sqrt(wanted) >= (double)INK_SIGMA_MIN;
    cell->contrast = has_print ? (float)(best.covariance / wanted) : 0;
    cell->structure = has_print ? (float)sqrt(best.seen.variance / wanted) : 0;
    cell->spread = (float)best.seen.variance;
    find_spots(planes, shift, (float)(best.seen.mean - (double)cell->contrast * best.wanted.mean),
               cell);
}

float cell_residue(const struct cell *cell)
{
    return cell->spread * (1 - cell->likeness * cell->likeness);
}

/* The likeness that the print itself has: noise makes a letter of little ink less like itself, and
 * is taken out, but never more than half of what was seen. */
static float likeness_of_print(const struct cell *cell, float noise)
{
    float left = fmaxf(cell->spread - noise, cell->spread / 2);
    return cell->spread > 0 ? cell->likeness * sqrtf(cell->spread / left) : 0;
}

enum verdict_reason cell_judge(const struct cell *cell, const struct cell_usual *usual)
{
    if (!cell->has_ink)
        return cell->extra > EXTRA_MAX * usual->contrast ? REASON_PRINT_DAMAGED : REASON_NONE;
    if (cell->structure < STRUCTURE_MIN * usual->contrast)
        return REASON_PRINT_DAMAGED;
    if (likeness_of_print(cell, usual->noise) < LIKENESS_MIN)
        return REASON_TEXT_DIFFERS;
    /* Large letters are darker than most, as blur takes less of them. */
    float full = fmaxf(usual->contrast, cell->contrast);
    if (cell->missing > MISSING_MAX * full || cell->extra > EXTRA_MAX * full)
        return REASON_PRINT_DAMAGED;
    return REASON_NONE;
}
