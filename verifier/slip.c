/* SPDX-License-Identifier: Apache-2.0 */
/* Finds print that slipped out of line with the print around it. */
#include "verifier/slip.h"

#include <math.h>
#include <stdbool.h>

#define STEADY_UM 3000       /* a shorter stretch may be laid a little wrong */
#define STEADY_LIKENESS 0.8F /* … and so may one that is not what was wanted */
#define NEAR_UM 25000.0F     /* neighbours that film cannot carry far apart: */
#define STEP_UM 450.0F       /* … by no more than this, */
#define STEP_PART 0.03F      /* and this part of the way between them */
#define FOLLOWED_MAX 1.25F   /* of a slip of print that film carried there piece by piece */
#define SLIP_WEIGHT 0.6F     /* a step half as far again as film bends is a fault of 1.3 */

static bool is_steady(const struct laying *laying, const struct laying_stretch *stretch)
{
    float sum = 0;
    for (size_t i = 0; i < stretch->count; i++)
        sum += laying->cells[stretch->first + i].likeness;
    return (float)stretch->box.width >= STEADY_UM * laying->px_per_um &&
           sum >= STEADY_LIKENESS * (float)stretch->count;
}

/* How far two stretches were seen out of line with each other, for how far film bends. */
static float step_between(const struct laying *laying, const struct laying_stretch *one,
                          const struct laying_stretch *other)
{
    float px = laying->px_per_um;
    float x = (float)(one->box.x - other->box.x) + (float)(one->box.width - other->box.width) / 2;
    float y = (float)(one->box.y - other->box.y);
    float far = hypotf(x, y) / px;
    float apart =
        hypotf((float)(one->shift.x - other->shift.x), (float)(one->shift.y - other->shift.y)) / px;
    float step = apart / (STEP_UM + STEP_PART * far);
    bool counts = far < NEAR_UM && step > 1 && is_steady(laying, one) && is_steady(laying, other);
    return counts ? step : 0;
}

/* The fault that such a step is. */
static float slip_between(const struct laying *laying, const struct laying_stretch *one,
                          const struct laying_stretch *other)
{
    float step = step_between(laying, one, other);
    float slip = step > 1 ? 1 + SLIP_WEIGHT * (step - 1) : 0;
    return one->is_followed || other->is_followed ? fminf(slip, FOLLOWED_MAX) : slip;
}

float slip_of(const struct laying *laying, size_t stretch)
{
    const struct laying_stretch *stretches = laying->stretches;
    float most = 0;
    for (size_t i = 0; i < stretch; i++)
        most = fmaxf(most, slip_between(laying, &stretches[i], &stretches[stretch]));
    return most;
}
