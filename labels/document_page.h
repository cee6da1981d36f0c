/* SPDX-License-Identifier: Apache-2.0 */
/* One page of a PDF: its text and filled rectangles as commands. */
#ifndef RW_LABELS_DOCUMENT_PAGE_H
#define RW_LABELS_DOCUMENT_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "labels/canvas_text.h"
#include "labels/document_font.h"
#include "labels/sheet_dots.h"

#define DOCUMENT_PAGE_FONTS_MAX 80

struct canvas;

/* Fonts outlive the page: they belong to the document. */
struct document_page {
    const struct canvas *canvas; /* borrowed; names the font files */
    struct rw_arena *document_arena;
    struct document_font **fonts; /* by the canvas' numbers, NULL = not used yet */
    struct rw_arena *arena;       /* of this page alone */
    struct rw_text text;
    int32_t height_um;
    bool in_text; /* between BT and ET */
};

/* Forgets what stood on it. */
void document_page_empty(struct document_page *page);
/* Text is written as text: each glyph that is used is noted with the letters that it stands for. */
RW_MUST_USE bool document_page_add_line(struct document_page *page, const struct canvas_line *line,
                                        int32_t size_um, const int32_t origin_um[2],
                                        struct rw_error *err);
void document_page_add_dots(struct document_page *page, int32_t dpi, const struct sheet_dots *dots,
                            size_t count);
/* Gives its commands, in the arena of the page. */
RW_MUST_USE bool document_page_finish(struct document_page *page, const char **ret_bytes,
                                      size_t *ret_length, struct rw_error *err);

#endif
