/* SPDX-License-Identifier: Apache-2.0 */
/* Looks once more at what differs, without what is wider than strokes. */
#include "verifier/rims.h"

#include <math.h>
#include <string.h>

#include "verifier/vision.h"

#define WHITE 255
#define STROKE_UM 1000.0F /* strokes of a line of text are half as wide */
#define KEPT_PART 0.80F   /* of a letter's variance: else its own strokes are as wide */
#define AROUND_UM 1000.0F /* where something behind a letter is seen */
#define GROUND_UM 9000.0F /* to each side: of the film there, tablets cover the smaller part */
#define GROUND_STEP_UM 1000.0F
#define UNEVEN_PART 0.2F /* of full ink: something is there */
#define RIM_PART 0.1F    /* of what a fault exceeds its limit by there */
#define INK_PART 0.40F   /* of full ink: less is a shadow */
#define BLACK_PART 0.75F /* of full ink in the mean: no rim is as dark */
#define PATCH_UM 4000.0F /* the smallest tablets are longer */
#define PATCH_PART 0.2F  /* of full ink: a darker one hides print */
#define PATCH_HELD 4     /* a letter lies in it with this part of its box */
#define FILM_UM 12000.0F /* dark areas that are wider are light and film */

static bool copy(const struct picture *picture, struct rw_arena *arena, struct picture *ret_copy,
                 struct rw_error *err)
{
    if (!picture_make(arena, picture->width, picture->height, ret_copy, err))
        return false;
    for (int y = 0; y < picture->height; y++)
        memcpy(ret_copy->pixels + (ptrdiff_t)y * ret_copy->stride,
               picture->pixels + (ptrdiff_t)y * picture->stride, (size_t)picture->width);
    return true;
}

static void turn_negative(struct picture *picture)
{
    for (int y = 0; y < picture->height; y++)
        for (int x = 0; x < picture->width; x++)
            picture->pixels[(ptrdiff_t)y * picture->stride + x] ^= WHITE;
}

/* Takes the wanted ink of one letter off the seen picture, down to the paper that the first look
 * found: ink that is not there cannot make it lighter. */
static void take_off(const struct laying *laying, const struct cell *cell, struct picture *bare)
{
    const struct picture *seen = &laying->registration->seen;
    float contrast = fmaxf(cell->contrast, 0);
    for (int y = 0; y < cell->box.height; y++) {
        int row = cell->box.y + y + cell->shift.y;
        const int16_t *wanted = plane_row(&laying->planes.wanted, cell->box.x, cell->box.y + y);
        if (row < 0 || row >= seen->height)
            continue;
        for (int x = 0; x < cell->box.width; x++) {
            int col = cell->box.x + x + cell->shift.x;
            if (col < 0 || col >= seen->width)
                continue;
            ptrdiff_t at = (ptrdiff_t)row * seen->stride + col;
            float paper =
                laying->seen_paper.pixels[(ptrdiff_t)row * laying->seen_paper.stride + col];
            float grey = fminf((float)seen->pixels[at] + contrast * (float)wanted[x], paper);
            uint8_t *pixel = bare->pixels + (ptrdiff_t)row * bare->stride + col;
            *pixel = grey > (float)*pixel ? (uint8_t)grey : *pixel;
        }
    }
}

/* The seen paper with all that is wider than a stroke: what is narrower goes, dark and light. The
 * wanted ink is taken off first, so that letters, their own strokes close together, do not look
 * like wide things. */
static bool find_paper(struct rims *rims, float stroke, struct rw_arena *arena,
                       struct rw_error *err)
{
    const struct laying *laying = rims->laying;
    struct picture bare;
    struct picture closed;
    if (!copy(&laying->registration->seen, arena, &bare, err))
        return false;
    for (size_t i = 0; i < laying->count; i++)
        take_off(laying, &laying->cells[i], &bare);
    if (!vision_paper(&bare, stroke, arena, &closed, err))
        return false;
    turn_negative(&closed);
    if (!vision_paper(&closed, stroke, arena, &rims->paper, err))
        return false;
    turn_negative(&rims->paper);
    return true;
}

