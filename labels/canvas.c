/* SPDX-License-Identifier: Apache-2.0 */
/* Measures text and puts ink on paper; the door to cairo and pango. */
#include "labels/canvas.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cairo-ft.h>
#include <cairo-pdf.h>
#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>

#include "labels/measure.h"

#define UM_PER_INCH 25400.0
#define POINTS_PER_INCH 72.0
#define DPI_WITHOUT_HINTS 600 /* dots so fine that letters need not be fitted to them */
#define NOTO "/usr/share/fonts/truetype/noto/NotoSans"
#define DEJAVU "/usr/share/fonts/truetype/dejavu/DejaVuSans"
#define FAMILIES "Noto Sans, Noto Sans Arabic, Noto Sans Hebrew, DejaVu Sans"
#define PDF_BYTES_MAX ((size_t)256 * 1024 * 1024) /* of one document */
#define OUTLINE_STEPS_MAX 100000                  /* commands of one line as a path */

static const char *const font_files[] = {
    NOTO "-Regular.ttf",    NOTO "-Bold.ttf",          NOTO "Arabic-Regular.ttf",
    NOTO "Arabic-Bold.ttf", NOTO "Hebrew-Regular.ttf", NOTO "Hebrew-Bold.ttf",
    DEJAVU ".ttf",          DEJAVU "-Bold.ttf"
};

struct canvas {
    FcConfig *config;
    PangoFontMap *fonts;
    PangoContext *measuring;
    struct measure known;
};

enum sheet_kind { SHEET_DOTS, SHEET_GREY, SHEET_PDF };

struct canvas_sheet {
    enum sheet_kind kind;
    cairo_surface_t *surface;
    cairo_t *pen;
    PangoContext *context;
    int32_t dpi;
    char *bytes; /* of a document */
    size_t length;
    size_t room;
};

/* An empty configuration with these files: no cache, no rule and no font of the machine counts. */
static FcConfig *make_config(struct rw_error *err)
{
    FcConfig *config = FcConfigCreate();
    if (config == NULL) {
        (void)rw_error_set(err, RW_NO_MEMORY, "", "no memory for fonts"); /* NULL says it failed */
        return NULL;
    }
    for (size_t i = 0; i < RW_COUNT(font_files); i++) {
        if (!FcConfigAppFontAddFile(config, (const FcChar8 *)font_files[i])) {
            (void)rw_error_set(err, RW_UNAVAILABLE, "", /* NULL says that it failed */
                               "could not load the font %s; packages fonts-noto-core and "
                               "fonts-dejavu-core hold the fonts of the labels",
                               font_files[i]);
            FcConfigDestroy(config);
            return NULL;
        }
    }
    return config;
}

static void set_options(PangoContext *context, cairo_antialias_t antialias,
                        cairo_hint_style_t hints)
{
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_antialias(options, antialias);
    cairo_font_options_set_hint_style(options, hints);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context, options);
    cairo_font_options_destroy(options);
    pango_context_set_language(context, pango_language_from_string("nl"));
    pango_context_set_base_dir(context, PANGO_DIRECTION_LTR);
    pango_context_set_round_glyph_positions(context, FALSE);
}

bool canvas_open(struct canvas **ret_canvas, struct rw_error *err)
{
    FcConfig *config = make_config(err);
    if (config == NULL)
        return false;
    struct canvas *canvas = calloc(1, sizeof *canvas);
    if (canvas == NULL) {
        FcConfigDestroy(config);
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory for fonts");
    }
    canvas->config = config;
    /* Pango's own thread asks for a current one, and would read all fonts of the machine. */
    (void)FcConfigSetCurrent(config); /* without memory for it they are read for nothing */
    canvas->fonts = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(canvas->fonts), config);
    canvas->measuring = pango_font_map_create_context(canvas->fonts);
    set_options(canvas->measuring, CAIRO_ANTIALIAS_GRAY, CAIRO_HINT_STYLE_NONE);
    *ret_canvas = canvas;
    return true;
}

void canvas_close(struct canvas *canvas)
{
    if (canvas == NULL)
        return;
    g_object_unref(canvas->measuring);
    g_object_unref(canvas->fonts);
    FcConfigDestroy(canvas->config);
    free(canvas);
}

