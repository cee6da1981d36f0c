/* SPDX-License-Identifier: Apache-2.0 */
/* Finds print where the label has none. */
#include "verifier/stray.h"

#include <math.h>
#include <string.h>

#include "verifier/cell.h"
#include "verifier/vision.h"
#include "verifier/vision_shapes.h"

#define WHITE 255
#define INK_PART 0.40F    /* of full ink: less is a shadow */
#define AROUND_UM 1200.0F /* where something may lie behind the film */
#define REACH_UM 500.0F   /* around wanted print: its own soft edge, where film bends */
#define EDGE_UM 1500      /* of the bag: seal, cut and what lies beneath */
#define AREA_UM2 2.5e5F   /* of a thin 1 */
#define HEIGHT_MIN 1100   /* um, of the smallest digit */
#define HEIGHT_MAX 9000
#define BESIDE_UM 6000       /* from a line's end: farther words do not belong to it */
#define ROW_MARKS 4          /* of a row: tablets bear fewer letters … */
#define ROW_UM 8000          /* … or shorter words */
#define APART_UM 2500        /* between two letters of one row */
#define WIDE_UM 12000.0F     /* dark areas that are wider are light and film, not blots */
#define BLOT_PART 0.55F      /* of full ink: less is the shadow of a wrinkle */
#define BLOT_REACH_UM 300.0F /* around print where it was found: the soft edge of ink */
#define BLOT_AREA_UM2 4.0e5F /* of a spot of 0.7 mm */
#define BLACK_PART 0.65F /* of full ink in the mean: rims and gaps of tablets are less dark … */
#define THICK_UM 450.0F  /* … and thinner, for how long they are */
#define WIDE_AREA_UM2 2.5e6F /* of a spot of 1.8 mm: what is smaller is narrow */
#define WIDE_BLACK 0.78F   /* of the way from the film to the print's own black, all over it: … */
#define WIDE_SPREAD 0.035F /* … even, as no tablet is: it is round, and shines, … */
#define WIDE_INNER_UM 350.0F /* … so far within its edge, … */
#define WIDE_SOFT 0.39F      /* … and with a sharp edge: what is darker than this beside it … */
#define WIDE_RIM 0.35F       /* … is no more than this part of it, … */
#define WIDE_EDGE_UM 400.0F  /* … so far around */
#define WIDE_FILL 0.45F      /* part of its box that it covers: a rim covers less */
#define RANGE_MIN 20.0F      /* grey levels from film to black: less is no film, but a tablet */

static struct plane_box to_pixels(const struct print_field *field, float px)
{
    return (struct plane_box){ (int)((float)field->x_um * px), (int)((float)field->y_um * px),
                               (int)ceilf((float)field->width_um * px),
                               (int)ceilf((float)field->height_um * px) };
}

/* Whitens a box, cut to the picture. */
static void clear(struct picture *picture, const struct plane_box *box)
{
    int left = box->x > 0 ? box->x : 0;
    int right = box->x + box->width;
    right = right < picture->width ? right : picture->width;
    for (int y = box->y > 0 ? box->y : 0; y < box->y + box->height && y < picture->height; y++)
        if (left < right)
            memset(picture->pixels + (ptrdiff_t)y * picture->stride + left, WHITE,
                   (size_t)(right - left));
}

static void clear_edges(struct picture *picture, int edge)
{
    const struct plane_box edges[] = { { 0, 0, picture->width, edge },
                                       { 0, picture->height - edge, picture->width, edge },
                                       { 0, 0, edge, picture->height },
                                       { picture->width - edge, 0, edge, picture->height } };
    for (size_t i = 0; i < RW_COUNT(edges); i++)
        clear(picture, &edges[i]);
}

/* The overlap of two spans for the first one's length. */
static float overlap(int from, int length, int other_from, int other_length)
{
    int end = from + length < other_from + other_length ? from + length : other_from + other_length;
    int start = from > other_from ? from : other_from;
    return end > start ? (float)(end - start) / (float)length : 0;
}

