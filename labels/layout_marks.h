/* SPDX-License-Identifier: Apache-2.0 */
/* A label that is laid out: its fields and how each is drawn. */
#ifndef RW_LABELS_LAYOUT_MARKS_H
#define RW_LABELS_LAYOUT_MARKS_H

#include <stdint.h>

#include "core/model/print.h"
#include "labels/canvas.h"
#include "labels/symbol.h"

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

#endif
