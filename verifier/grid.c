/* SPDX-License-Identifier: Apache-2.0 */
/* Lays the module grid of a symbol over a picture. */
#include "verifier/grid.h"

#include <assert.h>
#include <math.h>

#define QUIET_WEIGHT 0.5F /* text and edges come near a symbol; its own frame does not move */
#define ROUNDS_MAX 6      /* of one step width */
#define REACH 0.5F        /* modules: the widest step */
#define VARIANCE_MIN 4.0F /* grey levels squared: below, nothing is printed here */

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

static void add_point(struct grid_pattern *pattern, int row, int col, float light, float weight)
{
    pattern->points[pattern->count++] = (struct grid_point){
        .u = ((float)col + 0.5F) / (float)pattern->size->cols,
        .v = ((float)(pattern->size->rows - row) - 0.5F) / (float)pattern->size->rows,
        .light = light,
        .weight = weight,
    };
}

bool grid_pattern_make(const struct symbology *size, struct rw_arena *arena,
                       struct grid_pattern *ret_pattern, struct rw_error *err)
{
    struct grid_pattern pattern = { .size = size };
    size_t room = (size_t)(size->rows + 2) * (size_t)(size->cols + 2);

    pattern.points = rw_arena_array(arena, room, sizeof *pattern.points, err);
    if (pattern.points == NULL)
        return false;
    for (int row = -1; row <= size->rows; row++)
        for (int col = -1; col <= size->cols; col++) {
            if (row < 0 || col < 0 || row == size->rows || col == size->cols) {
                add_point(&pattern, row, col, 1, QUIET_WEIGHT);
                continue;
            }
            enum symbology_part part = symbology_part_at(size, row, col);
            if (part != SYMBOLOGY_DATA)
                add_point(&pattern, row, col, part == SYMBOLOGY_DARK ? -1 : 1, 1);
        }
    assert(pattern.count <= room);
    *ret_pattern = pattern;
    return true;
}

float grid_score(const struct picture *picture, const struct grid_pattern *pattern,
                 const struct picture_quad *quad)
{
    struct grid_map map;
    float weights = 0;
    float light = 0;
    float light_squared = 0;
    float grey = 0;
    float grey_squared = 0;
    float both = 0;

    if (!grid_map_make(quad, &map))
        return -1;
    const float *h = map.h;
    for (size_t i = 0; i < pattern->count; i++) {
        const struct grid_point *point = &pattern->points[i];
        float below = 1 / (h[6] * point->u + h[7] * point->v + h[8]);
        float x = (h[0] * point->u + h[1] * point->v + h[2]) * below;
        float y = (h[3] * point->u + h[4] * point->v + h[5]) * below;
        float seen = grey_at(picture, x, y) - 128;
        weights += point->weight;
        light += point->weight * point->light;
        light_squared += point->weight;
        grey += point->weight * seen;
        grey_squared += point->weight * seen * seen;
        both += point->weight * seen * point->light;
    }
    float covariance = both / weights - light / weights * (grey / weights);
    float grey_variance = grey_squared / weights - grey / weights * (grey / weights);
    float light_variance = light_squared / weights - light / weights * (light / weights);
    if (grey_variance < VARIANCE_MIN)
        return -1;
    return covariance / sqrtf(grey_variance * light_variance);
}

struct picture_quad grid_quad_turned(const struct picture_quad *quad, int quarters)
{
    struct picture_quad turned;
    for (int i = 0; i < 4; i++)
        turned.corner[i] = quad->corner[(i + quarters) % 4];
    return turned;
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

#define MOVES 15

/* The moves of one round in pixels: shift across and down, turn, grow, each side out, each corner
 * along both sides of its own. */
static struct picture_quad moved(const struct picture_quad *quad, int move, float by)
{
    struct picture_quad result = *quad;
    float width = grid_quad_width(quad);
    float height = grid_quad_height(quad);

    if (move < 2) {
        for (int i = 0; i < 4; i++) {
            result.corner[i].x += move == 0 ? by : 0;
            result.corner[i].y += move == 1 ? by : 0;
        }
    } else if (move == 2) {
        struct picture_point centre = grid_quad_centre(quad);
        float angle = 2 * by / (width + height);
        for (int i = 0; i < 4; i++) {
            float x = quad->corner[i].x - centre.x;
            float y = quad->corner[i].y - centre.y;
            result.corner[i].x -= angle * y;
            result.corner[i].y += angle * x;
        }
    } else if (move < 7) {
        float grow[4] = { 0, 0, 0, 0 };
        int side = move - 3;
        grow[side] = by / (side % 2 == 0 ? height : width);
        result = grid_quad_grown(quad, grow);
    } else {
        int corner = (move - 7) / 2;
        if ((move - 7) % 2 == 0)
            result.corner[corner].x += by;
        else
            result.corner[corner].y += by;
    }
    return result;
}

/* Tries every move of this width until none helps. */
static void climb(const struct picture *picture, const struct grid_pattern *pattern, float by,
                  struct grid *grid)
{
    bool better = true;
    for (int round = 0; round < ROUNDS_MAX && better; round++) {
        better = false;
        for (int move = 0; move < MOVES * 2; move++) {
            struct picture_quad quad = moved(&grid->quad, move / 2, move % 2 == 0 ? by : -by);
            float score = grid_score(picture, pattern, &quad);
            if (score > grid->score + 1e-4F) {
                grid->score = score;
                grid->quad = quad;
                better = true;
            }
        }
    }
}

void grid_refine(const struct picture *picture, const struct grid_pattern *pattern, float give_up,
                 struct grid *grid)
{
    float module = grid_module_px(grid);
    grid->score = grid_score(picture, pattern, &grid->quad);
    for (float step = REACH; step > 0.05F; step /= 2) {
        climb(picture, pattern, step * module, grid);
        if (grid->score < give_up)
            return;
    }
}
