/* SPDX-License-Identifier: Apache-2.0 */
/* A picture as the reader looks at it: large enough, print dark. */
#include "verifier/scene.h"

#include <math.h>

#include "verifier/grid.h"
#include "verifier/vision.h"

#define TINY_SIDE 150  /* pixels of the longer side: enlarged TINY_BY times */
#define SMALL_SIDE 420 /* and these SMALL_BY times */
#define TINY_BY 4
#define SMALL_BY 1
#define MARGIN_PX 24 /* around an enlarged picture */
#define PAPER 255

static bool invert(const struct picture *from, struct rw_arena *arena, struct picture *ret,
                   struct rw_error *err)
{
    struct picture picture;
    int32_t width =
        from->width; /* a pixel that is written might be it, for all the compiler knows */

    if (!picture_make_room(arena, from->width, from->height, &picture, err))
        return false;
    for (int y = 0; y < from->height; y++) {
        const uint8_t *source = from->pixels + (ptrdiff_t)y * from->stride;
        uint8_t *target = picture.pixels + (ptrdiff_t)y * picture.stride;
        for (int32_t x = 0; x < width; x++)
            target[x] = (uint8_t)(255 - source[x]);
    }
    *ret = picture;
    return true;
}

bool scene_make(const struct picture *given, bool inverted, struct budget *budget,
                struct rw_arena *arena, struct scene *ret_scene, struct rw_error *err)
{
    struct scene scene = { .given = given, .picture = *given, .scale = 1, .inverted = inverted };
    int longer = given->width > given->height ? given->width : given->height;

    if (inverted && !invert(given, arena, &scene.picture, err))
        return false;
    if (longer < SMALL_SIDE) {
        const struct vision_frame how = { .by = longer < TINY_SIDE ? TINY_BY : SMALL_BY,
                                          .margin = MARGIN_PX,
                                          .grey = PAPER };
        struct picture source = scene.picture;
        if (!vision_enlarge(&source, &how, arena, &scene.picture, err))
            return false;
        scene.scale = (float)how.by;
        scene.margin = MARGIN_PX;
    }
    *ret_scene = scene;
    if (!locate_levels_make(&ret_scene->picture, arena, &ret_scene->levels, err))
        return false;
    ret_scene->levels.budget = budget;
    return true;
}

bool scene_look(struct scene *scene, bool reverse, struct rw_arena *arena,
                const struct picture **ret_picture, struct rw_error *err)
{
    if (reverse && scene->reverse.pixels == NULL &&
        !invert(&scene->picture, arena, &scene->reverse, err))
        return false;
    *ret_picture = reverse ? &scene->reverse : &scene->picture;
    return true;
}

struct picture_quad scene_given_quad(const struct scene *scene, const struct picture_quad *quad)
{
    struct picture_quad given;
    for (int i = 0; i < 4; i++) {
        given.corner[i].x = (quad->corner[i].x - scene->margin) / scene->scale;
        given.corner[i].y = (quad->corner[i].y - scene->margin) / scene->scale;
    }
    return given;
}

bool scene_crop(const struct scene *scene, const struct picture_quad *quad, float part,
                struct picture *ret_crop)
{
    const struct picture *picture = &scene->picture;
    struct picture_point centre = grid_quad_centre(quad);
    float half = part * fmaxf(grid_quad_width(quad), grid_quad_height(quad)) / 2;
    int left = (int)fmaxf(centre.x - half, 0);
    int top = (int)fmaxf(centre.y - half, 0);
    int right = (int)fminf(centre.x + half, (float)picture->width);
    int bottom = (int)fminf(centre.y + half, (float)picture->height);

    *ret_crop = *picture;
    ret_crop->pixels = picture->pixels + (ptrdiff_t)top * picture->stride + left;
    ret_crop->width = right - left;
    ret_crop->height = bottom - top;
    return right > left && bottom > top;
}
