/* SPDX-License-Identifier: Apache-2.0 */
/* What a lens and a sensor do to the light: blur, motion, noise, bytes. */
#include "tests/support/lens.h"

#include <math.h>
#include <string.h>

#include "core/base/random.h"

#define TAPS (2 * LENS_REACH + 1)
#define NOISES 65536 /* drawn once; rows begin at places of their own */

/* Weights of a line of pixels; those beyond `reach` are 0. */
struct kernel {
    float weights[TAPS];
    int reach;
};

/* A bell of this sigma, drawn out over `motion` pixels. */
static struct kernel make_kernel(float sigma, float motion)
{
    struct kernel kernel = { .reach = 0 };
    float sum = 0.0F;
    int steps = motion > 0.0F ? 9 : 1;
    for (int k = -LENS_REACH; k <= LENS_REACH; k++) {
        float weight = 0.0F;
        for (int step = 0; step < steps; step++) {
            float at =
                (float)k - (steps == 1 ? 0.0F : motion * ((float)step / (float)(steps - 1) - 0.5F));
            weight += expf(-0.5F * at * at / fmaxf(sigma * sigma, 0.01F));
        }
        kernel.weights[k + LENS_REACH] = weight;
        sum += weight;
    }
    for (int k = 0; k < TAPS; k++) {
        kernel.weights[k] /= sum;
        int far = k < LENS_REACH ? LENS_REACH - k : k - LENS_REACH;
        if (kernel.weights[k] > 0.002F && far > kernel.reach)
            kernel.reach = far;
    }
    return kernel;
}

/* Adds two lines of `count` floats, weighted. */
RW_UNWATCHED static void add_pair(const float *before, const float *after, float weight, float *to,
                                  size_t count)
{
    for (size_t i = 0; i < count; i++)
        to[i] += weight * (before[i] + after[i]);
}

/* `to` = the weighted sum of lines; every line is `count` floats. */
static void add_lines(const struct kernel *kernel, const float *const lines[TAPS], float *to,
                      size_t count)
{
    const float *line = lines[LENS_REACH];
    float weight = kernel->weights[LENS_REACH];
    for (size_t i = 0; i < count; i++)
        to[i] = weight * line[i];
    for (int k = 1; k <= kernel->reach; k++) {
        const float *before = lines[LENS_REACH - k];
        const float *after = lines[LENS_REACH + k];
        rw_arena_read_over(before, count * sizeof *before);
        rw_arena_read_over(after, count * sizeof *after);
        add_pair(before, after, kernel->weights[LENS_REACH + k], to, count);
    }
}

static int32_t clamp(int32_t at, int32_t count)
{
    return at < 0 ? 0 : at >= count ? count - 1 : at;
}

static void blur_down(const struct lens *lens, const struct kernel *kernel, const float *from,
                      float *to)
{
    size_t row = (size_t)lens->width * (size_t)lens->channels;
    for (int32_t y = 0; y < lens->height; y++) {
        const float *lines[TAPS];
        for (int32_t k = -LENS_REACH; k <= LENS_REACH; k++)
            lines[k + LENS_REACH] = from + (size_t)clamp(y + k, lens->height) * row;
        add_lines(kernel, lines, to + (size_t)y * row, row);
    }
}

/* Across a row the lines are the row itself, moved by a pixel; only its ends are clamped. */
static void blur_across(const struct lens *lens, const struct kernel *kernel, const float *from,
                        float *to, float *wide)
{
    size_t channels = (size_t)lens->channels;
    size_t row = (size_t)lens->width * channels;
    for (int32_t y = 0; y < lens->height; y++) {
        const float *lines[TAPS];
        const float *here = from + (size_t)y * row;
        memcpy(wide + LENS_REACH * channels, here, row * sizeof *wide);
        for (size_t k = 0; k < LENS_REACH; k++) {
            memcpy(wide + k * channels, here, channels * sizeof *wide);
            memcpy(wide + (LENS_REACH + k) * channels + row, here + row - channels,
                   channels * sizeof *wide);
        }
        for (size_t k = 0; k < TAPS; k++)
            lines[k] = wide + k * channels;
        add_lines(kernel, lines, to + (size_t)y * row, row);
    }
}

bool lens_blur(const struct lens *lens, float *light, struct rw_arena *arena, struct rw_error *err)
{
    if (lens->blur_px <= 0.0F && lens->motion_px <= 0.0F)
        return true;
    size_t row = (size_t)lens->width * (size_t)lens->channels;
    size_t ends = 2 * LENS_REACH * (size_t)lens->channels;
    float *scratch = rw_arena_array(arena, row * (size_t)lens->height, sizeof *scratch, err);
    float *wide = rw_arena_array(arena, row + ends, sizeof *wide, err);
    if (scratch == NULL || wide == NULL)
        return false;
    struct kernel across = make_kernel(lens->blur_px, 0.0F);
    struct kernel down = make_kernel(lens->blur_px, lens->motion_px);
    blur_across(lens, &across, light, scratch, wide);
    blur_down(lens, &down, scratch, light);
    return true;
}

/* Four sixteenths of one draw, added: near enough to a normal law for the noise of a sensor, and
 * many times cheaper. */
static float draw_noise(struct rw_random *random)
{
    const float deviation = 37837.2F; /* of the sum: 65536 * sqrt(4 / 12) */
    uint64_t bits = rw_random_next(random);
    uint64_t sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48);
    return ((float)sum - 2.0F * 65535.0F) / deviation;
}

static void develop_row(const float *light, const float *noises, float noise, size_t count,
                        uint8_t *bytes)
{
    for (size_t i = 0; i < count; i++) {
        float value = light[i] + noises[i] * noise * (0.6F + 0.6F * light[i]);
        value = value < 0.0F ? 0.0F : value > 1.0F ? 1.0F : value;
        bytes[i] = (uint8_t)(value * 255.0F + 0.5F);
    }
}

void lens_develop(const struct lens *lens, const float *light, float noise, uint64_t seed,
                  uint8_t *bytes)
{
    struct rw_random random = rw_random_seeded(seed);
    float noises[NOISES];
    size_t row = (size_t)lens->width * (size_t)lens->channels;

    for (size_t i = 0; i < NOISES; i++)
        noises[i] = draw_noise(&random);
    for (int32_t y = 0; y < lens->height; y++) {
        size_t start = rw_random_below(&random, NOISES - row);
        develop_row(light + (size_t)y * row, noises + start, noise, row, bytes + (size_t)y * row);
    }
}
