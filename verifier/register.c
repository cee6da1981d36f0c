/* SPDX-License-Identifier: Apache-2.0 */
/* Lays a label, as printed, over the camera's picture of it. */
#include "verifier/register.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "verifier/grid.h"
#include "verifier/vision.h"

#define PX_PER_MM_MIN 6.0F /* below, a letter of 2 mm is no letter */
#define PX_PER_MM_MAX 14.0F
#define HALVED_PX_PER_MM 12.0F /* above, text is found as well at half the scale */
#define SETTLED_PART 0.9F      /* of the pieces of the whole label: no further round is needed */
#define PATCH_UM                                                                    \
    9000 /* length of a piece of text: long enough to be alone in its neighbourhood \
          */
#define PATCH_MIN_UM 1200
#define MARGIN_UM 300  /* of paper around a piece of text */
#define MATCH_MIN 0.5F /* correlation of a piece of text with its place */
#define SOFT_SIGMA 0.5F
#define TOLERANCE_UM 350.0F /* film is no plane: pieces may be off it by this much */
#define AGREE_MIN 6         /* pieces that must agree before the plane is believed */

/* One piece of text, in micrometres on the label. */
struct patch {
    float x;
    float y;
    float width;
    float height;
};

/* A round of matching: how far to look, and in what circle around the symbol. */
struct round {
    float reach_um;
    float radius_um;
};
static const struct round rounds[] = {
    { 1500, 26000 },
    { 2200, 45000 },
    { 2200, 200000 },
    { 900, 200000 },
};

static struct picture_quad symbol_on_label(const struct print *print)
{
    const struct print_field *field = &print->fields[print->symbol];
    float left = (float)field->x_um;
    float top = (float)field->y_um;
    float right = left + (float)field->width_um;
    float bottom = top + (float)field->height_um;
    return (struct picture_quad){
        { { left, bottom }, { right, bottom }, { right, top }, { left, top } }
    };
}

/* The affine map that takes the symbol's middle and mean sides along. Four corners nine millimetres
 * apart say nothing about perspective seventy millimetres away. */
static void first_guess(const struct picture_quad *from, const struct picture_quad *to,
                        float ret_h[9])
{
    struct picture_point middle = grid_quad_centre(from);
    struct picture_point there = grid_quad_centre(to);
    const struct picture_point *p = to->corner;
    float width = from->corner[1].x - from->corner[0].x;
    float height = from->corner[0].y - from->corner[3].y;
    float xx = (p[1].x - p[0].x + p[2].x - p[3].x) / (2 * width);
    float yx = (p[1].y - p[0].y + p[2].y - p[3].y) / (2 * width);
    float xy = (p[0].x - p[3].x + p[1].x - p[2].x) / (2 * height);
    float yy = (p[0].y - p[3].y + p[1].y - p[2].y) / (2 * height);

    float h[9] = { xx, xy, there.x - xx * middle.x - xy * middle.y,
                   yx, yy, there.y - yx * middle.x - yy * middle.y,
                   0,  0,  1 };
    memcpy(ret_h, h, sizeof h);
}

static struct picture_point apply(const float h[9], float x, float y)
{
    float below = h[6] * x + h[7] * y + h[8];
    return (struct picture_point){ (h[0] * x + h[1] * y + h[2]) / below,
                                   (h[3] * x + h[4] * y + h[5]) / below };
}

struct picture_point register_to_frame(const struct registration *registration, float x_um,
                                       float y_um)
{
    return apply(registration->to_frame, x_um, y_um);
}

/* Cuts the text fields into pieces. */
static size_t make_patches(const struct print *print, struct patch patches[REGISTER_PATCHES_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < print->field_count; i++) {
        const struct print_field *field = &print->fields[i];
        if (field->text[0] == '\0' || field->width_um < PATCH_MIN_UM)
            continue;
        int pieces = (field->width_um + PATCH_UM - 1) / PATCH_UM;
        for (int k = 0; k < pieces && count < REGISTER_PATCHES_MAX; k++)
            patches[count++] = (struct patch){
                .x = (float)field->x_um + (float)field->width_um * (float)k / (float)pieces,
                .y = (float)field->y_um,
                .width = (float)field->width_um / (float)pieces,
                .height = (float)field->height_um,
            };
    }
    return count;
}

