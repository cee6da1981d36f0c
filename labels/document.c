/* SPDX-License-Identifier: Apache-2.0 */
/* Pages of one size as PDF; the door to cairo's PDF. */
#include "labels/document.h"

#include <assert.h>
#include <stdlib.h>

#include <cairo-pdf.h>

#include "core/base/text.h"
#include "labels/measure.h"

#define POINTS_PER_UM (72 / 25400.0)
#define POINTS_PER_INCH 72.0
#define INK 255
/* Of a dot. Readers blacken each dot that an edge touches, and a picture's edge on the border of a
 * dot touches two: a hair inside of it, all of them find the dots that were meant. */
#define INSET 0.05

/* A font in one size. */
struct document_font {
    cairo_scaled_font_t *scaled;
    int32_t size_um;
    uint16_t number;
};

/* One run of glyphs of one font, as cairo takes it. */
struct document_run {
    cairo_glyph_t glyphs[MEASURE_LINE_MAX];
    cairo_text_cluster_t clusters[MEASURE_LINE_MAX];
    int starts[MEASURE_LINE_MAX]; /* of the clusters, in the text of the line */
    int glyph_count;
    int cluster_count;
    int length; /* bytes of its text */
};

struct document {
    const struct canvas *canvas;
    struct rw_text file;
    cairo_surface_t *surface;
    cairo_t *pen;
    size_t page_count;
    struct document_font fonts[DOCUMENT_FONTS_MAX];
    size_t font_count;
    struct document_run run;
};

