/* SPDX-License-Identifier: Apache-2.0 */
/* Lays a label, as printed, over the camera's picture of it. */
#include "verifier/register.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "verifier/grid.h"
#include "verifier/plane.h"
#include "verifier/seek.h"
#include "verifier/shrink.h"
#include "verifier/vision.h"
#include "verifier/vision_plane.h"
#include "verifier/warp.h"

#define PX_PER_MM_MIN 6.0F /* below, a letter of 2 mm is no letter */
#define PX_PER_MM_MAX 14.0F
#define COARSE_PX_PER_MM 3.0F /* enough to tell one piece of text from another */
#define FINE_PX_PER_MM 6.0F   /* where the coarse look does not settle it */
#define CROP_MARGIN_MM 15.0F  /* around the first guess, which knows no perspective */
#define SETTLED_PART 0.9F     /* of the pieces of the whole label: no further round is needed */
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
#define ROUNDS_OF_ALL 2 /* the first of the rounds that look for the whole label */

/* The frame around the label, made smaller: its pixel p lies at (p - from) / by. */
struct source {
    struct picture picture;
    float from[2];
    float by;
};

/* What the rounds of one scale look at. */
struct scale {
    struct source source;
    struct plane wanted;
    struct plane seen; /* under the present map */
    const struct patch *patches;
    size_t count;
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

/* The way back: the adjugate, its scale falls out in the division. */
static void invert(const float h[9], float ret_back[9])
{
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 3; k++) {
            const float *upper = h + 3 * ((k + 1) % 3);
            const float *lower = h + 3 * ((k + 2) % 3);
            int left = (i + 1) % 3;
            int right = (i + 2) % 3;
            ret_back[3 * i + k] = upper[left] * lower[right] - upper[right] * lower[left];
        }
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
static bool look(const struct source *source, struct rw_arena *arena,
                 struct registration *registration, struct rw_error *err)
{
    float um = 1000 / registration->px_per_mm; /* of one pixel */
    const float *h = registration->to_frame;
    struct warp_view how = { .width = registration->expected.width,
                             .height = registration->expected.height };
    for (int i = 0; i < 9; i++) {
        float shifted = i / 3 < 2 ? (h[i] - source->from[i / 3] * h[6 + i % 3]) / source->by : h[i];
        how.to_source[i] = shifted * (i % 3 < 2 ? um : 1);
    }
    return warp_picture(&source->picture, &how, arena, &registration->seen, err);
}

/* The label at the scale of the comparison, its dots softened to what a camera would see. */
bool register_redraw(const struct picture *label, const struct print *print, struct rw_arena *arena,
                     struct registration *registration, struct rw_error *err)
{
    float across = (float)label->width * 1000 / (float)print->width_um; /* dots per mm */
    float sigma = SOFT_SIGMA * fmaxf(across / registration->px_per_mm, 1);
    int32_t width = (int32_t)lroundf((float)print->width_um * registration->px_per_mm / 1000);
    int32_t height = (int32_t)lroundf((float)print->height_um * registration->px_per_mm / 1000);
    struct picture soft;
    return vision_blur(label, sigma, arena, &soft, err) &&
           vision_resize(&soft, width, height, arena, &registration->expected, err);
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
static bool find_patch(const struct registration *registration, const struct scale *scale,
                       const struct patch *patch, float reach_um,
                       struct vision_plane_pair *ret_pair)
{
    float px = registration->px_per_mm / 1000;
    float margin = MARGIN_UM * px;
    int left = (int)fmaxf(floorf(patch->x * px - margin), 0);
    int top = (int)fmaxf(floorf(patch->y * px - margin), 0);
    int right = (int)fminf((patch->x + patch->width) * px + margin, (float)scale->wanted.width);
    int bottom = (int)fminf((patch->y + patch->height) * px + margin, (float)scale->wanted.height);
    int reach = (int)fminf(ceilf(reach_um * px), SEEK_REACH_MAX);
    struct plane_box box = { left, top, right - left, bottom - top };
    struct seek_place place;

