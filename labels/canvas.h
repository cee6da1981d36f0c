/* SPDX-License-Identifier: Apache-2.0 */
/* Sets text and draws its glyphs; the door to cairo and pango. */
#ifndef RW_LABELS_CANVAS_H
#define RW_LABELS_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "labels/canvas_text.h"
#include "labels/stamp.h"

struct _cairo_font_face; /* cairo's own name */

/* The fonts of every label, from fonts-noto-core and fonts-dejavu-core, and nothing of what else
 * lies on the machine. What was set or drawn before is remembered, within fixed bounds. One per
 * thread. */
struct canvas;

/* RW_UNAVAILABLE names the font file that is not there. */
RW_MUST_USE bool canvas_open(struct canvas **ret_canvas, struct rw_error *err);
void canvas_close(struct canvas *canvas);

/* RW_INVALID when a character has no glyph in any of our fonts, or is none (line break, control).
 * `at` of the error is left empty: the caller knows the field. */
RW_MUST_USE bool canvas_measure(struct canvas *canvas, const char *text, struct canvas_style style,
                                struct canvas_extent *ret_extent, struct rw_error *err);
/* The same with the glyphs. The line is borrowed until the next text is measured or set. */
RW_MUST_USE bool canvas_set(struct canvas *canvas, const char *text, struct canvas_style style,
                            struct canvas_line *ret_line, struct rw_error *err);

/* The font that a glyph names. */
struct _cairo_font_face *canvas_font_face(const struct canvas *canvas, uint16_t font);

/* The dots of a glyph. Without `smooth` each is black or white, fitted to the dots below 600 dpi,
 * as a printer's head makes it. Borrowed until the next stamp is taken. */
RW_MUST_USE bool canvas_take_stamp(struct canvas *canvas, struct stamp_key key,
                                   struct stamp *ret_stamp, struct rw_error *err);

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
