/* SPDX-License-Identifier: Apache-2.0 */
/* Counts the modules of a symbol by the clock tracks along two sides. */
#include "verifier/track.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "core/base/attributes.h"
#include "verifier/grid.h"

#define SAMPLES_MIN 48 /* of one line; a multiple of LANES */
#define SAMPLES_MAX 288
#define LANES 8
#define VARIANCE_MIN 4.0F /* grey levels squared: below, a line is even */
#define CLEAR 0.75F       /* power of a track that was surely met */
#define FAINT 0.16F       /* below in all flat lines, slanted ones will not meet it either */
#define NEAR_STEPS 3      /* places of a line that are tried: at the L's end … */
#define FAR_STEPS 5       /* … and at the far end, which is less well known */
#define TILT_STEP 0.008F  /* parts of the quad */
#define PI 3.14159265F

static const int counts[TRACK_COUNTS] = { 8,  10, 12, 14, 16, 18, 20, 22, 24,  26,  32,  36, 40,
                                          44, 48, 52, 64, 72, 80, 88, 96, 104, 120, 132, 144 };

/* Half a module of a symbol lies between its side and the middle of the track: 1/20 to 1/288; and
 * the side itself may be off by a module. */
static const float depths[] = { -0.045F, -0.03F, -0.015F, -0.005F, 0.004F, 0.011F,
                                0.019F,  0.027F, 0.038F,  0.05F,   0.065F, 0.085F };

/* Waves of every number of modules that fits, sampled as the lines are. */
struct waves {
    int samples;
    size_t slants;
    bool fits[TRACK_COUNTS];
    float cosine[TRACK_COUNTS][SAMPLES_MAX];
    float sine[TRACK_COUNTS][SAMPLES_MAX];
};

int track_index(int modules)
{
    int index = 0;
    while (index < TRACK_COUNTS - 1 && counts[index] < modules)
        index++;
    assert(counts[index] == modules);
    return index;
}

static void make_wave(struct waves *waves, int index)
{
    float angle = PI * (float)counts[index] / (float)waves->samples;
    float turn_x = cosf(angle);
    float turn_y = sinf(angle);
    float x = cosf(angle / 2);
    float y = sinf(angle / 2);

    for (int i = 0; i < waves->samples; i++) {
        waves->cosine[index][i] = x;
        waves->sine[index][i] = y;
        float next = x * turn_x - y * turn_y;
        y = x * turn_y + y * turn_x;
        x = next;
    }
}

static int sample_count(float side)
{
    int samples = (int)side / LANES * LANES + LANES;
    return samples < SAMPLES_MIN ? SAMPLES_MIN : samples > SAMPLES_MAX ? SAMPLES_MAX : samples;
}

/* The grey along a line beside a track, less its mean; false when it is even. */
static bool sample_line(const struct picture *picture, const struct grid_map *map,
                        enum track_side side, const float tilt[2], int samples, float *ret)
{
    float sum = 0;
    float squares = 0;

    for (int i = 0; i < samples; i++) {
        float along = ((float)i + 0.5F) / (float)samples;
        float across = 1 - tilt[0] - along * (tilt[1] - tilt[0]);
        struct picture_point at =
            side == TRACK_TOP ? grid_map_at(map, along, across) : grid_map_at(map, across, along);
        ret[i] = grid_grey(picture, at);
        sum += ret[i];
    }
    for (int i = 0; i < samples; i++) {
        ret[i] -= sum / (float)samples;
        squares += ret[i] * ret[i];
    }
    if (squares < VARIANCE_MIN * (float)samples)
        return false;
    float by = sqrtf(2 / (squares * (float)samples));
    for (int i = 0; i < samples; i++)
        ret[i] *= by;
    return true;
}

/* The part of a line's light that one wave explains. */
static float power_of(const float *line, const float *cosine, const float *sine, int samples)
{
    float x[LANES] = { 0 };
    float y[LANES] = { 0 };
    float sum_x = 0;
    float sum_y = 0;

    for (int i = 0; i < samples; i += LANES)
        for (int lane = 0; lane < LANES; lane++) {
            x[lane] += line[i + lane] * cosine[i + lane];
            y[lane] += line[i + lane] * sine[i + lane];
        }
    for (int lane = 0; lane < LANES; lane++) {
        sum_x += x[lane];
        sum_y += y[lane];
    }
    return sum_x * sum_x + sum_y * sum_y;
}

