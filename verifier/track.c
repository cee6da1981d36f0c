/* SPDX-License-Identifier: Apache-2.0 */
/* Counts the modules of a symbol by the clock tracks along two sides. */
#include "verifier/track.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "core/base/attributes.h"
#include "verifier/grid.h"
#include "verifier/wave.h"

#define LANES WAVE_LANES
#define VARIANCE_MIN 4.0F /* grey levels squared: below, a line is even */
#define CLEAR 0.65F       /* power of a track that was surely met */
#define FAINT 0.16F       /* below in all flat lines, slanted ones will not meet it either */
#define SLANTED_STEP 2    /* depths of a slanted line: it crosses what lies between them */
#define NEAR_STEPS 3      /* places of a line that are tried: at the L's end … */
#define FAR_STEPS 5       /* … and at the far end, which is less well known */
#define TILT_STEP 0.008F  /* parts of the quad */

/* Half a module of a symbol lies between its side and the middle of the track: 1/20 to 1/288; and
 * the side itself may be off by a module. */
static const float depths[] = { -0.045F, -0.03F, -0.015F, -0.005F, 0.004F, 0.011F,
                                0.019F,  0.027F, 0.038F,  0.05F,   0.065F, 0.085F };

/* What is listened for along one side. */
struct side {
    enum track_side side;
    int samples;
    size_t slants;
    bool fits[TRACK_COUNTS]; /* modules are not too small */
};

/* A line across a picture: where it begins, and its steps, before the division by depth. */
struct ray {
    float x[2];
    float y[2];
    float w[2];
};

/* The line beside a track, from the middle of its first sample on. */
static struct ray ray_along(const struct grid_map *map, enum track_side side, const float tilt[2],
                            int samples)
{
    const float *h = map->h;
    float step = 1 / (float)samples;
    float slant = step * (tilt[0] - tilt[1]);
    float along[2] = { step / 2, step };
    float across[2] = { 1 - tilt[0] + slant / 2, slant };
    const float *u = side == TRACK_TOP ? along : across;
    const float *v = side == TRACK_TOP ? across : along;

    return (struct ray){ { h[0] * u[0] + h[1] * v[0] + h[2], h[0] * u[1] + h[1] * v[1] },
                         { h[3] * u[0] + h[4] * v[0] + h[5], h[3] * u[1] + h[4] * v[1] },
                         { h[6] * u[0] + h[7] * v[0] + h[8], h[6] * u[1] + h[7] * v[1] } };
}

/* Grey between pixels at LANES samples of a ray; beyond the edge the nearest pixel. */
static inline void look_along(const struct picture *picture, const struct ray *ray, int first,
                              float ret_grey[LANES])
{
    const float right_most = (float)(picture->width - 1) - 0.001F;
    const float lowest = (float)(picture->height - 1) - 0.001F;
    float across[LANES];
    float down[LANES];
    int32_t left[LANES];
    int32_t top[LANES];
    float corners[4][LANES];

    for (int lane = 0; lane < LANES; lane++) {
        float at = (float)(first + lane);
        float below = 1 / (ray->w[0] + at * ray->w[1]);
        float x = (ray->x[0] + at * ray->x[1]) * below - 0.5F;
        float y = (ray->y[0] + at * ray->y[1]) * below - 0.5F;
        x = x > 0 ? x : 0; /* also where x is no number */
        y = y > 0 ? y : 0;
        x = x < right_most ? x : right_most;
        y = y < lowest ? y : lowest;
        left[lane] = (int32_t)x;
        top[lane] = (int32_t)y;
        across[lane] = x - (float)left[lane];
        down[lane] = y - (float)top[lane];
    }
    for (int lane = 0; lane < LANES; lane++) {
        const uint8_t *upper =
            picture->pixels + (ptrdiff_t)top[lane] * picture->stride + left[lane];
        const uint8_t *lower = upper + picture->stride;
        corners[0][lane] = (float)upper[0];
        corners[1][lane] = (float)upper[1];
        corners[2][lane] = (float)lower[0];
        corners[3][lane] = (float)lower[1];
    }
    for (int lane = 0; lane < LANES; lane++) {
        float first_row = corners[0][lane] + across[lane] * (corners[1][lane] - corners[0][lane]);
        float second_row = corners[2][lane] + across[lane] * (corners[3][lane] - corners[2][lane]);
        ret_grey[lane] = first_row + down[lane] * (second_row - first_row);
    }
}

