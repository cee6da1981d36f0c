/* SPDX-License-Identifier: Apache-2.0 */
/* Measures how alike one letter's place is in two pictures. */
#include "verifier/cell.h"

#include <math.h>

#define INK_SIGMA_MIN 18.0F /* grey levels of the rendering: less is a space or a dot */
#define LIKENESS_MIN 0.68F  /* a letter below is another one, or none */
#define STRUCTURE_MIN 0.55F /* a cell below has lost its print */
#define SPOT_PX 3           /* side of a spot: a third of a millimetre or less */
#define MISSING_MAX 0.50F   /* part of full ink that a spot may lack */
#define EXTRA_MAX 0.72F     /* part of full ink that a spot may have too much */
#define FULL_INK 200.0F     /* grey levels of a filled spot of the rendering */
#define OUTSIDE (-1e9F)

bool cell_box_cut(struct cell_box *box, const struct cell_planes *planes)
{
    int right = box->x + box->width;
    int bottom = box->y + box->height;
    box->x = box->x > 0 ? box->x : 0;
    box->y = box->y > 0 ? box->y : 0;
    box->width = (right < planes->width ? right : planes->width) - box->x;
    box->height = (bottom < planes->height ? bottom : planes->height) - box->y;
    return box->width > 3 && box->height > 3;
}

/* Sums over a box of both planes, the seen one shifted. */
struct sums {
    float count;
    float wanted;
    float wanted_squared;
    float seen;
    float seen_squared;
    float both;
};

static float seen_at(const struct cell_planes *planes, int x, int y)
{
    int inside_x = x < 0 ? 0 : x >= planes->width ? planes->width - 1 : x;
    int inside_y = y < 0 ? 0 : y >= planes->height ? planes->height - 1 : y;
    return planes->seen[(size_t)inside_y * (size_t)planes->width + (size_t)inside_x];
}

static float wanted_at(const struct cell_planes *planes, int x, int y)
{
    return planes->wanted[(size_t)y * (size_t)planes->width + (size_t)x];
}

static struct sums sum_up(const struct cell_planes *planes, const struct cell_box *box,
                          struct cell_shift shift, int step)
{
    struct sums sums = { 0 };
    for (int y = box->y; y < box->y + box->height; y += step)
        for (int x = box->x; x < box->x + box->width; x += step) {
            float wanted = wanted_at(planes, x, y);
            float seen = seen_at(planes, x + shift.x, y + shift.y);
            sums.count += 1;
            sums.wanted += wanted;
            sums.wanted_squared += wanted * wanted;
            sums.seen += seen;
            sums.seen_squared += seen * seen;
            sums.both += wanted * seen;
        }
    return sums;
}

static float variance(float sum, float squares, float count)
{
    return fmaxf(squares / count - sum / count * (sum / count), 0);
}

static float covariance(const struct sums *sums)
{
    return sums->both / sums->count - sums->wanted / sums->count * (sums->seen / sums->count);
}

static float likeness(const struct sums *sums)
{
    float wanted = variance(sums->wanted, sums->wanted_squared, sums->count);
    float seen = variance(sums->seen, sums->seen_squared, sums->count);
    return wanted < 1 || seen < 1 ? 0 : covariance(sums) / sqrtf(wanted * seen);
}

struct cell_shift cell_find_shift(const struct cell_planes *planes, const struct cell_box *box,
                                  float reach)
{
    int most = (int)ceilf(reach);
    struct cell_shift best = { 0, 0 };
    float best_likeness = OUTSIDE;

    for (int y = -most; y <= most; y++)
        for (int x = -most; x <= most; x++) {
            struct cell_shift shift = { x, y };
            struct sums sums = sum_up(planes, box, shift, 2);
            float alike = likeness(&sums);
            if (alike > best_likeness) {
                best_likeness = alike;
                best = shift;
            }
        }
    return best;
}

/* The largest lack and surplus of a spot in the box, in grey levels of the seen picture. */
static void find_spots(const struct cell_planes *planes, struct cell_shift shift, float offset,
                       struct cell *cell)
{
    const struct cell_box *box = &cell->box;
    cell->missing = 0;
    cell->extra = 0;
    for (int y = box->y; y + SPOT_PX <= box->y + box->height; y++)
        for (int x = box->x; x + SPOT_PX <= box->x + box->width; x++) {
            float sum = 0;
            for (int i = 0; i < SPOT_PX * SPOT_PX; i++) {
                int across = x + i % SPOT_PX;
                int down = y + i / SPOT_PX;
                sum += seen_at(planes, across + shift.x, down + shift.y) - offset -
                       cell->contrast * wanted_at(planes, across, down);
            }
            float surplus = sum / (SPOT_PX * SPOT_PX) / FULL_INK;
            cell->extra = fmaxf(cell->extra, surplus);
            cell->missing = fmaxf(cell->missing, -surplus);
        }
}

void cell_measure(const struct cell_planes *planes, struct cell_shift shift, struct cell *cell)
{
    struct cell_shift best = shift;
    struct sums sums = sum_up(planes, &cell->box, shift, 1);
    cell->likeness = OUTSIDE;

    for (int i = 0; i < 9; i++) {
        struct cell_shift tried = { shift.x + i % 3 - 1, shift.y + i / 3 - 1 };
        struct sums these = sum_up(planes, &cell->box, tried, 1);
        float alike = likeness(&these);
        if (alike > cell->likeness) {
            cell->likeness = alike;
            best = tried;
            sums = these;
        }
    }
    float wanted = variance(sums.wanted, sums.wanted_squared, sums.count);
    float seen = variance(sums.seen, sums.seen_squared, sums.count);
    cell->has_ink = sqrtf(wanted) >= INK_SIGMA_MIN;
    cell->contrast = wanted < 1 ? 0 : covariance(&sums) / wanted;
    cell->structure = wanted < 1 ? 0 : sqrtf(seen / wanted);
    find_spots(planes, best, (sums.seen - cell->contrast * sums.wanted) / sums.count, cell);
}

enum verdict_reason cell_judge(const struct cell *cell, float usual)
{
    if (!cell->has_ink)
        return cell->extra > EXTRA_MAX * usual ? REASON_PRINT_DAMAGED : REASON_NONE;
    if (cell->structure < STRUCTURE_MIN * usual)
        return REASON_PRINT_DAMAGED;
    if (cell->likeness < LIKENESS_MIN)
        return REASON_TEXT_DIFFERS;
    if (cell->missing > MISSING_MAX * usual || cell->extra > EXTRA_MAX * usual)
        return REASON_PRINT_DAMAGED;
    return REASON_NONE;
}