static PangoLayout *make_line(PangoContext *context, const char *text, struct canvas_style style)
{
    PangoFontDescription *description = pango_font_description_from_string(FAMILIES);
    pango_font_description_set_weight(
        description, style.weight == CANVAS_BOLD ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_font_description_set_absolute_size(description, (double)style.size_um * PANGO_SCALE);
    PangoLayout *line = pango_layout_new(context);
    pango_layout_set_font_description(line, description);
    pango_font_description_free(description);
    pango_layout_set_auto_dir(line, TRUE); /* its first letter says to which side it reads */
    pango_layout_set_text(line, text, -1);
    return line;
}

static int32_t floor_um(int units)
{
    return (int32_t)floor((double)units / PANGO_SCALE);
}

static int32_t ceil_um(int units)
{
    return (int32_t)ceil((double)units / PANGO_SCALE);
}

static bool measure_line(struct canvas *canvas, const char *text, struct canvas_style style,
                         struct canvas_extent *ret_extent)
{
    PangoLayout *line = make_line(canvas->measuring, text, style);
    bool known = pango_layout_get_unknown_glyphs_count(line) == 0;
    PangoRectangle ink;
    PangoRectangle logical;
    pango_layout_line_get_extents(pango_layout_get_line_readonly(line, 0), &ink, &logical);
    g_object_unref(line);
    *ret_extent = (struct canvas_extent){ .advance_um = ceil_um(logical.width),
                                          .ink_x_um = floor_um(ink.x),
                                          .ink_y_um = floor_um(ink.y) };
    ret_extent->ink_width_um = ceil_um(ink.x + ink.width) - ret_extent->ink_x_um;
    ret_extent->ink_height_um = ceil_um(ink.y + ink.height) - ret_extent->ink_y_um;
    return known;
}

bool canvas_measure(struct canvas *canvas, const char *text, struct canvas_style style,
                    struct canvas_extent *ret_extent, struct rw_error *err)
{
    struct canvas_extent extent;
    if (measure_find(&canvas->known, text, style, ret_extent))
        return true;
    if (!measure_is_plain_line(text))
        return rw_error_set(err, RW_INVALID, "", "the text is too long or is no plain line");
    if (measure_mixes_directions(text))
        return rw_error_set(err, RW_INVALID, "",
                            "the text has letters that read to the left beside others or digits");
    if (!measure_line(canvas, text, style, &extent))
        return rw_error_set(err, RW_INVALID, "", "the text has a character that no font has");
    measure_keep(&canvas->known, text, style, &extent);
    *ret_extent = extent;
    return true;
}

/* Takes over the surface; on failure nothing is left of either. */
static bool start_sheet(struct canvas *canvas, struct canvas_sheet *sheet, double scale,
                        struct canvas_sheet **ret_sheet, struct rw_error *err)
{
    sheet->pen = cairo_create(sheet->surface);
    sheet->context = pango_font_map_create_context(canvas->fonts);
    if (cairo_status(sheet->pen) != CAIRO_STATUS_SUCCESS) {
        canvas_close_sheet(sheet);
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory for a sheet");
    }
    cairo_scale(sheet->pen, scale, scale);
    if (sheet->kind == SHEET_DOTS) {
        cairo_set_antialias(sheet->pen, CAIRO_ANTIALIAS_NONE);
        set_options(sheet->context, CAIRO_ANTIALIAS_NONE,
                    sheet->dpi < DPI_WITHOUT_HINTS ? CAIRO_HINT_STYLE_FULL : CAIRO_HINT_STYLE_NONE);
    } else {
        set_options(sheet->context, CAIRO_ANTIALIAS_GRAY, CAIRO_HINT_STYLE_NONE);
    }
    pango_cairo_update_context(sheet->pen, sheet->context);
    *ret_sheet = sheet;
    return true;
}

bool canvas_open_raster(struct canvas *canvas, const struct canvas_paper *paper,
                        struct canvas_sheet **ret_sheet, struct rw_error *err)
{
    int width = (int)lround(paper->width_um * paper->dpi / UM_PER_INCH);
    int height = (int)lround(paper->height_um * paper->dpi / UM_PER_INCH);
    if (width <= 0 || height <= 0 || width > PICTURE_SIDE_MAX || height > PICTURE_SIDE_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "a label of %d by %d dots is not drawn", width,
                            height);
    struct canvas_sheet *sheet = calloc(1, sizeof *sheet);
    if (sheet == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory for a sheet");
    sheet->kind = paper->smooth ? SHEET_GREY : SHEET_DOTS;
    sheet->dpi = paper->dpi;
    sheet->surface = cairo_image_surface_create(CAIRO_FORMAT_A8, width, height);
    return start_sheet(canvas, sheet, paper->dpi / UM_PER_INCH, ret_sheet, err);
}

static cairo_status_t add_bytes(void *closure, const unsigned char *more, unsigned int length)
{
    struct canvas_sheet *sheet = closure;
    if (length > PDF_BYTES_MAX - sheet->length)
        return CAIRO_STATUS_WRITE_ERROR;
    size_t room = sheet->room == 0 ? 65536 : sheet->room;
    while (room < sheet->length + length)
        room *= 2;
    if (room != sheet->room) {
        char *grown = realloc(sheet->bytes, room);
        if (grown == NULL)
            return CAIRO_STATUS_NO_MEMORY;
        sheet->bytes = grown;
        sheet->room = room;
    }
    memcpy(sheet->bytes + sheet->length, more, length);
    sheet->length += length;
    return CAIRO_STATUS_SUCCESS;
}

bool canvas_open_pdf(struct canvas *canvas, const struct canvas_document *document,
                     struct canvas_sheet **ret_sheet, struct rw_error *err)
{
    struct canvas_sheet *sheet = calloc(1, sizeof *sheet);
    if (sheet == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory for a document");
    double scale = POINTS_PER_INCH / UM_PER_INCH;
    sheet->kind = SHEET_PDF;
    sheet->surface = cairo_pdf_surface_create_for_stream(
        add_bytes, sheet, document->width_um * scale, document->height_um * scale);
    cairo_pdf_surface_set_metadata(sheet->surface, CAIRO_PDF_METADATA_TITLE, document->title);
    cairo_pdf_surface_set_metadata(sheet->surface, CAIRO_PDF_METADATA_CREATE_DATE,
                                   document->created);
    return start_sheet(canvas, sheet, scale, ret_sheet, err);
}

bool canvas_draw_text(struct canvas_sheet *sheet, const char *text, struct canvas_style style,
                      int32_t x_um, int32_t baseline_um, struct rw_error *err)
{
    assert(measure_is_plain_line(text));
    PangoLayout *line = make_line(sheet->context, text, style);
    cairo_move_to(sheet->pen, x_um, baseline_um);
    pango_cairo_show_layout_line(sheet->pen, pango_layout_get_line_readonly(line, 0));
    g_object_unref(line);
    if (cairo_status(sheet->pen) != CAIRO_STATUS_SUCCESS)
        return rw_error_set(err, RW_NO_MEMORY, "", "could not draw the text: %s",
                            cairo_status_to_string(cairo_status(sheet->pen)));
    return true;
}

void canvas_draw_dots(struct canvas_sheet *sheet, int32_t dpi, const struct canvas_dots *dots,
                      size_t count)
{
    double dot = UM_PER_INCH / dpi;
    for (size_t i = 0; i < count; i++)
        cairo_rectangle(sheet->pen, dots[i].x * dot, dots[i].y * dot, dots[i].width * dot,
                        dots[i].height * dot);
    cairo_fill(sheet->pen);
}

void canvas_next_page(struct canvas_sheet *sheet)
{
    assert(sheet->kind == SHEET_PDF);
    cairo_show_page(sheet->pen);
}

/* Ink becomes light: eight pixels at a time, since a label has half a million of them. */
static void invert_row(uint8_t *row, const unsigned char *ink, size_t width)
{
    size_t x = 0;
    for (; x + sizeof(uint64_t) <= width; x += sizeof(uint64_t)) {
        uint64_t eight;
        memcpy(&eight, ink + x, sizeof eight);
        eight = ~eight;
        memcpy(row + x, &eight, sizeof eight);
    }
    for (; x < width; x++)
        row[x] = (uint8_t)(255 - ink[x]);
}

bool canvas_take_picture(struct canvas_sheet *sheet, struct rw_arena *arena,
                         struct picture *ret_picture, struct rw_error *err)
{
    assert(sheet->kind != SHEET_PDF);
    cairo_surface_flush(sheet->surface);
    const unsigned char *ink = cairo_image_surface_get_data(sheet->surface);
    int width = cairo_image_surface_get_width(sheet->surface);
    int height = cairo_image_surface_get_height(sheet->surface);
    int stride = cairo_image_surface_get_stride(sheet->surface);
    struct picture picture;
    if (!picture_make(arena, width, height, &picture, err))
        return false;
    for (int y = 0; y < height; y++)
        invert_row(picture.pixels + (size_t)y * (size_t)picture.stride,
                   ink + (size_t)y * (size_t)stride, (size_t)width);
    picture.um_per_px_milli = (int32_t)lround(UM_PER_INCH * 1000 / sheet->dpi);
    *ret_picture = picture;
    return true;
}

bool canvas_take_pdf(struct canvas_sheet *sheet, struct rw_arena *arena, const char **ret_bytes,
                     size_t *ret_length, struct rw_error *err)
{
    assert(sheet->kind == SHEET_PDF);
    cairo_surface_finish(sheet->surface);
    cairo_status_t status = cairo_surface_status(sheet->surface);
    if (status != CAIRO_STATUS_SUCCESS)
        return rw_error_set(err, RW_TOO_LARGE, "", "could not write the document: %s",
                            cairo_status_to_string(status));
    char *bytes = rw_arena_alloc(arena, sheet->length, err);
    if (bytes == NULL)
        return false;
    memcpy(bytes, sheet->bytes, sheet->length);
    *ret_bytes = bytes;
    *ret_length = sheet->length;
    return true;
}

void canvas_close_sheet(struct canvas_sheet *sheet)
{
    if (sheet == NULL)
        return;
    if (sheet->context != NULL)
        g_object_unref(sheet->context);
    if (sheet->pen != NULL)
        cairo_destroy(sheet->pen);
    cairo_surface_destroy(sheet->surface);
    free(sheet->bytes);
    free(sheet);
}

static struct canvas_step make_step(const cairo_path_data_t *data)
{
    static const int32_t points[] = { [CAIRO_PATH_MOVE_TO] = 1,
                                      [CAIRO_PATH_LINE_TO] = 1,
                                      [CAIRO_PATH_CURVE_TO] = 3,
                                      [CAIRO_PATH_CLOSE_PATH] = 0 };
    static const char letters[] = { [CAIRO_PATH_MOVE_TO] = 'M',
                                    [CAIRO_PATH_LINE_TO] = 'L',
                                    [CAIRO_PATH_CURVE_TO] = 'C',
                                    [CAIRO_PATH_CLOSE_PATH] = 'Z' };
    struct canvas_step step = { .letter = letters[data->header.type],
                                .points = points[data->header.type] };
    for (int32_t i = 0; i < step.points; i++) {
        step.x_um[i] = (int32_t)lround(data[i + 1].point.x);
        step.y_um[i] = (int32_t)lround(data[i + 1].point.y);
    }
    return step;
}

static bool copy_steps(const cairo_path_t *path, struct rw_arena *arena,
                       struct canvas_outline *ret_outline, struct rw_error *err)
{
    struct canvas_outline outline = { 0 };
    size_t room = 0;
    for (int i = 0; i < path->num_data; i += path->data[i].header.length) {
        if (!rw_arena_grow(arena, &outline.steps, &room, outline.count, sizeof *outline.steps,
                           OUTLINE_STEPS_MAX, err))
            return false;
        outline.steps[outline.count++] = make_step(&path->data[i]);
    }
    *ret_outline = outline;
    return true;
}

bool canvas_take_outline(struct canvas *canvas, const char *text, struct canvas_style style,
                         struct rw_arena *arena, struct canvas_outline *ret_outline,
                         struct rw_error *err)
{
    assert(measure_is_plain_line(text));
    /* Without bounds: cairo leaves glyphs far outside of a surface out of a path. */
    cairo_surface_t *surface = cairo_recording_surface_create(CAIRO_CONTENT_ALPHA, NULL);
    cairo_t *pen = cairo_create(surface);
    PangoLayout *line = make_line(canvas->measuring, text, style);
    pango_cairo_layout_line_path(pen, pango_layout_get_line_readonly(line, 0));
    cairo_path_t *path = cairo_copy_path(pen);
    bool done = copy_steps(path, arena, ret_outline, err);
    cairo_path_destroy(path);
    g_object_unref(line);
    cairo_destroy(pen);
    cairo_surface_destroy(surface);
    return done;
}
