/* SPDX-License-Identifier: Apache-2.0 */
/* One field of a label as a command of ZPL II. */
#ifndef RW_LABELS_ZPL_FIELD_H
#define RW_LABELS_ZPL_FIELD_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/text.h"
#include "labels/layout.h"

/* The characters that the printer's own scalable font is trusted with: Latin letters up to U+017F,
 * figures, fractions, × and punctuation. */
bool zpl_field_is_plain(const char *text);

/* What stands before a text and behind it; the text itself goes between. */
void zpl_field_begin(struct rw_text *zpl, const struct layout *layout, size_t index);
void zpl_field_end(struct rw_text *zpl);
/* The text as field data: a space that keeps words together becomes a space, and signs that would
 * end the field are written as numbers. */
void zpl_field_add_text(struct rw_text *zpl, const char *text);

/* A whole field but the symbol: text of the printer's font or, where that font lacks a letter, its
 * dots; or a rule. */
RW_MUST_USE bool zpl_field_add(struct rw_text *zpl, struct canvas *canvas,
                               const struct layout *layout, size_t index, struct rw_error *err);
/* "^BX" with everything but the data and its end. */
void zpl_field_begin_symbol(struct rw_text *zpl, const struct layout *layout);
/* The code's bytes with FNC1 as "_1". The code must be an element string of GS1. */
RW_MUST_USE bool zpl_field_add_code(struct rw_text *zpl, const char *code, struct rw_error *err);

#endif
