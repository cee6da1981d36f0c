/* SPDX-License-Identifier: Apache-2.0 */
/* Pages of one size as PDF; the door to cairo's PDF. */
#ifndef RW_LABELS_DOCUMENT_H
#define RW_LABELS_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "labels/canvas.h"
#include "labels/sheet_dots.h"
#include "labels/symbol.h"

#define DOCUMENT_PAGES_MAX 100000
#define DOCUMENT_BYTES_MAX ((size_t)256 * 1024 * 1024)
#define DOCUMENT_FONTS_MAX 256 /* fonts in their sizes */

struct document_paper {
    const char *title;
    const char *created; /* an ISO 8601 moment, so that the bytes depend on the arguments alone */
    int32_t width_um;
    int32_t height_um;
};

/* Places are micrometres or dots from the upper left corner of the page in hand. */
struct document;

/* The bytes grow in the arena; what was opened must be closed. */
RW_MUST_USE bool document_open(const struct canvas *canvas, const struct document_paper *paper,
                               struct rw_arena *arena, struct document **ret_document,
                               struct rw_error *err);
/* Text that can be selected and searched for. */
RW_MUST_USE bool document_add_line(struct document *document, const struct canvas_line *line,
                                   int32_t size_um, const int32_t origin_um[2],
                                   struct rw_error *err);
/* Filled rectangles with their edges on whole dots. */
void document_add_dots(struct document *document, int32_t dpi, const struct sheet_dots *dots,
                       size_t count);
/* The modules of a symbol in a square of whole dots. */
void document_add_symbol(struct document *document, int32_t dpi, const struct symbol *symbol,
                         const struct sheet_dots *square);
/* Ends the page in hand; the next one is empty. */
RW_MUST_USE bool document_end_page(struct document *document, struct rw_error *err);
/* Ends the document and gives its bytes. */
RW_MUST_USE bool document_take(struct document *document, const char **ret_bytes,
                               size_t *ret_length, struct rw_error *err);
void document_close(struct document *document);

#endif
