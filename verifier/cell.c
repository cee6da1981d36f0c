/* SPDX-License-Identifier: Apache-2.0 */
/* Measures how alike one letter's place is in two pictures. */
#include "verifier/cell.h"

#include <math.h>

#define INK_SIGMA_MIN 18.0F /* grey levels of the rendering: less is a space or a dot */
#define LIKENESS_MIN 0.80F  /* a letter below is another one, or none */
#define STRUCTURE_MIN 0.55F /* a cell below has lost its print */
#define SPOT_PX 3           /* side of a spot: a third of a millimetre or less */
#define MISSING_MAX 0.42F   /* part of full ink that a spot may lack */
#define EXTRA_MAX 0.46F     /* part of full ink that a spot may have too much */
#define FULL_INK 200.0F     /* grey levels of a filled spot of the rendering */
#define OUTSIDE (-1e9F)
#define LANES 4
#define STRIDE 2 /* pixels: finding a shift needs no more of them */

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

static bool is_inside(const struct cell_planes *planes, const struct cell_box *box,
                      struct cell_shift shift)
{
    return box->x + shift.x >= 0 && box->y + shift.y >= 0 &&
           box->x + shift.x + box->width <= planes->width &&
           box->y + shift.y + box->height <= planes->height;
}

/* One row of a box that lies inside both planes; lanes so that the compiler can vectorise. */
static void sum_row(const float *wanted, const float *seen, int width, int step, struct sums *sums)
{
    float lane[5][LANES] = { { 0 } };
    int count = (width + step - 1) / step;
    int whole = count / LANES * LANES;

    for (int i = 0; i < whole; i += LANES)
        for (int k = 0; k < LANES; k++) {
            float want = wanted[(i + k) * step];
            float see = seen[(i + k) * step];
            lane[0][k] += want;
            lane[1][k] += want * want;
            lane[2][k] += see;
            lane[3][k] += see * see;
            lane[4][k] += want * see;
        }
    for (int i = whole; i < count; i++) {
        float want = wanted[i * step];
        float see = seen[i * step];
        lane[0][0] += want;
        lane[1][0] += want * want;
        lane[2][0] += see;
        lane[3][0] += see * see;
        lane[4][0] += want * see;
    }
    sums->count += (float)count;
    for (int k = 0; k < LANES; k++) {
        sums->wanted += lane[0][k];
        sums->wanted_squared += lane[1][k];
        sums->seen += lane[2][k];
        sums->seen_squared += lane[3][k];
        sums->both += lane[4][k];
    }
}

/* The same where the shifted box reaches over the edge. */
static void sum_row_at_edge(const struct cell_planes *planes, const struct cell_box *box,
                            struct cell_shift shift, const int y_and_step[2], struct sums *sums)
{
    int y = y_and_step[0];
    for (int x = box->x; x < box->x + box->width; x += y_and_step[1]) {
        float wanted = wanted_at(planes, x, y);
        float seen = seen_at(planes, x + shift.x, y + shift.y);
        sums->count += 1;
        sums->wanted += wanted;
        sums->wanted_squared += wanted * wanted;
        sums->seen += seen;
        sums->seen_squared += seen * seen;
        sums->both += wanted * seen;
    }
}

static struct sums sum_up(const struct cell_planes *planes, const struct cell_box *box,
                          struct cell_shift shift, int step)
{
    struct sums sums = { 0 };
    bool inside = is_inside(planes, box, shift);

    for (int y = box->y; y < box->y + box->height; y += step) {
        if (!inside) {
            sum_row_at_edge(planes, box, shift, (const int[2]){ y, step }, &sums);
            continue;
        }
        const float *wanted = planes->wanted + (ptrdiff_t)y * planes->width + box->x;
        const float *seen =
            planes->seen + (ptrdiff_t)(y + shift.y) * planes->width + box->x + shift.x;
        if (step == 1)
            sum_row(wanted, seen, box->width, 1, &sums);
        else
            sum_row(wanted, seen, box->width, STRIDE, &sums);
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

/* Tries the shifts around `middle`, `step` pixels apart, and keeps the most alike. */
static struct cell_shift best_shift(const struct cell_planes *planes, const struct cell_box *box,
                                    struct cell_shift middle, int reach, int step)
{
    struct cell_shift best = middle;
    float best_likeness = OUTSIDE;

    for (int y = -reach; y <= reach; y += step)
        for (int x = -reach; x <= reach; x += step) {
            struct cell_shift shift = { middle.x + x, middle.y + y };
            struct sums sums = sum_up(planes, box, shift, STRIDE);
            float alike = likeness(&sums);
            if (alike > best_likeness) {
                best_likeness = alike;
                best = shift;
            }
        }
    return best;
}

struct cell_shift cell_find_shift(const struct cell_planes *planes, const struct cell_box *box,
                                  float reach)
{
    /* A stroke is three pixels wide or more, so every other shift shows where the best one is. */
    int most = ((int)ceilf(reach) + 1) / 2 * 2;
    struct cell_shift near = best_shift(planes, box, (struct cell_shift){ 0, 0 }, most, 2);
    return best_shift(planes, box, near, 1, 1);
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

/* The sums under the best of the nearest shifts, and that shift. */
static struct sums best_sums(const struct cell_planes *planes, const struct cell *cell,
                             struct cell_shift *ret_shift, float *ret_likeness)
{
    struct sums sums = { 0 };
    struct cell_shift middle = cell->shift; /* which may be what is written to */
    *ret_likeness = OUTSIDE;
    for (int i = 0; i < 9; i++) {
        struct cell_shift tried = { middle.x + i % 3 - 1, middle.y + i / 3 - 1 };
        struct sums these = sum_up(planes, &cell->box, tried, 1);
        float alike = likeness(&these);
        if (alike > *ret_likeness) {
            *ret_likeness = alike;
            *ret_shift = tried;
            sums = these;
        }
    }
    return sums;
}

void cell_settle(const struct cell_planes *planes, struct cell *cell)
{
    float alike = 0;
    (void)best_sums(planes, cell, &cell->shift, &alike); /* the shift is what is wanted */
}

float cell_likeness(const struct cell_planes *planes, const struct cell *cell)
{
    struct sums sums = sum_up(planes, &cell->box, cell->shift, 1);
    return likeness(&sums);
}

void cell_measure(const struct cell_planes *planes, struct cell *cell)
{
    struct cell_shift best = cell->shift;
    struct sums sums = best_sums(planes, cell, &best, &cell->likeness);
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
