/* SPDX-License-Identifier: Apache-2.0 */
/* Something to draw labels on: a picture in dots, or a PDF. */
#ifndef RW_LABELS_SHEET_H
#define RW_LABELS_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"
#include "labels/canvas.h"
#include "labels/document.h"
#include "labels/setting.h"

/* A picture at some dots per inch: black on white without grey, as a printer's head makes it, or
 * with smooth edges for the eye. */
struct sheet_paper {
    int32_t width_um;
    int32_t height_um;
    int32_t dpi;
    bool smooth;
};

/* Places are micrometres from the upper left corner. Exactly one of picture and document is drawn
 * on. */
struct sheet {
    struct canvas *canvas; /* borrowed */
    struct picture picture;
    int32_t dpi;
    bool smooth;
    double foot;                   /* dots from the page's end to that of the picture */
    const struct setting *setting; /* of the letters in a picture; NULL = our own */
    struct sheet_pen {
        int32_t size_um;
        int32_t y_parts; /* of the baseline */
        uint16_t font;
        double x_um;           /* where a PDF says that the next letter is, without a correction */
        double lack_um;        /* … and how far before that the setting has it */
    } pen;                     /* behind the last letter with a setting */
    struct document *document; /* borrowed; NULL = the picture */
};

/* The picture, all white, lies in the arena. */
RW_MUST_USE bool sheet_start_picture(struct canvas *canvas, const struct sheet_paper *paper,
                                     struct rw_arena *arena, struct sheet *ret_sheet,
                                     struct rw_error *err);
/* The page in hand of a document. */
struct sheet sheet_of_document(struct canvas *canvas, struct document *document);

RW_MUST_USE bool sheet_draw_text(struct sheet *sheet, const char *text, struct canvas_style style,
                                 int32_t x_um, int32_t baseline_um, struct rw_error *err);
/* Filled rectangles with their edges on whole dots of `dpi` dots per inch. */
void sheet_draw_dots(struct sheet *sheet, int32_t dpi, const struct sheet_dots *dots, size_t count);

#endif