/* The frame as it looks through the present map. */
static bool look(const struct register_view *view, struct rw_arena *arena,
                 struct registration *registration, struct rw_error *err)
{
    float um = 1000 / registration->px_per_mm; /* of one pixel */
    struct vision_view how = { .width = registration->expected.width,
                               .height = registration->expected.height };
    for (int i = 0; i < 9; i++)
        how.to_source[i] = registration->to_frame[i] * (i % 3 < 2 ? um : 1);
    return vision_warp(view->frame, &how, arena, &registration->seen, err);
}

/* The label at the scale of the comparison, its dots softened to what a camera would see. */
static bool scale_label(const struct register_view *view, struct rw_arena *arena,
                        struct registration *registration, struct rw_error *err)
{
    const struct print *print = view->print;
    float across = (float)view->label->width * 1000 / (float)print->width_um; /* dots per mm */
    float ratio = across / registration->px_per_mm;
    struct picture soft;
    struct vision_view how = {
        .to_source = { ratio, 0, 0, 0, ratio, 0, 0, 0, 1 },
        .width = (int32_t)((float)print->width_um * registration->px_per_mm / 1000),
        .height = (int32_t)((float)print->height_um * registration->px_per_mm / 1000),
    };
    float sigma = fmaxf(SOFT_SIGMA * ratio, SOFT_SIGMA);
    return vision_blur(view->label, sigma, arena, &soft, err) &&
           vision_warp(&soft, &how, arena, &registration->expected, err);
}

/* A view of part of a picture, cut to what there is. */
static struct picture part_of(const struct picture *picture, float left, float top, float right,
                              float bottom)
{
    int x0 = left > 0 ? (int)left : 0;
    int y0 = top > 0 ? (int)top : 0;
    int x1 = right < (float)picture->width ? (int)right : picture->width;
    int y1 = bottom < (float)picture->height ? (int)bottom : picture->height;
    struct picture part = *picture;
    part.pixels = picture->pixels + (ptrdiff_t)y0 * picture->stride + x0;
    part.width = x1 > x0 ? x1 - x0 : 0;
    part.height = y1 > y0 ? y1 - y0 : 0;
    return part;
}

/* Looks for a piece of text around its place; false = not found. */
static bool find_patch(const struct registration *registration, const struct patch *patch,
                       float reach_um, struct vision_pair *ret_pair, bool *ret_found,
                       struct rw_error *err)
{
    float scale = registration->px_per_mm / 1000;
    float margin = MARGIN_UM * scale;
    float left = fmaxf(floorf(patch->x * scale - margin), 0);
    float top = fmaxf(floorf(patch->y * scale - margin), 0);
    float right = (patch->x + patch->width) * scale + margin;
    float bottom = (patch->y + patch->height) * scale + margin;
    float reach = ceilf(reach_um * scale);
    struct picture wanted = part_of(&registration->expected, left, top, right, bottom);
    float from_x = fmaxf(left - reach, 0);
    float from_y = fmaxf(top - reach, 0);
    struct picture window =
        part_of(&registration->seen, from_x, from_y, right + reach, bottom + reach);
    struct vision_peak peak;

    *ret_found = false;
    if (wanted.width < 4 || wanted.height < 4 || window.width < wanted.width ||
        window.height < wanted.height)
        return true;
    if (!vision_match(&window, &wanted, &peak, err))
        return false;
    if (peak.score < MATCH_MIN)
        return true;
    float shift_x = (from_x + peak.x - left) / scale;
    float shift_y = (from_y + peak.y - top) / scale;
    float x = patch->x + patch->width / 2;
    float y = patch->y + patch->height / 2;
    ret_pair->from = (struct picture_point){ x, y };
    ret_pair->to = apply(registration->to_frame, x + shift_x, y + shift_y);
    *ret_found = true;
    return true;
}

