/* SPDX-License-Identifier: Apache-2.0 */
/* Measures text and puts ink on paper; the door to cairo and pango. */
#ifndef RW_LABELS_CANVAS_H
#define RW_LABELS_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"
#include "labels/canvas_text.h"

/* The fonts of every label, from fonts-noto-core and fonts-dejavu-core, and nothing of what else
 * lies on the machine. One per thread. */
struct canvas;

/* RW_UNAVAILABLE names the font file that is not there. */
RW_MUST_USE bool canvas_open(struct canvas **ret_canvas, struct rw_error *err);
void canvas_close(struct canvas *canvas);

/* RW_INVALID when a character has no glyph in any of our fonts, or is none (line break, control).
 * `at` of the error is left empty: the caller knows the field. */
RW_MUST_USE bool canvas_measure(struct canvas *canvas, const char *text, struct canvas_style style,
                                struct canvas_extent *ret_extent, struct rw_error *err);

/* Something to draw on, in micrometres from its upper left corner. */
struct canvas_sheet;

/* A picture at some dots per inch: black on white without grey, as a printer's head makes it, or
 * with smooth edges for the eye. */
struct canvas_paper {
    int32_t width_um;
    int32_t height_um;
    int32_t dpi;
    bool smooth;
};
RW_MUST_USE bool canvas_open_raster(struct canvas *canvas, const struct canvas_paper *paper,
                                    struct canvas_sheet **ret_sheet, struct rw_error *err);
/* PDF pages; `created` is an ISO 8601 moment, so that the bytes depend on the arguments alone. */
struct canvas_document {
    const char *title;
    const char *created;
    int32_t width_um;
    int32_t height_um;
};
RW_MUST_USE bool canvas_open_pdf(struct canvas *canvas, const struct canvas_document *document,
                                 struct canvas_sheet **ret_sheet, struct rw_error *err);

RW_MUST_USE bool canvas_draw_text(struct canvas_sheet *sheet, const char *text,
                                  struct canvas_style style, int32_t x_um, int32_t baseline_um,
                                  struct rw_error *err);
/* Filled rectangles, drawn at once, with their edges on whole dots of `dpi` dots per inch. */
struct canvas_dots {
    int32_t x;
    int32_t y;
    int32_t width;
    int32_t height;
};
void canvas_draw_dots(struct canvas_sheet *sheet, int32_t dpi, const struct canvas_dots *dots,
                      size_t count);
/* Ends a page of a document; its next one is empty and of the same size. */
void canvas_next_page(struct canvas_sheet *sheet);

/* The pixels of a raster sheet. */
RW_MUST_USE bool canvas_take_picture(struct canvas_sheet *sheet, struct rw_arena *arena,
                                     struct picture *ret_picture, struct rw_error *err);
/* Ends the document and gives its bytes. */
RW_MUST_USE bool canvas_take_pdf(struct canvas_sheet *sheet, struct rw_arena *arena,
                                 const char **ret_bytes, size_t *ret_length, struct rw_error *err);
void canvas_close_sheet(struct canvas_sheet *sheet);

/* The outline of one line of text, origin as in measuring. Letters as in SVG: M, L, C, Z. */
struct canvas_step {
    char letter;
    int32_t points; /* 1, 1, 3, 0 */
    int32_t x_um[3];
    int32_t y_um[3];
};
struct canvas_outline {
    struct canvas_step *steps;
    size_t count;
};
RW_MUST_USE bool canvas_take_outline(struct canvas *canvas, const char *text,
                                     struct canvas_style style, struct rw_arena *arena,
                                     struct canvas_outline *ret_outline, struct rw_error *err);

#endif
