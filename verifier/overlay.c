/* SPDX-License-Identifier: Apache-2.0 */
/* Draws what was found over a bag's picture, for a person. */
#include "verifier/overlay.h"

#include <string.h>

#include "verifier/vision.h"
#include "verifier/warp.h"

#define PX_PER_MM 10
#define SIDE_MAX_UM 300000
#define FRAME_PX 5 /* thickness of a frame: dark between light lines */
#define GAP_PX 8   /* of black between the label as seen and as planned */
#define DIM 2      /* part of the darkness that is left outside the frames */

static void set_pixel(struct picture *picture, int x, int y, uint8_t grey)
{
    if (x >= 0 && y >= 0 && x < picture->width && y < picture->height)
        picture->pixels[(ptrdiff_t)y * picture->stride + x] = grey;
}

/* Light and dark lines beside each other show on any ground. */
static void draw_frame(struct picture *picture, const struct verdict_defect *defect)
{
    int left = defect->x_um * PX_PER_MM / 1000 - 2;
    int top = defect->y_um * PX_PER_MM / 1000 - 2;
    int right = (defect->x_um + defect->width_um) * PX_PER_MM / 1000 + 2;
    int bottom = (defect->y_um + defect->height_um) * PX_PER_MM / 1000 + 2;

    for (int i = 0; i < FRAME_PX; i++) {
        uint8_t grey = i > 0 && i < FRAME_PX - 1 ? 0 : 255;
        for (int x = left - i; x <= right + i; x++) {
            set_pixel(picture, x, top - i, grey);
            set_pixel(picture, x, bottom + i, grey);
        }
        for (int y = top - i; y <= bottom + i; y++) {
            set_pixel(picture, left - i, y, grey);
            set_pixel(picture, right + i, y, grey);
        }
    }
}

static void copy_pixels(const struct picture *from, struct picture *to)
{
    for (int32_t y = 0; y < from->height; y++)
        memcpy(to->pixels + (ptrdiff_t)y * to->stride, from->pixels + (ptrdiff_t)y * from->stride,
               (size_t)from->width);
}

bool overlay_keep(const struct picture *frame, const float to_frame[9], const int32_t size_um[2],
                  struct rw_arena *arena, struct rw_arena *run, struct picture *picture,
                  struct rw_error *err)
{
    struct warp_view how = { .width = size_um[0] / 1000 * PX_PER_MM,
                             .height = size_um[1] / 1000 * PX_PER_MM };
    struct picture upright;

    if (size_um[0] < 1000 || size_um[1] < 1000 || size_um[0] > SIDE_MAX_UM ||
        size_um[1] > SIDE_MAX_UM)
        return rw_error_set(err, RW_INVALID, "", "a label of this size cannot be drawn");
    for (int i = 0; i < 9; i++)
        how.to_source[i] = to_frame[i] * (i % 3 < 2 ? 1000.0F / PX_PER_MM : 1);
    if (!warp_picture(frame, &how, arena, &upright, err) ||
        (picture->pixels == NULL &&
         !picture_make(run, upright.width, upright.height, picture, err)))
        return false;
    copy_pixels(&upright, picture);
    return true;
}

/* Everything is paler but what lies in a defect's frame. */
static void dim(const struct verdict_bag *bag, struct picture *picture)
{
    for (int32_t y = 0; y < picture->height; y++)
        for (int32_t x = 0; x < picture->width; x++) {
            uint8_t *pixel = picture->pixels + (ptrdiff_t)y * picture->stride + x;
            int32_t x_um = x * 1000 / PX_PER_MM;
            int32_t y_um = y * 1000 / PX_PER_MM;
            bool inside = false;
            for (size_t i = 0; i < bag->defect_count; i++) {
                const struct verdict_defect *defect = &bag->defects[i];
                inside = inside || (x_um >= defect->x_um && y_um >= defect->y_um &&
                                    x_um <= defect->x_um + defect->width_um &&
                                    y_um <= defect->y_um + defect->height_um);
            }
            if (!inside)
                *pixel = (uint8_t)(255 - (255 - *pixel) / DIM);
        }
}

static void mark(const struct verdict_bag *bag, struct picture *picture)
{
    if (bag->defect_count > 0)
        dim(bag, picture);
    for (size_t i = 0; i < bag->defect_count; i++)
        draw_frame(picture, &bag->defects[i]);
}

/* A part of the picture as one of its own, from this row on. */
static struct picture rows_from(const struct picture *picture, int32_t top, int32_t height)
{
    struct picture part = *picture;
    part.pixels = picture->pixels + (ptrdiff_t)top * picture->stride;
    part.height = height;
    return part;
}

bool overlay_draw(const struct verdict_bag *bag, const struct picture *planned,
                  struct rw_arena *arena, struct picture *picture, struct rw_error *err)
{
    bool has_planned = planned != NULL && bag->defect_count > 0;
    int32_t height = picture->height;
    struct picture label;
    struct picture copy;

    if (!picture_make(arena, picture->width, has_planned ? 2 * height + GAP_PX : height, &copy,
                      err) ||
        (has_planned && !vision_resize(planned, picture->width, height, arena, &label, err)))
        return false;
    struct picture seen = rows_from(&copy, 0, height);
    copy_pixels(picture, &seen);
    mark(bag, &seen);
    if (has_planned) {
        struct picture below = rows_from(&copy, height + GAP_PX, height);
        copy_pixels(&label, &below);
        mark(bag, &below);
    }
    *picture = copy;
    return true;
}