static int gap_between(const struct plane_box *one, const struct plane_box *other)
{
    int right = other->x - (one->x + one->width);
    int left = one->x - (other->x + other->width);
    return right > left ? right : left;
}

/* Is it darker by ink than the darkest paper around? Edges of a dark tablet, and the shadow beside
 * a light one, are not. */
static bool is_ink(const struct stray_view *view, const struct picture *ink,
                   const struct plane_box *box)
{
    int around = (int)(AROUND_UM * view->px_per_um);
    int darkest = WHITE;
    int sum = 0;
    int count = 0;
    for (int y = box->y - around; y < box->y + box->height + around; y++)
        for (int x = box->x - around; x < box->x + box->width + around; x++) {
            if (x < 0 || y < 0 || x >= view->paper->width || y >= view->paper->height)
                continue;
            int paper = view->paper->pixels[(ptrdiff_t)y * view->paper->stride + x];
            bool inside =
                x >= box->x && x < box->x + box->width && y >= box->y && y < box->y + box->height;
            int dark = WHITE - ink->pixels[(ptrdiff_t)y * ink->stride + x];
            darkest = paper < darkest ? paper : darkest;
            if (inside && (float)dark >= INK_PART * view->full) {
                sum += view->seen->pixels[(ptrdiff_t)y * view->seen->stride + x];
                count++;
            }
        }
    return (float)(darkest * count - sum) >= INK_PART * view->full * (float)count;
}

/* The name of the field whose line a mark lies in, right beside its text; NULL = of none. */
static const char *find_line(const struct stray_view *view, const struct plane_box *box)
{
    for (size_t i = 0; i < view->print->field_count; i++) {
        const struct print_field *field = &view->print->fields[i];
        struct plane_box line = to_pixels(field, view->px_per_um);
        if (field->text[0] != '\0' && overlap(box->y, box->height, line.y, line.height) >= 0.5F &&
            (float)gap_between(box, &line) <= BESIDE_UM * view->px_per_um)
            return field->name;
    }
    return NULL;
}

/* The row that goes on to the right from one mark: its marks and its end. */
static size_t follow_row(const struct vision_spot *spots, size_t count, size_t from, int apart,
                         int *ret_end)
{
    const struct plane_box *last = &spots[from].box;
    size_t marks = 1;
    for (size_t step = 0; step < count; step++) {
        const struct plane_box *next = NULL;
        for (size_t i = 0; i < count; i++) {
            const struct plane_box *box = &spots[i].box;
            if (box->x > last->x && box->x - (last->x + last->width) <= apart &&
                overlap(box->y, box->height, last->y, last->height) >= 0.5F &&
                (next == NULL || box->x < next->x))
                next = box;
        }
        if (next == NULL)
            break;
        last = next;
        marks++;
    }
    *ret_end = last->x + last->width;
    return marks;
}

/* Leaves the spots that look like letters. */
static size_t keep_letters(const struct stray_view *view, const struct picture *ink,
                           struct vision_spot *spots, size_t count)
{
    float px = view->px_per_um;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if ((float)spots[i].area >= AREA_UM2 * px * px &&
            (float)spots[i].box.height >= HEIGHT_MIN * px &&
            (float)spots[i].box.height <= HEIGHT_MAX * px && is_ink(view, ink, &spots[i].box))
            spots[kept++] = spots[i];
    return kept;
}

/* What is left of the ink where nothing else is known to lie. */
static bool find_spots(const struct stray_view *view, const struct vision_inks *how,
                       struct picture *ink, struct vision_spots *spots, struct rw_error *err)
{
    for (size_t i = 0; i < view->known_count; i++)
        clear(ink, &view->known[i]);
    clear_edges(ink, (int)(EDGE_UM * view->px_per_um));
    return vision_shapes_spots(ink, view->wanted, how, spots, err);
}

bool stray_find(const struct stray_view *view, struct rw_arena *arena,
                struct stray_mark ret_marks[STRAY_MARKS_MAX], size_t *ret_count,
                struct rw_error *err)
{
    float px = view->px_per_um;
    struct picture ink;
    struct vision_spots spots = { 0 };
    const struct vision_inks how = { (int)fmaxf(INK_PART * view->full, 1), (int)(REACH_UM * px) };
    size_t count = 0;

