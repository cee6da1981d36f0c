/* SPDX-License-Identifier: Apache-2.0 */
/* Compares the print that was seen with the print that was wanted. */
#include "verifier/compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "verifier/cell.h"
#include "verifier/vision.h"

#define STRETCH_UM 8000    /* of text that is laid in one piece */
#define CELL_UM 1700       /* about a letter */
#define MARGIN_UM 150      /* of paper above and below a line */
#define REACH_UM 450.0F    /* how far a stretch may lie from its place */
#define STROKE_UM 2200.0F  /* wider dark things are no print: tablets, shadows */
#define CONTRAST_MIN 0.08F /* of the rendering: less is no print at all */
#define INK_MIN 0.42F      /* darkness of the print for that of black on the paper beside it */
#define LETTERS_MAX 3      /* places that differ, for the label to say another thing */
#define LETTER_UM 3600     /* of such a place: a letter on the border of two cells */

#define SAMPLE_CELLS 48 /* that say how soft the print is */

/* Sigmas by which the rendering is softened more, while that makes it more alike. */
static const float softer_px[] = { 0.6F, 0.9F, 1.2F, 1.6F, 2.0F, 2.5F };

/* What is needed everywhere. */
struct desk {
    const struct registration *registration;
    struct cell_planes planes;
    float px_per_um;
    float paper; /* grey level of the seen paper, print counted in */
    struct cell_usual usual;
    struct cell *cells;
    size_t count;
};

static float mean_of(const struct picture *picture)
{
    double sum = 0;
    for (int y = 0; y < picture->height; y++) {
        const uint8_t *pixels = picture->pixels + (ptrdiff_t)y * picture->stride;
        int row = 0;
        for (int x = 0; x < picture->width; x++)
            row += pixels[x];
        sum += row;
    }
    return (float)(sum / ((double)picture->width * picture->height));
}

/* Both planes, and the rendering's print alone, on white, which softer ones are made from. */
static bool make_planes(struct desk *desk, struct rw_arena *arena, struct picture *ret_print,
                        float *ret_wanted_paper, struct rw_error *err)
{
    const struct registration *registration = desk->registration;
    float stroke = STROKE_UM * desk->px_per_um;
    struct picture seen_paper;
    struct picture paper;
    struct picture print;

    if (!vision_paper(&registration->seen, stroke, arena, &seen_paper, err) ||
        !vision_paper(&registration->expected, stroke, arena, &paper, err) ||
        !vision_lift(&registration->expected, &paper, arena, &print, err) ||
        !plane_make(&registration->seen, &seen_paper, arena, &desk->planes.seen, err) ||
        !plane_sum_up(&desk->planes.seen, arena, err) ||
        !plane_make(&print, NULL, arena, &desk->planes.wanted, err))
        return false;
    desk->paper = mean_of(&seen_paper);
    *ret_wanted_paper = mean_of(&paper);
    *ret_print = print;
    return true;
}

/* Cuts one stretch of text into cells and lays them all by the same shift. */
static void add_stretch(struct desk *desk, const struct plane_box *stretch, size_t field)
{
    struct plane_shift shift = cell_find_shift(&desk->planes, stretch, REACH_UM * desk->px_per_um);
    int pieces = (int)ceilf((float)stretch->width / (CELL_UM * desk->px_per_um));

    for (int i = 0; i < pieces && desk->count < COMPARE_CELLS_MAX; i++) {
        int left = stretch->width * i / pieces;
        struct cell *cell = &desk->cells[desk->count++];
        cell->field = field;
        cell->box = *stretch;
        cell->box.x += left;
        cell->box.width = stretch->width * (i + 1) / pieces - left;
        cell->shift = shift;
        cell_widen(&desk->planes, stretch, cell);
    }
}

