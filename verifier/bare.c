/* SPDX-License-Identifier: Apache-2.0 */
/* The seen label without the ink that is wanted on it. */
#include "verifier/bare.h"

#include <math.h>
#include <string.h>

static bool copy(const struct picture *picture, struct rw_arena *arena, struct picture *ret_copy,
                 struct rw_error *err)
{
    if (!picture_make(arena, picture->width, picture->height, ret_copy, err))
        return false;
    for (int y = 0; y < picture->height; y++)
        memcpy(ret_copy->pixels + (ptrdiff_t)y * ret_copy->stride,
               picture->pixels + (ptrdiff_t)y * picture->stride, (size_t)picture->width);
    return true;
}

static void take_off(const struct laying *laying, const struct cell *cell,
                     const struct picture *paper, float contrast, struct picture *bare)
{
    const struct picture *seen = &laying->registration->seen;
    for (int y = 0; y < cell->box.height; y++) {
        int row = cell->box.y + y + cell->shift.y;
        const int16_t *wanted = plane_row(&laying->planes.wanted, cell->box.x, cell->box.y + y);
        if (row < 0 || row >= seen->height)
            continue;
        for (int x = 0; x < cell->box.width; x++) {
            int col = cell->box.x + x + cell->shift.x;
            if (col < 0 || col >= seen->width)
                continue;
            ptrdiff_t at = (ptrdiff_t)row * seen->stride + col;
            float most = paper->pixels[(ptrdiff_t)row * paper->stride + col];
            float grey = fminf((float)seen->pixels[at] + contrast * (float)wanted[x], most);
            uint8_t *pixel = bare->pixels + (ptrdiff_t)row * bare->stride + col;
            *pixel = grey > (float)*pixel ? (uint8_t)grey : *pixel;
        }
    }
}

bool bare_make(const struct laying *laying, const struct picture *paper, float least,
               struct rw_arena *arena, struct picture *ret_bare, struct rw_error *err)
{
    if (!copy(&laying->registration->seen, arena, ret_bare, err))
        return false;
    for (size_t i = 0; i < laying->count; i++)
        take_off(laying, &laying->cells[i], paper, fmaxf(laying->cells[i].contrast, least),
                 ret_bare);
    return true;
}
