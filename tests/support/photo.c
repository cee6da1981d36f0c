/* SPDX-License-Identifier: Apache-2.0 */
/* Photographs bags that never were: camera, light, lens and sensor. */
#include "tests/support/photo.h"

#include <math.h>
#include <string.h>

#include "tests/support/lens.h"

#define DENSITY 0.96F /* of a dot where the head pressed well */
#define INK_SOFT 0.7F /* dots over which the edge of ink fades */
#define PI 3.14159265F

/* Maps a pixel to millimetres on the strip: (x y 1) by a 3 by 3 matrix, then divided. */
struct camera {
    float row[3][3];
};

struct scene {
    const struct photo_request *request;
    struct camera camera;
    float bag_mm[2]; /* width and height of one bag */
};

static float spread(struct rw_random *random, float reach)
{
    return ((float)rw_random_unit(random) * 2.0F - 1.0F) * reach;
}

static struct photo_look perfect_look(void)
{
    return (struct photo_look){ .width = PHOTO_WIDTH,
                                .height = PHOTO_HEIGHT,
                                .px_per_mm = 15.2F,
                                .light = { 0.90F },
                                .ink = 0.07F };
}

struct photo_look photo_look_make(enum photo_style style, struct rw_random *random)
{
    struct photo_look look = perfect_look();
    bool any = style == PHOTO_ANY;
    if (style == PHOTO_PERFECT)
        return look;
    look.px_per_mm = any ? 11.0F + (float)rw_random_unit(random) * 8.0F
                         : 15.2F * (1.0F + spread(random, 0.010F));
    look.turn = spread(random, any ? 0.10F : 0.030F);
    if (any && rw_random_below(random, 3) == 0)
        look.turn += PI / 2.0F * (float)rw_random_below(random, 4);
    for (int i = 0; i < 2; i++) {
        look.tilt[i] = spread(random, any ? 0.0007F : 0.0003F);
        look.off_mm[i] = spread(random, 0.6F);
        look.light[i + 1] = spread(random, any ? 0.12F : 0.07F);
    }
    look.light[0] = (any ? 0.78F : 0.88F) + spread(random, any ? 0.16F : 0.04F);
    look.blur_px = 0.75F + (float)rw_random_unit(random) * (any ? 0.65F : 0.35F);
    look.motion_px = any ? (float)rw_random_unit(random) * 2.0F : 0.0F;
    look.noise = 0.010F + (float)rw_random_unit(random) * (any ? 0.012F : 0.006F);
    if (any) {
        look.ink = 0.05F + (float)rw_random_unit(random) * 0.15F;
        look.gain = spread(random, 0.25F);
        float side = fmaxf(look.px_per_mm / 15.2F, 1.0F);
        bool upright = fabsf(sinf(look.turn)) < 0.7F;
        look.width = (int32_t)((upright ? 1200.0F : 1040.0F) * side);
        look.height = (int32_t)((upright ? 1040.0F : 1200.0F) * side);
        look.ripple = ripple_make(random);
    }
    return look;
}

struct photo_look photo_look_next(const struct photo_look *look, struct rw_random *random)
{
    struct photo_look next = *look;
    next.turn += spread(random, 0.01F);
    next.light[0] += spread(random, 0.01F);
    next.px_per_mm *= 1 + spread(random, 0.005F);
    for (int i = 0; i < 2; i++) {
        next.off_mm[i] = spread(random, 0.6F);
        next.ripple.phase[i] = (float)rw_random_unit(random) * 2 * PI;
    }
    return next;
}

static void map(const struct camera *camera, float x, float y, float ret_at[2])
{
    const float(*row)[3] = camera->row;
    float w = row[2][0] * x + row[2][1] * y + row[2][2];
    ret_at[0] = (row[0][0] * x + row[0][1] * y + row[0][2]) / w;
    ret_at[1] = (row[1][0] * x + row[1][1] * y + row[1][2]) / w;
}

/* The other way: the adjugate, its scale falls out in the division. */
static struct camera inverse(const struct camera *camera)
{
    struct camera back;
    const float(*m)[3] = camera->row;
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            back.row[j][i] = m[(i + 1) % 3][(j + 1) % 3] * m[(i + 2) % 3][(j + 2) % 3] -
                             m[(i + 1) % 3][(j + 2) % 3] * m[(i + 2) % 3][(j + 1) % 3];
    return back;
}

/* The middle of the frame looks at this place of the strip, give or take. */
static struct camera place_camera(const struct scene *scene)
{
    const struct photo_look *look = &scene->request->look;
    float x = scene->bag_mm[0] / 2.0F + look->off_mm[0];
    float y = scene->request->along_mm + look->off_mm[1];
    float c = cosf(look->turn) / look->px_per_mm;
    float s = sinf(look->turn) / look->px_per_mm;
    float tilt_x = look->tilt[0] / look->px_per_mm;
    float tilt_y = look->tilt[1] / look->px_per_mm;
    float mx = (float)look->width / 2.0F;
    float my = (float)look->height / 2.0F;
    /* p -> A (p - m) + place, all over 1 + tilt (p - m) */
    float w = 1.0F - tilt_x * mx - tilt_y * my;
    return (struct camera){ { { c + x * tilt_x, -s + x * tilt_y, -c * mx + s * my + x * w },
                              { s + y * tilt_x, c + y * tilt_y, -s * mx - c * my + y * w },
                              { tilt_x, tilt_y, w } } };
}

