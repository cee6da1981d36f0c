/* SPDX-License-Identifier: Apache-2.0 */
/* Where film that is no plane carries the print on it. */
#include "verifier/bend.h"

#include <math.h>

#define NEAR_UM 7000.0F   /* over which film bends much the same */
#define FAR_UM 25000.0F   /* what lies beyond has no say */
#define STIFF 0.3F        /* weight of the plane itself among the pieces */
#define MOVED_MAX 1000.0F /* more is no bend */

void bend_add(struct bend *bend, struct picture_point at, struct picture_point moved)
{
    if (bend->count < BEND_PIECES_MAX && hypotf(moved.x, moved.y) <= MOVED_MAX)
        bend->pieces[bend->count++] = (struct bend_piece){ at, moved };
}

struct picture_point bend_at(const struct bend *bend, float x_um, float y_um)
{
    struct picture_point sum = { 0, 0 };
    float weights = STIFF;
    for (size_t i = 0; i < bend->count; i++) {
        const struct bend_piece *piece = &bend->pieces[i];
        float x = (piece->at.x - x_um) / NEAR_UM;
        float y = (piece->at.y - y_um) / NEAR_UM;
        float far = x * x + y * y;
        if (far > FAR_UM * FAR_UM / (NEAR_UM * NEAR_UM))
            continue;
        float weight = expf(-far / 2);
        sum.x += weight * piece->moved.x;
        sum.y += weight * piece->moved.y;
        weights += weight;
    }
    return (struct picture_point){ sum.x / weights, sum.y / weights };
}
