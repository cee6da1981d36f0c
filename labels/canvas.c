/* SPDX-License-Identifier: Apache-2.0 */
/* Sets text and draws its glyphs; the door to cairo and pango. */
#include "labels/canvas.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cairo-ft.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>

#include "core/base/text.h"
#include "labels/fontbook.h"
#include "labels/measure.h"

#define UM_PER_INCH 25400.0
#define TOLERANCE_DOTS 0.02   /* of a traced outline */
#define DPI_WITHOUT_HINTS 600 /* dots so fine that letters need not be fitted to them */
#define PATH_BYTES_MAX 128
#define FONTS_MAX 80             /* the usual ones and two of each script */
#define OUTLINE_STEPS_MAX 100000 /* commands of one line as a path */

struct font {
    char path[PATH_BYTES_MAX];
    cairo_font_face_t *face;
};

struct canvas {
    struct fontbook book;
    PangoFontMap *map;
    PangoContext *context;
    struct font fonts[FONTS_MAX];
    size_t font_count;
    struct measure known;
    struct canvas_glyph glyphs[MEASURE_LINE_MAX]; /* of the line in hand */
    struct stamp_book stamps;
};

static cairo_font_options_t *make_options(cairo_antialias_t antialias, cairo_hint_style_t hints)
{
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_antialias(options, antialias);
    cairo_font_options_set_hint_style(options, hints);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    return options;
}

static PangoContext *make_context(PangoFontMap *map)
{
    PangoContext *context = pango_font_map_create_context(map);
    cairo_font_options_t *options = make_options(CAIRO_ANTIALIAS_GRAY, CAIRO_HINT_STYLE_NONE);
    pango_cairo_context_set_font_options(context, options);
    cairo_font_options_destroy(options);
    pango_context_set_language(context, pango_language_from_string("nl"));
    pango_context_set_base_dir(context, PANGO_DIRECTION_LTR);
    pango_context_set_round_glyph_positions(context, FALSE);
    return context;
}

bool canvas_open(struct canvas **ret_canvas, struct rw_error *err)
{
    struct canvas *canvas = calloc(1, sizeof *canvas);
    if (canvas == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory for fonts");
    if (!fontbook_open(&canvas->book, err)) {
        free(canvas);
        return false;
    }
    canvas->map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(canvas->map), canvas->book.config);
    canvas->context = make_context(canvas->map);
    *ret_canvas = canvas;
    return true;
}

void canvas_close(struct canvas *canvas)
{
    if (canvas == NULL)
        return;
    for (size_t i = 0; i < canvas->font_count; i++)
        cairo_font_face_destroy(canvas->fonts[i].face);
    g_object_unref(canvas->context);
    g_object_unref(canvas->map);
    fontbook_close(&canvas->book);
    free(canvas);
}

struct _cairo_font_face *canvas_font_face(const struct canvas *canvas, uint16_t font)
{
    assert(font < canvas->font_count);
    return canvas->fonts[font].face;
}

