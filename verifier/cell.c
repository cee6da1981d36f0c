/* SPDX-License-Identifier: Apache-2.0 */
/* Measures how alike one letter's place is in two pictures. */
#include "verifier/cell.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "verifier/spot.h"

#define INK_SIGMA_MIN 18.0F    /* grey levels of the rendering: less is a space or a dot */
#define INK_SIGMA_LITTLE 36.0F /* less is a comma */
#define LIKENESS_MIN 0.80F     /* a letter below is another one, or none */
#define STRUCTURE_MIN 0.55F    /* a cell below has lost its print */
#define MISSING_MAX 0.42F      /* part of full ink that a spot may lack */
#define EXTRA_MAX 0.46F        /* part of full ink that a spot may have too much */
#define ODD_MAX 0.38F          /* … and of a spot, either way, which is so … */
#define ODD_TIMES 3.0F         /* … many times that of most letters: all else lies better */
#define WHOLE_MIN 0.90F        /* a pale letter as alike lost no part of itself: … */
#define PALE_WEIGHT 0.2F       /* … light makes it so as well */
#define LOST_WEIGHT 2.0F       /* print of half of STRUCTURE_MIN is as far from it as … */
#define UNLIKE_WEIGHT 5.0F     /* … a likeness of 0.69, and a spot of 1.55 times its limit */
#define SPOT_LITTLE 0.30F      /* less is nothing, wherever it lies */
#define CONTRAST_MIN 0.08F     /* of ink, where there is none */
#define OUTSIDE (-1e9F)
#define CLIMB_PX 2 /* a letter may lie this far from where its stretch puts it */
#define REACH_MAX (PLANE_MARGIN - 2 * CLIMB_PX - 3)

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
        2 * box->width > PLANE_BOX_MAX)
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

/* Pixels that are looked at to each side: every other one first. */
static int steps_of(float reach)
{
    return ((int)ceilf(reach) + 1) / 2 * 2;
}

static int hold(int at, int most)
{
    return at < -most ? -most : at > most ? most : at;
}

struct plane_shift cell_hold_shift(struct plane_shift middle, float reach)
{
    int most = REACH_MAX - steps_of(reach);
    return (struct plane_shift){ hold(middle.x, most), hold(middle.y, most) };
}

struct plane_shift cell_find_shift(const struct cell_planes *planes, const struct plane_box *box,
                                   struct plane_shift middle, float reach)
{
    /* A stroke is three pixels wide or more, so every other shift shows where the best one is. */
    int most = steps_of(reach);
    assert(most + abs(middle.x) <= REACH_MAX && most + abs(middle.y) <= REACH_MAX);
    struct plane_shift near = best_shift(planes, box, middle, most, 2);
    return best_shift(planes, box, near, 1, 1);
}

/* How the box lies there. */
static struct plane_overlay lay_between(const struct cell_planes *planes, const struct cell *cell,
                                        const struct plane_rest *rest)
{
    double count = (double)cell->box.width * cell->box.height;
    struct plane_moments wanted = plane_moments_of(&planes->wanted, &cell->box);
    double sum = 0;
    double squares = 0;
    double both = 0;
    for (int y = 0; y < cell->box.height; y++) {
        float seen[PLANE_BOX_MAX];
        float part[3] = { 0 };
        const int16_t *row = plane_row(&planes->wanted, cell->box.x, cell->box.y + y);
        plane_see_row(&planes->seen, &cell->box, rest, y, seen);
        for (int x = 0; x < cell->box.width; x++) {
            part[0] += seen[x];
            part[1] += seen[x] * seen[x];
            part[2] += seen[x] * (float)row[x];
        }
        sum += (double)part[0];
        squares += (double)part[1];
        both += (double)part[2];
    }
    double mean = sum / count;
    const struct plane_moments of_seen = { mean, fmax(squares / count - mean * mean, 0) };
    return (struct plane_overlay){ wanted, of_seen, both / count - wanted.mean * mean };
}

/* How alike the box is under the nine shifts around one; gives the place of the best. */
static int lay_around(const struct cell_planes *planes, const struct cell *cell,
                      struct plane_shift middle, float ret_alike[9])
{
    struct plane_moments wanted = plane_moments_of(&planes->wanted, &cell->box);
    for (int i = 0; i < 9; i++) {
        struct plane_shift tried = { middle.x + i % 3 - 1, middle.y + i / 3 - 1 };
        struct plane_overlay overlay =
            plane_lay(&planes->wanted, &cell->box, &wanted, &planes->seen, tried);
        ret_alike[i] = plane_likeness(&overlay);
    }
    int best = 4; /* of equals the nearest */
    for (int i = 0; i < 9; i++)
        best = ret_alike[i] > ret_alike[best] ? i : best;
    return best;
}

