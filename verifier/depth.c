/* SPDX-License-Identifier: Apache-2.0 */
/* Finds how dark ink can be on the paper of each letter. */
#include "verifier/depth.h"

#include <math.h>
#include <stdlib.h>

#define WHITE 255
#define DEPTH_MIN 0.45F /* print on darker things is too pale to read */
#define BLACK_STEP 4    /* rows, of which one tells the black of ink … */
#define BLACK_ONE_IN 20 /* … and of its places the darkest ones */

static int within(int at, int count)
{
    return at < 0 ? 0 : at >= count ? count - 1 : at;
}

static int by_size(const void *left, const void *right)
{
    const float *first = left;
    const float *second = right;
    return (*first > *second) - (*first < *second);
}

/* The grey of the seen paper under a cell. */
static float paper_under(const struct picture *paper, const struct cell *cell)
{
    int left = within(cell->box.x + cell->shift.x, paper->width);
    int right = within(cell->box.x + cell->shift.x + cell->box.width, paper->width);
    int top = within(cell->box.y + cell->shift.y, paper->height);
    int bottom = within(cell->box.y + cell->shift.y + cell->box.height, paper->height);
    int sum = 0;
    for (int y = top; y <= bottom; y++)
        for (int x = left; x <= right; x++)
            sum += paper->pixels[(ptrdiff_t)y * paper->stride + x];
    return (float)sum / (float)((right - left + 1) * (bottom - top + 1));
}

/* Counts the greys seen where a letter's strokes should be filled. */
static int count_strokes(const struct depth_view *view, const struct cell *cell,
                         int counts[WHITE + 1])
{
    const struct picture *seen = view->seen;
    int count = 0;
    for (int y = 0; y < cell->box.height; y += BLACK_STEP) {
        const uint8_t *print =
            view->wanted->pixels + (ptrdiff_t)(cell->box.y + y) * view->wanted->stride;
        int row = within(cell->box.y + y + cell->shift.y, seen->height);
        for (int x = cell->box.x; x < cell->box.x + cell->box.width; x++) {
            if ((float)print[x] > WHITE - CELL_FULL_INK)
                continue;
            counts[seen->pixels[(ptrdiff_t)row * seen->stride +
                                within(x + cell->shift.x, seen->width)]]++;
            count++;
        }
    }
    return count;
}

/* The grey of ink itself. Soft and pale strokes are lighter, the more so the lighter the paper: the
 * darkest ones show it. */
static float find_black(const struct depth_view *view, const struct cell *cells, size_t cell_count,
                        float most)
{
    int counts[WHITE + 1] = { 0 };
    int count = 0;
    for (size_t i = 0; i < cell_count; i++)
        count += count_strokes(view, &cells[i], counts);
    int black = 0;
    for (int sum = counts[0]; black < WHITE && BLACK_ONE_IN * sum < count; sum += counts[black])
        black++;
    return count > 0 ? fminf((float)black, most) : most;
}

/* On a dark tablet ink is less dark for the paper around it than elsewhere, and means as much. */
bool depth_find(const struct depth_view *view, struct cell *cells, size_t count,
                struct rw_arena *arena, float *ret_black, struct rw_error *err)
{
    float *papers = rw_arena_array(arena, count + 1, sizeof *papers, err);
    if (papers == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        papers[i] = cells[i].depth = paper_under(view->paper, &cells[i]);
    qsort(papers, count, sizeof *papers, by_size);
    float usual = count > 0 ? papers[count / 2] : 0;
    float ink = find_black(view, cells, count, fmaxf(usual - WHITE * view->contrast, 0));
    for (size_t i = 0; i < count; i++) {
        float part = (cells[i].depth - ink) / fmaxf(usual - ink, 1);
        cells[i].depth = fminf(fmaxf(part, DEPTH_MIN), 1);
    }
    *ret_black = ink;
    return true;
}
