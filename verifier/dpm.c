/* SPDX-License-Identifier: Apache-2.0 */
/* Marks cells as ISO/IEC 29158 does, for film that is not white. */
#include "verifier/dpm.h"

#include <math.h>
#include <stdlib.h>

#include "verifier/marks.h"

/* ISO/IEC 29158 (AIM DPM-1): limits of the cell contrast. */
static const float contrast_limits[4] = { 0.30F, 0.25F, 0.20F, 0.15F };

/* Where dark and light part, and their means. */
struct levels {
    float threshold;
    float light;
    float dark;
};

static int by_value(const void *left, const void *right)
{
    float first = *(const float *)left;
    float second = *(const float *)right;
    return (first > second) - (first < second);
}

static double variance(double sum, double squares, double count)
{
    return squares / count - sum / count * (sum / count);
}

/* The threshold under which dark and light modules vary least among themselves. */
static struct levels find_levels(float *sorted, int count)
{
    double sum = 0;
    double squares = 0;
    double dark_sum = 0;
    double dark_squares = 0;
    double best = HUGE_VAL;
    struct levels levels = { sorted[0], sorted[0], sorted[0] };

    for (int i = 0; i < count; i++) {
        sum += (double)sorted[i];
        squares += (double)sorted[i] * (double)sorted[i];
    }
    for (int i = 1; i < count; i++) {
        dark_sum += (double)sorted[i - 1];
        dark_squares += (double)sorted[i - 1] * (double)sorted[i - 1];
        double spread = variance(dark_sum, dark_squares, i) +
                        variance(sum - dark_sum, squares - dark_squares, count - i);
        if (sorted[i] > sorted[i - 1] && spread < best) {
            best = spread;
            levels =
                (struct levels){ (sorted[i] + sorted[i - 1]) / 2,
                                 (float)((sum - dark_sum) / (count - i)), (float)(dark_sum / i) };
        }
    }
    return levels;
}

static struct levels levels_of(const struct modules *modules, const struct symbology *size)
{
    float sorted[MODULES_ROOM];
    int count = 0;
    for (int row = 0; row < size->rows; row++)
        for (int col = 0; col < size->cols; col++)
            sorted[count++] = modules->grey[(row + 1) * (size->cols + 2) + col + 1];
    qsort(sorted, (size_t)count, sizeof sorted[0], by_value);
    return find_levels(sorted, count);
}

void dpm_mark(const struct codewords_layout *layout, const uint8_t *words,
              const struct modules *modules, struct dpm_marks *ret_marks)
{
    const struct symbology *size = layout->size;
    struct levels levels = levels_of(modules, size);
    struct marks_sheet sheet = { .layout = layout };
    uint8_t dark[SYMBOLOGY_SIDE_MAX * SYMBOLOGY_SIDE_MAX];
    float damage = 0;
    float above = fmaxf(levels.light - levels.threshold, 1e-6F);
    float below = fmaxf(levels.threshold - levels.dark, 1e-6F);
    struct dpm_marks marks = { .cell_contrast = levels.light > 0
                                                    ? (levels.light - levels.dark) / levels.light
                                                    : 0 };

    codewords_draw(layout, words, dark);
    for (int row = -1; row <= size->rows; row++)
        for (int col = -1; col <= size->cols; col++) {
            int at = (row + 1) * (size->cols + 2) + col + 1;
            float over = modules->grey[at] - levels.threshold;
            sheet.margin[at] = marks_is_dark(size, dark, row, col) ? -over / below : over / above;
        }
    marks.contrast = marks_at_least(marks.cell_contrast, contrast_limits);
    marks.modulation = marks_of_words(&sheet, &marks.cell_modulation);
    marks.fixed_pattern = marks_of_frame(&sheet, true, &damage);
    *ret_marks = marks;
}
