/* SPDX-License-Identifier: Apache-2.0 */
/* Writes a PDF: pages of one size, fonts embedded. */
#ifndef RW_LABELS_DOCUMENT_H
#define RW_LABELS_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "labels/document_page.h"

#define DOCUMENT_PAGES_MAX 100000
#define DOCUMENT_BYTES_MAX ((size_t)256 * 1024 * 1024)

struct document_paper {
    const char *title;    /* ASCII without brackets or backslash */
    const char *created;  /* an ISO 8601 moment, so that the bytes depend on the arguments alone */
    const char *language; /* "nl" */
    int32_t width_um;
    int32_t height_um;
};

struct document {
    struct document_paper paper;
    struct rw_arena *arena;
    struct rw_text file;
    struct document_page page; /* the one in hand */
    size_t *offsets;           /* of the objects, by their number less one */
    size_t object_count;
    size_t object_room;
    size_t page_count;
    struct document_font *fonts[DOCUMENT_PAGE_FONTS_MAX];
};

/* The document and its bytes live in the arena; what was opened must be closed. */
RW_MUST_USE bool document_open(const struct canvas *canvas, const struct document_paper *paper,
                               struct rw_arena *arena, struct document **ret_document,
                               struct rw_error *err);
/* Ends the page in hand; the next one is empty. */
RW_MUST_USE bool document_end_page(struct document *document, struct rw_error *err);
/* Ends the document and gives its bytes. */
RW_MUST_USE bool document_take(struct document *document, const char **ret_bytes,
                               size_t *ret_length, struct rw_error *err);
void document_close(struct document *document);

#endif