/* The grey along a line beside a track, less its mean; false when it is even. */
RW_WIDE static bool sample_line(const struct picture *picture, const struct ray *ray, int samples,
                                float *ret)
{
    float sums[LANES] = { 0 };
    float squares[LANES] = { 0 };
    float sum = 0;
    float square = 0;

    for (int i = 0; i < samples; i += LANES) {
        look_along(picture, ray, i, ret + i);
        for (int lane = 0; lane < LANES; lane++)
            sums[lane] += ret[i + lane];
    }
    for (int lane = 0; lane < LANES; lane++)
        sum += sums[lane];
    float mean = sum / (float)samples;
    for (int i = 0; i < samples; i += LANES)
        for (int lane = 0; lane < LANES; lane++) {
            ret[i + lane] -= mean;
            squares[lane] += ret[i + lane] * ret[i + lane];
        }
    for (int lane = 0; lane < LANES; lane++)
        square += squares[lane];
    if (square < VARIANCE_MIN * (float)samples)
        return false;
    float by = sqrtf(2 / (square * (float)samples));
    for (int i = 0; i < samples; i++)
        ret[i] *= by;
    return true;
}

/* How much deeper a line lies at its far end than at the L's. */
static const float slants[] = { 0, -0.06F, -0.03F, 0.03F, 0.06F, 0.09F };

static void listen_to(const struct track_search *how, const struct grid_map *map,
                      const struct side *side, struct tracks *tracks)
{
    float line[WAVE_SAMPLES_MAX];
    struct wave_folded folded;
    float loudest = 0;

    for (size_t i = 0; i < RW_COUNT(depths) * side->slants; i++) {
        if (i % RW_COUNT(depths) == 0 && (loudest >= CLEAR || (i > 0 && loudest < FAINT)))
            return; /* slanted lines will not be clearer by much */
        if (i >= RW_COUNT(depths) && i % SLANTED_STEP != 0)
            continue;
        float depth = depths[i % RW_COUNT(depths)];
        const float tilt[2] = { depth, depth + slants[i / RW_COUNT(depths)] };
        const struct ray ray = ray_along(map, side->side, tilt, side->samples);
        if (!sample_line(how->picture, &ray, side->samples, line))
            continue;
        wave_fold(line, side->samples, &folded);
        for (int k = 0; k < TRACK_COUNTS; k++) {
            if (!side->fits[k])
                continue;
            float power = wave_power(how->waves, &folded, k);
            if (power > tracks->power[side->side][k]) {
                tracks->power[side->side][k] = power;
                loudest = fmaxf(loudest, power);
                tracks->near[side->side][k] = tilt[0];
                tracks->far[side->side][k] = tilt[1];
            }
        }
    }
}

static void listen_beside(const struct track_search *how, const struct picture_quad *quad,
                          enum track_side at, struct tracks *tracks)
{
    struct grid_map map;
    float length = at == TRACK_TOP ? grid_quad_width(quad) : grid_quad_height(quad);
    struct side side = { .side = at,
                         .samples = wave_samples(length),
                         .slants = how->slanted ? RW_COUNT(slants) : 1 };

    if (!grid_map_make(quad, &map))
        return;
    for (int k = 0; k < TRACK_COUNTS; k++)
        side.fits[k] = length >= how->module_min_px * (float)wave_modules(k);
    listen_to(how, &map, &side, tracks);
}

/* The same line from its other end. */
static void take_line(const struct tracks *from, enum track_side at, struct tracks *tracks,
                      enum track_side to)
{
    memcpy(tracks->power[to], from->power[at], sizeof tracks->power[to]);
    memcpy(tracks->near[to], from->far[at], sizeof tracks->near[to]);
    memcpy(tracks->far[to], from->near[at], sizeof tracks->far[to]);
}

