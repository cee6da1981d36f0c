/* SPDX-License-Identifier: Apache-2.0 */
/* Decides where every field of a bag's label lies. */
#ifndef RW_LABELS_LAYOUT_H
#define RW_LABELS_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/media.h"
#include "core/model/print.h"
#include "core/model/roll.h"
#include "labels/canvas.h"
#include "labels/symbol.h"

/* What making labels needs: fonts and the film. Lives as long as the ports made from it. */
struct layout_desk {
    struct canvas *canvas;     /* borrowed */
    const struct media *media; /* borrowed; NULL = the built-in profile that the roll names */
};

enum layout_ink { LAYOUT_TEXT, LAYOUT_RULE, LAYOUT_SYMBOL, LAYOUT_INK_COUNT };

/* How the field of the same index is drawn. */
struct layout_mark {
    enum layout_ink ink;
    struct canvas_style style;
    int32_t x_um; /* origin of the text */
    int32_t baseline_um;
};

/* The label of one bag. Fields: "client-name" "born" "time" "weekday" "date" "moment" "part"
 * "amount-1" "content-1" "words-1" "look-1" "warning-1" "total" "bag" "roll" "use-by" "pharmacy"
 * "phone" "key" "symbol" "rule-1" and on header and trailer "title" "period" "outside" and more; a
 * field that takes a second line has it as "content-1.2". No box overlaps another, all lie inside
 * the print window, and the quiet zone of the symbol is free. A rule and the symbol have no text.
 */
struct layout {
    struct print print;
    struct layout_mark *marks; /* one per field of `print` */
    struct symbol symbol;
    int32_t dpi;
    int32_t module_dots;
    int32_t symbol_x_dots; /* upper left module */
    int32_t symbol_y_dots;
};

/* Text never shrinks and is never cut: a bag that does not fit is RW_INVALID with the field's name
 * as the place ("/look-3"), and so is a character that no font of ours has. */
RW_MUST_USE bool layout_make(const struct layout_desk *desk, const struct roll *roll,
                             const struct bag *bag, struct rw_arena *arena,
                             struct layout *ret_layout, struct rw_error *err);

/* The port that the roll builder asks before it divides a moment. A bag whose code is still empty
 * is judged with the widest numbers, so that what fits here can be drawn later. */
struct fits layout_fits(struct layout_desk *desk);

#endif