    if (box.width < 4 || box.height < 4)
        return false;
    seek_box(&scale->wanted, &scale->seen, &box, reach, &place);
    if (place.alike < MATCH_MIN)
        return false;
    float x = patch->x + patch->width / 2;
    float y = patch->y + patch->height / 2;
    ret_pair->from = (struct picture_point){ x, y };
    ret_pair->to = apply(registration->to_frame, x + place.x / px, y + place.y / px);
    return true;
}

/* How far each piece lies from where the new map puts it, on the label. */
static void keep_bend(const struct vision_plane_pair *pairs, size_t count,
                      struct registration *registration)
{
    float back[9];
    registration->bend.count = 0;
    invert(registration->to_frame, back);
    for (size_t i = 0; i < count; i++) {
        struct picture_point there = apply(back, pairs[i].to.x, pairs[i].to.y);
        struct picture_point moved = { there.x - pairs[i].from.x, there.y - pairs[i].from.y };
        bend_add(&registration->bend, pairs[i].from, moved);
    }
}

/* One round: match, fit, take the new map if enough pieces agree with it. */
static void run_round(const struct register_view *view, const struct round *round,
                      const struct scale *scale, struct registration *registration)
{
    struct vision_plane_pair pairs[REGISTER_PATCHES_MAX + 4];
    struct picture_quad symbol = symbol_on_label(view->print);
    struct picture_point middle = grid_quad_centre(&symbol);
    size_t found_count = 0;
    size_t looked_for = 0;
    float h[9];
    size_t agree = 0;

    for (size_t i = 0; i < scale->count; i++) {
        const struct patch *patch = &scale->patches[i];
        float x = patch->x + patch->width / 2 - middle.x;
        float y = patch->y + patch->height / 2 - middle.y;
        if (hypotf(x, y) > round->radius_um)
            continue;
        looked_for++;
        found_count += find_patch(registration, scale, patch, round->reach_um, &pairs[found_count]);
    }
    registration->patches = looked_for;
    registration->agreeing = 0;
    for (int i = 0; i < 4; i++)
        pairs[found_count + (size_t)i] =
            (struct vision_plane_pair){ symbol.corner[i], view->symbol->corner[i] };
    if (found_count < AGREE_MIN)
        return;
    float px_per_um = grid_quad_width(view->symbol) / grid_quad_width(&symbol);
    struct rw_error none = { 0 };
    if (!vision_plane_fit(pairs, found_count + 4, TOLERANCE_UM * px_per_um, h, &agree, &none) ||
        agree < AGREE_MIN + 4 || 2 * agree < found_count)
        return;
    memcpy(registration->to_frame, h, sizeof h);
    registration->agreeing = agree > 4 ? agree - 4 : 0;
    keep_bend(pairs, found_count, registration);
}

/* Makes a source as small as this scale needs it. */
static bool shrink_source(const struct source *from, int by, struct rw_arena *arena,
                          struct source *ret_source, struct rw_error *err)
{
    struct source source = *from;
    if (by > 1 && from->picture.width >= by && from->picture.height >= by) {
        if (!shrink_picture(&from->picture, by, arena, &source.picture, err))
            return false;
        source.by = from->by * (float)by;
    }
    *ret_source = source;
    return true;
}

/* The part of the frame that the first guess says the label lies in, as small as it may be for
 * this scale. */
static bool cut_source(const struct register_view *view, const float guess[9], float px_per_mm,
                       struct rw_arena *arena, struct source *ret_source, struct rw_error *err)
{
    struct picture_quad symbol = symbol_on_label(view->print);
    float frame_px_per_mm = grid_quad_width(view->symbol) * 1000 / grid_quad_width(&symbol);
    float margin = CROP_MARGIN_MM * frame_px_per_mm;
    float least[2] = { HUGE_VALF, HUGE_VALF };
    float most[2] = { -HUGE_VALF, -HUGE_VALF };

