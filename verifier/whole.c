/* SPDX-License-Identifier: Apache-2.0 */
/* Proposes all the ink of a picture as one symbol. */
#include "verifier/whole.h"

#include <stddef.h>
#include <stdint.h>

#include "verifier/vision.h"

#define SIDE_MIN 8 /* pixels of the ink */
#define SIDE_MAX                                                                    \
    1000 /* longer ink is looked at in a copy: 144 modules still have 7 pixels each \
          */
#define CONTRAST_MIN 24
#define INK_PART 5   /* one pixel in so many is dark in the first row of a symbol: half its clock */
#define FRAME_PART 8 /* of the longer side: more than a module of 10x10 */
#define SLACK_PART 12 /* and this much of it stays around the ink: a symbol may lie askew */
#define PAPER 255

struct ink {
    int32_t down[2]; /* first and last row */
    int32_t across[2];
    struct picture_quad askew[WHOLE_QUADS - 1];
    int middle; /* darker is ink */
};

/* First and last of a row of counts that reach a bound; false = none does. */
static bool extent(const int32_t *counts, int32_t length, int32_t least, int32_t ret_ends[2])
{
    int32_t first = 0;
    int32_t last = length - 1;
    while (first < length && counts[first] < least)
        first++;
    while (last > first && counts[last] < least)
        last--;
    ret_ends[0] = first;
    ret_ends[1] = last;
    return last - first + 1 >= SIDE_MIN;
}

/* Half-way between the darkest and the lightest; 0 = there is no print. */
static int middle_grey(const struct picture *picture)
{
    uint8_t darkest = 255;
    uint8_t lightest = 0;
    for (int32_t y = 0; y < picture->height; y++) {
        const uint8_t *row = picture->pixels + (ptrdiff_t)y * picture->stride;
        for (int32_t x = 0; x < picture->width; x++) {
            darkest = row[x] < darkest ? row[x] : darkest;
            lightest = row[x] > lightest ? row[x] : lightest;
        }
    }
    return lightest - darkest < CONTRAST_MIN ? 0 : (darkest + lightest) / 2;
}

/* The rows and columns from the first to the last that have ink enough. */
static bool find_ink(const struct picture *picture, struct rw_arena *arena, struct ink *ret,
                     bool *ret_found, struct rw_error *err)
{
    int32_t *rows = rw_arena_array(arena, (size_t)picture->height, sizeof *rows, err);
    int32_t *cols = rw_arena_array(arena, (size_t)picture->width, sizeof *cols, err);

    if (rows == NULL || cols == NULL)
        return false;
    const int middle = middle_grey(picture);
    const int32_t width = picture->width; /* a count might be it, for all the compiler knows */
    ret->middle = middle;
    for (int32_t y = 0; y < picture->height; y++) {
        const uint8_t *row = picture->pixels + (ptrdiff_t)y * picture->stride;
        int32_t sum = 0;
        for (int32_t x = 0; x < width; x++) {
            int32_t dark = row[x] < middle;
            sum += dark;
            cols[x] += dark;
        }
        rows[y] = sum;
    }
    *ret_found = extent(rows, picture->height, picture->width / INK_PART + 1, ret->down) &&
                 extent(cols, picture->width, picture->height / INK_PART + 1, ret->across);
    return true;
}

static int32_t least(int32_t one, int32_t other)
{
    return one < other ? one : other;
}

static const int towards[4][2] = { { -1, 1 }, { 1, 1 }, { 1, -1 }, { -1, -1 } };

/* The ink that lies farthest towards each corner. */
static struct picture_quad outermost(const struct picture *part, int middle)
{
    struct picture_quad quad = { 0 };
    int32_t most[4] = { INT32_MIN, INT32_MIN, INT32_MIN, INT32_MIN };

    for (int32_t y = 0; y < part->height; y++) {
        const uint8_t *row = part->pixels + (ptrdiff_t)y * part->stride;
        int32_t first = 0;
        int32_t last = part->width - 1;
        while (first <= last && row[first] >= middle)
            first++;
        while (last > first && row[last] >= middle)
            last--;
        for (int k = 0; k < 4 && first <= last; k++) { /* what lies between them is less far */
            int32_t x = towards[k][0] > 0 ? last : first;
            int32_t far = towards[k][0] * x + towards[k][1] * y;
            if (far <= most[k])
                continue;
            most[k] = far;
            quad.corner[k].x = (float)x + (towards[k][0] > 0 ? 1 : 0);
            quad.corner[k].y = (float)y + (towards[k][1] > 0 ? 1 : 0);
        }
    }
    return quad;
}

