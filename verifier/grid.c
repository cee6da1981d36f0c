/* SPDX-License-Identifier: Apache-2.0 */
/* Lays the module grid of a symbol over a picture. */
#include "verifier/grid.h"

#include <assert.h>
#include <math.h>

#include "core/base/attributes.h"

#define BLOCK 64 /* places that are looked at together */

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

/* Pixels around the places of a block: the upper left one's index, and how far to go from it. */
struct places {
    int32_t left[BLOCK];
    int32_t top[BLOCK];
    float across[BLOCK];
    float down[BLOCK];
};

static inline void find_places(const struct picture *picture, const float h[9], const float *u,
                               const float *v, int count, struct places *places)
{
    const float right_most = (float)(picture->width - 1) - 0.001F;
    const float lowest = (float)(picture->height - 1) - 0.001F;

    for (int i = 0; i < count; i++) {
        float below = 1 / (h[6] * u[i] + h[7] * v[i] + h[8]);
        float x = (h[0] * u[i] + h[1] * v[i] + h[2]) * below - 0.5F;
        float y = (h[3] * u[i] + h[4] * v[i] + h[5]) * below - 0.5F;
        x = x > 0 ? x : 0; /* also where x is no number */
        y = y > 0 ? y : 0;
        x = x < right_most ? x : right_most;
        y = y < lowest ? y : lowest;
        places->left[i] = (int32_t)x;
        places->top[i] = (int32_t)y;
        places->across[i] = x - (float)places->left[i];
        places->down[i] = y - (float)places->top[i];
    }
}

static inline void look(const struct picture *picture, const struct places *places, int count,
                        float *ret_grey)
{
    float corners[4][BLOCK];

    for (int i = 0; i < count; i++) {
        const uint8_t *upper =
            picture->pixels + (ptrdiff_t)places->top[i] * picture->stride + places->left[i];
        const uint8_t *lower = upper + picture->stride;
        corners[0][i] = (float)upper[0];
        corners[1][i] = (float)upper[1];
        corners[2][i] = (float)lower[0];
        corners[3][i] = (float)lower[1];
    }
    for (int i = 0; i < count; i++) {
        float first = corners[0][i] + places->across[i] * (corners[1][i] - corners[0][i]);
        float second = corners[2][i] + places->across[i] * (corners[3][i] - corners[2][i]);
        ret_grey[i] = first + places->down[i] * (second - first);
    }
}

RW_WIDE void grid_greys(const struct picture *picture, const struct grid_map *map, const float *u,
                        const float *v, int count, float *ret_grey)
{
    struct places places;

    assert(picture->width >= GRID_SIDE_MIN && picture->height >= GRID_SIDE_MIN);
    for (int from = 0; from < count; from += BLOCK) {
        int some = count - from < BLOCK ? count - from : BLOCK;
        find_places(picture, map->h, u + from, v + from, some, &places);
        look(picture, &places, some, ret_grey + from);
    }
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
