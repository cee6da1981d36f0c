/* SPDX-License-Identifier: Apache-2.0 */
/* Finds film and black print on a picture of the test roll. */
#include "verifier/chart.h"

#include <string.h>

#include "core/model/gs1.h"
#include "verifier/aperture.h"

#define APERTURE 0.8F
#define WHITE 255.0F

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

static struct light_spot spot_of(const struct picture *picture, const struct grid *grid,
                                 struct modules *modules)
{
    const struct symbology *size = symbology_get(grid->size);
    struct picture_point centre = grid_quad_centre(&grid->quad);
    struct light_spot spot = { .x = centre.x, .y = centre.y };
    int stride = size->cols + 2;
    float ring = 0;
    float black = 0;

    aperture_sample(picture, grid, APERTURE, NULL, modules);
    for (int col = 0; col < size->cols; col++) {
        ring += modules->grey[col + 1] + modules->grey[(size->rows + 1) * stride + col + 1];
        black += modules->grey[size->rows * stride + col + 1];
    }
    for (int row = 0; row < size->rows; row++) {
        ring += modules->grey[(row + 1) * stride] + modules->grey[(row + 2) * stride - 1];
        black += modules->grey[(row + 1) * stride + 1];
    }
    spot.film = WHITE * ring / (float)(2 * size->rows + 2 * size->cols);
    spot.black = WHITE * black / (float)(size->rows + size->cols);
    return spot;
}

size_t chart_spots(const struct picture *picture, const struct readings *readings,
                   struct modules *modules, struct light_spot *ret_spots, size_t count)
{
    for (size_t i = 0; i < readings->count && count < LIGHT_SPOTS_MAX; i++)
        if (is_of_chart(&readings->readings[i]))
            ret_spots[count++] = spot_of(picture, &readings->readings[i].grid, modules);
    return count;
}
