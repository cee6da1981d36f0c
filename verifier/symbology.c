/* SPDX-License-Identifier: Apache-2.0 */
/* The sizes of Data Matrix ECC 200 and the pattern that frames them. */
#include "verifier/symbology.h"

#include <assert.h>
#include <stddef.h>

#define SMALL_MODULES (14 * 14) /* symbols of fewer are small: 10x10, 12x12 and 8x18 */

/* ISO/IEC 16022:2006 table 7, then ISO/IEC 21471:2020. */
static const struct symbology sizes[SYMBOLOGY_COUNT] = {
    { 10, 10, 1, 1, 3, 5, 1 },        { 12, 12, 1, 1, 5, 7, 1 },
    { 14, 14, 1, 1, 8, 10, 1 },       { 16, 16, 1, 1, 12, 12, 1 },
    { 18, 18, 1, 1, 18, 14, 1 },      { 20, 20, 1, 1, 22, 18, 1 },
    { 22, 22, 1, 1, 30, 20, 1 },      { 24, 24, 1, 1, 36, 24, 1 },
    { 26, 26, 1, 1, 44, 28, 1 },      { 32, 32, 2, 2, 62, 36, 1 },
    { 36, 36, 2, 2, 86, 42, 1 },      { 40, 40, 2, 2, 114, 48, 1 },
    { 44, 44, 2, 2, 144, 56, 1 },     { 48, 48, 2, 2, 174, 68, 1 },
    { 52, 52, 2, 2, 204, 84, 2 },     { 64, 64, 4, 4, 280, 112, 2 },
    { 72, 72, 4, 4, 368, 144, 4 },    { 80, 80, 4, 4, 456, 192, 4 },
    { 88, 88, 4, 4, 576, 224, 4 },    { 96, 96, 4, 4, 696, 272, 4 },
    { 104, 104, 4, 4, 816, 336, 6 },  { 120, 120, 6, 6, 1050, 408, 6 },
    { 132, 132, 6, 6, 1304, 496, 8 }, { 144, 144, 6, 6, 1558, 620, 10 },
    { 8, 18, 1, 1, 5, 7, 1 },         { 8, 32, 1, 2, 10, 11, 1 },
    { 12, 26, 1, 1, 16, 14, 1 },      { 12, 36, 1, 2, 22, 18, 1 },
    { 16, 36, 1, 2, 32, 24, 1 },      { 16, 48, 1, 2, 49, 28, 1 },
    { 8, 48, 1, 2, 18, 15, 1 },       { 8, 64, 1, 4, 24, 18, 1 },
    { 8, 80, 1, 4, 32, 22, 1 },       { 8, 96, 1, 4, 38, 28, 1 },
    { 8, 120, 1, 6, 49, 32, 1 },      { 8, 144, 1, 6, 63, 36, 1 },
    { 12, 64, 1, 4, 43, 27, 1 },      { 12, 88, 1, 4, 64, 36, 1 },
    { 16, 64, 1, 4, 62, 36, 1 },      { 20, 36, 1, 2, 44, 28, 1 },
    { 20, 44, 1, 2, 56, 34, 1 },      { 20, 64, 1, 4, 84, 42, 1 },
    { 22, 48, 1, 2, 72, 38, 1 },      { 24, 48, 1, 2, 80, 41, 1 },
    { 24, 64, 1, 4, 108, 46, 1 },     { 26, 40, 1, 2, 70, 38, 1 },
    { 26, 48, 1, 2, 90, 42, 1 },      { 26, 64, 1, 4, 118, 50, 1 },
};

const struct symbology *symbology_get(int size)
{
    assert(size >= 0 && size < SYMBOLOGY_COUNT);
    return &sizes[size];
}

int symbology_find(int rows, int cols)
{
    for (int size = 0; size < SYMBOLOGY_COUNT; size++)
        if (sizes[size].rows == rows && sizes[size].cols == cols)
            return size;
    return -1;
}

enum symbology_part symbology_part_at(const struct symbology *size, int row, int col)
{
    assert(row >= 0 && row < size->rows && col >= 0 && col < size->cols);
    int height = size->rows / size->regions_down;
    int width = size->cols / size->regions_across;
    int down = row % height;
    int across = col % width;

    if (across == 0 || down == height - 1)
        return SYMBOLOGY_DARK;
    if (down == 0)
        return across % 2 == 0 ? SYMBOLOGY_DARK : SYMBOLOGY_LIGHT;
    if (across == width - 1)
        return (height - 1 - down) % 2 == 0 ? SYMBOLOGY_DARK : SYMBOLOGY_LIGHT;
    return SYMBOLOGY_DATA;
}

bool symbology_is_small(const struct symbology *size)
{
    return size->rows * size->cols < SMALL_MODULES;
}
