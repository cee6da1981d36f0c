/* SPDX-License-Identifier: Apache-2.0 */
/* Says how much of the light along a line one clock explains. */
#include "verifier/wave.h"
#include "core/base/attributes.h"

#include <assert.h>
#include <math.h>

#define LENGTHS ((WAVE_SAMPLES_MAX - WAVE_SAMPLES_MIN) / WAVE_STEP + 1)
#define PI 3.14159265F

static const int counts[WAVE_COUNTS] = { 8,  10, 12, 14, 16, 18, 20, 22, 24,  26,  32,  36, 40,
                                         44, 48, 52, 64, 72, 80, 88, 96, 104, 120, 132, 144 };

/* The first half of a wave. */
struct wave {
    bool made;
    float cosine[WAVE_HALF_MAX];
    float sine[WAVE_HALF_MAX];
};
struct wave_table {
    struct wave waves[LENGTHS][WAVE_COUNTS];
};

bool wave_open(struct rw_arena *arena, struct wave_table **ret_table, struct rw_error *err)
{
    struct wave_table *table = rw_arena_alloc(arena, sizeof *table, err);

    if (table == NULL)
        return false;
    *ret_table = table;
    return true;
}

int wave_index(int modules)
{
    int index = 0;
    while (index < WAVE_COUNTS - 1 && counts[index] < modules)
        index++;
    assert(counts[index] == modules);
    return index;
}

int wave_modules(int index)
{
    assert(index >= 0 && index < WAVE_COUNTS);
    return counts[index];
}

int wave_samples(float side_px)
{
    if (!(side_px > WAVE_SAMPLES_MIN))
        return WAVE_SAMPLES_MIN;
    if (side_px >= WAVE_SAMPLES_MAX - WAVE_STEP)
        return WAVE_SAMPLES_MAX;
    return ((int)side_px / WAVE_STEP + 1) * WAVE_STEP;
}

static void make_wave(struct wave *wave, int samples, int modules)
{
    float angle = PI * (float)modules / (float)samples;

    for (int i = 0; i < samples / 2; i++) {
        wave->cosine[i] = cosf(angle * ((float)i + 0.5F));
        wave->sine[i] = sinf(angle * ((float)i + 0.5F));
    }
    wave->made = true;
}

void wave_fold(const float *line, int samples, struct wave_folded *ret_folded)
{
    assert(samples % WAVE_STEP == 0 && samples <= WAVE_SAMPLES_MAX);
    ret_folded->samples = samples;
    for (int i = 0; i < samples / 2; i++) {
        ret_folded->sum[i] = line[i] + line[samples - 1 - i];
        ret_folded->difference[i] = line[i] - line[samples - 1 - i];
    }
}

/* After n/2 whole turns cos(pi n - a) is cos(a) and sin(pi n - a) is -sin(a) for an even n. */
RW_WIDE float wave_power(struct wave_table *table, const struct wave_folded *folded, int index)
{
    struct wave *wave = &table->waves[(folded->samples - WAVE_SAMPLES_MIN) / WAVE_STEP][index];
    float even[WAVE_LANES] = { 0 };
    float odd[WAVE_LANES] = { 0 };
    float sum_even = 0;
    float sum_odd = 0;

    if (!wave->made)
        make_wave(wave, folded->samples, counts[index]);
    for (int i = 0; i < folded->samples / 2; i += WAVE_LANES)
        for (int lane = 0; lane < WAVE_LANES; lane++) {
            even[lane] += folded->sum[i + lane] * wave->cosine[i + lane];
            odd[lane] += folded->difference[i + lane] * wave->sine[i + lane];
        }
    for (int lane = 0; lane < WAVE_LANES; lane++) {
        sum_even += even[lane];
        sum_odd += odd[lane];
    }
    return sum_even * sum_even + sum_odd * sum_odd;
}