static void add_field(struct desk *desk, const struct print *print, size_t index)
{
    const struct print_field *field = &print->fields[index];
    int pieces = (field->width_um + STRETCH_UM - 1) / STRETCH_UM;

    for (int i = 0; i < pieces; i++) {
        float from = (float)field->x_um + (float)field->width_um * (float)i / (float)pieces;
        float to = (float)field->x_um + (float)field->width_um * (float)(i + 1) / (float)pieces;
        int left = (int)floorf(from * desk->px_per_um);
        int right = (int)ceilf(to * desk->px_per_um);
        int top = (int)floorf((float)(field->y_um - MARGIN_UM) * desk->px_per_um);
        int bottom =
            (int)ceilf((float)(field->y_um + field->height_um + MARGIN_UM) * desk->px_per_um);
        struct plane_box stretch = { left, top, right - left, bottom - top };
        if (cell_box_cut(&stretch, &desk->planes))
            add_stretch(desk, &stretch, index);
    }
}

/* Mean likeness of some cells all over the label. */
static float mean_likeness(const struct desk *desk, const struct cell_planes *planes)
{
    size_t step = desk->count / SAMPLE_CELLS + 1;
    float sum = 0;
    for (size_t i = 0; i < desk->count; i += step)
        sum += cell_likeness(planes, &desk->cells[i]);
    return sum;
}

/* Makes the rendering as soft as this camera, this focus and this ink made the print. */
static bool soften(struct desk *desk, const struct picture *print, struct rw_arena *arena,
                   struct rw_error *err)
{
    size_t step = desk->count / SAMPLE_CELLS + 1;
    for (size_t i = 0; i < desk->count; i += step)
        cell_settle(&desk->planes, &desk->cells[i]);
    float best = mean_likeness(desk, &desk->planes);
    for (size_t i = 0; i < RW_COUNT(softer_px); i++) {
        struct picture soft;
        struct cell_planes planes = desk->planes;
        if (!vision_blur(print, softer_px[i], arena, &soft, err) ||
            !plane_make(&soft, NULL, arena, &planes.wanted, err))
            return false;
        float alike = mean_likeness(desk, &planes);
        if (alike <= best)
            break;
        best = alike;
        desk->planes = planes;
    }
    return true;
}

static int by_size(const void *left, const void *right)
{
    float first = *(const float *)left;
    float second = *(const float *)right;
    return (first > second) - (first < second);
}

/* The contrast of most cells that have ink and look right: the median. What is seen besides the
 * print is noise where there is little of it: the lower quartile, as edges add to it in the others.
 */
static bool find_usual(struct desk *desk, struct rw_arena *arena, struct rw_error *err)
{
    float *contrasts = rw_arena_array(arena, desk->count + 1, sizeof *contrasts, err);
    float *residues = rw_arena_array(arena, desk->count + 1, sizeof *residues, err);
    size_t count = 0;

    if (contrasts == NULL || residues == NULL)
        return false;
    for (size_t i = 0; i < desk->count; i++)
        if (desk->cells[i].has_ink) {
            contrasts[count] = fmaxf(desk->cells[i].contrast, 0);
            residues[count++] = cell_residue(&desk->cells[i]);
        }
    qsort(contrasts, count, sizeof *contrasts, by_size);
    qsort(residues, count, sizeof *residues, by_size);
    desk->usual.contrast = count > 0 ? contrasts[count / 2] : 0;
    desk->usual.noise = count > 0 ? residues[count / 4] : 0;
    return true;
}

static void add_defect(const struct desk *desk, const struct print *print,
                       struct comparison *comparison, const struct cell *cell,
                       enum verdict_reason reason)
{
    int32_t x = (int32_t)((float)cell->box.x / desk->px_per_um);
    int32_t width = (int32_t)((float)cell->box.width / desk->px_per_um);
    int32_t y = (int32_t)((float)cell->box.y / desk->px_per_um);
    const char *name = print->fields[cell->field].name;
    size_t count = comparison->defect_count;
    struct verdict_defect *last =
        count > 0 && count <= VERDICT_DEFECTS_MAX ? &comparison->defects[count - 1] : NULL;