void track_listen(const struct track_search *how, const struct picture_quad *quad, int turn,
                  struct tracks tracks[TRACK_TURNS])
{
    struct picture_quad turned = grid_quad_turned(quad, turn);
    struct tracks *heard = &tracks[turn];

    *heard = (struct tracks){ 0 };
    if (turn == 0)
        listen_beside(how, &turned, TRACK_RIGHT, heard);
    else
        take_line(&tracks[turn - 1], TRACK_TOP, heard, TRACK_RIGHT);
    if (turn == TRACK_TURNS - 1)
        take_line(&tracks[0], TRACK_RIGHT, heard, TRACK_TOP);
    else
        listen_beside(how, &turned, TRACK_TOP, heard);
}

struct tracks track_mirrored(const struct tracks *tracks)
{
    struct tracks mirrored;
    for (int side = 0; side < TRACK_SIDE_COUNT; side++) {
        int other = TRACK_SIDE_COUNT - 1 - side;
        memcpy(mirrored.power[side], tracks->power[other], sizeof mirrored.power[side]);
        memcpy(mirrored.near[side], tracks->near[other], sizeof mirrored.near[side]);
        memcpy(mirrored.far[side], tracks->far[other], sizeof mirrored.far[side]);
    }
    return mirrored;
}

/* The tilt under which a line lies best along a track of this many modules. */
static void find_tilt(const struct track_search *how, const struct grid_map *map,
                      const struct side *side, int index, float ret_tilt[2])
{
    const float start[2] = { ret_tilt[0], ret_tilt[1] };
    float best = -1;
    float line[WAVE_SAMPLES_MAX];
    struct wave_folded folded;

    for (int i = 0; i < NEAR_STEPS * FAR_STEPS; i++) {
        const float tilt[2] = {
            start[0] + TILT_STEP * (float)(i % NEAR_STEPS - NEAR_STEPS / 2),
            start[1] + TILT_STEP * (float)(i / NEAR_STEPS - FAR_STEPS / 2),
        };
        const struct ray ray = ray_along(map, side->side, tilt, side->samples);
        if (!sample_line(how->picture, &ray, side->samples, line))
            continue;
        wave_fold(line, side->samples, &folded);
        float power = wave_power(how->waves, &folded, index);
        if (power > best) {
            best = power;
            ret_tilt[0] = tilt[0];
            ret_tilt[1] = tilt[1];
        }
    }
}

struct picture_quad track_squared(const struct track_search *how, const struct picture_quad *quad,
                                  const struct symbology *size, const struct tracks *tracks)
{
    struct grid_map map;
    const int modules[TRACK_SIDE_COUNT] = { size->cols, size->rows };
    const int across[TRACK_SIDE_COUNT] = { size->rows, size->cols };
    float tilts[TRACK_SIDE_COUNT][2];

    if (!grid_map_make(quad, &map))
        return *quad;
    for (int i = 0; i < TRACK_SIDE_COUNT; i++) {
        int index = wave_index(modules[i]);
        const struct side side = {
            .side = (enum track_side)i,
            .samples = wave_samples(i == TRACK_TOP ? grid_quad_width(quad) : grid_quad_height(quad))
        };
        tilts[i][0] = tracks->near[i][index];
        tilts[i][1] = tracks->far[i][index];
        find_tilt(how, &map, &side, index, tilts[i]);
        for (int end = 0; end < 2; end++)
            tilts[i][end] -= 0.5F / (float)across[i];
    }
    /* Where the far sides meet: v = 1 - t0 - u (t1 - t0), u = 1 - r0 - v (r1 - r0). */
    const float *top = tilts[TRACK_TOP];
    const float *right = tilts[TRACK_RIGHT];
    float top_slope = top[1] - top[0];
    float right_slope = right[1] - right[0];
    float u = (1 - right[0] - (1 - top[0]) * right_slope) / (1 - top_slope * right_slope);
    float v = 1 - top[0] - u * top_slope;
    return (struct picture_quad){ { quad->corner[0], grid_map_at(&map, 1 - right[0], 0),
                                    grid_map_at(&map, u, v), grid_map_at(&map, 0, 1 - top[0]) } };
}