    spots.spots = rw_arena_array(arena, VISION_SPOTS_MAX, sizeof *spots.spots, err);
    if (spots.spots == NULL || !vision_lift(view->seen, view->paper, arena, &ink, err) ||
        !find_spots(view, &how, &ink, &spots, err))
        return false;
    size_t letters = keep_letters(view, &ink, spots.spots, spots.count);
    for (size_t i = 0; i < letters && count < STRAY_MARKS_MAX; i++) {
        struct plane_box box = spots.spots[i].box;
        const char *name = find_line(view, &box);
        int end = 0;
        size_t row = follow_row(spots.spots, letters, i, (int)(APART_UM * px), &end);
        if (name == NULL && (row < ROW_MARKS || (float)(end - box.x) < ROW_UM * px))
            continue;
        box.width = name == NULL ? end - box.x : box.width;
        ret_marks[count++] = (struct stray_mark){ box, name == NULL ? "" : name };
    }
    *ret_count = count;
    return true;
}

/* The ink that may be blots: where nothing lies in the bag all that is darker than its film, else
 * what is narrower than tablets. */
static bool lift_blots(const struct stray_view *view, struct rw_arena *arena,
                       struct picture *ret_ink, struct rw_error *err)
{
    struct picture film;
    if (view->paper != NULL)
        return vision_lift(view->seen, view->paper, arena, ret_ink, err);
    return vision_paper(view->seen, WIDE_UM * view->px_per_um, arena, &film, err) &&
           vision_lift(view->seen, &film, arena, ret_ink, err);
}

/* Is a narrow spot over tablets too dark, and too thick, for one of their rims? */
static bool is_black(const struct stray_view *view, const struct picture *ink,
                     const struct vision_spot *spot)
{
    const struct plane_box *box = &spot->box;
    float length = hypotf((float)box->width, (float)box->height);
    int sum = 0;
    int count = 0;
    for (int y = box->y; y < box->y + box->height; y++)
        for (int x = box->x; x < box->x + box->width; x++) {
            int dark = WHITE - ink->pixels[(ptrdiff_t)y * ink->stride + x];
            bool counts = (float)dark >= BLOT_PART * view->full;
            sum += counts ? dark : 0;
            count += counts;
        }
    return (float)sum >= BLACK_PART * view->full * (float)count &&
           (float)spot->area >= THICK_UM * view->px_per_um * length && is_ink(view, ink, box);
}

/* How black each place is: white = as the film around, CELL_FULL_INK below = as the print. */
static bool lift_black(const struct stray_view *view, struct rw_arena *arena,
                       struct picture *ret_black, struct rw_error *err)
{
    struct picture film;
    if (!vision_paper(view->seen, WIDE_UM * view->px_per_um, arena, &film, err) ||
        !vision_lift(view->seen, &film, arena, ret_black, err))
        return false;
    for (int y = 0; y < film.height; y++) {
        const uint8_t *around = film.pixels + (ptrdiff_t)y * film.stride;
        uint8_t *pixels = ret_black->pixels + (ptrdiff_t)y * ret_black->stride;
        for (int x = 0; x < film.width; x++) {
            float range = fmaxf((float)around[x] - view->black, RANGE_MIN);
            float dark = CELL_FULL_INK * (float)(WHITE - pixels[x]) / range;
            pixels[x] = (uint8_t)(WHITE - fminf(dark, WHITE));
        }
    }
    return true;
}

/* How black a place is: 1 = as the print, 0 = as the film. */
static float black_at(const struct picture *black, int x, int y)
{
    return (float)(WHITE - black->pixels[(ptrdiff_t)y * black->stride + x]) / CELL_FULL_INK;
}

/* How much the black of a spot varies within its edges. A tablet shines somewhere, and there it is
 * as light as may be: what lies between two black places of a row is counted whatever it is. */