/* Keeps the dark things of the paper that are shorter than tablets. */
static bool find_patches(struct rims *rims, struct rw_arena *arena, struct rw_error *err)
{
    float px = rims->laying->px_per_um;
    const float full = CELL_FULL_INK * rims->laying->usual.contrast;
    const struct vision_inks how = { (int)fmaxf(PATCH_PART * full, 1), 0 };
    struct picture film;
    struct picture dark;
    struct picture nothing;
    struct vision_spots *patches = &rims->patches;
    patches->spots = rw_arena_array(arena, VISION_SPOTS_MAX, sizeof *patches->spots, err);
    if (patches->spots == NULL || !vision_paper(&rims->paper, FILM_UM * px, arena, &film, err) ||
        !vision_lift(&rims->paper, &film, arena, &dark, err) ||
        !picture_make(arena, film.width, film.height, &nothing, err))
        return false;
    memset(nothing.pixels, WHITE, (size_t)nothing.stride * (size_t)nothing.height);
    if (!vision_shapes_spots(&dark, &nothing, &how, patches, err))
        return false;
    rims->is_patchy = patches->count == VISION_SPOTS_MAX;
    size_t kept = 0;
    for (size_t i = 0; i < patches->count; i++) {
        const struct plane_box *box = &patches->spots[i].box;
        if (hypotf((float)box->width, (float)box->height) < PATCH_UM * px)
            patches->spots[kept++] = patches->spots[i];
    }
    patches->count = kept;
    return true;
}

static bool make(struct rims *rims, struct rw_arena *arena, struct rw_error *err)
{
    const struct laying *laying = rims->laying;
    const struct picture *seen = &laying->registration->seen;
    float stroke = STROKE_UM * laying->px_per_um;
    struct picture paper;

    if (rims->is_made)
        return true;
    if (!find_paper(rims, stroke, arena, err) ||
        !vision_paper(&laying->wanted_soft, stroke, arena, &paper, err) ||
        !plane_make(&laying->wanted_soft, &paper, arena, &rims->thin, err) ||
        !plane_make(seen, &rims->paper, arena, &rims->planes.seen, err) ||
        !plane_sum_up(&rims->planes.seen, arena, err))
        return false;
    rims->planes.wanted = laying->planes.wanted;
    rims->planes.paper = &rims->paper;
    rims->planes.px_per_um = laying->px_per_um;
    rims->planes.edge_px = laying->planes.edge_px;
    rims->is_made = true;
    return find_patches(rims, arena, err);
}

/* The grey of the film around a place: the median. */
static int ground_around(const struct picture *paper, const struct plane_box *box, float px)
{
    int counts[WHITE + 1] = { 0 };
    int count = 0;
    int step = (int)fmaxf(GROUND_STEP_UM * px, 1);
    int reach = (int)(GROUND_UM * px);
    int middle_x = box->x + box->width / 2;
    int middle_y = box->y + box->height / 2;
    for (int y = middle_y - reach; y <= middle_y + reach; y += step)
        for (int x = middle_x - reach; x <= middle_x + reach; x += step) {
            if (x < 0 || y < 0 || x >= paper->width || y >= paper->height)
                continue;
            counts[paper->pixels[(ptrdiff_t)y * paper->stride + x]]++;
            count++;
        }
    int grey = 0;
    for (int sum = counts[0]; grey < WHITE && 2 * sum < count; sum += counts[grey])
        grey++;
    return grey;
}

/* Does something lie behind a place of the seen label or beside it, darker or lighter than the film
 * around? */
static bool lies_over(const struct picture *paper, const struct plane_box *box, float px,
                      float full)
{
    int around = (int)(AROUND_UM * px);
    int lightest = ground_around(paper, box, px);
    int darkest = lightest;
    for (int y = box->y - around; y < box->y + box->height + around; y++)
        for (int x = box->x - around; x < box->x + box->width + around; x++) {
            if (x < 0 || y < 0 || x >= paper->width || y >= paper->height)
                continue;
            int grey = paper->pixels[(ptrdiff_t)y * paper->stride + x];
            lightest = grey > lightest ? grey : lightest;
            darkest = grey < darkest ? grey : darkest;
        }
    return (float)(lightest - darkest) > UNEVEN_PART * full;
}

