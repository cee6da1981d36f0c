/* SPDX-License-Identifier: Apache-2.0 */
/* Lays the text of a label, stretch by stretch, over how it was seen. */
#include "verifier/laying.h"

#include <math.h>
#include <stdlib.h>

#include "verifier/depth.h"
#include "verifier/vision.h"

#define STRETCH_UM 8000      /* of text that is laid in one piece */
#define CELL_HIGH_UM 4000.0F /* a taller letter is two cells: film bends within it */
#define MARGIN_UM 150        /* of paper above and below a line */
#define REACH_UM 450.0F      /* how far a stretch may lie from where its neighbours carry it */
#define STROKE_UM 2200.0F    /* wider dark things are no print: tablets, shadows */
#define WHITE 255
#define SAMPLE_CELLS 48      /* that say how soft the print is */
#define TRIED_MAX 96         /* cells that say how alike a drawing is, from all over the label */
#define SURE_LIKENESS 0.8F   /* a stretch that is as alike lies where it is put, … */
#define SURE_UM 3000         /* … when it is no shorter, and says where others may lie … */
#define SURE_FAR_UM 25000.0F /* … so near to it */
#define FOLLOW_ROUNDS 3      /* each may put right what the next one follows */

/* Sigmas by which the rendering is softened more, while that makes it more alike. */
static const float softer_px[] = { 0.6F, 0.9F, 1.2F, 1.6F, 2.0F, 2.5F };

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
static bool make_planes(struct laying *laying, struct rw_arena *arena, struct rw_error *err)
{
    const struct registration *registration = laying->registration;
    float stroke = STROKE_UM * laying->px_per_um;
    struct picture paper;

    if (!vision_paper(&registration->seen, stroke, arena, &laying->seen_paper, err) ||
        !vision_paper(&registration->expected, stroke, arena, &paper, err) ||
        !vision_lift(&registration->expected, &paper, arena, &laying->wanted_print, err) ||
        !plane_make(&registration->seen, &laying->seen_paper, arena, &laying->planes.seen, err) ||
        !plane_sum_up(&laying->planes.seen, arena, err) ||
        !plane_make(&laying->wanted_print, NULL, arena, &laying->planes.wanted, err))
        return false;
    laying->wanted_soft = laying->wanted_print;
    laying->planes.paper = &laying->seen_paper;
    laying->planes.px_per_um = laying->px_per_um;
    laying->paper = mean_of(&laying->seen_paper);
    laying->wanted_paper = mean_of(&paper);
    return true;
}

/* How far the film carries what lies in the middle of a box, in pixels. */
static struct plane_shift carried(const struct laying *laying, const struct plane_box *box)
{
    float px = laying->px_per_um;
    struct picture_point moved =
        bend_at(&laying->registration->bend, ((float)box->x + (float)box->width / 2) / px,
                ((float)box->y + (float)box->height / 2) / px);
    return (struct plane_shift){ (int)lroundf(moved.x * px), (int)lroundf(moved.y * px) };
}

/* Cuts one stretch of text into cells and lays them by the same shift, as the film bends. */
static void add_stretch(struct laying *laying, const struct plane_box *stretch, size_t field)
{
    struct plane_shift middle = carried(laying, stretch);
    struct plane_shift shift =
        cell_find_shift(&laying->planes, stretch, middle, REACH_UM * laying->px_per_um);
    int columns = (int)ceilf((float)stretch->width / (LAYING_CELL_UM * laying->px_per_um));
    int rows = (int)ceilf((float)stretch->height / (CELL_HIGH_UM * laying->px_per_um));
    struct laying_stretch *kept = &laying->stretches[laying->stretch_count];

    *kept = (struct laying_stretch){ *stretch, shift, laying->count, 0, false };
    laying->stretch_count += laying->stretch_count + 1 < LAYING_STRETCHES_MAX;
    for (int i = 0; i < rows * columns && laying->count < LAYING_CELLS_MAX; i++) {
        int left = stretch->width * (i % columns) / columns;
        int top = stretch->height * (i / columns) / rows;
        struct cell *cell = &laying->cells[laying->count++];
        cell->field = field;
        cell->box = (struct plane_box){
            stretch->x + left,
            stretch->y + top,
            stretch->width * (i % columns + 1) / columns - left,
            stretch->height * (i / columns + 1) / rows - top,
        };
        struct plane_shift here = carried(laying, &cell->box);
        cell->shift =
            (struct plane_shift){ shift.x + here.x - middle.x, shift.y + here.y - middle.y };
        cell_widen(&laying->planes, stretch, cell);
        kept->count++;
    }
}

