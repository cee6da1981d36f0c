/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the spot of a letter that has too little or too much ink. */
#include "verifier/spot.h"

#include <assert.h>
#include <math.h>

#define SIDE_PX 3         /* of a spot: a third of a millimetre or less */
#define AROUND_UM 500.0F  /* on each side of a spot: lies as it does */
#define AROUND_PX_MAX 8   /* … so much is enough */
#define BEND_UM 100.0F    /* film carries an edge no farther from where its letter lies */
#define BEND_STEPS 2      /* to each side */
#define CARRIED_PX 2      /* … which is so far at the most */
#define BETTER_PART 0.5F  /* of what was left over, or less: film did bend */
#define BESIDE_UM 1000.0F /* where something may lie behind the film */
#define DEPTH_MIN 0.45F   /* of ink on the darkest paper that is allowed for */
#define WHITE 255
#define WINDOW_MAX (2 * AROUND_PX_MAX + SIDE_PX)

/* A place of the label, and what is around it. */
struct window {
    struct plane_box box;
    int x; /* of the spot in the box */
    int y;
};

static float residue_at(const struct spot_view *view, float seen, int wanted)
{
    return seen - view->offset - view->contrast * (float)wanted;
}

/* The box around a spot, cut to the planes. */
static struct window look_around(const struct spot_view *view, int left, int top)
{
    int around = (int)fminf(ceilf(AROUND_UM * view->px_per_um), AROUND_PX_MAX);
    int right = left + SIDE_PX + around;
    int bottom = top + SIDE_PX + around;
    int x = left > around ? left - around : 0;
    int y = top > around ? top - around : 0;
    right = right < view->wanted->width ? right : view->wanted->width;
    bottom = bottom < view->wanted->height ? bottom : view->wanted->height;
    return (struct window){ { x, y, right - x, bottom - y }, left - x, top - y };
}

static struct plane_rest moved(const struct plane_rest *rest, float right, float down)
{
    float x = (float)rest->shift.x + rest->right + right;
    float y = (float)rest->shift.y + rest->down + down;
    struct plane_shift whole = { (int)floorf(x), (int)floorf(y) };
    return (struct plane_rest){ whole, x - (float)whole.x, y - (float)whole.y };
}

/* The wanted print at each place of a window as it is seen, and the print beside it that lies up to
 * `edge_px` aside: there it is then more like its neighbours, the darkest or the lightest. */
struct print {
    float wanted[WINDOW_MAX][WINDOW_MAX];
    float darker[WINDOW_MAX][WINDOW_MAX];
    float lighter[WINDOW_MAX][WINDOW_MAX];
};

static void look_beside(const struct spot_view *view, int x, int y, float *ret_darker,
                        float *ret_lighter)
{
    int here = *plane_row(view->wanted, x, y);
    int least = here;
    int most = here;
    for (int row = y - 1; row <= y + 1; row++) {
        const int16_t *wanted = plane_row(view->wanted, x - 1, row);
        for (int i = 0; i < 3; i++) {
            least = wanted[i] < least ? wanted[i] : least;
            most = wanted[i] > most ? wanted[i] : most;
        }
    }
    float part = view->edge_px * fmaxf(view->contrast, 0);
    *ret_darker = part * (float)(most - here);
    *ret_lighter = part * (float)(here - least);
}

static void print_of(const struct spot_view *view, const struct window *window,
                     struct print *ret_print)
{
    for (int y = 0; y < window->box.height; y++) {
        const int16_t *wanted = plane_row(view->wanted, window->box.x, window->box.y + y);
        for (int x = 0; x < window->box.width; x++) {
            ret_print->wanted[y][x] = view->contrast * (float)wanted[x];
            if (view->edge_px > 0)
                look_beside(view, window->box.x + x, window->box.y + y, &ret_print->darker[y][x],
                            &ret_print->lighter[y][x]);
        }
    }
}

/* What of a residue no edge of the wanted print explains. */
static float beyond_edges(const struct print *print, int x, int y, float residue)
{
    return residue > 0 ? fmaxf(residue - print->darker[y][x], 0)
                       : fminf(residue + print->lighter[y][x], 0);
}

/* What is left over in the window under this shift. */
static void lay_window(const struct spot_view *view, const struct window *window,
                       const struct print *print, const struct plane_rest *rest,
                       float ret_residues[WINDOW_MAX][WINDOW_MAX])
{
    for (int y = 0; y < window->box.height; y++) {
        plane_see_row(view->seen, &window->box, rest, y, ret_residues[y]);
        for (int x = 0; x < window->box.width; x++) {
            float residue = ret_residues[y][x] - view->offset - print->wanted[y][x];
            ret_residues[y][x] = view->edge_px > 0 ? beyond_edges(print, x, y, residue) : residue;
        }
    }
}

static float add_squares(const struct window *window, float residues[WINDOW_MAX][WINDOW_MAX])
{
    float sum = 0;
    for (int y = 0; y < window->box.height; y++)
        for (int x = 0; x < window->box.width; x++)
            sum += residues[y][x] * residues[y][x];
    return sum;
}

static float find_at(const struct window *window, int left, int top, float sign,
                     float residues[WINDOW_MAX][WINDOW_MAX])
{
    float spot = 0;
    if (left < 0 || top < 0 || left + SIDE_PX > window->box.width ||
        top + SIDE_PX > window->box.height)
        return 0;
    for (int k = 0; k < SIDE_PX * SIDE_PX; k++)
        spot += sign * residues[top + k / SIDE_PX][left + k % SIDE_PX];
    return spot;
}

