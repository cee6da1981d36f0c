/* SPDX-License-Identifier: Apache-2.0 */
/* Shows a picture as it looks through a homography. */
#include "verifier/warp.h"

#include <math.h>

/* Pixels of a row between which places are laid evenly: over so few a perspective of 15 degrees
 * bends by less than a hundredth of a pixel, and one division serves them all. */
#define RUN 16
#define PLACE_BITS 11                      /* of a pixel, in the places of a run */
#define FAR_PX (4.0F * PICTURE_SIDE_MAX)   /* beyond all edges, and within 32 bits */
#define WEIGHT_BITS 8                      /* of the weight of a pixel among its neighbours */
#define ROUND (1 << (2 * WEIGHT_BITS - 1)) /* half of one grey level */

/* Parts of a pixel from the centre of the first pixel. */
struct place {
    int32_t x;
    int32_t y;
};

static int32_t to_parts(float px)
{
    /* A point on the horizon is no number, which fmaxf turns into a far one. */
    return (int32_t)lrintf(fminf(fmaxf(px, -FAR_PX), FAR_PX) * (1 << PLACE_BITS));
}

static struct place place_of(const float h[9], int32_t x, int32_t y)
{
    float at_x = (float)x + 0.5F;
    float at_y = (float)y + 0.5F;
    float below = 1 / (h[6] * at_x + h[7] * at_y + h[8]);
    return (struct place){ to_parts((h[0] * at_x + h[1] * at_y + h[2]) * below - 0.5F),
                           to_parts((h[3] * at_x + h[4] * at_y + h[5]) * below - 0.5F) };
}

static uint8_t mix(const uint8_t pixels[4], int32_t x, int32_t y)
{
    int32_t right = x >> (PLACE_BITS - WEIGHT_BITS) & ((1 << WEIGHT_BITS) - 1);
    int32_t down = y >> (PLACE_BITS - WEIGHT_BITS) & ((1 << WEIGHT_BITS) - 1);
    int32_t upper = (pixels[0] << WEIGHT_BITS) + (pixels[1] - pixels[0]) * right;
    int32_t lower = (pixels[2] << WEIGHT_BITS) + (pixels[3] - pixels[2]) * right;
    return (uint8_t)(((upper << WEIGHT_BITS) + (lower - upper) * down + ROUND) >>
                     (2 * WEIGHT_BITS));
}

static int32_t clamp(int32_t at, int32_t count)
{
    return at < 0 ? 0 : at >= count ? count - 1 : at;
}

/* One place that may lie beyond the edge. */
static uint8_t at_edge(const struct picture *picture, int32_t x, int32_t y)
{
    int32_t column = x >> PLACE_BITS;
    int32_t row = y >> PLACE_BITS;
    const uint8_t *above =
        picture->pixels + (ptrdiff_t)clamp(row, picture->height) * picture->stride;
    const uint8_t *below =
        picture->pixels + (ptrdiff_t)clamp(row + 1, picture->height) * picture->stride;
    int32_t left = clamp(column, picture->width);
    int32_t right = clamp(column + 1, picture->width);
    return mix((const uint8_t[4]){ above[left], above[right], below[left], below[right] }, x, y);
}

static bool is_inside(const struct picture *picture, struct place at)
{
    return at.x >= 0 && at.y >= 0 && at.x >> PLACE_BITS < picture->width - 1 &&
           at.y >> PLACE_BITS < picture->height - 1;
}

/* The pixels of a run whose first place and the one behind its last are known. */
static void fill_run(const struct picture *picture, struct place from, struct place to,
                     int32_t count, uint8_t *pixels)
{
    int32_t step_x = (to.x - from.x) / count;
    int32_t step_y = (to.y - from.y) / count;

    if (!is_inside(picture, from) || !is_inside(picture, to)) {
        for (int32_t i = 0; i < count; i++)
            pixels[i] = at_edge(picture, from.x + i * step_x, from.y + i * step_y);
        return;
    }
    for (int32_t i = 0; i < count; i++) {
        int32_t x = from.x + i * step_x;
        int32_t y = from.y + i * step_y;
        const uint8_t *above =
            picture->pixels + (ptrdiff_t)(y >> PLACE_BITS) * picture->stride + (x >> PLACE_BITS);
        const uint8_t *below = above + picture->stride;
        pixels[i] = mix((const uint8_t[4]){ above[0], above[1], below[0], below[1] }, x, y);
    }
}

bool warp_picture(const struct picture *picture, const struct warp_view *how,
                  struct rw_arena *arena, struct picture *ret_picture, struct rw_error *err)
{
    struct picture flat;

    if (!picture_make_room(arena, how->width, how->height, &flat, err))
        return false;
    for (int32_t y = 0; y < flat.height; y++) {
        uint8_t *row = flat.pixels + (ptrdiff_t)y * flat.stride;
        struct place from = place_of(how->to_source, 0, y);
        for (int32_t x = 0; x < flat.width; x += RUN) {
            int32_t count = flat.width - x < RUN ? flat.width - x : RUN;
            struct place to = place_of(how->to_source, x + count, y);
            fill_run(picture, from, to, count, row + x);
            from = to;
        }
    }
    *ret_picture = flat;
    return true;
}
