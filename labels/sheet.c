/* SPDX-License-Identifier: Apache-2.0 */
/* Something to draw labels on: a picture in dots, or a PDF. */
#include "labels/sheet.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define UM_PER_INCH 25400
#define WHITE 255
#define PDF_REACH_EM 10 /* farther letters of a line are placed anew, … */
#define PDF_PARTS_MIN 3 /* … nearer ones by these thousandths of their size or more */

bool sheet_start_picture(struct canvas *canvas, const struct sheet_paper *paper,
                         struct rw_arena *arena, struct sheet *ret_sheet, struct rw_error *err)
{
    int width = (int)lround((double)paper->width_um * paper->dpi / UM_PER_INCH);
    int height = (int)lround((double)paper->height_um * paper->dpi / UM_PER_INCH);
    if (width <= 0 || height <= 0 || width > PICTURE_SIDE_MAX || height > PICTURE_SIDE_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "a label of %d by %d dots is not drawn", width,
                            height);
    struct sheet sheet = { .canvas = canvas, .dpi = paper->dpi, .smooth = paper->smooth };
    sheet.foot = height - (double)paper->height_um * paper->dpi / UM_PER_INCH;
    if (!picture_make(arena, width, height, &sheet.picture, err))
        return false;
    memset(sheet.picture.pixels, WHITE, (size_t)sheet.picture.stride * (size_t)height);
    sheet.picture.um_per_px_milli = (int32_t)lround(UM_PER_INCH * 1000.0 / paper->dpi);
    *ret_sheet = sheet;
    return true;
}

struct sheet sheet_of_document(struct canvas *canvas, struct document *document)
{
    return (struct sheet){ .canvas = canvas, .document = document };
}

/* Ink takes light away: eight dots at a time, which are black or white. */
static void take_light(uint8_t *row, const uint8_t *ink, size_t width)
{
    size_t x = 0;
    for (; x + sizeof(uint64_t) <= width; x += sizeof(uint64_t)) {
        uint64_t light;
        uint64_t dark;
        memcpy(&light, row + x, sizeof light);
        memcpy(&dark, ink + x, sizeof dark);
        light &= ~dark;
        memcpy(row + x, &light, sizeof light);
    }
    for (; x < width; x++)
        row[x] &= (uint8_t)~ink[x];
}

static void take_some_light(uint8_t *row, const uint8_t *ink, size_t width)
{
    for (size_t x = 0; x < width; x++)
        row[x] = (uint8_t)((row[x] * (WHITE - ink[x]) + WHITE / 2) / WHITE);
}

/* Ink outside of the picture is lost, as it would be on film. */
static void put_stamp(struct sheet *sheet, const struct stamp *stamp, int32_t x, int32_t y)
{
    struct picture *picture = &sheet->picture;
    int32_t left = x + stamp->x > 0 ? x + stamp->x : 0;
    int32_t right = x + stamp->x + stamp->width;
    right = right < picture->width ? right : picture->width;
    if (left >= right)
        return;
    for (int32_t row = 0; row < stamp->height; row++) {
        int32_t at = y + stamp->y + row;
        if (at < 0 || at >= picture->height)
            continue;
        uint8_t *light = picture->pixels + (size_t)at * (size_t)picture->stride + left;
        const uint8_t *ink =
            stamp->ink + (size_t)row * (size_t)stamp->width + (left - x - stamp->x);
        if (sheet->smooth)
            take_some_light(light, ink, (size_t)(right - left));
        else
            take_light(light, ink, (size_t)(right - left));
    }
}

static double in_dots(int32_t um, int32_t parts, int32_t dpi)
{
    return (um + (double)parts / CANVAS_PARTS_PER_UM) * dpi / UM_PER_INCH;
}

/* Where our PDF says that a letter is: behind the one before, and corrected by whole thousandths of
 * its size, if by three of them or more. */
static double place_in_document(struct sheet *sheet, const struct canvas_glyph *glyph,
                                int32_t size_um, const int32_t origin_um[2])
{
    double x_um = origin_um[0] + (double)glyph->x_parts / CANVAS_PARTS_PER_UM;
    double part_um = size_um / 1000.0;
    struct sheet_pen *pen = &sheet->pen;
    struct sheet_pen here = { size_um, origin_um[1] * CANVAS_PARTS_PER_UM + glyph->y_parts,
                              glyph->font, x_um, 0 };
    if (pen->size_um == size_um && pen->font == glyph->font && pen->y_parts == here.y_parts &&
        fabs(x_um - pen->x_um) <= PDF_REACH_EM * size_um) {
        double parts = round((x_um - pen->x_um) / part_um);
        here.lack_um = pen->lack_um;
        here.x_um = pen->x_um + (fabs(parts) < PDF_PARTS_MIN ? 0 : parts * part_um);
    }
    *pen = here;
    return here.x_um;
}