static void add_field(struct laying *laying, const struct print *print, size_t index)
{
    const struct print_field *field = &print->fields[index];
    int pieces = (field->width_um + STRETCH_UM - 1) / STRETCH_UM;

    for (int i = 0; i < pieces; i++) {
        float from = (float)field->x_um + (float)field->width_um * (float)i / (float)pieces;
        float to = (float)field->x_um + (float)field->width_um * (float)(i + 1) / (float)pieces;
        int left = (int)floorf(from * laying->px_per_um);
        int right = (int)ceilf(to * laying->px_per_um);
        int top = (int)floorf((float)(field->y_um - MARGIN_UM) * laying->px_per_um);
        int bottom =
            (int)ceilf((float)(field->y_um + field->height_um + MARGIN_UM) * laying->px_per_um);
        struct plane_box stretch = { left, top, right - left, bottom - top };
        if (cell_box_cut(&stretch, &laying->planes))
            add_stretch(laying, &stretch, index);
    }
}

/* Mean likeness of some cells all over the label. */
static float mean_likeness(const struct laying *laying, const struct cell_planes *planes)
{
    size_t step = laying->count / SAMPLE_CELLS + 1;
    float sum = 0;
    for (size_t i = 0; i < laying->count; i += step)
        sum += cell_likeness(planes, &laying->cells[i]);
    return sum;
}

/* Makes the rendering as soft as this camera, this focus and this ink made the print. */
static bool soften(struct laying *laying, struct rw_arena *arena, struct rw_error *err)
{
    size_t step = laying->count / SAMPLE_CELLS + 1;
    for (size_t i = 0; i < laying->count; i += step)
        cell_settle(&laying->planes, &laying->cells[i]);
    float best = mean_likeness(laying, &laying->planes);
    for (size_t i = 0; i < RW_COUNT(softer_px); i++) {
        struct picture soft;
        struct cell_planes planes = laying->planes;
        if (!vision_blur(&laying->wanted_print, softer_px[i], arena, &soft, err) ||
            !plane_make(&soft, NULL, arena, &planes.wanted, err))
            return false;
        float alike = mean_likeness(laying, &planes);
        if (alike <= best)
            break;
        best = alike;
        laying->planes = planes;
        laying->wanted_soft = soft;
        laying->softer_px = softer_px[i];
    }
    return true;
}

bool laying_try(const struct laying *laying, const struct picture *drawing, struct rw_arena *arena,
                float *ret_alike, struct rw_error *err)
{
    struct cell_planes planes = laying->planes;
    struct picture soft = *drawing;
    float sum = 0;
    size_t inked = 0;
    if ((laying->softer_px > 0 && !vision_blur(drawing, laying->softer_px, arena, &soft, err)) ||
        !plane_make(&soft, NULL, arena, &planes.wanted, err))
        return false;
    for (size_t i = 0; i < laying->count; i += 1 + laying->count / TRIED_MAX) {
        struct cell cell = laying->cells[i];
        if (!cell.has_ink)
            continue;
        cell_settle(&planes, &cell);
        sum += fmaxf(cell_likeness(&planes, &cell), 0);
        inked++;
    }
    *ret_alike = inked > 0 ? sum / (float)inked : 0;
    return true;
}

/* How alike a stretch is where it lies, by the ink that its cells should have. */
static float stretch_likeness(const struct laying *laying, const struct laying_stretch *stretch)
{
    float sum = 0;
    float weights = 0;
    for (size_t i = stretch->first; i < stretch->first + stretch->count; i++) {
        const struct cell *cell = &laying->cells[i];
        float ink = (float)plane_moments_of(&laying->planes.wanted, &cell->box).variance;
        sum += ink * cell_likeness(&laying->planes, cell);
        weights += ink;
    }
    return weights > 0 ? sum / weights : 0;
}

/* The nearest stretch that surely lies where it is put; NULL = there is none. */
static const struct laying_stretch *find_sure(const struct laying *laying, const float *alike,
                                              const struct laying_stretch *from)
{
    float nearest = SURE_FAR_UM * laying->px_per_um;
    const struct laying_stretch *found = NULL;
    for (size_t i = 0; i < laying->stretch_count; i++) {
        const struct laying_stretch *other = &laying->stretches[i];
        float far =
            hypotf((float)(other->box.x - from->box.x), (float)(other->box.y - from->box.y));
        if (other == from || alike[i] < SURE_LIKENESS || far >= nearest ||
            (float)other->box.width < SURE_UM * laying->px_per_um)
            continue;
        nearest = far;
        found = other;
    }
    return found;
}

/* Where a stretch is most alike, looked for as far from where the film carries it as another one
 * was found. */
static struct plane_shift find_after(const struct laying *laying,
                                     const struct laying_stretch *other,
                                     const struct laying_stretch *stretch)
{
    struct plane_shift there = carried(laying, &other->box);
    struct plane_shift here = carried(laying, &stretch->box);
    const struct plane_shift middle = { here.x + other->shift.x - there.x,
                                        here.y + other->shift.y - there.y };
    float reach = REACH_UM * laying->px_per_um;
    return cell_find_shift(&laying->planes, &stretch->box, cell_hold_shift(middle, reach), reach);
}

