/* SPDX-License-Identifier: Apache-2.0 */
/* Makes a picture smaller by a whole number. */
#include "verifier/shrink.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "core/base/attributes.h"

/* The usual case: the mean of four, half a grey level upwards. */
RW_WIDE static void halve_row(const uint8_t *upper, const uint8_t *lower, int32_t width,
                              uint8_t *ret)
{
    for (int32_t x = 0; x < width; x++)
        ret[x] =
            (uint8_t)((upper[2 * x] + upper[2 * x + 1] + lower[2 * x] + lower[2 * x + 1] + 2) >> 2);
}

/* The sums of the columns of `by` rows. */
static void add_rows(const struct picture *picture, int32_t from, int by, int32_t width,
                     uint16_t *sums)
{
    const uint8_t *first = picture->pixels + (ptrdiff_t)from * picture->stride;
    for (int32_t x = 0; x < width; x++)
        sums[x] = first[x];
    for (int i = 1; i < by; i++) {
        const uint8_t *row = first + (ptrdiff_t)i * picture->stride;
        for (int32_t x = 0; x < width; x++)
            sums[x] = (uint16_t)(sums[x] + row[x]);
    }
}

static void mean_row(const uint16_t *sums, int by, int32_t width, uint8_t *ret)
{
    float part = 1 / (float)(by * by);
    for (int32_t x = 0; x < width; x++) {
        uint32_t sum = 0;
        for (int i = 0; i < by; i++)
            sum += sums[x * by + i];
        ret[x] = (uint8_t)lrintf((float)sum * part);
    }
}

bool shrink_picture(const struct picture *picture, int by, struct rw_arena *arena,
                    struct picture *ret_picture, struct rw_error *err)
{
    struct picture small;
    assert(by >= 1 && by <= SHRINK_BY_MAX);
    if (!picture_make_room(arena, picture->width / by, picture->height / by, &small, err))
        return false;
    uint16_t *sums = rw_arena_room(arena, (size_t)picture->width, sizeof *sums, err);
    if (sums == NULL)
        return false;
    for (int32_t y = 0; y < small.height; y++) {
        const uint8_t *upper = picture->pixels + (ptrdiff_t)y * by * picture->stride;
        uint8_t *row = small.pixels + (ptrdiff_t)y * small.stride;
        if (by == 2) {
            halve_row(upper, upper + picture->stride, small.width, row);
            continue;
        }
        add_rows(picture, y * by, by, small.width * by, sums);
        mean_row(sums, by, small.width, row);
    }
    *ret_picture = small;
    return true;
}
