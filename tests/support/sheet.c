/* SPDX-License-Identifier: Apache-2.0 */
/* One bag of printed film with what lies in it, before any camera. */
#include "tests/support/sheet.h"

#include <math.h>
#include <string.h>

#include "core/model/media.h"
#include "labels/expected.h"

#define WRINKLES 5
#define SEAL_MM 1.6F
#define HOLE_MM 0.9F      /* of the perforation, and of the bridges between its holes */
#define GLARE_REACH 12.0F /* beyond it a lamp adds less than a millionth */

struct wrinkle {
    float nx;
    float ny;
    float at_mm;
    float width_mm;
    float strength;
};

/* What is drawn before the first place is painted. */
struct paint {
    const struct sheet_request *request;
    const struct sheet *sheet;
    struct wrinkle wrinkles[WRINKLES];
    float glare_mm[2];
    float size_mm[2];
};

static float spread(struct rw_random *random, float reach)
{
    return ((float)rw_random_unit(random) * 2.0F - 1.0F) * reach;
}

struct sheet_film sheet_film_usual(void)
{
    return (struct sheet_film){ { 0.91F, 0.93F, 0.94F }, 0.0F, 0.045F, 0.05F };
}

struct sheet_film sheet_film_any(struct rw_random *random)
{
    float level = 0.66F + (float)rw_random_unit(random) * 0.30F;
    struct sheet_film film = { .colour = { level + spread(random, 0.04F),
                                           level + spread(random, 0.03F),
                                           level + spread(random, 0.04F) },
                               .texture = (float)rw_random_unit(random) * 0.03F,
                               .wrinkle = 0.02F + (float)rw_random_unit(random) * 0.07F,
                               .glare = (float)rw_random_unit(random) * 0.14F };
    if (rw_random_below(random, 3) == 0) { /* coloured film lets one colour or two through */
        film.colour.red *= 0.70F + (float)rw_random_unit(random) * 0.30F;
        film.colour.green *= 0.80F + (float)rw_random_unit(random) * 0.20F;
        film.colour.blue *= 0.70F + (float)rw_random_unit(random) * 0.30F;
    }
    return film;
}

static void draw_wrinkles(struct paint *paint, struct rw_random *random)
{
    paint->glare_mm[0] = 10.0F + (float)rw_random_unit(random) * 50.0F;
    paint->glare_mm[1] = 8.0F + (float)rw_random_unit(random) * 40.0F;
    for (int i = 0; i < WRINKLES; i++) {
        float angle = 1.2F + spread(random, 0.7F);
        paint->wrinkles[i] =
            (struct wrinkle){ .nx = cosf(angle),
                              .ny = sinf(angle),
                              .at_mm = 10.0F + (float)rw_random_unit(random) * 60.0F,
                              .width_mm = 0.5F + (float)rw_random_unit(random) * 1.2F,
                              .strength = spread(random, paint->request->film.wrinkle) };
    }
}

static bool is_film(const struct paint *paint, float x_mm, float y_mm)
{
    float from_cut = fminf(fabsf(y_mm), fabsf(y_mm - paint->size_mm[1]));
    bool hole = from_cut < 0.16F && fmodf(fabsf(x_mm), 2.0F * HOLE_MM) < HOLE_MM;
    return x_mm >= 0.0F && x_mm <= paint->size_mm[0] && !hole &&
           !damage_is_gone(paint->request->damage, x_mm, y_mm);
}

/* What seals, wrinkles and a lamp add to the film's own brightness. */
static float sheen_at(const struct paint *paint, const float at_mm[2])
{
    float from_cut = fminf(fabsf(at_mm[1]), fabsf(at_mm[1] - paint->size_mm[1]));
    float sheen = from_cut < SEAL_MM ? -0.02F - 0.012F * sinf(at_mm[0] * 6.0F) : 0.0F;
    for (int i = 0; i < WRINKLES; i++) {
        const struct wrinkle *wrinkle = &paint->wrinkles[i];
        float far =
            (wrinkle->nx * at_mm[0] + wrinkle->ny * at_mm[1] - wrinkle->at_mm) / wrinkle->width_mm;
        if (fabsf(far) < 3.0F)
            sheen += wrinkle->strength * expf(-far * far);
    }
    float glare_x = (at_mm[0] - paint->glare_mm[0]) / 14.0F;
    float glare_y = (at_mm[1] - paint->glare_mm[1]) / 5.0F;
    float from_glare = glare_x * glare_x + glare_y * glare_y;
    if (from_glare < GLARE_REACH)
        sheen += paint->request->film.glare * expf(-from_glare);
    return sheen;
}

