/* SPDX-License-Identifier: Apache-2.0 */
/* Proposes all the ink of a picture as one symbol. */
#include "verifier/whole.h"

#include <stddef.h>
#include <stdint.h>

#include "verifier/vision.h"

#define SIDE_MIN 8    /* pixels of the ink */
#define SIDE_MAX 1000 /* longer ink is looked at in a copy: 144 modules still have 7 pixels each \
                       */
#define CONTRAST_MIN 24
#define INK_PART 5   /* one pixel in so many is dark in the first row of a symbol: half its clock */
#define FRAME_PART 8 /* of the longer side: more than a module of 10x10 */
#define PAPER 255

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
    int darkest = 255;
    int lightest = 0;
    for (int32_t y = 0; y < picture->height; y++) {
        const uint8_t *row = picture->pixels + (ptrdiff_t)y * picture->stride;
        for (int32_t x = 0; x < picture->width; x++) {
            darkest = row[x] < darkest ? row[x] : darkest;
            lightest = row[x] > lightest ? row[x] : lightest;
        }
    }
    return lightest - darkest < CONTRAST_MIN ? 0 : (darkest + lightest) / 2;
}

/* The part of the picture that has ink in each of its outer rows and columns. */
static bool crop_ink(const struct picture *picture, struct rw_arena *arena, struct picture *ret,
                     bool *ret_found, struct rw_error *err)
{
    int32_t *rows = rw_arena_array(arena, (size_t)picture->height, sizeof *rows, err);
    int32_t *cols = rw_arena_array(arena, (size_t)picture->width, sizeof *cols, err);
    int32_t down[2];
    int32_t across[2];
    int middle = middle_grey(picture);

    if (rows == NULL || cols == NULL)
        return false;
    for (int32_t y = 0; y < picture->height; y++) {
        const uint8_t *row = picture->pixels + (ptrdiff_t)y * picture->stride;
        for (int32_t x = 0; x < picture->width; x++) {
            int dark = row[x] < middle;
            rows[y] += dark;
            cols[x] += dark;
        }
    }
    *ret_found = extent(rows, picture->height, picture->width / INK_PART + 1, down) &&
                 extent(cols, picture->width, picture->height / INK_PART + 1, across);
    if (!*ret_found)
        return true;
    *ret = *picture;
    ret->pixels += (ptrdiff_t)down[0] * picture->stride + across[0];
    ret->width = across[1] - across[0] + 1;
    ret->height = down[1] - down[0] + 1;
    return true;
}

bool whole_find(const struct picture *picture, struct rw_arena *arena, struct whole *ret_whole,
                struct rw_error *err)
{
    struct whole whole = { .scale = 1 };
    struct picture ink;
    bool found = false;

    *ret_whole = whole;
    if (!crop_ink(picture, arena, &ink, &found, err))
        return false;
    if (!found)
        return true;
    ptrdiff_t start = ink.pixels - picture->pixels;
    int32_t longer = ink.width > ink.height ? ink.width : ink.height;
    if (longer > SIDE_MAX) {
        struct picture large = ink;
        whole.scale = (float)longer / SIDE_MAX;
        if (!vision_resize(&large, (int32_t)((float)large.width / whole.scale),
                           (int32_t)((float)large.height / whole.scale), arena, &ink, err))
            return false;
        longer = SIDE_MAX;
    }
    const struct vision_frame how = { .by = 1, .margin = longer / FRAME_PART + 2, .grey = PAPER };
    if (!vision_enlarge(&ink, &how, arena, &whole.framed, err))
        return false;
    float near = (float)how.margin;
    float right = near + (float)ink.width;
    float bottom = near + (float)ink.height;
    whole.quad = (struct picture_quad){
        { { near, bottom }, { right, bottom }, { right, near }, { near, near } }
    };
    whole.offset = (struct picture_point){ (float)(start % picture->stride) - near * whole.scale,
                                           (float)(start / picture->stride) - near * whole.scale };
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