static cairo_status_t add_bytes(void *self, const unsigned char *bytes, unsigned int length)
{
    struct document *document = self;
    rw_text_add_n(&document->file, (const char *)bytes, length);
    return document->file.failure == RW_OK ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static bool check(const struct document *document, struct rw_error *err)
{
    const char *bytes = NULL;
    if (!rw_text_finish(&document->file, &bytes, err))
        return false;
    cairo_status_t status = cairo_status(document->pen);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_status(document->surface);
    return status == CAIRO_STATUS_SUCCESS ||
           rw_error_set(err, status == CAIRO_STATUS_NO_MEMORY ? RW_NO_MEMORY : RW_BUG, "",
                        "a document could not be written: %s", cairo_status_to_string(status));
}

bool document_open(const struct canvas *canvas, const struct document_paper *paper,
                   struct rw_arena *arena, struct document **ret_document, struct rw_error *err)
{
    struct document *document = calloc(1, sizeof *document);
    if (document == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory for a document");
    document->canvas = canvas;
    rw_text_init(&document->file, arena, DOCUMENT_BYTES_MAX);
    document->surface = cairo_pdf_surface_create_for_stream(
        add_bytes, document, paper->width_um * POINTS_PER_UM, paper->height_um * POINTS_PER_UM);
    cairo_pdf_surface_restrict_to_version(document->surface, CAIRO_PDF_VERSION_1_5);
    cairo_pdf_surface_set_metadata(document->surface, CAIRO_PDF_METADATA_TITLE, paper->title);
    cairo_pdf_surface_set_metadata(document->surface, CAIRO_PDF_METADATA_CREATE_DATE,
                                   paper->created);
    document->pen = cairo_create(document->surface);
    if (!check(document, err)) {
        document_close(document);
        return false;
    }
    *ret_document = document;
    return true;
}

void document_close(struct document *document)
{
    if (document == NULL)
        return;
    cairo_destroy(document->pen);
    cairo_surface_destroy(document->surface);
    for (size_t i = 0; i < document->font_count; i++)
        cairo_scaled_font_destroy(document->fonts[i].scaled);
    free(document);
}

static cairo_scaled_font_t *make_font(const struct document *document, uint16_t number,
                                      int32_t size_um)
{
    cairo_matrix_t size;
    cairo_matrix_t page;
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_matrix_init_scale(&size, size_um * POINTS_PER_UM, size_um * POINTS_PER_UM);
    cairo_matrix_init_identity(&page);
    cairo_scaled_font_t *font =
        cairo_scaled_font_create(canvas_font_face(document->canvas, number), &size, &page, options);
    cairo_font_options_destroy(options);
    return font;
}

/* NULL when there are too many. */
static cairo_scaled_font_t *find_font(struct document *document, uint16_t number, int32_t size_um)
{
    for (size_t i = 0; i < document->font_count; i++)
        if (document->fonts[i].number == number && document->fonts[i].size_um == size_um)
            return document->fonts[i].scaled;
    if (document->font_count == DOCUMENT_FONTS_MAX)
        return NULL;
    struct document_font *font = &document->fonts[document->font_count++];
    *font = (struct document_font){ make_font(document, number, size_um), size_um, number };
    return font->scaled;
}

/* Glyphs of one font from `first` on. Gives the one behind them. */
static size_t fill_run(struct document_run *run, const struct canvas_line *line, size_t first,
                       const int32_t origin_um[2])
{
    size_t end = first;
    run->glyph_count = 0;
    run->cluster_count = 0;
    for (; end < line->count && line->glyphs[end].font == line->glyphs[first].font; end++) {
        const struct canvas_glyph *glyph = &line->glyphs[end];
        double x_um = origin_um[0] + (double)glyph->x_parts / CANVAS_PARTS_PER_UM;
        double y_um = origin_um[1] + (double)glyph->y_parts / CANVAS_PARTS_PER_UM;
        run->glyphs[run->glyph_count++] =
            (cairo_glyph_t){ glyph->id, x_um * POINTS_PER_UM, y_um * POINTS_PER_UM };
        if (glyph->length > 0 || end == first) {
            run->starts[run->cluster_count] = glyph->at;
            run->clusters[run->cluster_count++] = (cairo_text_cluster_t){ glyph->length, 0 };
        }
        run->clusters[run->cluster_count - 1].num_glyphs++;
    }
    return end;
}

/* Clusters follow the text; letters that read to the left have theirs in the other order. */
static void turn_clusters(struct document_run *run)
{
    for (int i = 0, j = run->cluster_count - 1; i < j; i++, j--) {
        cairo_text_cluster_t one = run->clusters[i];
        int start = run->starts[i];
        run->clusters[i] = run->clusters[j];
        run->starts[i] = run->starts[j];
        run->clusters[j] = one;
        run->starts[j] = start;
    }
}

/* A cluster reaches to the next one: a sign that has no glyph belongs to what stands before it. */
static void close_gaps(struct document_run *run)
{
    int last = run->cluster_count - 1;
    for (int i = 0; i < last; i++)
        run->clusters[i].num_bytes = run->starts[i + 1] - run->starts[i];
    run->length = run->starts[last] + run->clusters[last].num_bytes - run->starts[0];
}

static void add_run(struct document *document, const struct canvas_line *line)
{
    struct document_run *run = &document->run;
    bool backward = run->starts[run->cluster_count - 1] < run->starts[0];
    if (backward)
        turn_clusters(run);
    close_gaps(run);
    cairo_show_text_glyphs(document->pen, line->text + run->starts[0], run->length, run->glyphs,
                           run->glyph_count, run->clusters, run->cluster_count,
                           backward ? CAIRO_TEXT_CLUSTER_FLAG_BACKWARD : 0);
}

bool document_add_line(struct document *document, const struct canvas_line *line, int32_t size_um,
                       const int32_t origin_um[2], struct rw_error *err)
{
    for (size_t first = 0; first < line->count;) {
        size_t end = fill_run(&document->run, line, first, origin_um);
        cairo_scaled_font_t *font = find_font(document, line->glyphs[first].font, size_um);
        if (font == NULL)
            return rw_error_set(err, RW_TOO_LARGE, "", "a document takes at most %d fonts",
                                DOCUMENT_FONTS_MAX);
        cairo_set_scaled_font(document->pen, font);
        add_run(document, line);
        first = end;
    }
    return true;
}

void document_add_dots(struct document *document, int32_t dpi, const struct sheet_dots *dots,
                       size_t count)
{
    double dot = POINTS_PER_INCH / dpi;
    for (size_t i = 0; i < count; i++)
        cairo_rectangle(document->pen, (dots[i].x + INSET) * dot, (dots[i].y + INSET) * dot,
                        (dots[i].width - 2 * INSET) * dot, (dots[i].height - 2 * INSET) * dot);
    cairo_fill(document->pen);
}

/* A stencil of one pixel a module takes a tenth of the time of rectangles. */
void document_add_symbol(struct document *document, int32_t dpi, const struct symbol *symbol,
                         const struct sheet_dots *square)
{
    double dot = POINTS_PER_INCH / dpi;
    cairo_surface_t *stencil =
        cairo_image_surface_create(CAIRO_FORMAT_A8, symbol->side, symbol->side);
    unsigned char *pixels = cairo_image_surface_get_data(stencil);
    int stride = cairo_image_surface_get_stride(stencil);
    for (int32_t row = 0; pixels != NULL && row < symbol->side; row++)
        for (int32_t column = 0; column < symbol->side; column++)
            pixels[row * stride + column] = symbol_is_dark(symbol, row, column) ? INK : 0;
    cairo_surface_mark_dirty(stencil);
    cairo_pattern_t *pattern = cairo_pattern_create_for_surface(stencil);
    cairo_pattern_set_filter(pattern, CAIRO_FILTER_NEAREST);
    cairo_save(document->pen);
    cairo_translate(document->pen, (square->x + INSET) * dot, (square->y + INSET) * dot);
    cairo_scale(document->pen, (square->width - 2 * INSET) * dot / symbol->side,
                (square->height - 2 * INSET) * dot / symbol->side);
    cairo_mask(document->pen, pattern);
    cairo_restore(document->pen);
    cairo_pattern_destroy(pattern);
    cairo_surface_destroy(stencil);
}

bool document_end_page(struct document *document, struct rw_error *err)
{
    if (document->page_count == DOCUMENT_PAGES_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "a document has at most %d pages",
                            DOCUMENT_PAGES_MAX);
    document->page_count++;
    cairo_show_page(document->pen);
    return check(document, err);
}

bool document_take(struct document *document, const char **ret_bytes, size_t *ret_length,
                   struct rw_error *err)
{
    cairo_surface_finish(document->surface);
    if (!check(document, err))
        return false;
    *ret_bytes = document->file.bytes;
    *ret_length = document->file.length;
    return true;
}