    if (last != NULL && last->field == name && last->reason == reason && last->y_um == y &&
        x <= last->x_um + last->width_um + CELL_UM) {
        last->width_um = x + width - last->x_um;
        return;
    }
    if (count < VERDICT_DEFECTS_MAX)
        comparison->defects[count] = (struct verdict_defect){
            name, reason, x, y, width, (int32_t)((float)cell->box.height / desk->px_per_um)
        };
    comparison->defect_count++;
}

static void judge_cells(const struct desk *desk, const struct print *print,
                        struct comparison *comparison)
{
    float sum = 0;
    float worst = 1;
    float missing = 0;
    float extra = 0;
    const struct cell_usual usual = { fmaxf(desk->usual.contrast, CONTRAST_MIN),
                                      desk->usual.noise };
    size_t inked = 0;

    for (size_t i = 0; i < desk->count; i++) {
        const struct cell *cell = &desk->cells[i];
        enum verdict_reason reason = cell_judge(cell, &usual);
        if (reason != REASON_NONE)
            add_defect(desk, print, comparison, cell, reason);
        extra = fmaxf(extra, cell->extra / usual.contrast);
        if (!cell->has_ink)
            continue;
        missing = fmaxf(missing, cell->missing / usual.contrast);
        sum += fmaxf(cell->likeness, 0);
        worst = fminf(worst, fmaxf(cell->likeness, 0));
        inked++;
    }
    comparison->cells = inked;
    comparison->missing_milli = (int32_t)(1000 * missing);
    comparison->extra_milli = (int32_t)(1000 * extra);
    comparison->score_milli = inked > 0 ? (int32_t)(1000 * sum / (float)inked) : 0;
    comparison->worst_milli = inked > 0 ? (int32_t)(1000 * worst) : 0;
}

/* Few small places that differ may be damage, or other letters: E where F should be. Both are said.
 */
static void name_letters(struct comparison *comparison)
{
    if (comparison->defect_count > LETTERS_MAX)
        return;
    for (size_t i = 0; i < comparison->defect_count; i++) {
        struct verdict_defect *defect = &comparison->defects[i];
        if (defect->reason != REASON_PRINT_DAMAGED || defect->width_um > LETTER_UM)
            continue;
        comparison->is_damaged = true;
        defect->reason = REASON_TEXT_DIFFERS;
    }
}

bool compare_print(const struct registration *registration, const struct print *print,
                   struct rw_arena *arena, struct comparison *ret_comparison, struct rw_error *err)
{
    float wanted_paper = 255;
    struct picture ink;
    struct desk desk = { .registration = registration,
                         .px_per_um = registration->px_per_mm / 1000 };
    struct comparison comparison = { 0 };

    desk.cells = rw_arena_array(arena, COMPARE_CELLS_MAX, sizeof *desk.cells, err);
    if (desk.cells == NULL || !make_planes(&desk, arena, &ink, &wanted_paper, err))
        return false;
    for (size_t i = 0; i < print->field_count; i++)
        if (print->fields[i].text[0] != '\0')
            add_field(&desk, print, i);
    if (!soften(&desk, &ink, arena, err))
        return false;
    for (size_t i = 0; i < desk.count; i++)
        cell_measure(&desk.planes, &desk.cells[i]);
    if (!find_usual(&desk, arena, err))
        return false;
    judge_cells(&desk, print, &comparison);
    name_letters(&comparison);
    comparison.ink_milli =
        (int32_t)(1000 * desk.usual.contrast * wanted_paper / fmaxf(desk.paper, 1));
    comparison.is_pale = comparison.cells > 0 && comparison.ink_milli < (int32_t)(1000 * INK_MIN);
    *ret_comparison = comparison;
    return true;
}