static void paint_film(const struct paint *paint, struct rw_random *random, float *film)
{
    const struct sheet *sheet = paint->sheet;
    for (int32_t y = 0; y < sheet->height; y++) {
        for (int32_t x = 0; x < sheet->width; x++) {
            float *place = film + ((size_t)y * (size_t)sheet->width + (size_t)x) * SHEET_LANES;
            const float at_mm[2] = { ((float)x + 0.5F) / SHEET_PX_PER_MM,
                                     ((float)y + 0.5F) / SHEET_PX_PER_MM };
            struct tablets_colour colour = paint->request->film.colour;
            tablets_paint(sheet->tablets, sheet->tablet_count, at_mm, &colour);
            float sheen = sheen_at(paint, at_mm);
            if (paint->request->film.texture > 0.0F)
                sheen += spread(random, paint->request->film.texture);
            place[0] = colour.red + sheen;
            place[1] = colour.green + sheen;
            place[2] = colour.blue + sheen;
            place[3] = is_film(paint, at_mm[0], at_mm[1]) ? 1.0F : 0.0F;
        }
    }
}

/* The outlines in the dots of the roll's printer. */
static bool round_to_dots(const struct sheet_request *request, struct rw_arena *arena,
                          struct picture *label, struct rw_error *err)
{
    const struct picture fine = *label;
    float by = (float)media_um(1000, request->roll->dpi) / (float)fine.um_per_px_milli;
    struct picture dots;
    if (!picture_make(arena, (int32_t)lroundf((float)fine.width / by),
                      (int32_t)lroundf((float)fine.height / by), &dots, err))
        return false;
    dots.um_per_px_milli = media_um(1000, request->roll->dpi);
    for (int32_t y = 0; y < dots.height; y++) {
        int32_t row = (int32_t)(((float)y + 0.5F) * by);
        const uint8_t *from =
            fine.pixels + (ptrdiff_t)(row < fine.height ? row : fine.height - 1) * fine.stride;
        for (int32_t x = 0; x < dots.width; x++) {
            int32_t at = (int32_t)(((float)x + 0.5F) * by);
            dots.pixels[(ptrdiff_t)y * dots.stride + x] =
                from[at < fine.width ? at : fine.width - 1] < 128 ? 0 : 255;
        }
    }
    *label = dots;
    return true;
}

static bool print_label(const struct sheet_request *request, struct rw_arena *arena,
                        struct sheet *sheet, struct rw_error *err)
{
    bool fitted = request->printing == SHEET_FITTED;
    return (fitted ? expected_draw : expected_draw_outlined)(request->desk, request->roll,
                                                             request->bag, arena, &sheet->label,
                                                             &sheet->print, err) &&
           (request->printing != SHEET_ROUNDED ||
            round_to_dots(request, arena, &sheet->label, err));
}

bool sheet_make(const struct sheet_request *request, struct rw_arena *arena,
                struct sheet *ret_sheet, struct rw_error *err)
{
    struct rw_random random = rw_random_seeded(request->seed);
    struct sheet sheet = { 0 };
    if (!print_label(request, arena, &sheet, err))
        return false;
    struct paint paint = { .request = request, .sheet = &sheet };
    sheet.dots_per_mm = 1000000.0F / (float)sheet.label.um_per_px_milli;
    damage_print(request->damage, &sheet.print, &random, &sheet.label);
    if (!request->without_tablets)
        sheet.tablet_count = tablets_lay(request->bag, &sheet.print, &random, sheet.tablets);
    draw_wrinkles(&paint, &random);
    paint.size_mm[0] = (float)sheet.print.width_um / 1000.0F;
    paint.size_mm[1] = (float)sheet.print.height_um / 1000.0F;
    sheet.width = (int32_t)(paint.size_mm[0] * SHEET_PX_PER_MM);
    sheet.height = (int32_t)(paint.size_mm[1] * SHEET_PX_PER_MM);
    const float blank[SHEET_LANES] = { request->film.colour.red, request->film.colour.green,
                                       request->film.colour.blue, 1.0F };
    memcpy(sheet.blank, blank, sizeof blank);
    sheet.film = rw_arena_array(arena, (size_t)sheet.width * (size_t)sheet.height * SHEET_LANES,
                                sizeof *sheet.film, err);
    if (sheet.film == NULL)
        return false;
    paint_film(&paint, &random, sheet.film);
    *ret_sheet = sheet;
    return true;
}