/* The largest spot of this sign where the one in the middle may have been carried. */
static float find_largest(const struct window *window, float sign,
                          float residues[WINDOW_MAX][WINDOW_MAX])
{
    float largest = 0;
    for (int i = 0; i < (2 * CARRIED_PX + 1) * (2 * CARRIED_PX + 1); i++) {
        int left = window->x + i % (2 * CARRIED_PX + 1) - CARRIED_PX;
        int top = window->y + i / (2 * CARRIED_PX + 1) - CARRIED_PX;
        largest = fmaxf(largest, find_at(window, left, top, sign, residues));
    }
    return largest;
}

/* What is left of a spot, here in the box, where its surroundings lie best; all of it where they
 * lie hardly better anywhere, as around a hole. */
static float settle(const struct spot_view *view, const int at[2], float sign, float spot)
{
    float residues[WINDOW_MAX][WINDOW_MAX];
    struct print print;
    struct window window = look_around(view, view->box->x + at[0], view->box->y + at[1]);
    float step = BEND_UM * view->px_per_um / BEND_STEPS;
    struct plane_rest best = view->rest;
    print_of(view, &window, &print);
    lay_window(view, &window, &print, &view->rest, residues);
    float most = BETTER_PART * add_squares(&window, residues);
    float least = most;
    for (int i = -BEND_STEPS; i <= BEND_STEPS; i++)
        for (int k = -BEND_STEPS; k <= BEND_STEPS; k++) {
            struct plane_rest rest = moved(&view->rest, (float)k * step, (float)i * step);
            lay_window(view, &window, &print, &rest, residues);
            float squares = add_squares(&window, residues);
            if (squares < least) {
                least = squares;
                best = rest;
            }
        }
    if (least >= most) {
        if (view->edge_px > 0) {
            lay_window(view, &window, &print, &view->rest, residues);
            spot = fminf(find_at(&window, window.x, window.y, sign, residues), spot);
        }
        return spot;
    }
    lay_window(view, &window, &print, &best, residues);
    return fminf(find_largest(&window, sign, residues), spot);
}

static int within(int at, int count)
{
    return at < 0 ? 0 : at >= count ? count - 1 : at;
}

/* How much darker than the paper under a spot the darkest around it is, in grey levels. */
static float find_drop(const struct spot_view *view, int x, int y)
{
    const struct picture *paper = view->paper;
    int around = (int)(BESIDE_UM * view->px_per_um);
    int left = view->box->x + x + view->rest.shift.x;
    int top = view->box->y + y + view->rest.shift.y;
    int here = 0;
    int darkest = WHITE;
    for (int row = top - around; row < top + SIDE_PX + around; row++)
        for (int col = left - around; col < left + SIDE_PX + around; col++) {
            int grey = paper->pixels[(ptrdiff_t)within(row, paper->height) * paper->stride +
                                     within(col, paper->width)];
            darkest = grey < darkest ? grey : darkest;
            bool inside = row >= top && row < top + SIDE_PX && col >= left && col < left + SIDE_PX;
            here += inside ? grey : 0;
        }
    return fmaxf((float)here / (SIDE_PX * SIDE_PX) - (float)darkest, 0);
}

/* The surplus that is not the darker paper beside it, for what ink can have there. */
static float lift(const struct spot_view *view, const int at[2], float spot)
{
    if (view->paper == NULL || view->full <= 0)
        return spot;
    float drop = fminf(find_drop(view, at[0], at[1]), (1 - DEPTH_MIN) * view->full);
    return (spot - SIDE_PX * SIDE_PX * drop) / (1 - drop / view->full);
}

/* The sum of a spot, if it is farther from none than the farthest so far; `sign` is that of ink. */
static float farther(const struct spot_view *view, float spot, const int at[2], float sign,
                     float farthest)
{
    float size = sign * spot;
    if (size <= farthest)
        return farthest;
    if (size > view->little * SIDE_PX * SIDE_PX) {
        size = settle(view, at, sign, size);
        size = sign > 0 ? fminf(size, lift(view, at, size)) : size;
    }
    return fmaxf(size, farthest);
}

void spot_find(const struct spot_view *view, float *ret_missing, float *ret_extra)
{
    float rows[SIDE_PX][PLANE_BOX_MAX];
    int width = view->box->width;
    float highest = 0;
    float lowest = 0;

    assert(width <= PLANE_BOX_MAX);
    for (int y = 0; y < view->box->height; y++) {
        float column[PLANE_BOX_MAX];
        float *residue = rows[y % SIDE_PX];
        const int16_t *wanted = plane_row(view->wanted, view->box->x, view->box->y + y);
        plane_see_row(view->seen, view->box, &view->rest, y, residue);
        for (int x = 0; x < width; x++)
            residue[x] = residue_at(view, residue[x], wanted[x]);
        if (y < SIDE_PX - 1)
            continue;
        for (int x = 0; x < width; x++)
            column[x] = rows[0][x] + rows[1][x] + rows[2][x];
        for (int x = 0; x + SIDE_PX <= width; x++) {
            float spot = column[x] + column[x + 1] + column[x + 2];
            const int at[2] = { x, y - SIDE_PX + 1 };
            highest = farther(view, spot, at, 1, highest);
            lowest = farther(view, spot, at, -1, lowest);
        }
    }
    *ret_extra = highest / (SIDE_PX * SIDE_PX);
    *ret_missing = lowest / (SIDE_PX * SIDE_PX);
}