    for (int i = 0; i < 4; i++) {
        float x = i % 2 == 0 ? 0 : (float)view->print->width_um;
        float y = i < 2 ? 0 : (float)view->print->height_um;
        struct picture_point corner = apply(guess, x, y);
        least[0] = fminf(least[0], corner.x);
        least[1] = fminf(least[1], corner.y);
        most[0] = fmaxf(most[0], corner.x);
        most[1] = fmaxf(most[1], corner.y);
    }
    struct source source = { .picture = part_of(view->frame, least[0] - margin, least[1] - margin,
                                                most[0] + margin, most[1] + margin),
                             .by = 1 };
    ptrdiff_t offset = source.picture.pixels - view->frame->pixels;
    source.from[0] = (float)(offset % view->frame->stride);
    source.from[1] = (float)(offset / view->frame->stride);
    return shrink_source(&source, (int)(frame_px_per_mm / px_per_mm), arena, ret_source, err);
}

/* Rounds from this one on; the map is settled when one plane puts nearly all of the text. */
static bool run_rounds(const struct register_view *view, struct scale *scale, size_t first,
                       struct rw_arena *arena, struct registration *registration, bool *ret_settled,
                       struct rw_error *err)
{
    *ret_settled = false;
    if (!plane_make(&registration->expected, NULL, arena, &scale->wanted, err))
        return false;
    for (size_t i = first; i < RW_COUNT(rounds) && !*ret_settled; i++) {
        if (!look(&scale->source, arena, registration, err) ||
            !plane_make(&registration->seen, NULL, arena, &scale->seen, err) ||
            !plane_sum_up(&scale->seen, arena, err))
            return false;
        run_round(view, &rounds[i], scale, registration);
        *ret_settled = registration->patches == scale->count &&
                       (float)registration->agreeing >= SETTLED_PART * (float)scale->count;
    }
    return true;
}

/* Follows the text in small pictures first, in larger ones where that does not settle it. */
static bool follow_text(const struct register_view *view, const struct source *source,
                        struct rw_arena *arena, struct registration *registration,
                        struct rw_error *err)
{
    static const float wanted[] = { COARSE_PX_PER_MM, FINE_PX_PER_MM };
    const struct registration full = *registration;
    struct patch *patches = rw_arena_array(arena, REGISTER_PATCHES_MAX, sizeof *patches, err);
    bool settled = false;

    if (patches == NULL)
        return false;
    struct scale scale = { .patches = patches, .count = make_patches(view->print, patches) };
    for (size_t i = 0; i < RW_COUNT(wanted) && !settled; i++) {
        int by = (int)fmaxf(full.px_per_mm / wanted[i], 1);
        size_t first = registration->agreeing >= AGREE_MIN ? ROUNDS_OF_ALL : 0;
        registration->px_per_mm = full.px_per_mm / (float)by;
        registration->expected = full.expected;
        if ((by > 1 && !shrink_picture(&full.expected, by, arena, &registration->expected, err)) ||
            !shrink_source(source, by, arena, &scale.source, err) ||
            !run_rounds(view, &scale, first, arena, registration, &settled, err))
            return false;
    }
    registration->px_per_mm = full.px_per_mm;
    registration->expected = full.expected;
    return true;
}

bool register_label(const struct register_view *view, struct rw_arena *arena,
                    struct registration *ret_registration, struct rw_error *err)
{
    struct registration registration = { 0 };
    struct source source;
    struct picture_quad symbol = symbol_on_label(view->print);
    float px_per_mm = grid_quad_width(view->symbol) * 1000 / grid_quad_width(&symbol);

    /* So that the label is whole pixels wide: its rendering is scaled by whole pixels. */
    float width_mm = (float)view->print->width_um / 1000;
    px_per_mm = fminf(fmaxf(px_per_mm, PX_PER_MM_MIN), PX_PER_MM_MAX);
    registration.px_per_mm = fmaxf(roundf(px_per_mm * width_mm), 1) / width_mm;
    first_guess(&symbol, view->symbol, registration.to_frame);
    if (!register_redraw(view->label, view->print, arena, &registration, err) ||
        !cut_source(view, registration.to_frame, registration.px_per_mm, arena, &source, err) ||
        !follow_text(view, &source, arena, &registration, err) ||
        !look(&source, arena, &registration, err))
        return false;
    *ret_registration = registration;
    return true;
}
