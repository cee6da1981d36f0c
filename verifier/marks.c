/* SPDX-License-Identifier: Apache-2.0 */
/* Marks from A to F, as the methods of grading share them. */
#include "verifier/marks.h"

#include <math.h>

#define SEGMENTS 5 /* two legs of the L, their quiet zones, the clock tracks together */
#define BLOCKS_MAX 10

/* ISO/IEC 15415 7.8.4 and 7.8.8; ISO/IEC 16022 annex M. */
static const float margin_limits[4] = { 0.50F, 0.40F, 0.30F, 0.20F };
static const float unused_limits[4] = { 0.62F, 0.50F, 0.37F, 0.25F };
static const float damage_limits[4] = { 0.0F, 0.09F, 0.13F, 0.17F };
static const float mean_limits[4] = { 4.0F, 3.5F, 3.0F, 2.5F };

int8_t marks_at_least(float value, const float limits[4])
{
    for (int i = 0; i < 4; i++)
        if (value >= limits[i])
            return (int8_t)(4 - i);
    return 0;
}

int8_t marks_at_most(float value, const float limits[4])
{
    for (int i = 0; i < 4; i++)
        if (value <= limits[i])
            return (int8_t)(4 - i);
    return 0;
}

int8_t marks_of_unused(float unused)
{
    return marks_at_least(unused, unused_limits);
}

bool marks_is_dark(const struct symbology *size, const uint8_t *dark, int row, int col)
{
    bool inside = row >= 0 && col >= 0 && row < size->rows && col < size->cols;
    return inside && dark[row * size->cols + col] != 0;
}

static float margin_at(const struct marks_sheet *sheet, int row, int col)
{
    return sheet->margin[(row + 1) * (sheet->layout->size->cols + 2) + col + 1];
}

/* The least margin of each codeword's modules. */
static void find_least(const struct marks_sheet *sheet, float least[SYMBOLOGY_WORDS_MAX])
{
    const struct symbology *size = sheet->layout->size;
    for (int i = 0; i < size->data_words + size->check_words; i++)
        least[i] = 1;
    for (int row = 0; row < size->rows; row++)
        for (int col = 0; col < size->cols; col++) {
            if (symbology_part_at(size, row, col) != SYMBOLOGY_DATA)
                continue;
            int bit = sheet->layout->bit_of[codewords_cell(sheet->layout, row, col)];
            if (bit >= 0)
                least[bit / 8] = fminf(least[bit / 8], fmaxf(margin_at(sheet, row, col), 0));
        }
}

/* Error correction that is left when all codewords below a margin are errors; the worst block. */
static float unused_at(const struct symbology *size, const float *least, float margin)
{
    int below[BLOCKS_MAX] = { 0 };
    int most = 0;
    for (int i = 0; i < size->data_words + size->check_words; i++) {
        int block = (i < size->data_words ? i : i - size->data_words) % size->blocks;
        if (least[i] < margin)
            most = ++below[block] > most ? below[block] : most;
    }
    return 1 - 2 * (float)most * (float)size->blocks / (float)size->check_words;
}

int8_t marks_of_words(const struct marks_sheet *sheet, float *ret_worst)
{
    const struct symbology *size = sheet->layout->size;
    float least[SYMBOLOGY_WORDS_MAX];
    int8_t best = 0;

    find_least(sheet, least);
    *ret_worst = 1;
    for (int i = 0; i < size->data_words + size->check_words; i++)
        *ret_worst = fminf(*ret_worst, least[i]);
    for (int level = 4; level >= 1; level--) {
        int8_t mended = marks_of_unused(unused_at(size, least, margin_limits[4 - level]));
        int8_t grade = mended < level ? mended : (int8_t)level;
        best = grade > best ? grade : best;
    }
    return best;
}

/* The part of a segment's modules that have no such margin. */
static float damage_at(const struct marks_sheet *sheet, int segment, float margin)
{
    int rows = sheet->layout->size->rows;
    int cols = sheet->layout->size->cols;
    int wrong = 0;
    int count = 0;

    if (segment == 0 || segment == 2)
        for (int row = 0; row < rows; row++, count++)
            wrong += margin_at(sheet, row, segment == 0 ? 0 : -1) < margin;
    if (segment == 1 || segment == 3)
        for (int col = 0; col < cols; col++, count++)
            wrong += margin_at(sheet, segment == 1 ? rows - 1 : rows, col) < margin;
    if (segment == 4) {
        for (int col = 1; col < cols; col++, count++)
            wrong += margin_at(sheet, 0, col) < margin;
        for (int row = 1; row < rows - 1; row++, count++)
            wrong += margin_at(sheet, row, cols - 1) < margin;
    }
    return (float)wrong / (float)count;
}

static int8_t mark_segment(const struct marks_sheet *sheet, int segment)
{
    int8_t best = 0;
    for (int level = 4; level >= 1; level--) {
        int8_t whole =
            marks_at_most(damage_at(sheet, segment, margin_limits[4 - level]), damage_limits);
        int8_t grade = whole < level ? whole : (int8_t)level;
        best = grade > best ? grade : best;
    }
    return best;
}

int8_t marks_of_frame(const struct marks_sheet *sheet, bool by_level, float *ret_damage)
{
    const float right_side = 1e-6F;
    int sum = 0;
    int8_t lowest = 4;

    *ret_damage = 0;
    for (int segment = 0; segment < SEGMENTS; segment++) {
        float damage = damage_at(sheet, segment, right_side);
        int8_t grade =
            by_level ? mark_segment(sheet, segment) : marks_at_most(damage, damage_limits);
        *ret_damage = fmaxf(*ret_damage, damage);
        lowest = grade < lowest ? grade : lowest;
        sum += grade;
    }
    /* The mean of all counts as a segment of its own. */
    int8_t average = marks_at_least((float)sum / SEGMENTS, mean_limits);
    return average < lowest ? average : lowest;
}
