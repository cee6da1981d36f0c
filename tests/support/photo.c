/* SPDX-License-Identifier: Apache-2.0 */
/* Photographs bags that never were: print, film, tablets, light. */
#include "tests/support/photo.h"

#include <math.h>
#include <string.h>

#include "labels/expected.h"
#include "labels/png.h"

#define PX_PER_MM 15.2F
#define PIXELS ((size_t)PHOTO_WIDTH * PHOTO_HEIGHT)
#define WRINKLES 5
#define BLUR_REACH 3
#define INK 0.07F     /* reflectance of a printed dot */
#define DENSITY 0.96F /* of it where the head pressed well */
#define SEAL_MM 1.6F
#define GLARE_REACH 12.0F /* beyond it a lamp adds less than a millionth */
#define HOLE_MM 0.9F      /* of the perforation, and of the bridges between its holes */

/* Maps a pixel to millimetres in the bag: (x y 1) by a 3 by 3 matrix, then divided. */
struct camera {
    float row[3][3];
};

struct wrinkle {
    float nx;
    float ny;
    float at_mm;
    float width_mm;
    float strength;
};

struct scene {
    const struct photo_request *request;
    const struct photo *photo;
    struct picture label;
    struct print print;
    struct camera camera;
    float px_per_mm; /* of the label */
    float light[3];  /* level, and its slopes over the frame */
    struct wrinkle wrinkles[WRINKLES];
    float glare_mm[2];
    float blur_px;
    float noise;
};