static int32_t clamp(int32_t at, int32_t count)
{
    return at < 0 ? 0 : at >= count ? count - 1 : at;
}

/* How much ink lies at a place, 0…1: between the four dots around it, its edge moved by the gain.
 */
static float ink_at(const struct sheet *sheet, float x_mm, float y_mm, float gain)
{
    const struct picture *label = &sheet->label;
    float x = x_mm * sheet->dots_per_mm - 0.5F;
    float y = y_mm * sheet->dots_per_mm - 0.5F;
    int32_t left = (int32_t)x;
    int32_t top = (int32_t)y;
    if (x < 0.0F || y < 0.0F || left + 1 >= label->width || top + 1 >= label->height)
        return 0.0F;
    const uint8_t *row = label->pixels + (size_t)top * (size_t)label->stride + (size_t)left;
    const uint8_t *below = row + label->stride;
    if (row[0] + row[1] + below[0] + below[1] == 4 * 255)
        return 0.0F;
    float fx = x - (float)left;
    float fy = y - (float)top;
    float white = ((float)row[0] * (1.0F - fx) + (float)row[1] * fx) * (1.0F - fy) +
                  ((float)below[0] * (1.0F - fx) + (float)below[1] * fx) * fy;
    float ink = 1.0F - white / 255.0F;
    if (gain == 0.0F)
        return ink;
    /* Faint ink keeps its level: only the edge between the dots moves. */
    float full = 1.0F - fminf(fminf(row[0], row[1]), fminf(below[0], below[1])) / 255.0F;
    float edge = (ink / full - 0.5F + gain) / INK_SOFT + 0.5F;
    return full * (edge < 0.0F ? 0.0F : edge > 1.0F ? 1.0F : edge);
}

static void film_at(const struct sheet *sheet, float x_mm, float y_mm, float lanes[SHEET_LANES])
{
    float x = x_mm * SHEET_PX_PER_MM - 0.5F;
    float y = y_mm * SHEET_PX_PER_MM - 0.5F;
    int32_t left = clamp((int32_t)x, sheet->width - 1);
    int32_t top = clamp((int32_t)y, sheet->height - 1);
    float fx = fminf(fmaxf(x - (float)left, 0.0F), 1.0F);
    float fy = fminf(fmaxf(y - (float)top, 0.0F), 1.0F);
    size_t row = (size_t)sheet->width * SHEET_LANES;
    const float *place = sheet->film + (size_t)top * row + (size_t)left * SHEET_LANES;
    for (int i = 0; i < SHEET_LANES; i++) {
        float upper = place[i] + (place[i + SHEET_LANES] - place[i]) * fx;
        const float *below = place + row;
        float lower = below[i] + (below[i + SHEET_LANES] - below[i]) * fx;
        lanes[i] = upper + (lower - upper) * fy;
    }
}

/* The belt beside the film. */
static float belt_at(float x_mm, float y_mm)
{
    return 0.22F + 0.02F * sinf(x_mm * 4.0F) * sinf(y_mm * 4.0F);
}

/* Red, green and blue of one place of the strip. */
static void look_at(const struct scene *scene, float x_mm, float y_mm, float rgb[SHEET_LANES])
{
    const struct photo_request *request = scene->request;
    int32_t index = (int32_t)floorf(y_mm / scene->bag_mm[1]);
    bool inside = index >= 0 && index < (int32_t)request->sheet_count;
    const struct sheet *sheet = &request->sheets[inside ? index : 0];
    bool beside = x_mm < 0.0F || x_mm > scene->bag_mm[0];

    if (inside && !beside) {
        float y = y_mm - (float)index * scene->bag_mm[1];
        film_at(sheet, x_mm, y, rgb);
        float ink = ink_at(sheet, x_mm, y, request->look.gain) * DENSITY;
        for (int i = 0; i < SHEET_LANES - 1; i++)
            rgb[i] += (request->look.ink - rgb[i]) * ink;
    } else {
        memcpy(rgb, sheet->blank, sizeof sheet->blank);
        rgb[SHEET_LANES - 1] = beside ? 0.0F : 1.0F;
    }
    float film = rgb[SHEET_LANES - 1];
    if (film < 1.0F) {
        float belt = belt_at(x_mm, y_mm);
        for (int i = 0; i < SHEET_LANES - 1; i++)
            rgb[i] = rgb[i] * film + (belt + 0.02F * (float)i) * (1.0F - film);
    }
}

