/* SPDX-License-Identifier: Apache-2.0 */
/* Proposes places of a picture where a symbol may be. */
#include "verifier/locate.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/attributes.h"
#include "verifier/grid.h"
#include "verifier/shrink.h"
#include "verifier/vision_shapes.h"

#define SIDE_MIN_PX 28.0F   /* a symbol of 14 modules with 2 pixels each */
#define SIDE_MAX_PART 0.95F /* of the picture's shorter side */
#define WORK_SIDE 1000      /* pixels: larger pictures are looked at in a smaller copy … */
#define WORK_BY 2           /* … of half the size, as modules of 3 pixels must stay visible */
#define BLOB_LEVELS 3
#define SMALLEST_SIDE 100 /* pixels of a copy */
#define SAME_CENTRE 0.03F /* parts of the side: two candidates are one */
#define SAME_SIDE 0.035F
#define SAME_SHORTER 0.04F
#define SAME_END 0.125F /* parts of the shorter side: a long rectangle ends at its last module */
#define GATE_POINTS 12  /* of a side */
#define GATE_ALL (GATE_POINTS * GATE_POINTS)
#define GATE_BLOCKS 3
#define LEAST_MIN 2 /* grey levels squared: below, a part of it is paper */

/* Measured on 1,034 symbols that were read and 47,600 other places. The least of the former are
 * 0.69 by all, 0.79 within and 0.31 for the evenest block where they were found by their outline,
 * 0.43, 0.48 and 0.066 by their edges. Three of five other places fail. */
const struct locate_gate locate_outlines = { 4, 0.55F, 0.7F, 0.1F };
const struct locate_gate locate_edges = { -1000, 0.42F, 0.6F, 0.05F };

static struct picture_quad scaled(const struct picture_quad *quad, float by)
{
    struct picture_quad result;
    for (int i = 0; i < 4; i++) {
        result.corner[i].x = quad->corner[i].x * by;
        result.corner[i].y = quad->corner[i].y * by;
    }
    return result;
}

/* Mean of a ring just outside the quad. */
static float ring_grey(const struct picture *picture, const struct grid_map *map)
{
    float sum = 0;
    for (int i = 0; i < GATE_POINTS; i++) {
        float along = ((float)i + 0.5F) / GATE_POINTS;
        sum += grid_grey(picture, grid_map_at(map, along, -0.06F)) +
               grid_grey(picture, grid_map_at(map, along, 1.06F)) +
               grid_grey(picture, grid_map_at(map, -0.06F, along)) +
               grid_grey(picture, grid_map_at(map, 1.06F, along));
    }
    return sum / (4 * GATE_POINTS);
}

/* How the grey changes within a quad, seen at points all over it. */
struct texture {
    float mean;
    float least; /* variance of the evenest block */
    float even;  /* … as a part of that of all blocks */
    /* How much it changes from point to point by what all points, or those of a block, differ: 1
     * where each is a matter of chance. Where light falls off only the former is low. */
    float rough;
    float rough_within;
};

/* Variances of the blocks and of all points. */
static void find_variances(const float *greys, float blocks[GATE_BLOCKS * GATE_BLOCKS],
                           struct texture *texture, float *ret_all)
{
    float sum[GATE_BLOCKS * GATE_BLOCKS] = { 0 };
    float squares[GATE_BLOCKS * GATE_BLOCKS] = { 0 };
    float square = 0;
    const float each = (float)(GATE_POINTS / GATE_BLOCKS * (GATE_POINTS / GATE_BLOCKS));

    texture->mean = 0;
    for (int i = 0; i < GATE_ALL; i++) {
        int block = i / GATE_POINTS * GATE_BLOCKS / GATE_POINTS * GATE_BLOCKS +
                    i % GATE_POINTS * GATE_BLOCKS / GATE_POINTS;
        sum[block] += greys[i];
        squares[block] += greys[i] * greys[i];
        texture->mean += greys[i] / GATE_ALL;
    }
    for (int i = 0; i < GATE_BLOCKS * GATE_BLOCKS; i++) {
        blocks[i] = squares[i] / each - sum[i] / each * (sum[i] / each);
        square += squares[i];
    }
    *ret_all = square / GATE_ALL - texture->mean * texture->mean;
}

