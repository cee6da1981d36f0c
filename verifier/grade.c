/* SPDX-License-Identifier: Apache-2.0 */
/* Grades the print of a symbol as ISO/IEC 15415 does. */
#include "verifier/grade.h"

#include <math.h>
#include <string.h>

#define GREY_MAX 255.0F
#define SEGMENTS 5 /* two legs of the L, their quiet zones, the clock tracks together */

/* Limits of the grades A to D, ISO/IEC 15415 clause 7.8 and annex A. */
static const float contrast_limits[4] = { 0.70F, 0.55F, 0.40F, 0.20F };
static const float modulation_limits[4] = { 0.50F, 0.40F, 0.30F, 0.20F };
static const float unused_limits[4] = { 0.62F, 0.50F, 0.37F, 0.25F };
static const float axial_limits[4] = { 0.06F, 0.08F, 0.10F, 0.12F };
static const float grid_limits[4] = { 0.38F, 0.50F, 0.63F, 0.75F };
static const float damage_limits[4] = { 0.0F, 0.09F, 0.13F, 0.17F };

static int8_t at_least(float value, const float limits[4])
{
    for (int i = 0; i < 4; i++)
        if (value >= limits[i])
            return (int8_t)(4 - i);
    return 0;
}

static int8_t at_most(float value, const float limits[4])
{
    for (int i = 0; i < 4; i++)
        if (value <= limits[i])
            return (int8_t)(4 - i);
    return 0;
}

/* The symbol's modules with their truth: what an encoder would have printed. */
struct sheet {
    const struct symbology *size;
    const struct codewords_layout *layout;
    const struct modules *modules;
    uint8_t dark[SYMBOLOGY_SIDE_MAX * SYMBOLOGY_SIDE_MAX];
    float middle; /* global threshold */
    float range;  /* symbol contrast in grey levels */
};

static float grey_at(const struct sheet *sheet, int row, int col)
{
    return sheet->modules->grey[(row + 1) * (sheet->size->cols + 2) + col + 1];
}

static bool is_dark(const struct sheet *sheet, int row, int col)
{
    return grey_at(sheet, row, col) < sheet->middle;
}

static void find_range(struct sheet *sheet)
{
    float lowest = GREY_MAX;
    float highest = 0;
    for (int row = -1; row <= sheet->size->rows; row++)
        for (int col = -1; col <= sheet->size->cols; col++) {
            lowest = fminf(lowest, grey_at(sheet, row, col));
            highest = fmaxf(highest, grey_at(sheet, row, col));
        }
    sheet->middle = (lowest + highest) / 2;
    sheet->range = fmaxf(highest - lowest, 1);
}

/* The least reflectance margin of each codeword's modules; on the wrong side it is 0. */
static void find_margins(const struct sheet *sheet, float margins[SYMBOLOGY_WORDS_MAX])
{
    int words = sheet->size->data_words + sheet->size->check_words;
    for (int i = 0; i < words; i++)
        margins[i] = 1;
    for (int row = 0; row < sheet->size->rows; row++)
        for (int col = 0; col < sheet->size->cols; col++) {
            if (symbology_part_at(sheet->size, row, col) != SYMBOLOGY_DATA)
                continue;
            int bit = sheet->layout->bit_of[codewords_cell(sheet->layout, row, col)];
            if (bit < 0)
                continue;
            bool right = is_dark(sheet, row, col) == sheet->dark[row * sheet->size->cols + col];
            float margin = 2 * fabsf(grey_at(sheet, row, col) - sheet->middle) / sheet->range;
            margins[bit / 8] = fminf(margins[bit / 8], right ? margin : 0);
        }
}

/* The best level at which the codewords that fall short could still be mended. */
static int8_t modulation_grade(const struct symbology *size, const float *margins)
{
    int words = size->data_words + size->check_words;
    int8_t best = 0;
    for (int level = 4; level >= 1; level--) {
        int short_of[10] = { 0 };
        int most = 0;
        for (int i = 0; i < words; i++) {
            int block = (i < size->data_words ? i : i - size->data_words) % size->blocks;
            if (margins[i] < modulation_limits[4 - level])
                most = ++short_of[block] > most ? short_of[block] : most;
        }
        float unused = 1 - 2 * (float)most / ((float)size->check_words / (float)size->blocks);
        int8_t mended = at_least(unused, unused_limits);
        int8_t grade = mended < level ? mended : (int8_t)level;
        best = grade > best ? grade : best;
    }
    return best;
}

