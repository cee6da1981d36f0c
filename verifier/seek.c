/* SPDX-License-Identifier: Apache-2.0 */
/* Looks for a piece of wanted print around its place. */
#include "verifier/seek.h"

#include <assert.h>
#include <math.h>

#define SIDE (2 * SEEK_REACH_MAX + 1)
#define OUTSIDE (-2.0F) /* less than any likeness */

/* How alike the box is under each shift; [SEEK_REACH_MAX] is no shift. */
struct map {
    float alike[SIDE][SIDE];
};

/* The summit of the parabola through three heights, from the middle one: -0.5 … 0.5. */
static float summit(float before, float at, float after)
{
    float bend = before - 2 * at + after;
    bool known = before > OUTSIDE && after > OUTSIDE && bend < -1e-6F;
    return known ? fminf(fmaxf((before - after) / (2 * bend), -0.5F), 0.5F) : 0;
}

static bool is_on(const struct plane *plane, const struct plane_box *box, struct plane_shift shift)
{
    return box->x + shift.x >= 0 && box->y + shift.y >= 0 &&
           box->x + box->width + shift.x <= plane->width &&
           box->y + box->height + shift.y <= plane->height;
}

void seek_box(const struct plane *wanted, const struct plane *seen, const struct plane_box *box,
              int reach, struct seek_place *ret_place)
{
    struct plane_moments of_wanted = plane_moments_of(wanted, box);
    struct map map;
    struct plane_shift best = { 0, 0 };
    float best_alike = OUTSIDE;

    assert(reach >= 0 && reach <= SEEK_REACH_MAX);
    for (int y = -reach; y <= reach; y++)
        for (int x = -reach; x <= reach; x++) {
            struct plane_shift shift = { x, y };
            float *alike = &map.alike[y + SEEK_REACH_MAX][x + SEEK_REACH_MAX];
            *alike = OUTSIDE;
            if (!is_on(seen, box, shift))
                continue;
            struct plane_overlay overlay = plane_lay(wanted, box, &of_wanted, seen, shift);
            *alike = plane_likeness(&overlay);
            if (*alike > best_alike) {
                best_alike = *alike;
                best = shift;
            }
        }
    int row = best.y + SEEK_REACH_MAX;
    int column = best.x + SEEK_REACH_MAX;
    *ret_place = (struct seek_place){ (float)best.x, (float)best.y, best_alike };
    if (best.x > -reach && best.x < reach)
        ret_place->x += summit(map.alike[row][column - 1], best_alike, map.alike[row][column + 1]);
    if (best.y > -reach && best.y < reach)
        ret_place->y += summit(map.alike[row - 1][column], best_alike, map.alike[row + 1][column]);
}