RW_WIDE static struct texture texture_of(const struct picture *picture, const struct grid_map *map)
{
    struct texture texture = { .least = 1e9F };
    float greys[GATE_ALL];
    float across[GATE_ALL];
    float down[GATE_ALL];
    float blocks[GATE_BLOCKS * GATE_BLOCKS];
    float steps = 0;
    float all = 0;
    float within = 0;

    for (int i = 0; i < GATE_ALL; i++) {
        across[i] = ((float)(i % GATE_POINTS) + 0.5F) / GATE_POINTS;
        down[i] = ((float)(i / GATE_POINTS) + 0.5F) / GATE_POINTS;
    }
    grid_greys(picture, map, across, down, GATE_ALL, greys);
    for (int i = 0; i < GATE_ALL; i++) {
        float left = i % GATE_POINTS > 0 ? greys[i] - greys[i - 1] : 0;
        float above = i >= GATE_POINTS ? greys[i] - greys[i - GATE_POINTS] : 0;
        steps += left * left + above * above;
    }
    find_variances(greys, blocks, &texture, &all);
    for (int i = 0; i < GATE_BLOCKS * GATE_BLOCKS; i++) {
        texture.least = fminf(texture.least, blocks[i]);
        within += blocks[i] / (GATE_BLOCKS * GATE_BLOCKS);
    }
    texture.even = texture.least / fmaxf(within, 1);
    /* Two points that have nothing to do with each other differ by twice their variance. */
    float step = steps / (2 * GATE_POINTS * (GATE_POINTS - 1));
    texture.rough = step / (2 * fmaxf(all, 1));
    texture.rough_within = step / (2 * fmaxf(within, 1));
    return texture;
}

/* A symbol is darker, or lighter, than what is around it, rough and nowhere even. Below 0: it is
 * none. */
static float promise_of(const struct picture *picture, const struct vision_rect *rect,
                        const struct locate_gate *gate)
{
    struct grid_map map;

    if (!grid_map_make(&rect->quad, &map))
        return -1;
    struct texture texture = texture_of(picture, &map);
    float contrast = (ring_grey(picture, &map) - texture.mean) * (rect->is_light ? -1.0F : 1.0F);
    bool is_rough =
        texture.rough >= gate->rough_min || texture.rough_within >= gate->rough_within_min;
    if (contrast < gate->contrast_min || texture.least < LEAST_MIN ||
        texture.even < gate->even_min || !is_rough)
        return -1;
    return sqrtf(texture.least) * fmaxf(fminf(contrast, 60), 1);
}

bool locate_may_be(const struct picture *picture, const struct picture_quad *quad,
                   const struct locate_gate *gate)
{
    const struct vision_rect rect = { .quad = *quad };
    return promise_of(picture, &rect, gate) > 0;
}

static int by_promise(const void *left, const void *right)
{
    float first = ((const struct locate_candidate *)left)->promise;
    float second = ((const struct locate_candidate *)right)->promise;
    return (first < second) - (first > second);
}

static bool is_same(const struct locate_candidate *one, const struct locate_candidate *two)
{
    const struct picture_quad *left = &one->quad;
    const struct picture_quad *right = &two->quad;
    struct picture_point first = grid_quad_centre(left);
    struct picture_point second = grid_quad_centre(right);
    float side = grid_quad_width(left) + grid_quad_height(left);
    float other = grid_quad_width(right) + grid_quad_height(right);
    float shorter = fminf(grid_quad_width(left), grid_quad_height(left));
    float other_shorter = fminf(grid_quad_width(right), grid_quad_height(right));
    return one->is_light == two->is_light &&
           hypotf(first.x - second.x, first.y - second.y) < SAME_CENTRE * side / 2 &&
           fabsf(side - other) < fminf(SAME_SIDE * side, SAME_END * shorter) &&
           fabsf(shorter - other_shorter) < SAME_SHORTER * shorter;
}

bool locate_select(const struct picture *picture, const struct vision_rects *rects,
                   const struct locate_gate *gate, struct rw_arena *arena,
                   struct locate_list *ret_list, struct rw_error *err)
{
    struct locate_candidate *all = rw_arena_array(arena, rects->count + 1, sizeof *all, err);
    struct locate_list list = { .candidates = rw_arena_array(arena, LOCATE_CANDIDATES_MAX,
                                                             sizeof *list.candidates, err) };
    size_t count = 0;

