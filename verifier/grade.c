/* SPDX-License-Identifier: Apache-2.0 */
/* Grades the print of a symbol as ISO/IEC 15415 and 29158 do. */
#include "verifier/grade.h"

#include <math.h>

#include "verifier/aperture.h"
#include "verifier/dpm.h"
#include "verifier/marks.h"
#include "verifier/seat.h"

#define APERTURE 0.8F        /* of a module, ISO/IEC 15415 6.2.3 */
#define APERTURE_SMALL 0.5F  /* and 29158, which takes the better of the two */
#define WHITE_FILM_MILLI 550 /* below, no symbol can have a contrast of B, however black it is */

/* Limits of the grades A to D, ISO/IEC 15415 clause 7.8. */
static const float contrast_limits[4] = { 0.70F, 0.55F, 0.40F, 0.20F };
static const float axial_limits[4] = { 0.06F, 0.08F, 0.10F, 0.12F };
static const float grid_limits[4] = { 0.38F, 0.50F, 0.63F, 0.75F };

/* Margins to the middle between the darkest and the lightest module. Without the truth, a module is
 * taken for what it looks like (MOD); with it, one on the wrong side has none (RM). */
static void find_margins(const struct modules *modules, const uint8_t *dark, float middle,
                         float range, struct marks_sheet *sheet)
{
    const struct symbology *size = sheet->layout->size;
    for (int row = -1; row <= size->rows; row++)
        for (int col = -1; col <= size->cols; col++) {
            int at = (row + 1) * (size->cols + 2) + col + 1;
            float over = 2 * (modules->grey[at] - middle) / range;
            sheet->margin[at] = dark == NULL                          ? fabsf(over)
                                : marks_is_dark(size, dark, row, col) ? -over
                                                                      : over;
        }
}

void grade_modules(const struct codewords_layout *layout, const uint8_t *words,
                   const struct modules *modules, bool is_calibrated,
                   struct verdict_grade *ret_grade, struct grade_measures *ret_measures)
{
    struct marks_sheet sheet = { .layout = layout };
    uint8_t dark[SYMBOLOGY_SIDE_MAX * SYMBOLOGY_SIDE_MAX];
    int count = (layout->size->rows + 2) * (layout->size->cols + 2);
    float lowest = modules->grey[0];
    float highest = modules->grey[0];

    for (int i = 1; i < count; i++) {
        lowest = fminf(lowest, modules->grey[i]);
        highest = fmaxf(highest, modules->grey[i]);
    }
    float middle = (lowest + highest) / 2;
    float range = fmaxf(highest - lowest, 1e-3F);
    ret_measures->contrast = highest - lowest;
    ret_grade->contrast = marks_at_least(ret_measures->contrast, contrast_limits);
    find_margins(modules, NULL, middle, range, &sheet);
    ret_grade->modulation = marks_of_words(&sheet, &ret_measures->modulation);
    codewords_draw(layout, words, dark);
    find_margins(modules, dark, middle, range, &sheet);
    ret_grade->reflectance_margin = marks_of_words(&sheet, &ret_measures->margin);
    ret_grade->fixed_pattern = marks_of_frame(&sheet, is_calibrated, &ret_measures->frame);
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

/* The lowest of those that were measured. */
static int8_t lowest_of(const int8_t *marks, size_t count)
{
    int8_t lowest = 4;
    for (size_t i = 0; i < count; i++)
        lowest = marks[i] >= 0 && marks[i] < lowest ? marks[i] : lowest;
    return lowest;
}

/* Through both apertures; the better one counts. */
static void grade_dpm(struct grade_desk *desk, const struct picture *picture,
                      const struct reading *reading, const struct codewords_layout *layout,
                      struct verdict_grade *grade, struct grade_measures *measures)
{
    static const float apertures[] = { APERTURE, APERTURE_SMALL };
    grade->dpm_overall = -1;
    for (size_t i = 0; i < RW_COUNT(apertures); i++) {
        struct dpm_marks marks;
        aperture_sample(picture, &reading->grid, apertures[i], desk->light, &desk->modules);
        dpm_mark(layout, reading->words, &desk->modules, &marks);
        const int8_t all[] = { grade->decode,          marks.contrast, marks.modulation,
                               marks.fixed_pattern,    grade->axial,   grade->grid,
                               grade->error_correction };
        int8_t overall = lowest_of(all, RW_COUNT(all));
        if (overall <= grade->dpm_overall)
            continue;
        grade->dpm_overall = overall;
        grade->cell_contrast = marks.contrast;
        grade->cell_modulation = marks.modulation;
        measures->cell_contrast = marks.cell_contrast;
        measures->cell_modulation = marks.cell_modulation;
    }
}

void grade_symbol(struct grade_desk *desk, const struct picture *picture,
                  const struct reading *reading, const struct codewords_layout *layout,
                  struct verdict_grade *ret_grade, struct grade_measures *ret_measures)
{
    struct reading seated = *reading;
    const struct grid *grid = &seated.grid;
    const struct light *light = desk->light;
    uint8_t dark[SYMBOLOGY_SIDE_MAX * SYMBOLOGY_SIDE_MAX];
    struct verdict_grade grade = { .decode = 4 }; /* it was read */
    struct grade_measures measures = { 0 };

    grade.is_calibrated = light != NULL && light->frame_width == picture->width &&
                          light->frame_height == picture->height;
    if (!grade.is_calibrated)
        desk->light = NULL;
    codewords_draw(layout, reading->words, dark);
    seat_grid(picture, dark, &seated.grid);
    aperture_sample(picture, grid, APERTURE, desk->light, &desk->modules);
    grade_modules(layout, reading->words, &desk->modules, grade.is_calibrated, &grade, &measures);
    float across = grid_quad_width(&grid->quad) / (float)layout->size->cols;
    float down = grid_quad_height(&grid->quad) / (float)layout->size->rows;
    measures.axial = fabsf(across - down) / ((across + down) / 2);
    measures.grid = grid_deviation(picture, grid);
    measures.unused =
        (float)reading->unused * (float)layout->size->blocks / (float)layout->size->check_words;
    grade.axial = marks_at_most(measures.axial, axial_limits);
    grade.grid = marks_at_most(measures.grid, grid_limits);
    grade.error_correction = marks_of_unused(measures.unused);
    grade_dpm(desk, picture, &seated, layout, &grade, &measures);
    desk->light = light;

    const int8_t all[] = { grade.decode,        grade.contrast,
                           grade.modulation,    grade.reflectance_margin,
                           grade.fixed_pattern, grade.axial,
                           grade.grid,          grade.error_correction };
    grade.is_dpm = grade.is_calibrated && light->film_reflectance_milli < WHITE_FILM_MILLI;
    grade.overall = grade.is_dpm ? grade.dpm_overall : lowest_of(all, RW_COUNT(all));
    *ret_grade = grade;
    *ret_measures = measures;
}