static PangoLayout *make_line(struct canvas *canvas, const char *text, struct canvas_style style,
                              struct rw_error *err)
{
    char families[FONTBOOK_NAMES_MAX];
    bool changed = false;
    if (!fontbook_list(&canvas->book, text, families, &changed, err))
        return NULL;
    if (changed)
        pango_fc_font_map_config_changed(PANGO_FC_FONT_MAP(canvas->map));
    PangoFontDescription *description = pango_font_description_from_string(families);
    pango_font_description_set_weight(
        description, style.weight == CANVAS_BOLD ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_font_description_set_absolute_size(description, (double)style.size_um * PANGO_SCALE);
    PangoLayout *line = pango_layout_new(canvas->context);
    pango_layout_set_font_description(line, description);
    pango_font_description_free(description);
    pango_layout_set_auto_dir(line, TRUE); /* its first letter says to which side it reads */
    pango_layout_set_text(line, text, -1);
    return line;
}

/* Of the file alone: the face that pango made has wishes of its own about hints. */
static cairo_font_face_t *make_face(const char *path)
{
    FcPattern *pattern = fontbook_make_pattern(path);
    cairo_font_face_t *face = cairo_ft_font_face_create_for_pattern(pattern);
    fontbook_free_pattern(pattern);
    return face;
}

/* The number of the font that pango chose, by its file. */
static bool find_font(struct canvas *canvas, PangoFont *font, uint16_t *ret_font,
                      struct rw_error *err)
{
    const char *path = fontbook_path(pango_fc_font_get_pattern(PANGO_FC_FONT(font)));
    if (path == NULL)
        return rw_error_set(err, RW_BUG, "", "a font has no file");
    size_t i = 0;
    while (i < canvas->font_count && strcmp(canvas->fonts[i].path, path) != 0)
        i++;
    if (i == canvas->font_count) {
        if (i == FONTS_MAX || !rw_text_copy(canvas->fonts[i].path, PATH_BYTES_MAX, path))
            return rw_error_set(err, RW_TOO_LARGE, "", "labels take at most %d fonts", FONTS_MAX);
        canvas->fonts[i].face = make_face(path);
        canvas->font_count++;
    }
    *ret_font = (uint16_t)i;
    return true;
}

/* Bytes from the start of a cluster to that of the next in the text, which may lie to the left. */
static int cluster_length(const PangoGlyphString *glyphs, int start, int item_length)
{
    int end = item_length;
    for (int i = 0; i < glyphs->num_glyphs; i++)
        if (glyphs->log_clusters[i] > start && glyphs->log_clusters[i] < end)
            end = glyphs->log_clusters[i];
    return end - start;
}

/* The glyphs of one run behind those that are there already. */
static bool add_run(struct canvas *canvas, const PangoLayoutRun *run, int *x, size_t *count,
                    struct rw_error *err)
{
    const PangoGlyphString *glyphs = run->glyphs;
    uint16_t font = 0;
    if (!find_font(canvas, run->item->analysis.font, &font, err))
        return false;
    for (int i = 0; i < glyphs->num_glyphs; i++) {
        const PangoGlyphInfo *from = &glyphs->glyphs[i];
        if (*count == MEASURE_LINE_MAX)
            return rw_error_set(err, RW_INVALID, "", "the text has too many signs for a line");
        int start = glyphs->log_clusters[i];
        bool first = i == 0 || glyphs->log_clusters[i - 1] != start;
        struct canvas_glyph *to = &canvas->glyphs[(*count)++];
        *to = (struct canvas_glyph){ .x_parts = *x + from->geometry.x_offset,
                                     .y_parts = from->geometry.y_offset,
                                     .id = (uint16_t)from->glyph,
                                     .font = font,
                                     .at = (uint16_t)(run->item->offset + start) };
        if (first)
            to->length = (uint16_t)cluster_length(glyphs, start, run->item->length);
        *x += from->geometry.width;
        if (from->glyph == PANGO_GLYPH_EMPTY)
            (*count)--; /* of a sign that only steers the others */
    }
    return true;
}

static int32_t floor_um(int parts)
{
    return (int32_t)floor((double)parts / PANGO_SCALE);
}

static int32_t ceil_um(int parts)
{
    return (int32_t)ceil((double)parts / PANGO_SCALE);
}

static bool copy_line(struct canvas *canvas, PangoLayout *layout, struct canvas_line *line,
                      struct rw_error *err)
{
    PangoRectangle ink;
    PangoRectangle logical;
    PangoLayoutLine *only = pango_layout_get_line_readonly(layout, 0);
    if (pango_layout_get_unknown_glyphs_count(layout) != 0)
        return rw_error_set(err, RW_INVALID, "", "the text has a character that no font has");
    int x = 0;
    for (GSList *run = only->runs; run != NULL; run = run->next)
        if (!add_run(canvas, run->data, &x, &line->count, err))
            return false;
    pango_layout_line_get_extents(only, &ink, &logical);
    struct canvas_extent *extent = &line->extent;
    *extent = (struct canvas_extent){ .advance_um = ceil_um(logical.width),
                                      .ink_x_um = floor_um(ink.x),
                                      .ink_y_um = floor_um(ink.y) };
    extent->ink_width_um = ceil_um(ink.x + ink.width) - extent->ink_x_um;
    extent->ink_height_um = ceil_um(ink.y + ink.height) - extent->ink_y_um;
    return true;
}

bool canvas_set(struct canvas *canvas, const char *text, struct canvas_style style,
                struct canvas_line *ret_line, struct rw_error *err)
{
    if (measure_find(&canvas->known, text, style, ret_line))
        return true;
    if (!measure_is_plain_line(text))
        return rw_error_set(err, RW_INVALID, "", "the text is too long or is no plain line");
    if (measure_mixes_directions(text))
        return rw_error_set(err, RW_INVALID, "",
                            "the text has letters that read to the left beside others or digits");
    PangoLayout *layout = make_line(canvas, text, style, err);
    if (layout == NULL)
        return false;
    struct canvas_line line = { .text = text, .glyphs = canvas->glyphs };
    bool done = copy_line(canvas, layout, &line, err);
    g_object_unref(layout);
    if (!done)
        return false;
    measure_keep(&canvas->known, style, &line);
    *ret_line = line;
    return true;
}

bool canvas_measure(struct canvas *canvas, const char *text, struct canvas_style style,
                    struct canvas_extent *ret_extent, struct rw_error *err)
{
    struct canvas_line line;
    if (!canvas_set(canvas, text, style, &line, err))
        return false;
    *ret_extent = line.extent;
    return true;
}

/* The font of a glyph, fitted to the dots or not. */
static cairo_scaled_font_t *scale_font(const struct canvas *canvas, struct stamp_key key)
{
    cairo_matrix_t size;
    cairo_matrix_t dots;
    double scale = key.dpi / UM_PER_INCH;
    bool hinted = key.trace == STAMP_UNTRACED ? !key.smooth && key.dpi < DPI_WITHOUT_HINTS
                                              : key.trace == STAMP_TRACED_FITTED;
    cairo_font_options_t *options =
        make_options(key.smooth ? CAIRO_ANTIALIAS_GRAY : CAIRO_ANTIALIAS_NONE,
                     hinted ? CAIRO_HINT_STYLE_FULL : CAIRO_HINT_STYLE_NONE);
    cairo_matrix_init_scale(&size, key.size_um, key.size_um);
    cairo_matrix_init_scale(&dots, scale, scale);
    cairo_scaled_font_t *font =
        cairo_scaled_font_create(canvas->fonts[key.font].face, &size, &dots, options);
    cairo_font_options_destroy(options);
    return font;
}

static void ink_glyph(cairo_t *pen, const cairo_glyph_t *glyph, struct stamp_key key)
{
    if (key.trace == STAMP_UNTRACED) {
        cairo_set_antialias(pen, key.smooth ? CAIRO_ANTIALIAS_DEFAULT : CAIRO_ANTIALIAS_NONE);
        cairo_show_glyphs(pen, glyph, 1);
    } else {
        cairo_set_tolerance(pen, TOLERANCE_DOTS);
        cairo_glyph_path(pen, glyph, 1);
        cairo_fill(pen);
    }
}

/* The glyph on a surface of its own; tells where that begins, and the glyph's advance. */
static cairo_surface_t *draw_glyph(const struct canvas *canvas, struct stamp_key key,
                                   struct stamp *ret_stamp)
{
    cairo_text_extents_t box;
    const cairo_glyph_t glyph = { .index = key.id };
    double scale = key.dpi / UM_PER_INCH;
    int more = key.trace == STAMP_UNTRACED ? 3 : 5; /* dots around it */
    cairo_scaled_font_t *font = scale_font(canvas, key);
    cairo_scaled_font_glyph_extents(font, &glyph, 1, &box);
    ret_stamp->x = (int32_t)floor(box.x_bearing * scale) - 1;
    ret_stamp->y = (int32_t)floor(box.y_bearing * scale) - 1;
    ret_stamp->advance_um = (float)box.x_advance;
    bool drawn = (box.width * scale + more) * (box.height * scale + more) < STAMP_INK_MAX;
    cairo_surface_t *surface = cairo_image_surface_create(
        CAIRO_FORMAT_A8, drawn ? (int)ceil(box.width * scale) + more : -1,
        (int)ceil(box.height * scale) + more); /* a side below 0 makes it one that has failed */
    cairo_t *pen = cairo_create(surface);
    cairo_translate(pen, key.quarters / 4.0 - ret_stamp->x, -ret_stamp->y);
    cairo_scale(pen, scale, scale);
    cairo_set_scaled_font(pen, font);
    ink_glyph(pen, &glyph, key);
    cairo_destroy(pen);
    cairo_scaled_font_destroy(font);
    return surface;
}

bool canvas_take_stamp(struct canvas *canvas, struct stamp_key key, struct stamp *ret_stamp,
                       struct rw_error *err)
{
    if (stamp_find(&canvas->stamps, key, ret_stamp))
        return true;
    struct stamp stamp = { 0 };
    if ((int64_t)key.size_um * key.dpi > (int64_t)STAMP_EM_MAX * (int64_t)UM_PER_INCH)
        return rw_error_set(err, RW_TOO_LARGE, "", "a letter of %d um is not drawn", key.size_um);
    cairo_surface_t *surface = draw_glyph(canvas, key, &stamp);
    cairo_surface_flush(surface);
    stamp.width = cairo_image_surface_get_width(surface);
    stamp.height = cairo_image_surface_get_height(surface);
    uint8_t *room = cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS
                        ? stamp_make_room(&canvas->stamps, stamp.width, stamp.height)
                        : NULL;
    for (int32_t y = 0; room != NULL && y < stamp.height; y++)
        memcpy(room + (size_t)y * (size_t)stamp.width,
               cairo_image_surface_get_data(surface) +
                   (size_t)y * (size_t)cairo_image_surface_get_stride(surface),
               (size_t)stamp.width);
    cairo_surface_destroy(surface);
    if (room != NULL && key.trace != STAMP_UNTRACED)
        stamp_cut_at_half(room, (size_t)stamp.width * (size_t)stamp.height);
    if (room == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory for a letter");
    stamp.ink = room;
    stamp_keep(&canvas->stamps, key, &stamp);
    *ret_stamp = stamp;
    return true;
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
    PangoLayout *line = make_line(canvas, text, style, err);
    if (line == NULL)
        return false;
    /* Without bounds: cairo leaves glyphs far outside of a surface out of a path. */
    cairo_surface_t *surface = cairo_recording_surface_create(CAIRO_CONTENT_ALPHA, NULL);
    cairo_t *pen = cairo_create(surface);
    pango_cairo_layout_line_path(pen, pango_layout_get_line_readonly(line, 0));
    cairo_path_t *path = cairo_copy_path(pen);
    bool done = copy_steps(path, arena, ret_outline, err);
    cairo_path_destroy(path);
    g_object_unref(line);
    cairo_destroy(pen);
    cairo_surface_destroy(surface);
    return done;
}
