/* SPDX-License-Identifier: Apache-2.0 */
/* A font of a PDF: which glyphs it lends and what they stand for. */
#ifndef RW_LABELS_DOCUMENT_FONT_H
#define RW_LABELS_DOCUMENT_FONT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "labels/fontfile.h"

#define DOCUMENT_FONT_LETTERS_MAX 15 /* bytes of UTF-8 that one glyph stands for */

/* "" = the glyph is used, but its letters are told each time that it stands in a text. */
struct document_glyph {
    bool used;
    char letters[DOCUMENT_FONT_LETTERS_MAX + 1];
};
struct document_font {
    struct fontfile *file;
    struct document_glyph *glyphs; /* by their numbers */
};

RW_MUST_USE bool document_font_open(const char *path, struct rw_arena *arena,
                                    struct document_font **ret_font, struct rw_error *err);
void document_font_close(struct document_font *font);

/* Notes that the glyph is used for these letters. True when a reader of the PDF will take it for
 * just them. */
bool document_font_use(struct document_font *font, uint16_t glyph, const char *letters,
                       size_t length);

/* What goes between "stream" and "endstream", not yet compressed. */
RW_MUST_USE bool document_font_to_unicode(const struct document_font *font, struct rw_arena *arena,
                                          const char **ret_text, size_t *ret_length,
                                          struct rw_error *err);
/* "[3[260]36[639 650]]": the widths of the used glyphs in thousandths of the em. */
void document_font_add_widths(const struct document_font *font, struct rw_text *text);
/* The file with its used glyphs alone, under their own numbers. */
RW_MUST_USE bool document_font_subset(const struct document_font *font, struct rw_arena *arena,
                                      const char **ret_bytes, size_t *ret_length,
                                      struct rw_error *err);

#endif
