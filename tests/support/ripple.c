/* SPDX-License-Identifier: Apache-2.0 */
/* Film that is no plane, and a lens that bends straight lines. */
#include "tests/support/ripple.h"

#include <math.h>

#define PI 3.14159265F
#define HIGH_MM_MAX 0.22F /* with waves of 50 mm and more film is drawn out by less than 3 % */
#define LENGTH_MM_MIN 50.0F
#define LENGTH_MM_MAX 120.0F
#define BARREL_MAX 0.015F

static float between(struct rw_random *random, float from, float to)
{
    return from + (float)rw_random_unit(random) * (to - from);
}

struct ripple ripple_make(struct rw_random *random)
{
    struct ripple ripple = { .high_mm = between(random, 0, HIGH_MM_MAX),
                             .barrel = between(random, -BARREL_MAX, BARREL_MAX) };
    for (int i = 0; i < 2; i++) {
        ripple.per_mm[i] = 2 * PI / between(random, LENGTH_MM_MIN, LENGTH_MM_MAX);
        ripple.phase[i] = between(random, 0, 2 * PI);
    }
    return ripple;
}

/* A wave of height 1, by parabolas: within 0.06 of a sine, and several times cheaper. */
static float wave(float radians)
{
    float turns = radians * (0.5F / PI);
    float part = 2 * (turns - floorf(turns)) - 1; /* -1 … 1 */
    return -4 * part * (1 - fabsf(part));
}

static void move_film(const struct ripple *ripple, float by, float at_mm[2])
{
    float x = at_mm[0];
    float y = at_mm[1];
    at_mm[0] = x + by * ripple->high_mm * wave(y * ripple->per_mm[0] + ripple->phase[0]);
    at_mm[1] = y + by * ripple->high_mm * wave(x * ripple->per_mm[1] + ripple->phase[1]);
}

static void move_pixel(float barrel, const int32_t size[2], float at[2])
{
    float middle[2] = { (float)size[0] / 2, (float)size[1] / 2 };
    float x = at[0] - middle[0];
    float y = at[1] - middle[1];
    float corner = middle[0] * middle[0] + middle[1] * middle[1];
    float by = 1 + barrel * (x * x + y * y) / corner;
    at[0] = middle[0] + x * by;
    at[1] = middle[1] + y * by;
}

void ripple_film(const struct ripple *ripple, float at_mm[2])
{
    if (ripple->high_mm > 0)
        move_film(ripple, 1, at_mm);
}

void ripple_lens(const struct ripple *ripple, const int32_t size[2], float at[2])
{
    move_pixel(ripple->barrel, size, at);
}

void ripple_film_back(const struct ripple *ripple, float at_mm[2])
{
    if (ripple->high_mm > 0)
        move_film(ripple, -1, at_mm);
}

void ripple_lens_back(const struct ripple *ripple, const int32_t size[2], float at[2])
{
    move_pixel(-ripple->barrel, size, at);
}