/* What differs there may be the thing behind. */
static struct cell_fault doubt(struct cell_fault fault)
{
    return (struct cell_fault){ fault.reason, 1 + RIM_PART * (fault.size - 1), true };
}

/* Are a letter's own strokes as wide as a rim? */
static bool is_thick(const struct rims *rims, const struct cell *cell)
{
    double whole = plane_moments_of(&rims->planes.wanted, &cell->box).variance;
    double kept = plane_moments_of(&rims->thin, &cell->box).variance;
    return kept < (double)KEPT_PART * whole;
}

/* What the letter is on the paper that has the rims. */
static struct cell_fault look_again(const struct rims *rims, const struct cell *cell,
                                    const struct cell_usual *usual, struct cell_fault first)
{
    struct cell again = *cell;
    cell_measure(&rims->planes, &again);
    struct cell_fault second = cell_judge(&again, usual);
    return second.size < first.size ? second : first;
}

/* The length that two spans share; negative = they are so far apart. */
static int shared(int from, int length, int other_from, int other_length)
{
    int start = from > other_from ? from : other_from;
    int end = from + length < other_from + other_length ? from + length : other_from + other_length;
    return end - start;
}

static bool lies_in_patch(const struct rims *rims, const struct plane_box *seen)
{
    if (rims->is_patchy)
        return true;
    for (size_t i = 0; i < rims->patches.count; i++) {
        const struct plane_box *patch = &rims->patches.spots[i].box;
        int width = shared(seen->x, seen->width, patch->x, patch->width);
        int height = shared(seen->y, seen->height, patch->y, patch->height);
        if (width > 0 && height > 0 && PATCH_HELD * width * height >= seen->width * seen->height)
            return true;
    }
    return false;
}

bool rims_judge(struct rims *rims, const struct cell *cell, const struct cell_usual *usual,
                struct rw_arena *arena, struct cell_fault *fault, struct rw_error *err)
{
    const struct plane_box seen = { cell->box.x + cell->shift.x, cell->box.y + cell->shift.y,
                                    cell->box.width, cell->box.height };
    if (!make(rims, arena, err))
        return false;
    const struct cell_fault first = *fault;
    bool thick = is_thick(rims, cell);
    if (!thick)
        *fault = look_again(rims, cell, usual, first);
    if (fault->reason == REASON_NONE && lies_in_patch(rims, &seen)) {
        *fault = doubt(first);
        fault->reason = REASON_PRINT_DAMAGED; /* it is no other letter */
    }
    /* Wide strokes that should not be there are on the other paper like things behind. */
    const struct picture *paper = thick ? &rims->laying->seen_paper : &rims->paper;
    if (fault->reason != REASON_NONE &&
        lies_over(paper, &seen, rims->laying->px_per_um, CELL_FULL_INK * usual->contrast))
        *fault = doubt(*fault);
    return true;
}

/* Is a dark mark print? What is as wide as a rim must be as dark as ink. */
static bool is_print(const struct rims *rims, const struct plane_box *mark, float full)
{
    int count = 0;
    int thin = 0;
    int sum = 0;
    for (int y = mark->y; y < mark->y + mark->height; y++) {
        const int16_t *ink = plane_row(&rims->laying->planes.seen, mark->x, y);
        const int16_t *strokes = plane_row(&rims->planes.seen, mark->x, y);
        for (int x = 0; x < mark->width; x++) {
            if ((float)ink[x] < INK_PART * full)
                continue;
            count++;
            sum += ink[x];
            thin += (float)strokes[x] >= INK_PART * full;
        }
    }
    return 2 * thin >= count || (float)sum >= BLACK_PART * full * (float)count;
}

bool rims_judge_mark(struct rims *rims, const struct plane_box *mark, float full,
                     struct rw_arena *arena, struct cell_fault *fault, struct rw_error *err)
{
    if (!make(rims, arena, err))
        return false;
    if (!is_print(rims, mark, full))
        *fault = (struct cell_fault){ REASON_NONE, 0, false };
    else if (lies_over(&rims->paper, mark, rims->laying->px_per_um, full))
        *fault = doubt(*fault);
    return true;
}