static float spread(struct rw_random *random, float reach)
{
    return ((float)rw_random_unit(random) * 2.0F - 1.0F) * reach;
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

/* The middle of the frame looks at the middle of the bag, give or take. */
static struct camera place_camera(struct scene *scene, struct rw_random *random)
{
    bool perfect = scene->request->perfect;
    float angle = perfect ? 0.0F : spread(random, 0.030F);
    float scale = (1.0F + (perfect ? 0.0F : spread(random, 0.010F))) / PX_PER_MM;
    float tilt_x = perfect ? 0.0F : spread(random, 0.000020F);
    float tilt_y = perfect ? 0.0F : spread(random, 0.000020F);
    float x = (float)scene->print.width_um / 2000.0F + (perfect ? 0.0F : spread(random, 0.6F));
    float y = (float)scene->print.height_um / 2000.0F + (perfect ? 0.0F : spread(random, 0.6F));
    float c = cosf(angle) * scale;
    float s = sinf(angle) * scale;
    float mx = PHOTO_WIDTH / 2.0F;
    float my = PHOTO_HEIGHT / 2.0F;
    struct camera camera = { { { c, -s, 0.0F }, { s, c, 0.0F }, { tilt_x, tilt_y, 1.0F } } };
    /* p -> A (p - m) + place, all over 1 + tilt (p - m) */
    float w = 1.0F - tilt_x * mx - tilt_y * my;
    camera.row[0][0] += x * tilt_x;
    camera.row[0][1] += x * tilt_y;
    camera.row[0][2] = -c * mx + s * my + x * w;
    camera.row[1][0] += y * tilt_x;
    camera.row[1][1] += y * tilt_y;
    camera.row[1][2] = -s * mx - c * my + y * w;
    camera.row[2][2] = w;
    return camera;
}

static void set_light(struct scene *scene, struct rw_random *random)
{
    bool perfect = scene->request->perfect;
    scene->light[0] = perfect ? 0.90F : 0.88F + spread(random, 0.04F);
    scene->light[1] = perfect ? 0.0F : spread(random, 0.07F);
    scene->light[2] = perfect ? 0.0F : spread(random, 0.07F);
    scene->blur_px = perfect ? 0.0F : 0.75F + (float)rw_random_unit(random) * 0.35F;
    scene->noise = perfect ? 0.0F : 0.010F + (float)rw_random_unit(random) * 0.006F;
    scene->glare_mm[0] = 10.0F + (float)rw_random_unit(random) * 50.0F;
    scene->glare_mm[1] = 8.0F + (float)rw_random_unit(random) * 40.0F;
    for (int i = 0; i < WRINKLES; i++) {
        float angle = 1.2F + spread(random, 0.7F);
        scene->wrinkles[i] =
            (struct wrinkle){ .nx = cosf(angle),
                              .ny = sinf(angle),
                              .at_mm = 10.0F + (float)rw_random_unit(random) * 60.0F,
                              .width_mm = 0.5F + (float)rw_random_unit(random) * 1.2F,
                              .strength = perfect ? 0.0F : spread(random, 0.045F) };
    }
}

/* How much ink lies at a place, 0…1, between the four dots around it. */
static float ink_at(const struct scene *scene, float x_mm, float y_mm)
{
    const struct picture *label = &scene->label;
    float x = x_mm * scene->px_per_mm - 0.5F;
    float y = y_mm * scene->px_per_mm - 0.5F;
    int32_t left = (int32_t)floorf(x);
    int32_t top = (int32_t)floorf(y);
    if (left < 0 || top < 0 || left + 1 >= label->width || top + 1 >= label->height)
        return 0.0F;
    const uint8_t *row = label->pixels + (size_t)top * (size_t)label->stride + (size_t)left;
    const uint8_t *below = row + label->stride;
    float fx = x - (float)left;
    float fy = y - (float)top;
    float white = ((float)row[0] * (1.0F - fx) + (float)row[1] * fx) * (1.0F - fy) +
                  ((float)below[0] * (1.0F - fx) + (float)below[1] * fx) * fy;
    return 1.0F - white / 255.0F;
}

static struct tablets_colour belt_at(float x_mm, float y_mm)
{
    float weave = 0.02F * sinf(x_mm * 4.0F) * sinf(y_mm * 4.0F);
    return (struct tablets_colour){ 0.20F + weave, 0.22F + weave, 0.25F + weave };
}

static bool is_hole(const struct scene *scene, float x_mm, float y_mm)
{
    float height = (float)scene->print.height_um / 1000.0F;
    float from_cut = fminf(fabsf(y_mm), fabsf(y_mm - height));
    return from_cut < 0.16F && fmodf(x_mm, 2.0F * HOLE_MM) < HOLE_MM;
}

/* What seals, wrinkles and a lamp add to the film's own brightness. */
static float sheen_at(const struct scene *scene, const float at_mm[2])
{
    float height = (float)scene->print.height_um / 1000.0F;
    float from_cut = fminf(fabsf(at_mm[1]), fabsf(at_mm[1] - height));
    float sheen = from_cut < SEAL_MM ? -0.02F - 0.012F * sinf(at_mm[0] * 6.0F) : 0.0F;
    for (int i = 0; i < WRINKLES; i++) {
        const struct wrinkle *wrinkle = &scene->wrinkles[i];
        float far =
            (wrinkle->nx * at_mm[0] + wrinkle->ny * at_mm[1] - wrinkle->at_mm) / wrinkle->width_mm;
        if (fabsf(far) < 3.0F)
            sheen += wrinkle->strength * expf(-far * far);
    }
    float glare_x = (at_mm[0] - scene->glare_mm[0]) / 14.0F;
    float glare_y = (at_mm[1] - scene->glare_mm[1]) / 5.0F;
    float from_glare = glare_x * glare_x + glare_y * glare_y;
    if (!scene->request->perfect && from_glare < GLARE_REACH)
        sheen += 0.05F * expf(-from_glare);
    return sheen;
}

/* Reflectance of the film with what lies in it, before any print. */
static struct tablets_colour film_at(const struct scene *scene, const float at_mm[2])
{
    static const struct tablets_colour film = { 0.91F, 0.93F, 0.94F };
    struct tablets_colour colour = film;
    tablets_paint(scene->photo->tablets, scene->photo->tablet_count, at_mm, &colour);
    float sheen = sheen_at(scene, at_mm);
    return (struct tablets_colour){ colour.red + sheen, colour.green + sheen, colour.blue + sheen };
}

static bool is_film(const struct scene *scene, const float at_mm[2])
{
    return at_mm[0] >= 0.0F && at_mm[0] <= (float)scene->print.width_um / 1000.0F &&
           !damage_is_gone(scene->request->damage, at_mm[0], at_mm[1]) &&
           !is_hole(scene, at_mm[0], at_mm[1]);
}

/* Four looks into the pixel for what has sharp edges, one for the film. */
static void look(const struct scene *scene, float x, float y, float light, float *pixel)
{
    float middle[2];
    map(&scene->camera, x + 0.5F, y + 0.5F, middle);
    struct tablets_colour film = film_at(scene, middle);
    for (int i = 0; i < 4; i++) {
        float at[2];
        map(&scene->camera, x + 0.25F + 0.5F * (float)(i & 1), y + 0.25F + 0.5F * (float)(i >> 1),
            at);
        struct tablets_colour seen;
        if (!is_film(scene, at)) {
            seen = belt_at(middle[0], middle[1]);
        } else {
            float ink = ink_at(scene, at[0], at[1]) * DENSITY;
            seen.red = film.red * (1.0F - ink) + INK * ink;
            seen.green = film.green * (1.0F - ink) + INK * ink;
            seen.blue = film.blue * (1.0F - ink) + (INK + 0.01F) * ink;
        }
        pixel[0] += seen.red * light / 4.0F;
        pixel[1] += seen.green * light / 4.0F;
        pixel[2] += seen.blue * light / 4.0F;
    }
}

static void expose(const struct scene *scene, float *rgb)
{
    for (int32_t y = 0; y < PHOTO_HEIGHT; y++) {
        for (int32_t x = 0; x < PHOTO_WIDTH; x++) {
            float light = scene->light[0] +
                          scene->light[1] * ((float)x / PHOTO_WIDTH - 0.5F) * 2.0F +
                          scene->light[2] * ((float)y / PHOTO_HEIGHT - 0.5F) * 2.0F;
            look(scene, (float)x, (float)y, light,
                 rgb + ((size_t)y * PHOTO_WIDTH + (size_t)x) * PHOTO_CHANNELS);
        }
    }
}

static int32_t clamp(int32_t at, int32_t count)
{
    return at < 0 ? 0 : at >= count ? count - 1 : at;
}

/* `to` = the weighted sum of the seven lines around one; every line is `count` floats. */
static void add_lines(const float *const lines[2 * BLUR_REACH + 1], float *to, size_t count,
                      const float weights[BLUR_REACH + 1])
{
    for (size_t i = 0; i < count; i++)
        to[i] = weights[0] * lines[3][i] + weights[1] * (lines[2][i] + lines[4][i]) +
                weights[2] * (lines[1][i] + lines[5][i]) + weights[3] * (lines[0][i] + lines[6][i]);
}

static void blur_down(const float *from, float *to, const float weights[BLUR_REACH + 1])
{
    const size_t row = (size_t)PHOTO_WIDTH * PHOTO_CHANNELS;
    for (int32_t y = 0; y < PHOTO_HEIGHT; y++) {
        const float *lines[2 * BLUR_REACH + 1];
        for (int32_t k = -BLUR_REACH; k <= BLUR_REACH; k++)
            lines[k + BLUR_REACH] = from + (size_t)clamp(y + k, PHOTO_HEIGHT) * row;
        add_lines(lines, to + (size_t)y * row, row, weights);
    }
}

/* Across a row the lines are the row itself, moved by a pixel; only its ends are clamped. */
static void blur_across(const float *from, float *to, const float weights[BLUR_REACH + 1])
{
    const size_t row = (size_t)PHOTO_WIDTH * PHOTO_CHANNELS;
    float wide[((size_t)PHOTO_WIDTH + 2 * BLUR_REACH) * PHOTO_CHANNELS];
    for (int32_t y = 0; y < PHOTO_HEIGHT; y++) {
        const float *lines[2 * BLUR_REACH + 1];
        const float *here = from + (size_t)y * row;
        for (int32_t x = 0; x < PHOTO_WIDTH + 2 * BLUR_REACH; x++)
            memcpy(wide + (size_t)x * PHOTO_CHANNELS,
                   here + (size_t)clamp(x - BLUR_REACH, PHOTO_WIDTH) * PHOTO_CHANNELS,
                   PHOTO_CHANNELS * sizeof *wide);
        for (int32_t k = 0; k <= 2 * BLUR_REACH; k++)
            lines[k] = wide + (size_t)k * PHOTO_CHANNELS;
        add_lines(lines, to + (size_t)y * row, row, weights);
    }
}

static void blur(float *rgb, float *scratch, float sigma)
{
    float weights[BLUR_REACH + 1];
    float sum = 0.0F;
    for (int k = 0; k <= BLUR_REACH; k++) {
        weights[k] = expf(-0.5F * (float)(k * k) / (sigma * sigma));
        sum += k == 0 ? weights[k] : 2.0F * weights[k];
    }
    for (int k = 0; k <= BLUR_REACH; k++)
        weights[k] /= sum;
    blur_across(rgb, scratch, weights);
    blur_down(scratch, rgb, weights);
}

/* Four sixteenths of one draw, added: near enough to a normal law for the noise of a sensor, and
 * many times cheaper, which three million draws a frame notice. */
static float sensor_noise(struct rw_random *random)
{
    const float deviation = 37837.2F; /* of the sum: 65536 * sqrt(4 / 12) */
    uint64_t bits = rw_random_next(random);
    uint64_t sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48);
    return ((float)sum - 2.0F * 65535.0F) / deviation;
}

