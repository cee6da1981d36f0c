/* SPDX-License-Identifier: Apache-2.0 */
/* Looks once more at letters on things that are nearly as dark as ink. */
#include "verifier/dusk.h"

#include <math.h>

#include "verifier/bare.h"
#include "verifier/found.h"
#include "verifier/vision.h"

#define DARK_PART 0.65F     /* of how dark ink can be on the film: a thing as dark lies behind */
#define DARK_COVER 0.1F     /* part of a letter's place that it covers at the least */
#define SURE_COVER 0.95F    /* … and all but the edge of it, where it tells how pale ink is */
#define SURE_LIKENESS 0.85F /* … with letters that are good */
#define BLACK_REACH 15.0F   /* grey levels that ink there may be darker or lighter */
#define RANGE_MIN 8.0F      /* grey levels that ink can be darker: noise is as dark on less */
#define WIDE_UM 2200.0F     /* wider dark things are no letters */
#define STROKE_UM 700.0F    /* of letters; what is wider lies behind them */
#define LIKENESS_MIN 0.85F  /* a letter on it that is as alike is good, … */
#define FAULT_MAX 1.2F      /* … with spots a little larger than on film, for the noise there */
#define BLACK_PART 0.3F     /* and nearly as dark as ink: a smear is paler, … */
#define BLACK_UM2 1.0e6F    /* … where it is as large */
#define AROUND_UM 1000.0F   /* so far beside a place */
#define ASIDE_UM 150.0F     /* so far aside the edge of a thing may lie … */
#define BESIDE_UM 400.0F    /* … and what is no darker than so far beside it is no ink, … */
#define EDGE_MIN 20         /* … where the ground changes by so many grey levels */
#define WHITE 255

/* What the evened picture is made from. */
struct evening {
    struct picture ground; /* what lies behind the print */
    struct picture found;  /* the wanted print, where it was found */
};

static int within(int at, int count)
{
    return at < 0 ? 0 : at >= count ? count - 1 : at;
}

/* How much darker than this paper ink can be, for that on the film. */
static float part_of(const struct laying *laying, float black, int paper)
{
    float range = fmaxf(laying->film - black, RANGE_MIN);
    float here = fmaxf((float)paper - black, RANGE_MIN);
    return fminf(here / range, 1);
}

/* The part of a letter's place behind which something as dark lies; the mean grey there. */
static float cover_of(const struct laying *laying, const struct cell *cell, float *ret_grey)
{
    const struct picture *paper = &laying->seen_paper;
    int count = cell->box.width * cell->box.height;
    int dark = 0;
    int sum = 0;
    for (int k = 0; k < count; k++) {
        int x = within(cell->box.x + cell->shift.x + k % cell->box.width, paper->width);
        int y = within(cell->box.y + cell->shift.y + k / cell->box.width, paper->height);
        int grey = paper->pixels[(ptrdiff_t)y * paper->stride + x];
        dark += part_of(laying, laying->black, grey) < DARK_PART;
        sum += grey;
    }
    *ret_grey = (float)sum / (float)count;
    return (float)dark / (float)count;
}

/* The grey of ink on what is dark: how much paler letters are that lie on it alone says so. */
static float find_black(const struct laying *laying)
{
    float sum = 0;
    int count = 0;
    for (size_t i = 0; i < laying->count; i++) {
        const struct cell *cell = &laying->cells[i];
        float grey = 0;
        if (!cell->has_ink || cell->likeness < SURE_LIKENESS ||
            cover_of(laying, cell, &grey) < SURE_COVER)
            continue;
        float part = fminf(cell->contrast / laying->usual.contrast, DARK_PART);
        float black = (grey - part * laying->film) / (1 - part);
        sum += fminf(fmaxf(black, laying->black - BLACK_REACH), laying->black + BLACK_REACH);
        count++;
    }
    return count > 0 ? sum / (float)count : laying->black;
}

/* The ground beside a place, so far aside as its own edges may lie. */
struct span {
    int darkest;
    int lightest;
};
static struct span span_around(const struct picture *ground, int x, int y, int aside)
{
    struct span span = { WHITE, 0 };
    for (int row = y - aside; row <= y + aside; row++)
        for (int col = x - aside; col <= x + aside; col++) {
            int grey = ground->pixels[(ptrdiff_t)within(row, ground->height) * ground->stride +
                                      within(col, ground->width)];
            span.darkest = grey < span.darkest ? grey : span.darkest;
            span.lightest = grey > span.lightest ? grey : span.lightest;
        }
    return span;
}