/* Follows the likeness up, a pixel each time. */
static struct plane_shift climb(const struct cell_planes *planes, const struct cell *cell,
                                float ret_alike[9])
{
    struct plane_shift middle = cell->shift;
    for (int step = 0; step < CLIMB_PX; step++) {
        int best = lay_around(planes, cell, middle, ret_alike);
        if (best == 4)
            return middle;
        middle = (struct plane_shift){ middle.x + best % 3 - 1, middle.y + best / 3 - 1 };
    }
    (void)lay_around(planes, cell, middle, ret_alike); /* no farther, whatever the best is */
    return middle;
}

/* The summit of the parabola through three heights, from the middle one: -0.5 … 0.5. */
static float summit(float before, float at, float after)
{
    float bend = before - 2 * at + after;
    return bend < -1e-6F ? fminf(fmaxf((before - after) / (2 * bend), -0.5F), 0.5F) : 0;
}

void cell_settle(const struct cell_planes *planes, struct cell *cell)
{
    float alike[9];
    cell->shift = climb(planes, cell, alike);
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
    float alike[9];
    struct plane_rest rest = { climb(planes, cell, alike), summit(alike[3], alike[4], alike[5]),
                               summit(alike[1], alike[4], alike[7]) };
    rest.shift.x -= rest.right < 0;
    rest.shift.y -= rest.down < 0;
    rest.right += rest.right < 0 ? 1.0F : 0;
    rest.down += rest.down < 0 ? 1.0F : 0;
    assert(cell->box.width <= PLANE_BOX_MAX);
    struct plane_overlay best = lay_between(planes, cell, &rest);
    double wanted = best.wanted.variance;
    bool has_print = wanted >= 1;
    cell->likeness = plane_likeness(&best);
    cell->has_ink = sqrt(wanted) >= (double)INK_SIGMA_MIN;
    cell->contrast = has_print ? (float)(best.covariance / wanted) : 0;
    cell->structure = has_print ? (float)sqrt(best.seen.variance / wanted) : 0;
    cell->spread = (float)best.seen.variance;
    const struct spot_view view = {
        .wanted = &planes->wanted,
        .seen = &planes->seen,
        .paper = planes->paper,
        .px_per_um = planes->px_per_um,
        .edge_px = planes->edge_px,
        .box = &cell->box,
        .rest = rest,
        .contrast = cell->contrast,
        .offset = (float)(best.seen.mean - (double)cell->contrast * best.wanted.mean),
        .full = cell->has_ink ? CELL_FULL_INK * cell->contrast : 0,
        .little = SPOT_LITTLE * CELL_FULL_INK * fmaxf(cell->contrast, CONTRAST_MIN),
    };
    spot_find(&view, &cell->missing, &cell->extra);
    cell->missing /= CELL_FULL_INK;
    cell->extra /= CELL_FULL_INK;
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

static struct cell_fault fault_of(enum verdict_reason reason, float size)
{
    return size > 1 ? (struct cell_fault){ reason, size, false }
                    : (struct cell_fault){ REASON_NONE, 0, false };
}

/* The reason is that of the first limit that is passed, the size that of the one passed farthest.
 */
static struct cell_fault worse(struct cell_fault first, struct cell_fault next)
{
    if (first.reason == REASON_NONE)
        return next;
    first.size = fmaxf(first.size, next.size);
    first.in_doubt = first.in_doubt && (next.reason == REASON_NONE || next.in_doubt);
    return first;
}

/* What is wrong with a letter that has too little print. */
static struct cell_fault fault_of_loss(float lost, float likeness)
{
    bool is_whole = likeness >= WHOLE_MIN;
    struct cell_fault fault =
        fault_of(REASON_PRINT_DAMAGED, 1 + (is_whole ? PALE_WEIGHT : LOST_WEIGHT) * lost);
    fault.in_doubt = is_whole && fault.reason != REASON_NONE;
    return fault;
}

struct cell_fault cell_judge(const struct cell *cell, const struct cell_usual *usual)
{
    if (!cell->has_ink)
        return fault_of(REASON_PRINT_DAMAGED, cell->extra / (EXTRA_MAX * usual->contrast));
    float here = usual->contrast * cell->depth;
    float lost = STRUCTURE_MIN - cell->structure / here;
    float unlike = LIKENESS_MIN - likeness_of_print(cell, usual->noise);
    /* Large letters are darker than most, as blur takes less of them. A pinhole is told like a lost
     * piece, however alike the rest: the bar of an e is no more than that. */
    float full = fmaxf(here, cell->contrast);
    float spot = fmaxf(cell->missing / MISSING_MAX, cell->extra / EXTRA_MAX) / full;
    float largest = fmaxf(cell->missing, cell->extra);
    if (spot <= 1 && usual->spot > 0 && largest > ODD_TIMES * usual->spot)
        spot = largest / (ODD_MAX * full);
    struct cell_fault fault = fault_of_loss(lost, cell->likeness);
    fault = worse(fault, fault_of(REASON_TEXT_DIFFERS, 1 + UNLIKE_WEIGHT * unlike));
    return worse(fault, fault_of(REASON_PRINT_DAMAGED, spot));
}
