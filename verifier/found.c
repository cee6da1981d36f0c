/* SPDX-License-Identifier: Apache-2.0 */
/* The text of a label where it was found. */
#include "verifier/found.h"

#include <string.h>

#define WHITE 255

static void draw_cell(const struct cell *cell, const struct picture *print, struct picture *found)
{
    for (int k = 0; k < cell->box.width * cell->box.height; k++) {
        int x = cell->box.x + k % cell->box.width;
        int y = cell->box.y + k / cell->box.width;
        int col = x + cell->shift.x;
        int row = y + cell->shift.y;
        if (col < 0 || row < 0 || col >= print->width || row >= print->height)
            continue;
        uint8_t grey = print->pixels[(ptrdiff_t)y * print->stride + x];
        uint8_t *pixel = found->pixels + (ptrdiff_t)row * found->stride + col;
        *pixel = grey < *pixel ? grey : *pixel;
    }
}

bool found_draw(const struct laying *laying, const struct picture *print, struct rw_arena *arena,
                struct picture *ret_found, struct rw_error *err)
{
    if (!picture_make(arena, print->width, print->height, ret_found, err))
        return false;
    memset(ret_found->pixels, WHITE, (size_t)ret_found->stride * (size_t)print->height);
    for (size_t i = 0; i < laying->count; i++)
        draw_cell(&laying->cells[i], print, ret_found);
    return true;
}