static float ink_on(const struct dusk *dusk, int ground, int grey)
{
    float part = part_of(dusk->laying, dusk->black, ground);
    return fminf(fmaxf((float)(ground - grey) / part, 0), WHITE);
}

/* The ink of one place, as dark as it would be on the film. Where a thing ends the ground is one or
 * the other: there it is what is wanted, if that lies between both. */
static float even_at(const struct dusk *dusk, const struct evening *evening, int x, int y)
{
    const struct laying *laying = dusk->laying;
    const struct picture *ground = &evening->ground;
    const struct picture *seen = &laying->registration->seen;
    const struct picture *found = &evening->found;
    int grey = seen->pixels[(ptrdiff_t)y * seen->stride + x];
    float ink = ink_on(dusk, ground->pixels[(ptrdiff_t)y * ground->stride + x], grey);
    struct span near = span_around(ground, x, y, (int)(ASIDE_UM * laying->px_per_um));
    struct span far = span_around(ground, x, y, (int)(BESIDE_UM * laying->px_per_um));
    if (far.lightest - far.darkest < EDGE_MIN)
        return ink;
    float dark = ink_on(dusk, far.darkest, grey);
    float light = ink_on(dusk, near.lightest, grey);
    float wanted =
        laying->usual.contrast * (float)(WHITE - found->pixels[(ptrdiff_t)y * found->stride + x]);
    return fminf(fmaxf(wanted, fminf(fminf(dark, light), ink)), fmaxf(fmaxf(dark, light), ink));
}

static bool make(struct dusk *dusk, struct rw_arena *arena, struct rw_error *err)
{
    const struct laying *laying = dusk->laying;
    const struct picture *seen = &laying->registration->seen;
    float px = laying->px_per_um;
    struct picture wide;
    struct picture bare;
    struct picture even;
    struct evening evening;
    if (dusk->is_made)
        return true;
    dusk->black = find_black(laying);
    if (!vision_ground(seen, WIDE_UM * px, arena, &wide, err) ||
        !bare_make(laying, &wide, laying->usual.contrast, arena, &bare, err) ||
        !vision_ground(&bare, STROKE_UM * px, arena, &evening.ground, err) ||
        !found_draw(laying, &laying->wanted_soft, arena, &evening.found, err) ||
        !picture_make(arena, seen->width, seen->height, &even, err))
        return false;
    for (int y = 0; y < seen->height; y++)
        for (int x = 0; x < seen->width; x++)
            even.pixels[(ptrdiff_t)y * even.stride + x] =
                (uint8_t)(WHITE - even_at(dusk, &evening, x, y));
    dusk->planes = laying->planes;
    dusk->planes.paper = NULL;
    dusk->is_made = plane_make(&even, NULL, arena, &dusk->planes.seen, err) &&
                    plane_sum_up(&dusk->planes.seen, arena, err);
    return dusk->is_made;
}

bool dusk_judge(struct dusk *dusk, const struct cell *cell, const struct cell_usual *usual,
                struct rw_arena *arena, struct cell_fault *fault, struct rw_error *err)
{
    struct cell even = *cell;
    float grey = 0;
    if (!cell->has_ink || cover_of(dusk->laying, cell, &grey) < DARK_COVER)
        return true;
    if (!make(dusk, arena, err))
        return false;
    cell_measure(&dusk->planes, &even);
    even.depth = fminf(fmaxf(even.contrast / usual->contrast, 0), 1);
    const struct cell_usual here = { usual->contrast, usual->noise, 0 };
    if (even.depth > 0 && even.likeness >= LIKENESS_MIN &&
        cell_judge(&even, &here).size <= FAULT_MAX)
        *fault = (struct cell_fault){ REASON_NONE, 0, false };
    return true;
}

bool dusk_lies_at(const struct laying *laying, const struct plane_box *place)
{
    const struct picture *paper = &laying->seen_paper;
    float px = laying->px_per_um;
    int around = (int)(AROUND_UM * px);
    int black = 0;
    for (int y = place->y - around; y < place->y + place->height + around; y++)
        for (int x = place->x - around; x < place->x + place->width + around; x++) {
            int grey = paper->pixels[(ptrdiff_t)within(y, paper->height) * paper->stride +
                                     within(x, paper->width)];
            black += part_of(laying, laying->black, grey) < BLACK_PART;
        }
    return (float)black >= BLACK_UM2 * px * px;
}
