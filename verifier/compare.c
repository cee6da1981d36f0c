/* SPDX-License-Identifier: Apache-2.0 */
/* Compares the print that was seen with the print that was wanted. */
#include "verifier/compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "verifier/cell.h"
#include "verifier/stray.h"
#include "verifier/vision.h"

#define STRETCH_UM 8000    /* of text that is laid in one piece */
#define CELL_UM 1700       /* about a letter */
#define MARGIN_UM 150      /* of paper above and below a line */
#define REACH_UM 450.0F    /* how far a stretch may lie from where its neighbours carry it */
#define STROKE_UM 2200.0F  /* wider dark things are no print: tablets, shadows */
#define CONTRAST_MIN 0.08F /* of the rendering: less is no print at all */
#define INK_MIN 0.42F      /* darkness of the print for that of black on the paper beside it */
#define LETTERS_MAX 3      /* places that differ, for the label to say another thing */
#define LETTER_UM 3600     /* of such a place: a letter on the border of two cells */

#define RIM_UM 300 /* around text: ink is soft, and film bends */
#define STRETCHES_MAX 1024
#define STEADY_UM 3000       /* a shorter stretch may be laid a little wrong */
#define STEADY_LIKENESS 0.8F /* … and so may one that is not what was wanted */
#define NEAR_UM 9000.0F      /* neighbours that film cannot carry far apart: */
#define STEP_UM 450.0F       /* … by no more than this, */
#define STEP_PART 0.03F      /* and this part of the way between them */

#define SAMPLE_CELLS 48 /* that say how soft the print is */

/* Sigmas by which the rendering is softened more, while that makes it more alike. */
static const float softer_px[] = { 0.6F, 0.9F, 1.2F, 1.6F, 2.0F, 2.5F };

/* A piece of a line, laid by one shift; its cells follow each other. */
struct stretch {
    struct plane_box box;
    struct plane_shift shift;
    size_t first; /* of its cells */
    size_t count;
};

/* What is needed everywhere. */
struct desk {
    const struct registration *registration;
    struct picture seen_paper;
    struct picture wanted_print; /* alone, on white */
    struct cell_planes planes;
    float px_per_um;
    float paper; /* grey level of the seen paper, print counted in */
    struct cell_usual usual;
    struct cell *cells;
    size_t count;
    struct stretch *stretches;
    size_t stretch_count;
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
static bool make_planes(struct desk *desk, struct rw_arena *arena, float *ret_wanted_paper,
                        struct rw_error *err)
{
    const struct registration *registration = desk->registration;
    float stroke = STROKE_UM * desk->px_per_um;
    struct picture paper;