static void develop(const struct scene *scene, const float *rgb, struct rw_random *random,
                    uint8_t *bytes)
{
    for (size_t i = 0; i < PIXELS * PHOTO_CHANNELS; i++) {
        float value = rgb[i];
        if (scene->noise > 0.0F)
            value += sensor_noise(random) * scene->noise * (0.6F + 0.6F * value);
        value = value < 0.0F ? 0.0F : value > 1.0F ? 1.0F : value;
        bytes[i] = (uint8_t)(value * 255.0F + 0.5F);
    }
}

/* Corners in the order of struct picture_quad: lower left, lower right, upper right, upper left. */
static struct picture_quad quad_of(const struct camera *to_frame, const float box_mm[4])
{
    const float corners[4][2] = { { box_mm[0], box_mm[3] },
                                  { box_mm[2], box_mm[3] },
                                  { box_mm[2], box_mm[1] },
                                  { box_mm[0], box_mm[1] } };
    struct picture_quad quad;
    for (int i = 0; i < 4; i++) {
        float at[2];
        map(to_frame, corners[i][0], corners[i][1], at);
        quad.corner[i] = (struct picture_point){ at[0], at[1] };
    }
    return quad;
}

static void find_quads(const struct scene *scene, struct photo *photo)
{
    const struct print *print = &scene->print;
    const struct print_field *symbol = &print->fields[print->symbol];
    struct camera to_frame = inverse(&scene->camera);
    const float bag_mm[4] = { 0.0F, 0.0F, (float)print->width_um / 1000.0F,
                              (float)print->height_um / 1000.0F };
    const float symbol_mm[4] = { (float)symbol->x_um / 1000.0F, (float)symbol->y_um / 1000.0F,
                                 (float)(symbol->x_um + symbol->width_um) / 1000.0F,
                                 (float)(symbol->y_um + symbol->height_um) / 1000.0F };
    photo->bag = quad_of(&to_frame, bag_mm);
    photo->symbol = quad_of(&to_frame, symbol_mm);
}