/* One round: match, fit, take the new map if enough pieces agree with it. */
static bool run_round(const struct register_view *view, const struct round *round,
                      const struct patch *patches, size_t count, struct registration *registration,
                      struct rw_error *err)
{
    struct vision_pair pairs[REGISTER_PATCHES_MAX + 4];
    struct picture_quad symbol = symbol_on_label(view->print);
    struct picture_point middle = grid_quad_centre(&symbol);
    size_t found_count = 0;
    size_t looked_for = 0;
    float h[9];
    size_t agree = 0;

    for (size_t i = 0; i < count; i++) {
        bool found = false;
        float x = patches[i].x + patches[i].width / 2 - middle.x;
        float y = patches[i].y + patches[i].height / 2 - middle.y;
        if (hypotf(x, y) > round->radius_um)
            continue;
        looked_for++;
        if (!find_patch(registration, &patches[i], round->reach_um, &pairs[found_count], &found,
                        err))
            return false;
        found_count += found;
    }
    registration->patches = looked_for;
    registration->agreeing = 0;
    for (int i = 0; i < 4; i++)
        pairs[found_count + (size_t)i] =
            (struct vision_pair){ symbol.corner[i], view->symbol->corner[i] };
    if (found_count < AGREE_MIN)
        return true;
    float px_per_um = grid_quad_width(view->symbol) / grid_quad_width(&symbol);
    struct rw_error none = { 0 };
    if (!vision_fit_plane(pairs, found_count + 4, TOLERANCE_UM * px_per_um, h, &agree, &none) ||
        agree < AGREE_MIN + 4 || 2 * agree < found_count)
        return true;
    memcpy(registration->to_frame, h, sizeof h);
    registration->agreeing = agree > 4 ? agree - 4 : 0;
    return true;
}

/* The rounds, at half the scale where the letters are large enough. */
static bool run_rounds(const struct register_view *view, struct rw_arena *arena,
                       struct registration *registration, struct rw_error *err)
{
    struct patch *patches = rw_arena_array(arena, REGISTER_PATCHES_MAX, sizeof *patches, err);

    if (patches == NULL)
        return false;
    if (registration->px_per_mm >= HALVED_PX_PER_MM) {
        registration->px_per_mm /= 2;
        if (!vision_shrink(&registration->expected, 2, arena, &registration->expected, err))
            return false;
    }
    size_t count = make_patches(view->print, patches);
    for (size_t i = 0; i < RW_COUNT(rounds); i++) {
        if (!look(view, arena, registration, err) ||
            !run_round(view, &rounds[i], patches, count, registration, err))
            return false;
        if (registration->patches == count &&
            (float)registration->agreeing >= SETTLED_PART * (float)count)
            break;
    }
    return true;
}

bool register_label(const struct register_view *view, struct rw_arena *arena,
                    struct registration *ret_registration, struct rw_error *err)
{
    struct registration registration = { 0 };
    struct picture_quad symbol = symbol_on_label(view->print);
    float px_per_mm = grid_quad_width(view->symbol) * 1000 / grid_quad_width(&symbol);

    px_per_mm = fminf(fmaxf(px_per_mm, PX_PER_MM_MIN), PX_PER_MM_MAX);
    registration.px_per_mm = px_per_mm;
    first_guess(&symbol, view->symbol, registration.to_frame);
    if (!scale_label(view, arena, &registration, err))
        return false;
    struct picture expected = registration.expected;
    if (!run_rounds(view, arena, &registration, err))
        return false;
    registration.px_per_mm = px_per_mm;
    registration.expected = expected;
    if (!look(view, arena, &registration, err))
        return false;
    *ret_registration = registration;
    return true;
}
