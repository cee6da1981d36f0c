/* SPDX-License-Identifier: Apache-2.0 */
/* Lays the module grid of a symbol over a picture. */
#include "verifier/grid.h"

#include <assert.h>
#include <math.h>

bool grid_map_make(const struct picture_quad *quad, struct grid_map *ret_map)
{
    const struct picture_point *p = quad->corner;
    float sum_x = p[0].x - p[1].x + p[2].x - p[3].x;
    float sum_y = p[0].y - p[1].y + p[2].y - p[3].y;
    float right_x = p[1].x - p[2].x;
    float right_y = p[1].y - p[2].y;
    float top_x = p[3].x - p[2].x;
    float top_y = p[3].y - p[2].y;
    float turn = right_x * top_y - top_x * right_y;

    if (!(fabsf(turn) > 1e-3F))
        return false;
    float g = (sum_x * top_y - top_x * sum_y) / turn;
    float k = (right_x * sum_y - sum_x * right_y) / turn;
    if (!(g > -0.9F && k > -0.9F && g + k > -0.9F)) /* the horizon would cross the symbol */
        return false;
    *ret_map = (struct grid_map){ {
        p[1].x - p[0].x + g * p[1].x,
        p[3].x - p[0].x + k * p[3].x,
        p[0].x,
        p[1].y - p[0].y + g * p[1].y,
        p[3].y - p[0].y + k * p[3].y,
        p[0].y,
        g,
        k,
        1,
    } };
    return true;
}

struct picture_point grid_map_at(const struct grid_map *map, float u, float v)
{
    const float *h = map->h;
    float below = 1 / (h[6] * u + h[7] * v + h[8]);
    return (struct picture_point){ (h[0] * u + h[1] * v + h[2]) * below,
                                   (h[3] * u + h[4] * v + h[5]) * below };
}

/* Between pixels; x and y are limited so that a right and a lower neighbour exist. */
static inline float grey_at(const struct picture *picture, float x, float y)
{
    float right_most = (float)(picture->width - 1) - 0.001F;
    float lowest = (float)(picture->height - 1) - 0.001F;
    x = x - 0.5F > 0 ? x - 0.5F : 0;
    y = y - 0.5F > 0 ? y - 0.5F : 0;
    x = x < right_most ? x : right_most;
    y = y < lowest ? y : lowest;
    int left = (int)x;
    int top = (int)y;
    float across = x - (float)left;
    float down = y - (float)top;
    const uint8_t *upper = picture->pixels + (ptrdiff_t)top * picture->stride + left;
    const uint8_t *lower = upper + picture->stride;
    float first = (float)upper[0] + across * (float)(upper[1] - upper[0]);
    float second = (float)lower[0] + across * (float)(lower[1] - lower[0]);
    return first + down * (second - first);
}

float grid_grey(const struct picture *picture, struct picture_point at)
{
    assert(picture->width >= GRID_SIDE_MIN && picture->height >= GRID_SIDE_MIN);
    return grey_at(picture, at.x, at.y);
}

struct picture_quad grid_quad_turned(const struct picture_quad *quad, int quarters)
{
    struct picture_quad turned;
    for (int i = 0; i < 4; i++)
        turned.corner[i] = quad->corner[(i + quarters) % 4];
    return turned;
}

struct picture_quad grid_quad_mirrored(const struct picture_quad *quad)
{
    const struct picture_point *p = quad->corner;
    return (struct picture_quad){ { p[0], p[3], p[2], p[1] } };
}

bool grid_quad_is_mirrored(const struct picture_quad *quad)
{
    const struct picture_point *p = quad->corner;
    float turn = (p[1].x - p[0].x) * (p[3].y - p[0].y) - (p[1].y - p[0].y) * (p[3].x - p[0].x);
    return turn > 0; /* y points down */
}

struct picture_quad grid_quad_grown(const struct picture_quad *quad, const float by[4])
{
    /* Bottom and top move along the sides, left and right along bottom and top. */
    static const float down[4] = { 0, 0, 1, 1 };
    static const float across[4] = { 0, 1, 1, 0 };
    const struct picture_point *p = quad->corner;
    struct picture_quad grown;

    for (int i = 0; i < 4; i++) {
        float v = down[i] > 0 ? by[2] : -by[0];
        float u = across[i] > 0 ? by[1] : -by[3];
        int far_u = down[i] > 0 ? 2 : 1;
        int near_u = down[i] > 0 ? 3 : 0;
        int far_v = across[i] > 0 ? 2 : 3;
        int near_v = across[i] > 0 ? 1 : 0;
        grown.corner[i].x =
            p[i].x + u * (p[far_u].x - p[near_u].x) + v * (p[far_v].x - p[near_v].x);
        grown.corner[i].y =
            p[i].y + u * (p[far_u].y - p[near_u].y) + v * (p[far_v].y - p[near_v].y);
    }
    return grown;
}

struct picture_point grid_quad_centre(const struct picture_quad *quad)
{
    struct picture_point centre = { 0, 0 };
    for (int i = 0; i < 4; i++) {
        centre.x += quad->corner[i].x / 4;
        centre.y += quad->corner[i].y / 4;
    }
    return centre;
}

static float distance(struct picture_point left, struct picture_point right)
{
    return hypotf(left.x - right.x, left.y - right.y);
}

float grid_quad_width(const struct picture_quad *quad)
{
    return (distance(quad->corner[0], quad->corner[1]) +
            distance(quad->corner[3], quad->corner[2])) /
           2;
}

float grid_quad_height(const struct picture_quad *quad)
{
    return (distance(quad->corner[0], quad->corner[3]) +
            distance(quad->corner[1], quad->corner[2])) /
           2;
}

float grid_module_px(const struct grid *grid)
{
    const struct symbology *size = symbology_get(grid->size);
    return (grid_quad_width(&grid->quad) + grid_quad_height(&grid->quad)) /
           (float)(size->rows + size->cols);
}