    if (all == NULL || list.candidates == NULL)
        return false;
    for (size_t i = 0; i < rects->count; i++) {
        const struct vision_rect *rect = &rects->rects[i];
        float promise = promise_of(picture, rect, gate);
        if (promise > 0)
            all[count++] =
                (struct locate_candidate){ rect->quad, promise * rect->fill, rect->is_light };
    }
    qsort(all, count, sizeof *all, by_promise);
    for (size_t i = 0; i < count && list.count < LOCATE_CANDIDATES_MAX; i++) {
        bool known = false;
        for (size_t j = 0; j < list.count && !known; j++)
            known = is_same(&list.candidates[j], &all[i]);
        if (!known)
            list.candidates[list.count++] = all[i];
    }
    *ret_list = list;
    return true;
}

static int longer_side(const struct picture *picture)
{
    return picture->width > picture->height ? picture->width : picture->height;
}

static int shorter_side(const struct picture *picture)
{
    return picture->width < picture->height ? picture->width : picture->height;
}

bool locate_levels_make(const struct picture *picture, struct rw_arena *arena,
                        struct locate_levels *ret_levels, struct rw_error *err)
{
    struct locate_levels levels = { .picture = picture };
    int by = 1;

    if (longer_side(picture) > WORK_SIDE)
        by = WORK_BY;
    for (int i = 0; i < LOCATE_LEVELS; i++, by *= 2) {
        if (i > 0 && shorter_side(picture) / by < SMALLEST_SIDE)
            break;
        levels.by[i] = by;
        levels.small[i] = *picture;
        if (i == 0 && by > 1 && !shrink_picture(picture, by, arena, &levels.small[i], err))
            return false;
        if (i > 0 && !shrink_picture(&levels.small[i - 1], 2, arena, &levels.small[i], err))
            return false;
        levels.count++;
    }
    *ret_levels = levels;
    return true;
}

static bool blobs_of_level(const struct locate_levels *levels, int level,
                           struct vision_rects *rects, struct rw_error *err)
{
    const struct picture *small = &levels->small[level];
    int by = levels->by[level];
    /* Gaps that are closed and strokes that go; measured: others find hardly anything more. */
    static const int widths[][2] = { { 3, 5 }, { 5, 5 } };
    struct vision_blobs hows[RW_COUNT(widths)];
    size_t before = rects->count;

    for (size_t i = 0; i < RW_COUNT(widths); i++)
        hows[i] = (struct vision_blobs){
            .box = 71,
            .close = widths[i][0],
            .open = widths[i][1],
            .fill_min = 0.6F,
            .side_min = fmaxf(SIDE_MIN_PX / (float)by, 12),
            .side_max = SIDE_MAX_PART * (float)shorter_side(small),
            .aspect_max = 4,
        };
    if (!vision_shapes_blobs(small, hows, RW_COUNT(widths), levels->budget, rects, err))
        return false;
    for (size_t i = before; i < rects->count; i++)
        rects->rects[i].quad = scaled(&rects->rects[i].quad, (float)by);
    return true;
}

static bool make_rects(struct rw_arena *arena, struct vision_rects *ret, struct rw_error *err)
{
    *ret = (struct vision_rects){ .rects = rw_arena_array(arena, VISION_RECTS_MAX,
                                                          sizeof *ret->rects, err) };
    return ret->rects != NULL;
}

bool locate_blobs(const struct locate_levels *levels, struct rw_arena *arena,
                  struct locate_list *ret_list, struct rw_error *err)
{
    struct vision_rects rects;
    int last = levels->count < BLOB_LEVELS ? levels->count : BLOB_LEVELS;

    *ret_list = (struct locate_list){ 0 };
    if (!make_rects(arena, &rects, err))
        return false;
    for (int i = 0; i < last && !budget_has_ended(levels->budget); i++)
        if (!blobs_of_level(levels, i, &rects, err))
            return false;
    return budget_has_ended(levels->budget) ||
           locate_select(levels->picture, &rects, &locate_outlines, arena, ret_list, err);
}
