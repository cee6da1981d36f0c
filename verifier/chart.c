/* SPDX-License-Identifier: Apache-2.0 */
/* Finds film and black print on a picture of the test roll. */
#include "verifier/chart.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/model/gs1.h"
#include "verifier/aperture.h"

#define APERTURE 0.8F
#define WHITE 255.0F
#define NEARLY 0.96F

static bool is_of_chart(const struct reading *reading)
{
    struct gs1_string elements;
    char text[GS1_TEXT_MAX];
    if (!reading->gs1 || reading->inverted ||
        !gs1_parse_bytes((const char *)reading->bytes, reading->length, &elements, NULL))
        return false;
    gs1_write_bracketed(&elements, text);
    return strstr(text, "(21)000000000") != NULL || strstr(text, "(91)1000000000") != NULL;
}

static int by_value(const void *left, const void *right)
{
    float first = *(const float *)left;
    float second = *(const float *)right;
    return (first > second) - (first < second);
}

/* The median of one side of the symbol: its modules from `first`, `step` apart. */
static float side_of(const float *grey, int first, int step, int count)
{
    float values[SYMBOLOGY_SIDE_MAX];
    for (int i = 0; i < count; i++)
        values[i] = grey[first + i * step];
    qsort(values, (size_t)count, sizeof *values, by_value);
    return WHITE * values[count / 2];
}

/* Where the grid lies a little off, a side of it sees its neighbours: the mean of those sides that
 * are nearly as light as the lightest. The light itself changes less over a symbol. */
static float film_of(const float sides[4])
{
    float sum = 0;
    float best = 0;
    int count = 0;
    for (int i = 0; i < 4; i++)
        best = fmaxf(best, sides[i]);
    for (int i = 0; i < 4; i++) {
        if (sides[i] < NEARLY * best)
            continue;
        sum += sides[i];
        count++;
    }
    return sum / (float)count;
}

static struct light_spot spot_of(const struct picture *picture, const struct grid *grid,
                                 struct modules *modules)
{
    const struct symbology *size = symbology_get(grid->size);
    struct picture_point centre = grid_quad_centre(&grid->quad);
    const float *grey = modules->grey;
    int stride = size->cols + 2;

    aperture_sample(picture, grid, APERTURE, NULL, modules);
    const float film[4] = { side_of(grey, 1, 1, size->cols),
                            side_of(grey, (size->rows + 1) * stride + 1, 1, size->cols),
                            side_of(grey, stride, stride, size->rows),
                            side_of(grey, 2 * stride - 1, stride, size->rows) };
    float lower = side_of(grey, size->rows * stride + 1, 1, size->cols);
    float left = side_of(grey, stride + 1, stride, size->rows);
    return (struct light_spot){ centre.x, centre.y, film_of(film), fminf(lower, left) };
}

size_t chart_spots(const struct picture *picture, const struct readings *readings,
                   struct modules *modules, struct light_spot *ret_spots, size_t count)
{
    for (size_t i = 0; i < readings->count && count < LIGHT_SPOTS_MAX; i++)
        if (is_of_chart(&readings->readings[i]))
            ret_spots[count++] = spot_of(picture, &readings->readings[i].grid, modules);
    return count;
}