static float spread_within(const struct picture *black, const struct plane_box *box, int edge)
{
    double sum = 0;
    double squares = 0;
    int count = 0;
    for (int y = box->y + edge; y < box->y + box->height - edge; y++) {
        int first = box->x;
        int last = box->x + box->width - 1;
        while (first < last && black_at(black, first, y) < WIDE_BLACK)
            first++;
        while (last > first && black_at(black, last, y) < WIDE_BLACK)
            last--;
        for (int x = first + edge; x <= last - edge; x++) {
            double part = (double)black_at(black, x, y);
            sum += part;
            squares += part * part;
            count++;
        }
    }
    double mean = sum / fmax(count, 1);
    return count > 0 ? (float)sqrt(fmax(squares / count - mean * mean, 0)) : 1;
}

/* What is soft around a black spot, for the black itself. */
static float softness_of(const struct picture *black, const struct plane_box *box, int around)
{
    int count = 0;
    int soft = 0;
    for (int y = box->y - around; y < box->y + box->height + around; y++)
        for (int x = box->x - around; x < box->x + box->width + around; x++) {
            if (x < 0 || y < 0 || x >= black->width || y >= black->height)
                continue;
            float part = black_at(black, x, y);
            count += part >= WIDE_BLACK;
            soft += part < WIDE_BLACK && part >= WIDE_SOFT;
        }
    return (float)soft / fmaxf((float)count, 1);
}

/* Is a black spot as even, as full and as sharp at its edge as ink is? */
static bool is_even(const struct stray_view *view, const struct picture *black,
                    const struct vision_spot *spot)
{
    const struct plane_box *box = &spot->box;
    float px = view->px_per_um;
    return (float)spot->area >= WIDE_FILL * (float)(box->width * box->height) &&
           softness_of(black, box, (int)(WIDE_EDGE_UM * px)) <= WIDE_RIM &&
           spread_within(black, box, (int)ceilf(WIDE_INNER_UM * px)) <= WIDE_SPREAD;
}

/* Over tablets what is as wide as they are is a blot where it is as black as the print itself. */
static bool add_wide(const struct stray_view *view, struct vision_spots *spots,
                     struct rw_arena *arena, struct stray_mark ret_marks[STRAY_MARKS_MAX],
                     size_t *count, struct rw_error *err)
{
    float px = view->px_per_um;
    struct picture black;
    const struct vision_inks how = { (int)(WIDE_BLACK * CELL_FULL_INK), (int)(BLOT_REACH_UM * px) };
    spots->count = 0;
    if (!lift_black(view, arena, &black, err) || !find_spots(view, &how, &black, spots, err))
        return false;
    for (size_t i = 0; i < spots->count && *count < STRAY_MARKS_MAX; i++)
        if ((float)spots->spots[i].area >= WIDE_AREA_UM2 * px * px &&
            is_even(view, &black, &spots->spots[i]))
            ret_marks[(*count)++] = (struct stray_mark){ spots->spots[i].box, "" };
    return true;
}

bool stray_find_blots(const struct stray_view *view, struct rw_arena *arena,
                      struct stray_mark ret_marks[STRAY_MARKS_MAX], size_t *ret_count,
                      struct rw_error *err)
{
    float px = view->px_per_um;
    struct picture ink;
    struct vision_spots spots = { 0 };
    const struct vision_inks how = { (int)fmaxf(BLOT_PART * view->full, 1),
                                     (int)(BLOT_REACH_UM * px) };
    size_t count = 0;

    spots.spots = rw_arena_array(arena, VISION_SPOTS_MAX, sizeof *spots.spots, err);
    if (spots.spots == NULL || !lift_blots(view, arena, &ink, err) ||
        !find_spots(view, &how, &ink, &spots, err))
        return false;
    for (size_t i = 0; i < spots.count && count < STRAY_MARKS_MAX; i++)
        if ((float)spots.spots[i].area >= BLOT_AREA_UM2 * px * px &&
            (view->paper == NULL || is_black(view, &ink, &spots.spots[i])))
            ret_marks[count++] = (struct stray_mark){ spots.spots[i].box, "" };
    if (view->paper != NULL && count == 0 && !add_wide(view, &spots, arena, ret_marks, &count, err))
        return false;
    *ret_count = count;
    return true;
}
