/* SPDX-License-Identifier: Apache-2.0 */
/* Says which symbols may lie at a place, and how they lie there. */
#include "verifier/fit.h"

#include <math.h>

#define MODULE_MIN_PX 1.9F /* nothing is read below */
#define COARSE_MIN 0.45F   /* measured: the least of any symbol that was read is 0.57 */
#define HOPELESS 0.25F     /* without a turn: small turns will not help */
#define SHIFTS_FIRST 5     /* the middle and one step to each side */
#define ASPECT_MAX 1.35F   /* how far a candidate's shape may be from the size's */
#define TURN 0.045F        /* radians, about 2.6 degrees */
#define PRIOR_SPAN 0.07F   /* how far module sizes of one picture may differ */

/* Could this quad, with its first corner as the L, be a symbol of this size? */
static bool may_be(const struct fit *fit, const struct picture_quad *quad, int size)
{
    const struct symbology *symbology = symbology_get(size);
    float across = grid_quad_width(quad) / (float)symbology->cols;
    float down = grid_quad_height(quad) / (float)symbology->rows;
    float module = (across + down) / 2;

    if (!fit->sizes[size] || module < MODULE_MIN_PX || across > down * ASPECT_MAX ||
        down > across * ASPECT_MAX)
        return false;
    return fit->module_px <= 0 || fabsf(module - fit->module_px) < 3 * PRIOR_SPAN * fit->module_px;
}

static struct picture_quad turned_by(const struct picture_quad *quad, float angle)
{
    struct picture_quad turned = *quad;
    struct picture_point centre = grid_quad_centre(quad);
    for (int i = 0; i < 4; i++) {
        float x = quad->corner[i].x - centre.x;
        float y = quad->corner[i].y - centre.y;
        turned.corner[i].x = centre.x + x * cosf(angle) - y * sinf(angle);
        turned.corner[i].y = centre.y + x * sinf(angle) + y * cosf(angle);
    }
    return turned;
}

/* Keeps what is better than the best so far of each quarter turn. */
static void keep_better(const struct picture_quad *tried, const float *scores, int turns,
                        struct grid *best)
{
    for (int turn = 0; turn < turns; turn++)
        if (scores[turn] > best[turn].score) {
            best[turn].score = scores[turn];
            best[turn].quad = grid_quad_turned(tried, turn);
        }
}

static float best_of(const struct grid *best, int turns)
{
    float top = -1;
    for (int turn = 0; turn < turns; turn++)
        top = best[turn].score > top ? best[turn].score : top;
    return top;
}

/* The best of small turns and shifts of half a module for one size: of a square for each of the
 * four corners that may be the L's, of a rectangle for the first. Gives the number of those. */
static int coarse_fit(const struct fit *fit, const struct picture_quad *quad, int size,
                      struct grid best[PATTERN_TURNS])
{
    const struct pattern *pattern = &fit->patterns[size];
    static const float angles[3] = { 0, -TURN, TURN };
    static const int shifts[9][2] = { { 0, 0 },   { -1, 0 }, { 1, 0 },  { 0, -1 }, { 0, 1 },
                                      { -1, -1 }, { 1, -1 }, { -1, 1 }, { 1, 1 } };
    int turns = pattern->size->rows == pattern->size->cols ? PATTERN_TURNS : 1;

    for (int turn = 0; turn < turns; turn++)
        best[turn] = (struct grid){ .quad = *quad, .size = size, .score = -1 };
    float module = grid_module_px(&best[0]);
    for (int angle = 0; angle < 3 && (angle == 0 || best_of(best, turns) >= HOPELESS); angle++) {
        struct picture_quad turned = turned_by(quad, angles[angle]);
        for (int shift = 0; shift < 9; shift++) {
            if (shift == SHIFTS_FIRST && best_of(best, turns) < HOPELESS / 2)
                return turns;
            struct picture_quad tried = turned;
            float scores[PATTERN_TURNS];
            for (int i = 0; i < 4; i++) {
                tried.corner[i].x += 0.5F * module * (float)shifts[shift][0];
                tried.corner[i].y += 0.5F * module * (float)shifts[shift][1];
            }
            if (turns == PATTERN_TURNS)
                pattern_score_turns(fit->picture, pattern, &tried, scores);
            else
                scores[0] = pattern_score(fit->picture, pattern, &tried);
            keep_better(&tried, scores, turns, best);
        }
    }
    return turns;
}

/* Keeps the best few, the best first. */
static void keep_best(struct grid kept[FIT_KEPT_MAX], int *count, const struct grid *grid)
{
    int at = *count;
    while (at > 0 && kept[at - 1].score < grid->score)
        at--;
    if (at == FIT_KEPT_MAX)
        return;
    int last = *count < FIT_KEPT_MAX ? (*count)++ : FIT_KEPT_MAX - 1;
    for (int i = last; i > at; i--)
        kept[i] = kept[i - 1];
    kept[at] = *grid;
}

int fit_place(const struct fit *fit, const struct picture_quad *quad,
              struct grid kept[FIT_KEPT_MAX])
{
    int count = 0;
    for (int turn = 0; turn < PATTERN_TURNS; turn++) {
        struct picture_quad turned = grid_quad_turned(quad, turn);
        for (int size = 0; size < SYMBOLOGY_COUNT; size++) {
            const struct symbology *symbology = symbology_get(size);
            struct grid grids[PATTERN_TURNS];
            if ((turn > 0 && symbology->rows == symbology->cols) || !may_be(fit, &turned, size))
                continue;
            int turns = coarse_fit(fit, &turned, size, grids);
            for (int i = 0; i < turns; i++)
                if (grids[i].score >= COARSE_MIN)
                    keep_best(kept, &count, &grids[i]);
        }
    }
    return count;
}