/* Draws a letter as other software sets it. */
static bool draw_set(struct sheet *sheet, const struct canvas_glyph *glyph, struct stamp_key key,
                     const int32_t origin_um[2], struct rw_error *err)
{
    const struct setting *setting = sheet->setting;
    double x_um = place_in_document(sheet, glyph, key.size_um, origin_um);
    double em = in_dots(key.size_um, 0, sheet->dpi);
    struct stamp stamp;
    key.trace = setting->trace;
    double dot_um = (double)UM_PER_INCH / sheet->dpi;
    int32_t x = setting_across(setting, (x_um - sheet->pen.lack_um) / dot_um, em, &key.quarters);
    int32_t y =
        setting_down(setting, in_dots(origin_um[1], glyph->y_parts, sheet->dpi), sheet->foot);
    if (!canvas_take_stamp(sheet->canvas, key, &stamp, err))
        return false;
    sheet->pen.x_um += (double)stamp.advance_um;
    sheet->pen.lack_um += setting_lack(setting, (double)stamp.advance_um / dot_um) * dot_um;
    put_stamp(sheet, &stamp, x, y);
    return true;
}

static bool draw_glyphs(struct sheet *sheet, const struct canvas_line *line, int32_t size_um,
                        const int32_t origin_um[2], struct rw_error *err)
{
    for (size_t i = 0; i < line->count; i++) {
        const struct canvas_glyph *glyph = &line->glyphs[i];
        const struct stamp_key key = { .size_um = size_um,
                                       .dpi = sheet->dpi,
                                       .font = glyph->font,
                                       .id = glyph->id,
                                       .smooth = sheet->smooth };
        struct stamp stamp;
        if (sheet->setting != NULL) {
            if (!draw_set(sheet, glyph, key, origin_um, err))
                return false;
            continue;
        }
        if (!canvas_take_stamp(sheet->canvas, key, &stamp, err))
            return false;
        put_stamp(sheet, &stamp, (int32_t)lround(in_dots(origin_um[0], glyph->x_parts, sheet->dpi)),
                  (int32_t)lround(in_dots(origin_um[1], glyph->y_parts, sheet->dpi)));
    }
    return true;
}

bool sheet_draw_text(struct sheet *sheet, const char *text, struct canvas_style style, int32_t x_um,
                     int32_t baseline_um, struct rw_error *err)
{
    struct canvas_line line;
    const int32_t origin_um[2] = { x_um, baseline_um };
    if (!canvas_set(sheet->canvas, text, style, &line, err))
        return false;
    if (sheet->document == NULL)
        return draw_glyphs(sheet, &line, style.size_um, origin_um, err);
    return document_add_line(sheet->document, &line, style.size_um, origin_um, err);
}

/* How much of the span [from, to) lies in the pixel, of 255; all in 1/`parts` of a pixel. */
static int32_t covered(int64_t from, int64_t to, int64_t pixel, int64_t parts)
{
    int64_t left = from > pixel * parts ? from : pixel * parts;
    int64_t right = to < (pixel + 1) * parts ? to : (pixel + 1) * parts;
    return right > left ? (int32_t)((right - left) * WHITE / parts) : 0;
}

/* Of dots that are finer or coarser than the picture's: each pixel by the part that is covered. */
static void fill_smooth(struct picture *picture, const struct sheet_dots *box, int32_t own_dpi,
                        int32_t dpi)
{
    int64_t left = (int64_t)box->x * own_dpi;
    int64_t right = (int64_t)(box->x + box->width) * own_dpi;
    int64_t top = (int64_t)box->y * own_dpi;
    int64_t bottom = (int64_t)(box->y + box->height) * own_dpi;
    for (int64_t y = top / dpi; y * dpi < bottom && y < picture->height; y++) {
        uint8_t *row = picture->pixels + (size_t)y * (size_t)picture->stride;
        int32_t high = covered(top, bottom, y, dpi);
        for (int64_t x = left / dpi; x * dpi < right && x < picture->width; x++) {
            int32_t ink = covered(left, right, x, dpi) * high / WHITE;
            row[x] = (uint8_t)(row[x] > ink ? row[x] - ink : 0);
        }
    }
}

static void fill_dots(struct picture *picture, const struct sheet_dots *box)
{
    int32_t right = box->x + box->width < picture->width ? box->x + box->width : picture->width;
    int32_t bottom =
        box->y + box->height < picture->height ? box->y + box->height : picture->height;
    for (int32_t y = box->y; y < bottom && box->x < right; y++)
        memset(picture->pixels + (size_t)y * (size_t)picture->stride + box->x, 0,
               (size_t)(right - box->x));
}

void sheet_draw_dots(struct sheet *sheet, int32_t dpi, const struct sheet_dots *dots, size_t count)
{
    if (sheet->document != NULL) {
        document_add_dots(sheet->document, dpi, dots, count);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        assert(dots[i].x >= 0 && dots[i].y >= 0);
        if (dpi == sheet->dpi)
            fill_dots(&sheet->picture, &dots[i]);
        else
            fill_smooth(&sheet->picture, &dots[i], sheet->dpi, dpi);
    }
}