    if (!vision_paper(&registration->seen, stroke, arena, &desk->seen_paper, err) ||
        !vision_paper(&registration->expected, stroke, arena, &paper, err) ||
        !vision_lift(&registration->expected, &paper, arena, &desk->wanted_print, err) ||
        !plane_make(&registration->seen, &desk->seen_paper, arena, &desk->planes.seen, err) ||
        !plane_sum_up(&desk->planes.seen, arena, err) ||
        !plane_make(&desk->wanted_print, NULL, arena, &desk->planes.wanted, err))
        return false;
    desk->paper = mean_of(&desk->seen_paper);
    *ret_wanted_paper = mean_of(&paper);
    return true;
}

/* How far the film carries what lies in the middle of a box, in pixels. */
static struct plane_shift carried(const struct desk *desk, const struct plane_box *box)
{
    float px = desk->px_per_um;
    struct picture_point moved =
        bend_at(&desk->registration->bend, ((float)box->x + (float)box->width / 2) / px,
                ((float)box->y + (float)box->height / 2) / px);
    return (struct plane_shift){ (int)lroundf(moved.x * px), (int)lroundf(moved.y * px) };
}

/* Cuts one stretch of text into cells and lays them by the same shift, as the film bends. */
static void add_stretch(struct desk *desk, const struct plane_box *stretch, size_t field)
{
    struct plane_shift middle = carried(desk, stretch);
    struct plane_shift shift =
        cell_find_shift(&desk->planes, stretch, middle, REACH_UM * desk->px_per_um);
    int pieces = (int)ceilf((float)stretch->width / (CELL_UM * desk->px_per_um));
    struct stretch *kept = &desk->stretches[desk->stretch_count];

    *kept = (struct stretch){ *stretch, shift, desk->count, 0 };
    desk->stretch_count += desk->stretch_count + 1 < STRETCHES_MAX;
    for (int i = 0; i < pieces && desk->count < COMPARE_CELLS_MAX; i++) {
        int left = stretch->width * i / pieces;
        struct cell *cell = &desk->cells[desk->count++];
        cell->field = field;
        cell->box = *stretch;
        cell->box.x += left;
        cell->box.width = stretch->width * (i + 1) / pieces - left;
        struct plane_shift here = carried(desk, &cell->box);
        cell->shift =
            (struct plane_shift){ shift.x + here.x - middle.x, shift.y + here.y - middle.y };
        cell_widen(&desk->planes, stretch, cell);
        kept->count++;
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
static bool soften(struct desk *desk, struct rw_arena *arena, struct rw_error *err)
{
    size_t step = desk->count / SAMPLE_CELLS + 1;
    for (size_t i = 0; i < desk->count; i += step)
        cell_settle(&desk->planes, &desk->cells[i]);
    float best = mean_likeness(desk, &desk->planes);
    for (size_t i = 0; i < RW_COUNT(softer_px); i++) {
        struct picture soft;
        struct cell_planes planes = desk->planes;
        if (!vision_blur(&desk->wanted_print, softer_px[i], arena, &soft, err) ||
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

static void add_defect(const struct desk *desk, const char *name, struct comparison *comparison,
                       const struct plane_box *box, enum verdict_reason reason)
{
    int32_t x = (int32_t)((float)box->x / desk->px_per_um);
    int32_t width = (int32_t)((float)box->width / desk->px_per_um);
    int32_t y = (int32_t)((float)box->y / desk->px_per_um);
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
            name, reason, x, y, width, (int32_t)((float)box->height / desk->px_per_um)
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
            add_defect(desk, print->fields[cell->field].name, comparison, &cell->box, reason);
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

static bool is_steady(const struct desk *desk, const struct stretch *stretch)
{
    float sum = 0;
    for (size_t i = 0; i < stretch->count; i++)
        sum += desk->cells[stretch->first + i].likeness;
    return (float)stretch->box.width >= STEADY_UM * desk->px_per_um &&
           sum >= STEADY_LIKENESS * (float)stretch->count;
}

/* Were two stretches seen farther out of line with each other than film bends? */
static bool is_step(const struct desk *desk, const struct stretch *one, const struct stretch *other)
{
    float px = desk->px_per_um;
    float x = (float)(one->box.x - other->box.x) + (float)(one->box.width - other->box.width) / 2;
    float y = (float)(one->box.y - other->box.y);
    float far = hypotf(x, y) / px;
    float apart =
        hypotf((float)(one->shift.x - other->shift.x), (float)(one->shift.y - other->shift.y)) / px;
    return far < NEAR_UM && apart > STEP_UM + STEP_PART * far && is_steady(desk, one) &&
           is_steady(desk, other);
}

/* Print that lies well in itself, but not where its neighbours say. */
static void judge_steps(const struct desk *desk, const struct print *print,
                        struct comparison *comparison)
{
    for (size_t i = 1; i < desk->stretch_count; i++)
        for (size_t k = 0; k < i; k++)
            if (is_step(desk, &desk->stretches[k], &desk->stretches[i])) {
                const struct stretch *stretch = &desk->stretches[i];
                add_defect(desk, print->fields[desk->cells[stretch->first].field].name, comparison,
                           &stretch->box, REASON_PRINT_DAMAGED);
                break;
            }
}

/* Where the label's text lies, in the seen picture, with the soft edge of its ink. */
static size_t find_known(const struct desk *desk, const struct print *print,
                         struct plane_box *ret_boxes)
{
    const struct print_field *symbol = &print->fields[print->symbol];
    float px = desk->px_per_um;
    int rim = (int)(RIM_UM * px);
    size_t count = 0;
    for (size_t i = 0; i < desk->stretch_count; i++) {
        const struct stretch *stretch = &desk->stretches[i];
        struct plane_box box = stretch->box;
        ret_boxes[count++] =
            (struct plane_box){ box.x + stretch->shift.x - rim, box.y + stretch->shift.y - rim,
                                box.width + 2 * rim, box.height + 2 * rim };
    }
    ret_boxes[count++] = (struct plane_box){ (int)((float)symbol->x_um * px) - 2 * rim,
                                             (int)((float)symbol->y_um * px) - 2 * rim,
                                             (int)((float)symbol->width_um * px) + 4 * rim,
                                             (int)((float)symbol->height_um * px) + 4 * rim };
    return count;
}

/* Print where there should be none makes the label say something else. */
static bool judge_strays(const struct desk *desk, const struct print *print, struct rw_arena *arena,
                         struct comparison *comparison, struct rw_error *err)
{
    struct stray_mark marks[STRAY_MARKS_MAX];
    struct plane_box *known = rw_arena_array(arena, STRETCHES_MAX + 1, sizeof *known, err);
    size_t count = 0;
    if (known == NULL)
        return false;
    const struct stray_view view = { .seen = &desk->registration->seen,
                                     .paper = &desk->seen_paper,
                                     .wanted = &desk->wanted_print,
                                     .print = print,
                                     .known = known,
                                     .known_count = find_known(desk, print, known),
                                     .px_per_um = desk->px_per_um,
                                     .full = CELL_FULL_INK *
                                             fmaxf(desk->usual.contrast, CONTRAST_MIN) };
    if (!stray_find(&view, arena, marks, &count, err))
        return false;
    for (size_t i = 0; i < count; i++)
        add_defect(desk, marks[i].field, comparison, &marks[i].box, REASON_TEXT_DIFFERS);
    return true;
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
    struct desk desk = { .registration = registration,
                         .px_per_um = registration->px_per_mm / 1000 };
    struct comparison comparison = { 0 };

    desk.cells = rw_arena_array(arena, COMPARE_CELLS_MAX, sizeof *desk.cells, err);
    desk.stretches = rw_arena_array(arena, STRETCHES_MAX, sizeof *desk.stretches, err);
    if (desk.cells == NULL || desk.stretches == NULL ||
        !make_planes(&desk, arena, &wanted_paper, err))
        return false;
    for (size_t i = 0; i < print->field_count; i++)
        if (print->fields[i].text[0] != '\0')
            add_field(&desk, print, i);
    if (!soften(&desk, arena, err))
        return false;
    for (size_t i = 0; i < desk.count; i++)
        cell_measure(&desk.planes, &desk.cells[i]);
    if (!find_usual(&desk, arena, err))
        return false;
    judge_cells(&desk, print, &comparison);
    judge_steps(&desk, print, &comparison);
    if (!judge_strays(&desk, print, arena, &comparison, err))
        return false;
    name_letters(&comparison);
    comparison.ink_milli =
        (int32_t)(1000 * desk.usual.contrast * wanted_paper / fmaxf(desk.paper, 1));
    comparison.is_pale = comparison.cells > 0 && comparison.ink_milli < (int32_t)(1000 * INK_MIN);
    *ret_comparison = comparison;
    return true;
}
