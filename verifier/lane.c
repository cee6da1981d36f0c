/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the symbols of a roll's frames, one frame after the other. */
#include "verifier/lane.h"

#include <math.h>

#include "verifier/symbology.h"

#define SIZE_SMALLEST 16 /* modules of a symbol on a label */
#define SIZE_LARGEST 32
#define STEP_MIN 2.0F /* sides of a symbol: no two bags are nearer to each other */
#define REACH 2.5F    /* of them, around the place of one that was missed */

struct lane {
    struct reader *reader;
    struct reader_limits limits;
    bool sizes[SYMBOLOGY_COUNT];
    float step; /* from bag to bag, in sides of a symbol; HUGE_VALF = the roll has no bag */
};

/* All bags of a roll are as long, and so are their codes. */
static bool find_step(const struct lane_setup *setup, struct rw_arena *arena, float *ret_step,
                      struct rw_error *err)
{
    const struct roll *roll = setup->roll;
    struct picture label;
    struct print print;

    *ret_step = HUGE_VALF;
    if (roll->bag_count == 0)
        return true;
    const struct print_order order = { roll, &roll->bags[0], PRINT_FITTED, roll->dpi };
    if (!setup->labels->draw(setup->labels->self, &order, arena, &label, &print, err))
        return false;
    *ret_step = (float)print.height_um / (float)print.fields[print.symbol].height_um;
    return true;
}

bool lane_open(const struct lane_setup *setup, struct rw_arena *arena, struct lane **ret_lane,
               struct rw_error *err)
{
    struct lane *lane = rw_arena_alloc(arena, sizeof *lane, err);

    if (lane == NULL || !reader_open(setup->decode, arena, &lane->reader, err) ||
        !find_step(setup, arena, &lane->step, err))
        return false;
    lane->limits = setup->limits;
    for (int i = 0; i < SYMBOLOGY_COUNT; i++) {
        const struct symbology *size = symbology_get(i);
        lane->sizes[i] =
            size->rows == size->cols && size->rows >= SIZE_SMALLEST && size->rows <= SIZE_LARGEST;
    }
    if (lane->limits.sizes == NULL)
        lane->limits.sizes = lane->sizes;
    *ret_lane = lane;
    return true;
}

/* Would a symbol of that quad lie wholly in the picture, were it `way` farther? */
static bool is_inside(const struct picture *picture, const struct picture_quad *quad,
                      struct picture_point way)
{
    for (int k = 0; k < 4; k++) {
        float x = quad->corner[k].x + way.x;
        float y = quad->corner[k].y + way.y;
        if (x < 0 || y < 0 || x > (float)picture->width || y > (float)picture->height)
            return false;
    }
    return true;
}

static float way_to(const struct reading *reading, struct picture_point from)
{
    const struct picture_point to = grid_quad_centre(&reading->grid.quad);
    return hypotf(to.x - from.x, to.y - from.y);
}

/* From one symbol to the nearest one, in sides of a symbol; HUGE_VALF where no two are read. */
static float nearest_step(const struct readings *readings)
{
    float least = HUGE_VALF;
    for (size_t i = 0; i < readings->count; i++) {
        const struct picture_point from = grid_quad_centre(&readings->readings[i].grid.quad);
        float side = grid_quad_height(&readings->readings[i].grid.quad);
        for (size_t k = 0; k < readings->count; k++) {
            float step = way_to(&readings->readings[k], from) / side;
            least = step >= STEP_MIN ? fminf(least, step) : least;
        }
    }
    return least;
}

/* Was a symbol read near that place? */
static bool is_read(const struct readings *readings, struct picture_point at, float near)
{
    for (size_t i = 0; i < readings->count; i++)
        if (way_to(&readings->readings[i], at) < near)
            return true;
    return false;
}

/* The part of a picture around a place, `reach` pixels to each side. */
static struct picture cut(const struct picture *picture, struct picture_point at, float reach,
                          struct picture_point *ret_origin)
{
    int32_t left = (int32_t)fmaxf(at.x - reach, 0);
    int32_t top = (int32_t)fmaxf(at.y - reach, 0);
    int32_t right = (int32_t)fminf(at.x + reach, (float)picture->width);
    int32_t bottom = (int32_t)fminf(at.y + reach, (float)picture->height);
    struct picture part = *picture;
    part.width = right - left;
    part.height = bottom - top;
    part.pixels += (ptrdiff_t)top * picture->stride + left;
    *ret_origin = (struct picture_point){ (float)left, (float)top };
    return part;
}

/* Reads one place by every means and adds what was not read yet. */
static bool read_place(struct lane *lane, const struct picture *picture, struct picture_point at,
                       float side, struct rw_arena *arena, struct readings *readings,
                       struct rw_error *err)
{
    struct reader_limits limits = lane->limits;
    struct picture_point origin;
    struct readings found;
    const struct picture part = cut(picture, at, REACH * side, &origin);
    limits.thorough = true;
    if (!reader_read(lane->reader, &part, &limits, arena, &found, err))
        return false;
    readings->attempts += found.attempts;
    for (size_t i = 0; i < found.count && readings->count < READER_READINGS_MAX; i++) {
        struct reading reading = found.readings[i];
        for (int k = 0; k < 4; k++) {
            reading.grid.quad.corner[k].x += origin.x;
            reading.grid.quad.corner[k].y += origin.y;
        }
        if (!is_read(readings, grid_quad_centre(&reading.grid.quad), side))
            readings->readings[readings->count++] = reading;
    }
    return true;
}

/* Labels follow each other upright, so the symbol of the next bag lies a step above or below each,
 * unless the film ends there or it was missed. */
static bool read_gaps(struct lane *lane, const struct picture *picture, struct rw_arena *arena,
                      struct readings *readings, struct rw_error *err)
{
    float step = fminf(lane->step, nearest_step(readings));
    for (size_t i = 0; i < 2 * readings->count; i++) {
        const struct picture_quad *quad = &readings->readings[i / 2].grid.quad;
        const struct picture_point *corner = quad->corner;
        const struct picture_point centre = grid_quad_centre(quad);
        float sides = (i % 2 == 0 ? step : -step) / 2;
        float side = grid_quad_height(quad);
        const struct picture_point way = {
            sides * (corner[3].x + corner[2].x - corner[0].x - corner[1].x),
            sides * (corner[3].y + corner[2].y - corner[0].y - corner[1].y)
        };
        const struct picture_point next = { centre.x + way.x, centre.y + way.y };
        if (is_inside(picture, quad, way) && !is_read(readings, next, step * side / 2) &&
            !read_place(lane, picture, next, side, arena, readings, err))
            return false;
    }
    return true;
}

bool lane_read(struct lane *lane, const struct picture *picture, struct rw_arena *arena,
               struct readings *ret_readings, struct rw_error *err)
{
    return reader_read(lane->reader, picture, &lane->limits, arena, ret_readings, err) &&
           read_gaps(lane, picture, arena, ret_readings, err);
}
