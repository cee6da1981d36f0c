/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the symbols of a roll's frames, one frame after the other. */
#include "verifier/lane.h"

#include <math.h>

#include "verifier/symbology.h"

#define SIZE_SMALLEST 16 /* modules of a symbol on a label */
#define SIZE_LARGEST 32
#define UNEVEN 1.6F /* a camera 15 degrees aside sees equal steps differ by a fifth */

struct lane {
    const struct match_plan *plan;
    struct reader *reader;
    struct reader_limits limits;
    bool sizes[SYMBOLOGY_COUNT];
    float module_px; /* of the last planned symbol */
};

bool lane_open(const struct match_plan *plan, const struct reader_limits *limits,
               struct decode *decode, struct rw_arena *arena, struct lane **ret_lane,
               struct rw_error *err)
{
    struct lane *lane = rw_arena_alloc(arena, sizeof *lane, err);

    if (lane == NULL || !reader_open(decode, arena, &lane->reader, err))
        return false;
    lane->plan = plan;
    lane->limits = *limits;
    for (int i = 0; i < SYMBOLOGY_COUNT; i++) {
        const struct symbology *size = symbology_get(i);
        lane->sizes[i] =
            size->rows == size->cols && size->rows >= SIZE_SMALLEST && size->rows <= SIZE_LARGEST;
    }
    if (limits->sizes == NULL)
        lane->limits.sizes = lane->sizes;
    *ret_lane = lane;
    return true;
}

static struct picture_point centre_of(const struct readings *readings, size_t at)
{
    return grid_quad_centre(&readings->readings[at].grid.quad);
}

/* The symbol farthest from the one at `from`: both ends of a strip are found so. */
static size_t farthest(const struct readings *readings, size_t from)
{
    const struct picture_point start = centre_of(readings, from);
    size_t best = from;
    float most = 0;
    for (size_t i = 0; i < readings->count; i++) {
        const struct picture_point at = centre_of(readings, i);
        float away = hypotf(at.x - start.x, at.y - start.y);
        if (away > most) {
            most = away;
            best = i;
        }
    }
    return best;
}

/* Bags of a strip lie as far from each other as their neighbours do, unless one was missed. */
static bool has_gap(const struct readings *readings)
{
    float least = HUGE_VALF;
    float most = 0;
    if (readings->count < 3)
        return false;
    const size_t end = farthest(readings, 0);
    const struct picture_point start = centre_of(readings, end);
    const struct picture_point other = centre_of(readings, farthest(readings, end));
    for (size_t i = 0; i < readings->count; i++) {
        const struct picture_point from = centre_of(readings, i);
        float next = HUGE_VALF;
        for (size_t k = 0; k < readings->count; k++) {
            const struct picture_point to = centre_of(readings, k);
            float step = hypotf(to.x - from.x, to.y - from.y);
            bool is_behind =
                (to.x - from.x) * (other.x - start.x) + (to.y - from.y) * (other.y - start.y) > 0;
            next = is_behind && step < next ? step : next;
        }
        if (next < HUGE_VALF) {
            least = fminf(least, next);
            most = fmaxf(most, next);
        }
    }
    return most > UNEVEN * least;
}

bool lane_read(struct lane *lane, const struct picture *picture, struct rw_arena *arena,
               struct readings *ret_readings, struct rw_error *err)
{
    struct reader_limits limits = lane->limits;
    limits.module_px = lane->module_px;
    bool done = reader_read(lane->reader, picture, &limits, arena, ret_readings, err);
    if (done && ret_readings->count == 0 && limits.module_px > 0) { /* the camera was moved */
        limits.module_px = 0;
        done = reader_read(lane->reader, picture, &limits, arena, ret_readings, err);
    }
    if (done && !limits.thorough && has_gap(ret_readings)) {
        limits.thorough = true;
        done = reader_read(lane->reader, picture, &limits, arena, ret_readings, err);
    }
    for (size_t i = 0; done && i < ret_readings->count; i++)
        if (match_is_planned(lane->plan, &ret_readings->readings[i]))
            lane->module_px = grid_module_px(&ret_readings->readings[i].grid);
    return done;
}
