/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the symbols of a roll's frames, one frame after the other. */
#include "verifier/lane.h"

#include "verifier/symbology.h"

#define SIZE_SMALLEST 16 /* modules of a symbol on a label */
#define SIZE_LARGEST 32

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
    for (size_t i = 0; done && i < ret_readings->count; i++)
        if (match_is_planned(lane->plan, &ret_readings->readings[i]))
            lane->module_px = grid_module_px(&ret_readings->readings[i].grid);
    return done;
}