/* How much deeper a line lies at its far end than at the L's. */
static const float slants[] = { 0, -0.06F, -0.03F, 0.03F, 0.06F, 0.09F };

static void listen_to(const struct picture *picture, const struct grid_map *map,
                      enum track_side side, struct waves *waves, struct tracks *tracks)
{
    float line[SAMPLES_MAX];
    float loudest = 0;

    for (size_t i = 0; i < RW_COUNT(depths) * waves->slants; i++) {
        if (i % RW_COUNT(depths) == 0 && (loudest >= CLEAR || (i > 0 && loudest < FAINT)))
            return; /* slanted lines will not be clearer by much */
        float depth = depths[i % RW_COUNT(depths)];
        const float tilt[2] = { depth, depth + slants[i / RW_COUNT(depths)] };
        if (!sample_line(picture, map, side, tilt, waves->samples, line))
            continue;
        for (int k = 0; k < TRACK_COUNTS; k++) {
            if (!waves->fits[k])
                continue;
            float power = power_of(line, waves->cosine[k], waves->sine[k], waves->samples);
            if (power > tracks->power[side][k]) {
                tracks->power[side][k] = power;
                loudest = fmaxf(loudest, power);
                tracks->near[side][k] = tilt[0];
                tracks->far[side][k] = tilt[1];
            }
        }
    }
}

void track_listen(const struct picture *picture, const struct picture_quad *quad,
                  const struct track_search *how, struct tracks *ret_tracks)
{
    struct grid_map map;
    struct waves waves = { .slants = how->slanted ? RW_COUNT(slants) : 1 };
    float sides[TRACK_SIDE_COUNT] = { grid_quad_width(quad), grid_quad_height(quad) };

    *ret_tracks = (struct tracks){ 0 };
    if (!grid_map_make(quad, &map))
        return;
    for (int side = 0; side < TRACK_SIDE_COUNT; side++) {
        waves.samples = sample_count(sides[side]);
        for (int k = 0; k < TRACK_COUNTS; k++) {
            waves.fits[k] = sides[side] >= how->module_min_px * (float)counts[k];
            if (waves.fits[k])
                make_wave(&waves, k);
        }
        listen_to(picture, &map, (enum track_side)side, &waves, ret_tracks);
    }
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
static void find_tilt(const struct picture *picture, const struct grid_map *map,
                      enum track_side side, struct waves *waves, float ret_tilt[2])
{
    const float start[2] = { ret_tilt[0], ret_tilt[1] };
    float best = -1;
    float line[SAMPLES_MAX];

    for (int i = 0; i < NEAR_STEPS * FAR_STEPS; i++) {
        float near = start[0] + TILT_STEP * (float)(i % NEAR_STEPS - NEAR_STEPS / 2);
        float far = start[1] + TILT_STEP * (float)(i / NEAR_STEPS - FAR_STEPS / 2);
        const float tilt[2] = { near, far };
        if (!sample_line(picture, map, side, tilt, waves->samples, line))
            continue;
        float power = power_of(line, waves->cosine[0], waves->sine[0], waves->samples);
        if (power > best) {
            best = power;
            ret_tilt[0] = near;
            ret_tilt[1] = far;
        }
    }
}

struct picture_quad track_squared(const struct picture *picture, const struct picture_quad *quad,
                                  const struct symbology *size, const struct tracks *tracks)
{
    struct grid_map map;
    const int modules[TRACK_SIDE_COUNT] = { size->cols, size->rows };
    const int across[TRACK_SIDE_COUNT] = { size->rows, size->cols };
    float tilts[TRACK_SIDE_COUNT][2];

    if (!grid_map_make(quad, &map))
        return *quad;
    for (int side = 0; side < TRACK_SIDE_COUNT; side++) {
        struct waves waves = { .samples =
                                   sample_count(side == TRACK_TOP ? grid_quad_width(quad)
                                                                  : grid_quad_height(quad)) };
        float angle = PI * (float)modules[side] / (float)waves.samples;
        for (int i = 0; i < waves.samples; i++) {
            waves.cosine[0][i] = cosf(angle * ((float)i + 0.5F));
            waves.sine[0][i] = sinf(angle * ((float)i + 0.5F));
        }
        tilts[side][0] = tracks->near[side][track_index(modules[side])];
        tilts[side][1] = tracks->far[side][track_index(modules[side])];
        find_tilt(picture, &map, (enum track_side)side, &waves, tilts[side]);
        for (int end = 0; end < 2; end++)
            tilts[side][end] -= 0.5F / (float)across[side];
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
