/* SPDX-License-Identifier: Apache-2.0 */
/* Finds ink that was dragged over a row of letters. */
#include "verifier/smear.h"

#include <math.h>

#include "core/base/attributes.h"

#define APART_UM 1500.0F   /* between two of them: of words, and of fields of one line */
#define CONTRAST_MIN 0.08F /* of the rendering: less is no print at all */

/* Cells that stand side by side, three of them five millimetres of text. The more of them, the
 * paler is what is a smear. */
struct row {
    size_t cells;
    float part;  /* of full ink that each of them has too much at least … */
    float times; /* … and so many times what most letters have too much */
    float alike; /* as much as they may be at the most: bent film leaves its letters alike */
};
static const struct row rows[] = { { 3, 0.34F, 2.0F, 1 },
                                   { 4, 0.32F, 1.6F, 1 },
                                   { 5, 0.24F, 1.4F, 0.92F } };

/* How much ink a cell has that is not wanted, for the least of a smear. */
static float excess_of(const struct laying *laying, const struct cell *cell, const struct row *row)
{
    float ink = fmaxf(laying->usual.contrast * cell->depth, cell->contrast);
    float full = fmaxf(ink, CONTRAST_MIN);
    float least = fmaxf(row->part * full, row->times * laying->usual.spot);
    return cell->has_ink && cell->likeness <= row->alike ? cell->extra / least : 0;
}

/* Do two boxes share half the height of the lower one or more? */
static bool is_beside(const struct plane_box *one, const struct plane_box *other)
{
    int top = one->y > other->y ? one->y : other->y;
    int one_end = one->y + one->height;
    int other_end = other->y + other->height;
    int end = one_end < other_end ? one_end : other_end;
    int height = one->height < other->height ? one->height : other->height;
    return 2 * (end - top) >= height;
}

/* The cell that stands next on the same line, of whatever stretch; NULL = it ends here. */
static const struct cell *find_next(const struct laying *laying, const struct cell *cell)
{
    const struct plane_box *from = &cell->box;
    float apart = APART_UM * laying->px_per_um;
    const struct cell *next = NULL;
    for (size_t i = 0; i < laying->count; i++) {
        const struct plane_box *box = &laying->cells[i].box;
        if (2 * box->x >= 2 * from->x + from->width && is_beside(from, box) &&
            (float)(box->x - from->x - from->width) <= apart &&
            (next == NULL || box->x < next->box.x))
            next = &laying->cells[i];
    }
    return next;
}

/* How far from good all cells of a row are that begins with this one. */
static float row_of(const struct laying *laying, const struct cell *first, const struct row *row,
                    struct plane_box *ret_box)
{
    const struct cell *last = first;
    float least = excess_of(laying, first, row);
    for (size_t i = 1; i < row->cells && least > 1; i++) {
        const struct cell *next = find_next(laying, last);
        if (next == NULL)
            return 0;
        least = fminf(least, excess_of(laying, next, row));
        last = next;
    }
    *ret_box = first->box;
    ret_box->width = last->box.x + last->box.width - first->box.x;
    return least;
}

float smear_of(const struct laying *laying, size_t cell, struct plane_box *ret_box)
{
    float size = 0;
    for (size_t i = 0; i < RW_COUNT(rows) && size <= 1; i++)
        size = row_of(laying, &laying->cells[cell], &rows[i], ret_box);
    return size;
}