bool photo_take(const struct photo_request *request, struct rw_arena *arena,
                struct photo *ret_photo, struct rw_error *err)
{
    struct rw_random random = rw_random_seeded(request->seed);
    struct photo photo = { 0 };
    struct scene scene = { .request = request, .photo = &photo };
    if (!expected_draw(request->desk, request->roll, request->bag, arena, &scene.label,
                       &scene.print, err))
        return false;
    scene.px_per_mm = 1000000.0F / (float)scene.label.um_per_px_milli;
    damage_print(request->damage, &scene.print, &random, &scene.label);
    if (!request->without_tablets)
        photo.tablet_count = tablets_lay(request->bag, &scene.print, &random, photo.tablets);
    scene.camera = place_camera(&scene, &random);
    set_light(&scene, &random);
    find_quads(&scene, &photo);
    float *rgb = rw_arena_array(arena, PIXELS * PHOTO_CHANNELS, sizeof *rgb, err);
    float *scratch = rw_arena_array(arena, PIXELS * PHOTO_CHANNELS, sizeof *scratch, err);
    photo.rgb = rw_arena_alloc(arena, PIXELS * PHOTO_CHANNELS, err);
    if (rgb == NULL || scratch == NULL || photo.rgb == NULL)
        return false;
    expose(&scene, rgb);
    if (scene.blur_px > 0.0F)
        blur(rgb, scratch, scene.blur_px);
    develop(&scene, rgb, &random, photo.rgb);
    *ret_photo = photo;
    return true;
}

bool photo_grey(const struct photo *photo, struct rw_arena *arena, struct picture *ret_picture,
                struct rw_error *err)
{
    struct picture grey;
    if (!picture_make(arena, PHOTO_WIDTH, PHOTO_HEIGHT, &grey, err))
        return false;
    for (size_t i = 0; i < PIXELS; i++) {
        const uint8_t *rgb = photo->rgb + i * PHOTO_CHANNELS;
        grey.pixels[i] = (uint8_t)((rgb[0] * 299 + rgb[1] * 587 + rgb[2] * 114 + 500) / 1000);
    }
    *ret_picture = grey;
    return true;
}

bool photo_write_png(const struct photo *photo, struct rw_arena *arena, const char **ret_bytes,
                     size_t *ret_length, struct rw_error *err)
{
    struct png_writer *writer = NULL;
    if (!png_open(PNG_COLOUR, PHOTO_WIDTH, PHOTO_HEIGHT, 0, &writer, err))
        return false;
    bool done = true;
    for (size_t y = 0; done && y < PHOTO_HEIGHT; y++)
        done = png_add_row(writer, photo->rgb + y * PHOTO_WIDTH * PHOTO_CHANNELS, err);
    done = done && png_take(writer, arena, ret_bytes, ret_length, err);
    png_close(writer);
    return done;
}