/* Where the other three corners of a parallelogram put this one. */
static struct picture_point completed(const struct picture_quad *quad, int k)
{
    const struct picture_point *before = &quad->corner[(k + 3) % 4];
    const struct picture_point *after = &quad->corner[(k + 1) % 4];
    const struct picture_point *across = &quad->corner[(k + 2) % 4];
    return (struct picture_point){ before->x + after->x - across->x,
                                   before->y + after->y - across->y };
}

/* One corner of a symbol is light, whichever it is: the other three tell where. */
static void find_askew(const struct picture *part, struct picture_point origin, struct ink *ink)
{
    struct picture_quad quad = outermost(part, ink->middle);

    for (int k = 0; k < 4; k++) {
        ink->askew[k] = quad;
        ink->askew[k].corner[k] = completed(&quad, k);
        for (int j = 0; j < 4; j++) {
            ink->askew[k].corner[j].x += origin.x;
            ink->askew[k].corner[j].y += origin.y;
        }
    }
}

/* A quad of the given picture as it lies in the framed one. */
static struct picture_quad framed_quad(const struct whole *whole, const struct picture_quad *quad)
{
    struct picture_quad framed;
    for (int i = 0; i < 4; i++) {
        framed.corner[i].x = (quad->corner[i].x - whole->offset.x) / whole->scale;
        framed.corner[i].y = (quad->corner[i].y - whole->offset.y) / whole->scale;
    }
    return framed;
}

static void add_quads(const struct ink *ink, struct whole *whole)
{
    float left = (float)ink->across[0];
    float right = (float)ink->across[1] + 1;
    float top = (float)ink->down[0];
    float bottom = (float)ink->down[1] + 1;
    const struct picture_quad upright = {
        { { left, bottom }, { right, bottom }, { right, top }, { left, top } }
    };
    whole->quads[0] = framed_quad(whole, &upright);
    for (int i = 1; i < WHOLE_QUADS; i++)
        whole->quads[i] = framed_quad(whole, &ink->askew[i - 1]);
    whole->count = WHOLE_QUADS;
}

bool whole_find(const struct picture *picture, struct rw_arena *arena, struct whole *ret_whole,
                struct rw_error *err)
{
    struct whole whole = { .scale = 1 };
    struct ink ink;
    bool found = false;

    *ret_whole = whole;
    if (!find_ink(picture, arena, &ink, &found, err))
        return false;
    if (!found)
        return true;
    int32_t width = ink.across[1] - ink.across[0] + 1;
    int32_t height = ink.down[1] - ink.down[0] + 1;
    int32_t slack = (width > height ? width : height) / SLACK_PART;
    struct picture crop = *picture;
    int32_t left = ink.across[0] > slack ? ink.across[0] - slack : 0;
    int32_t top = ink.down[0] > slack ? ink.down[0] - slack : 0;
    crop.width = least(ink.across[1] + 1 + slack, picture->width) - left;
    crop.height = least(ink.down[1] + 1 + slack, picture->height) - top;
    crop.pixels += (ptrdiff_t)top * picture->stride + left;
    find_askew(&crop, (struct picture_point){ (float)left, (float)top }, &ink);
    int32_t longer = crop.width > crop.height ? crop.width : crop.height;
    if (longer > SIDE_MAX) {
        struct picture large = crop;
        whole.scale = (float)longer / SIDE_MAX;
        if (!vision_resize(&large, (int32_t)((float)large.width / whole.scale),
                           (int32_t)((float)large.height / whole.scale), arena, &crop, err))
            return false;
        longer = SIDE_MAX;
    }
    const struct vision_frame how = { .by = 1, .margin = longer / FRAME_PART + 2, .grey = PAPER };
    if (!vision_enlarge(&crop, &how, arena, &whole.framed, err))
        return false;
    whole.offset = (struct picture_point){ (float)left - (float)how.margin * whole.scale,
                                           (float)top - (float)how.margin * whole.scale };
    add_quads(&ink, &whole);
    *ret_whole = whole;
    return true;
}

struct picture_quad whole_given_quad(const struct whole *whole, const struct picture_quad *quad)
{
    struct picture_quad given;
    for (int i = 0; i < 4; i++) {
        given.corner[i].x = quad->corner[i].x * whole->scale + whole->offset.x;
        given.corner[i].y = quad->corner[i].y * whole->scale + whole->offset.y;
    }
    return given;
}
