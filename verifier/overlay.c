/* SPDX-License-Identifier: Apache-2.0 */
/* Draws what was found over a bag's picture, for a person. */
#include "verifier/overlay.h"

#include <math.h>
#include <string.h>

#include "verifier/grid.h"
#include "verifier/vision.h"
#include "verifier/warp.h"

#define PX_PER_MM 10
#define SIDE_MAX_UM 300000
#define FRAME_PX 5                       /* thickness of a frame: dark between light lines */
#define MARGIN_PX 2                      /* between a defect and its frame */
#define GAP_PX 8                         /* of black between the label as seen and as planned */
#define AROUND_PX (FRAME_PX + MARGIN_PX) /* of black around a label of another size */
#define PART_MIN 0.25F /* of a label for the planned one: no film is as far, or as near */
#define PART_MAX 2.0F  /* of a drawn label for the planned one */
#define DIM 2          /* part of the darkness that is left outside the frames */

/* Does the pixel lie in a defect, or this near to one? */
static bool is_inside(const struct verdict_bag *bag, int x, int y, int margin_px)
{
    bool inside = false;
    for (size_t i = 0; i < bag->defect_count; i++) {
        const struct verdict_defect *defect = &bag->defects[i];
        inside = inside || (x >= defect->x_um * PX_PER_MM / 1000 - margin_px &&
                            y >= defect->y_um * PX_PER_MM / 1000 - margin_px &&
                            x <= (defect->x_um + defect->width_um) * PX_PER_MM / 1000 + margin_px &&
                            y <= (defect->y_um + defect->height_um) * PX_PER_MM / 1000 + margin_px);
    }
    return inside;
}

static void set_frame_pixel(const struct verdict_bag *bag, int x, int y, uint8_t grey,
                            struct picture *picture)
{
    if (x >= 0 && y >= 0 && x < picture->width && y < picture->height &&
        !is_inside(bag, x, y, MARGIN_PX - 1))
        picture->pixels[(ptrdiff_t)y * picture->stride + x] = grey;
}

/* Light and dark lines beside each other show on any ground. They never run through a defect, so
 * that those which touch get one frame around all and no letter is hidden. */
static void draw_frame(const struct verdict_bag *bag, const struct verdict_defect *defect,
                       bool dark, struct picture *picture)
{
    int left = defect->x_um * PX_PER_MM / 1000 - MARGIN_PX;
    int top = defect->y_um * PX_PER_MM / 1000 - MARGIN_PX;
    int right = (defect->x_um + defect->width_um) * PX_PER_MM / 1000 + MARGIN_PX;
    int bottom = (defect->y_um + defect->height_um) * PX_PER_MM / 1000 + MARGIN_PX;

    for (int i = 0; i < FRAME_PX; i++) {
        uint8_t grey = dark ? 0 : 255;
        if (dark != (i > 0 && i < FRAME_PX - 1))
            continue;
        for (int x = left - i; x <= right + i; x++) {
            set_frame_pixel(bag, x, top - i, grey, picture);
            set_frame_pixel(bag, x, bottom + i, grey, picture);
        }
        for (int y = top - i; y <= bottom + i; y++) {
            set_frame_pixel(bag, left - i, y, grey, picture);
            set_frame_pixel(bag, right + i, y, grey, picture);
        }
    }
}

/* Its upper left corner comes to lie there. */
static void put(const struct picture *from, int32_t left, int32_t top, struct picture *to)
{
    for (int32_t y = 0; y < from->height; y++)
        memcpy(to->pixels + (ptrdiff_t)(top + y) * to->stride + left,
               from->pixels + (ptrdiff_t)y * from->stride, (size_t)from->width);
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
    put(&upright, 0, 0, picture);
    return true;
}

/* Everything is paler but what lies in a defect's frame. */
static void dim(const struct verdict_bag *bag, struct picture *picture)
{
    for (int32_t y = 0; y < picture->height; y++)
        for (int32_t x = 0; x < picture->width; x++) {
            uint8_t *pixel = picture->pixels + (ptrdiff_t)y * picture->stride + x;
            if (!is_inside(bag, x, y, 0))
                *pixel = (uint8_t)(255 - (255 - *pixel) / DIM);
        }
}