static void expose_row(const struct scene *scene, int32_t y, float *to)
{
    const struct photo_look *look = &scene->request->look;
    float light = look->light[0] + look->light[2] * ((float)y / (float)look->height - 0.5F) * 2.0F;
    float step = look->light[1] * 2.0F / (float)look->width;
    const int32_t size[2] = { look->width, look->height };

    light -= look->light[1];
    for (int32_t x = 0; x < look->width; x++, light += step) {
        float at[2];
        float rgb[SHEET_LANES];
        float pixel[2] = { (float)x + 0.5F, (float)y + 0.5F };
        ripple_lens(&look->ripple, size, pixel);
        map(&scene->camera, pixel[0], pixel[1], at);
        ripple_film(&look->ripple, at);
        look_at(scene, at[0], at[1], rgb);
        if (scene->request->channels == PHOTO_GREY) {
            *to++ = light * (0.299F * rgb[0] + 0.587F * rgb[1] + 0.114F * rgb[2]);
            continue;
        }
        for (int i = 0; i < PHOTO_COLOUR; i++)
            *to++ = light * rgb[i];
    }
}

/* Corners in the order of struct picture_quad: lower left, lower right, upper right, upper left. */
static struct picture_quad quad_of(const struct camera *to_frame, const struct photo_look *look,
                                   const float box_mm[4])
{
    const int32_t size[2] = { look->width, look->height };
    const float corners[4][2] = { { box_mm[0], box_mm[3] },
                                  { box_mm[2], box_mm[3] },
                                  { box_mm[2], box_mm[1] },
                                  { box_mm[0], box_mm[1] } };
    struct picture_quad quad;
    for (int i = 0; i < 4; i++) {
        float at[2];
        float place[2] = { corners[i][0], corners[i][1] };
        ripple_film_back(&look->ripple, place);
        map(to_frame, place[0], place[1], at);
        ripple_lens_back(&look->ripple, size, at);
        quad.corner[i] = (struct picture_point){ at[0], at[1] };
    }
    return quad;
}

static struct scene set_scene(const struct photo_request *request)
{
    struct scene scene = { .request = request,
                           .bag_mm = { (float)request->sheets[0].print.width_um / 1000.0F,
                                       (float)request->sheets[0].print.height_um / 1000.0F } };
    scene.camera = place_camera(&scene);
    return scene;
}

void photo_quads(const struct photo_request *request, size_t sheet, struct picture_quad *ret_bag,
                 struct picture_quad *ret_symbol)
{
    struct scene scene = set_scene(request);
    const struct print *print = &request->sheets[sheet].print;
    const struct print_field *symbol = &print->fields[print->symbol];
    struct camera to_frame = inverse(&scene.camera);
    float down = (float)sheet * scene.bag_mm[1];
    const float bag_mm[4] = { 0.0F, down, scene.bag_mm[0], down + scene.bag_mm[1] };
    float left = (float)symbol->x_um / 1000.0F;
    float top = down + (float)symbol->y_um / 1000.0F;
    const float symbol_mm[4] = { left, top, left + (float)symbol->width_um / 1000.0F,
                                 top + (float)symbol->height_um / 1000.0F };
    *ret_bag = quad_of(&to_frame, &request->look, bag_mm);
    *ret_symbol = quad_of(&to_frame, &request->look, symbol_mm);
}

bool photo_take(const struct photo_request *request, struct rw_arena *arena,
                struct photo *ret_photo, struct rw_error *err)
{
    const struct photo_look *look = &request->look;
    struct scene scene = set_scene(request);
    size_t row = (size_t)look->width * (size_t)request->channels;
    struct photo photo = { .width = look->width,
                           .height = look->height,
                           .channels = request->channels };
    struct lens lens = { look->width, look->height, request->channels, look->blur_px,
                         look->motion_px };

    if (look->width < 1 || look->height < 1 || look->width > PHOTO_SIDE_MAX ||
        look->height > PHOTO_SIDE_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "a photograph has at most %d pixels a side",
                            PHOTO_SIDE_MAX);
    float *light = rw_arena_array(arena, row * (size_t)look->height, sizeof *light, err);
    photo.bytes = rw_arena_alloc(arena, row * (size_t)look->height, err);
    if (light == NULL || photo.bytes == NULL)
        return false;
    for (int32_t y = 0; y < look->height; y++)
        expose_row(&scene, y, light + (size_t)y * row);
    if (!lens_blur(&lens, light, arena, err))
        return false;
    lens_develop(&lens, light, look->noise, request->seed, photo.bytes);
    *ret_photo = photo;
    return true;
}

bool photo_grey(const struct photo *photo, struct rw_arena *arena, struct picture *ret_picture,
                struct rw_error *err)
{
    struct picture grey;
    if (!picture_make(arena, photo->width, photo->height, &grey, err))
        return false;
    for (int32_t y = 0; y < photo->height; y++) {
        uint8_t *to = grey.pixels + (size_t)y * (size_t)grey.stride;
        const uint8_t *from =
            photo->bytes + (size_t)y * (size_t)photo->width * (size_t)photo->channels;
        if (photo->channels == PHOTO_GREY) {
            memcpy(to, from, (size_t)photo->width);
            continue;
        }
        for (int32_t x = 0; x < photo->width; x++, from += PHOTO_COLOUR)
            to[x] = (uint8_t)((from[0] * 299 + from[1] * 587 + from[2] * 114 + 500) / 1000);
    }
    *ret_picture = grey;
    return true;
}
