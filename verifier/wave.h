/* SPDX-License-Identifier: Apache-2.0 */
/* Says how much of the light along a line one clock explains. */
#ifndef RW_VERIFIER_WAVE_H
#define RW_VERIFIER_WAVE_H

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

#define WAVE_LANES 8 /* sums that run side by side, so that the compiler can vectorise them */
#define WAVE_STEP 16 /* a line has a multiple of this many samples: two times the lanes */
#define WAVE_SAMPLES_MIN 48
#define WAVE_SAMPLES_MAX 288
#define WAVE_HALF_MAX (WAVE_SAMPLES_MAX / 2)
#define WAVE_COUNTS 25 /* different numbers of modules that the side of a symbol can have */

/* A clock has an even number of modules: about its middle the cosine of its wave is even and the
 * sine odd, so half of each says all. Each length is worked out when it is first asked for. */
struct wave_table;

/* A line folded at its middle: the sums and the differences of what lies as far from it. */
struct wave_folded {
    int samples;
    float sum[WAVE_HALF_MAX];
    float difference[WAVE_HALF_MAX];
};

RW_MUST_USE bool wave_open(struct rw_arena *arena, struct wave_table **ret_table,
                           struct rw_error *err);
/* The place of a number of modules; a size's rows or columns are always one. */
int wave_index(int modules);
int wave_modules(int index);
/* The number of samples for a side of so many pixels. */
int wave_samples(float side_px);
void wave_fold(const float *line, int samples, struct wave_folded *ret_folded);
/* The part of a line's light that a clock of wave_modules(index) explains. */
float wave_power(struct wave_table *table, const struct wave_folded *folded, int index);

#endif