/* The part of a segment's modules that came out wrong. */
static float segment_damage(const struct sheet *sheet, int segment)
{
    int rows = sheet->size->rows;
    int cols = sheet->size->cols;
    int wrong = 0;
    int count = 0;

    if (segment == 0 || segment == 2)
        for (int row = 0; row < rows; row++, count++)
            wrong += is_dark(sheet, row, segment == 0 ? 0 : -1) != (segment == 0);
    if (segment == 1 || segment == 3)
        for (int col = 0; col < cols; col++, count++)
            wrong += is_dark(sheet, segment == 1 ? rows - 1 : rows, col) != (segment == 1);
    if (segment == 4) {
        for (int col = 1; col < cols; col++, count++)
            wrong += is_dark(sheet, 0, col) != (col % 2 == 0);
        for (int row = 1; row < rows - 1; row++, count++)
            wrong += is_dark(sheet, row, cols - 1) != ((rows - 1 - row) % 2 == 0);
    }
    return (float)wrong / (float)count;
}

/* The lowest of the segments and of their mean (ISO/IEC 15415 annex A, AG). */
static int8_t frame_grade(const struct sheet *sheet, float *ret_worst)
{
    int sum = 0;
    int8_t lowest = 4;
    float worst = 0;
    for (int segment = 0; segment < SEGMENTS; segment++) {
        float damage = segment_damage(sheet, segment);
        int8_t grade = at_most(damage, damage_limits);
        worst = fmaxf(worst, damage);
        lowest = grade < lowest ? grade : lowest;
        sum += grade;
    }
    float mean = (float)sum / SEGMENTS;
    static const float mean_limits[4] = { 4.0F, 3.5F, 3.0F, 2.5F };
    int8_t average = at_least(mean, mean_limits);
    *ret_worst = worst;
    return average < lowest ? average : lowest;
}

/* The largest shift of a part of the grid from where its corners put it. */
static float grid_deviation(const struct picture *picture, const struct grid *grid)
{
    struct modules_mesh mesh;
    float largest = 0;
    modules_fit_mesh(picture, grid, &mesh);
    for (int i = 0; i < mesh.down * mesh.across; i++)
        largest = fmaxf(largest, hypotf(mesh.shift_u[i], mesh.shift_v[i]));
    return largest;
}

static int8_t lowest_of(const struct verdict_grade *grade)
{
    const int8_t marks[] = { grade->decode,          grade->contrast, grade->modulation,
                             grade->fixed_pattern,   grade->axial,    grade->grid,
                             grade->error_correction };
    int8_t lowest = 4;
    for (size_t i = 0; i < RW_COUNT(marks); i++)
        lowest = marks[i] >= 0 && marks[i] < lowest ? marks[i] : lowest;
    return lowest;
}

void grade_symbol(const struct picture *picture, const struct reading *reading,
                  const struct codewords_layout *layout, struct modules *modules,
                  struct verdict_grade *ret_grade, struct grade_measures *ret_measures)
{
    const struct grid *grid = &reading->grid;
    struct sheet sheet = { .size = layout->size, .layout = layout, .modules = modules };
    struct grade_measures measures = { .modulation = 1 };
    float margins[SYMBOLOGY_WORDS_MAX];
    int words = layout->size->data_words + layout->size->check_words;

    modules_sample(picture, grid, NULL, modules);
    codewords_draw(layout, reading->words, sheet.dark);
    find_range(&sheet);
    find_margins(&sheet, margins);
    for (int i = 0; i < words; i++)
        measures.modulation = fminf(measures.modulation, margins[i]);
    float across = grid_quad_width(&grid->quad) / (float)layout->size->cols;
    float down = grid_quad_height(&grid->quad) / (float)layout->size->rows;
    measures.contrast = sheet.range / GREY_MAX;
    measures.axial = fabsf(across - down) / ((across + down) / 2);
    measures.grid = grid_deviation(picture, grid);
    measures.unused =
        (float)reading->unused * (float)layout->size->blocks / (float)layout->size->check_words;

    struct verdict_grade grade = {
        .decode = 4, /* it was read */
        .contrast = at_least(measures.contrast, contrast_limits),
        .modulation = modulation_grade(layout->size, margins),
        .fixed_pattern = frame_grade(&sheet, &measures.frame),
        .axial = at_most(measures.axial, axial_limits),
        .grid = at_most(measures.grid, grid_limits),
        .error_correction = at_least(measures.unused, unused_limits),
    };
    grade.overall = lowest_of(&grade);
    *ret_grade = grade;
    *ret_measures = measures;
}