/* Lays a stretch there, its cells as the film bends within it. */
static void move(struct laying *laying, struct laying_stretch *stretch, struct plane_shift shift)
{
    struct plane_shift middle = carried(laying, &stretch->box);
    for (size_t i = stretch->first; i < stretch->first + stretch->count; i++) {
        struct cell *cell = &laying->cells[i];
        struct plane_shift here = carried(laying, &cell->box);
        here.x += shift.x - middle.x;
        here.y += shift.y - middle.y;
        cell->shift = cell_hold_shift(here, 0);
    }
    stretch->shift = shift;
}

/* Lays once more, after its neighbours, what is not alike where the narrow look found it: a lens or
 * a wrinkle carries a corner of the label farther than the pieces that were registered say. */
static bool follow_neighbours(struct laying *laying, struct rw_arena *arena, struct rw_error *err)
{
    float *alike = rw_arena_array(arena, laying->stretch_count + 1, sizeof *alike, err);
    if (alike == NULL)
        return false;
    for (size_t i = 0; i < laying->stretch_count; i++)
        alike[i] = stretch_likeness(laying, &laying->stretches[i]);
    for (int round = 0; round < FOLLOW_ROUNDS; round++)
        for (size_t i = 0; i < laying->stretch_count; i++) {
            struct laying_stretch *stretch = &laying->stretches[i];
            const struct laying_stretch *sure = find_sure(laying, alike, stretch);
            struct plane_shift old = stretch->shift;
            if (alike[i] >= SURE_LIKENESS || sure == NULL)
                continue;
            move(laying, stretch, find_after(laying, sure, stretch));
            float now = stretch_likeness(laying, stretch);
            stretch->is_followed = now >= SURE_LIKENESS;
            if (stretch->is_followed)
                alike[i] = now;
            else
                move(laying, stretch, old);
        }
    return true;
}

static int by_size(const void *left, const void *right)
{
    const float *first = left;
    const float *second = right;
    return (*first > *second) - (*first < *second);
}

/* The contrast of most cells that have ink and look right: the median, as of their spots. What is
 * seen besides the print is noise where there is little of it: the lower quartile, as edges add to
 * it in the others. */
static bool find_usual(struct laying *laying, struct rw_arena *arena, struct rw_error *err)
{
    float *contrasts = rw_arena_array(arena, laying->count + 1, sizeof *contrasts, err);
    float *residues = rw_arena_array(arena, laying->count + 1, sizeof *residues, err);
    float *spots = rw_arena_array(arena, laying->count + 1, sizeof *spots, err);
    size_t count = 0;

    if (contrasts == NULL || residues == NULL || spots == NULL)
        return false;
    for (size_t i = 0; i < laying->count; i++) {
        const struct cell *cell = &laying->cells[i];
        if (!cell->has_ink)
            continue;
        contrasts[count] = fmaxf(cell->contrast, 0);
        spots[count] = fmaxf(cell->missing, cell->extra);
        residues[count++] = cell_residue(cell);
    }
    qsort(contrasts, count, sizeof *contrasts, by_size);
    qsort(residues, count, sizeof *residues, by_size);
    qsort(spots, count, sizeof *spots, by_size);
    laying->usual.contrast = count > 0 ? contrasts[count / 2] : 0;
    laying->usual.noise = count > 0 ? residues[count / 4] : 0;
    laying->usual.spot = count > 0 ? spots[count / 2] : 0;
    return true;
}

bool laying_make(const struct registration *registration, const struct print *print,
                 struct rw_arena *arena, struct laying *ret_laying, struct rw_error *err)
{
    struct laying laying = { .registration = registration,
                             .px_per_um = registration->px_per_mm / 1000 };

    laying.cells = rw_arena_array(arena, LAYING_CELLS_MAX, sizeof *laying.cells, err);
    laying.stretches = rw_arena_array(arena, LAYING_STRETCHES_MAX, sizeof *laying.stretches, err);
    if (laying.cells == NULL || laying.stretches == NULL || !make_planes(&laying, arena, err))
        return false;
    for (size_t i = 0; i < print->field_count; i++)
        if (print->fields[i].text[0] != '\0')
            add_field(&laying, print, i);
    if (!soften(&laying, arena, err) || !follow_neighbours(&laying, arena, err))
        return false;
    for (size_t i = 0; i < laying.count; i++)
        cell_measure(&laying.planes, &laying.cells[i]);
    if (!find_usual(&laying, arena, err))
        return false;
    const struct depth_view depths = { &registration->seen, &laying.seen_paper,
                                       &laying.wanted_print, laying.usual.contrast };
    if (!depth_find(&depths, laying.cells, laying.count, arena, &laying.black, err))
        return false;
    *ret_laying = laying;
    ret_laying->planes.paper = &ret_laying->seen_paper;
    return true;
}