static void mark(const struct verdict_bag *bag, struct picture *picture)
{
    if (bag->defect_count > 0)
        dim(bag, picture);
    for (int dark = 0; dark < 2; dark++) /* the light lines of one cut no other's dark ones */
        for (size_t i = 0; i < bag->defect_count; i++)
            draw_frame(bag, &bag->defects[i], dark == 1, picture);
}

/* As the camera saw it: a label from behind is upright, and a mirror image. */
static void turn_over(struct picture *picture)
{
    for (int32_t y = 0; y < picture->height; y++) {
        uint8_t *row = picture->pixels + (ptrdiff_t)y * picture->stride;
        for (int32_t x = 0; x < picture->width / 2; x++) {
            uint8_t left = row[x];
            row[x] = row[picture->width - 1 - x];
            row[picture->width - 1 - x] = left;
        }
    }
}

bool overlay_compares(const struct verdict_bag *bag, const struct size_part *part)
{
    return bag->defect_count > 0 || grid_quad_is_mirrored(&bag->quad) || part->differs;
}

/* A side of so many pixels as large as the label was seen. */
static int32_t side_seen(int32_t side, float part)
{
    return (int32_t)lroundf((float)side * fminf(fmaxf(part, PART_MIN), PART_MAX));
}

/* A frame around the place that a label of the planned size would take. */
static void frame_planned(int32_t left, int32_t top, const struct picture *planned,
                          struct picture *picture)
{
    const int32_t um = 1000 / PX_PER_MM;
    const struct verdict_defect place = { .x_um = left * um,
                                          .y_um = top * um,
                                          .width_um = planned->width * um,
                                          .height_um = planned->height * um };
    const struct verdict_bag no_defects = { 0 };
    for (int dark = 0; dark < 2; dark++)
        draw_frame(&no_defects, &place, dark == 1, picture);
}

/* The label as large as it was seen, amid the frame of the planned size. */
static bool draw_size(const struct size_part *part, const struct picture *label,
                      struct rw_arena *arena, struct picture *ret_sized, struct rw_error *err)
{
    struct picture seen;
    struct picture sized;
    int32_t width = side_seen(label->width, part->across);
    int32_t height = side_seen(label->height, part->along);
    int32_t across = (width > label->width ? width : label->width) + 2 * AROUND_PX;
    int32_t along = (height > label->height ? height : label->height) + 2 * AROUND_PX;
    if (!vision_resize(label, width, height, arena, &seen, err) ||
        !picture_make(arena, across, along, &sized, err))
        return false;
    put(&seen, (across - width) / 2, (along - height) / 2, &sized);
    frame_planned((across - label->width) / 2, (along - label->height) / 2, label, &sized);
    *ret_sized = sized;
    return true;
}

/* The label as it was seen, with its defects. */
static bool draw_seen(const struct verdict_bag *bag, const struct size_part *part,
                      const struct picture *picture, struct rw_arena *arena,
                      struct picture *ret_seen, struct rw_error *err)
{
    struct picture seen;
    if (!picture_make(arena, picture->width, picture->height, &seen, err))
        return false;
    put(picture, 0, 0, &seen);
    mark(bag, &seen);
    if (grid_quad_is_mirrored(&bag->quad))
        turn_over(&seen);
    *ret_seen = seen;
    return !part->differs || draw_size(part, &seen, arena, ret_seen, err);
}

bool overlay_draw(const struct verdict_bag *bag, const struct size_part *part,
                  const struct picture *planned, struct rw_arena *arena, struct picture *picture,
                  struct rw_error *err)
{
    struct picture seen;
    struct picture label;
    struct picture both;

    if (!draw_seen(bag, part, picture, arena, &seen, err))
        return false;
    if (planned == NULL) {
        *picture = seen;
        return true;
    }
    if (!vision_resize(planned, picture->width, picture->height, arena, &label, err) ||
        !picture_make(arena, seen.width, seen.height + GAP_PX + label.height, &both, err))
        return false;
    mark(bag, &label);
    put(&seen, 0, 0, &both);
    put(&label, (seen.width - label.width) / 2, seen.height + GAP_PX, &both);
    *picture = both;
    return true;
}
