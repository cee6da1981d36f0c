/* SPDX-License-Identifier: Apache-2.0 */
/* Sees the modules of a symbol through a round aperture. */
#include "verifier/aperture.h"

#include <math.h>
#include <string.h>

#define RINGS 2
#define POINTS 19 /* the middle, 6 on the inner ring and 12 on the outer: each for as much area */
#define PI 3.14159265F
#define WHITE 255.0F

/* Places on a disc of diameter 1. */
static void lay_points(float points[POINTS][2])
{
    static const float radius[RINGS] = { 0.25F, 0.43F }; /* the middles of rings of equal share */
    int count = 0;
    points[count][0] = 0;
    points[count++][1] = 0;
    for (int ring = 0; ring < RINGS; ring++)
        for (int i = 0; i < 6 * (ring + 1); i++) {
            float angle = 2 * PI * (float)i / (float)(6 * (ring + 1));
            points[count][0] = radius[ring] * cosf(angle);
            points[count++][1] = radius[ring] * sinf(angle);
        }
}

void aperture_sample(const struct picture *picture, const struct grid *grid, float part,
                     const struct light *light, struct modules *ret_modules)
{
    const struct symbology *size = symbology_get(grid->size);
    struct grid_map map;
    float points[POINTS][2];
    float *to = ret_modules->grey;

    ret_modules->size = size;
    memset(ret_modules->grey, 0, sizeof ret_modules->grey);
    if (!grid_map_make(&grid->quad, &map))
        return;
    lay_points(points);
    for (int row = -1; row <= size->rows; row++)
        for (int col = -1; col <= size->cols; col++) {
            float sum = 0;
            struct picture_point middle = { 0 };
            for (int i = 0; i < POINTS; i++) {
                float u = ((float)col + 0.5F + part * points[i][0]) / (float)size->cols;
                float v = 1 - ((float)row + 0.5F + part * points[i][1]) / (float)size->rows;
                struct picture_point at = grid_map_at(&map, u, v);
                middle = i == 0 ? at : middle;
                sum += grid_grey(picture, at);
            }
            *to++ = light == NULL ? sum / POINTS / WHITE
                                  : light_reflectance(light, middle.x, middle.y, sum / POINTS);
        }
}
