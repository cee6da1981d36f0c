/* SPDX-License-Identifier: Apache-2.0 */
/* Where each field of a label lies, and the ports to ask for labels. */
#ifndef RW_CORE_MODEL_PRINT_H
#define RW_CORE_MODEL_PRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/model/bag.h"
#include "core/model/media.h"
#include "core/model/picture.h"
#include "core/model/roll.h"

#define PRINT_FIELDS_MAX 96

/* A field's ink lies inside its box. Micrometres from the bag's upper left corner. */
struct print_field {
    const char
        *name; /* "client-name" "born" "date" "time" "content-1" "look-1" "total" … "symbol" */
    const char *text; /* as printed; "" for the symbol */
    int32_t x_um;
    int32_t y_um;
    int32_t width_um;
    int32_t height_um;
};
struct print {
    struct print_field *fields;
    size_t field_count;
    int32_t width_um; /* of the bag */
    int32_t height_um;
    int32_t symbol;  /* index of the field "symbol" */
    int32_t modules; /* modules of one side of the symbol: 22 or 26 */
};

/* Port asked while planning: does the text of this bag fit on the roll's film? `roll` has
 * everything but its bags. False without an error = does not fit. labels/layout implements it. */
struct fits {
    void *self;
    bool (*ask)(void *self, const struct roll *roll, const struct bag *bag, bool *ret_fits,
                struct rw_error *err);
};

/* How letters become a printer's dots. All but the first are of our PDF, where what turns it into
 * dots says it: the same outlines have other dots, by where in a dot each letter begins. */
enum print_letters {
    PRINT_FITTED,       /* to the dots, as in our pictures and our ZPL */
    PRINT_OUTLINED,     /* in dots finer than a camera sees */
    PRINT_NEAREST,      /* each letter begins at the nearest dot; ink is what is half covered */
    PRINT_BEFORE,       /* … at the dot before */
    PRINT_QUARTERS,     /* … at the quarter of a dot before, large ones at the dot before */
    PRINT_PARTS,        /* … at the nearest quarter, half or dot, by their size */
    PRINT_FITTED_PARTS, /* … at the dot before that, fitted to the dots */
    PRINT_FITTED_BELOW, /* fitted, at the nearest dot, lines counted from the foot of the page */
    PRINT_FITTED_GREY,  /* … but as grey has them, and then half covered */
    PRINT_LETTERS_COUNT
};

struct print_order {
    const struct roll *roll;
    const struct bag *bag;
    enum print_letters letters;
    int32_t dpi;
};

/* Port asked while verifying: the label of this bag, and where its fields lie. Both live in the
 * arena. `dpi` is that of the printer, whose dots `letters` lie on: one pixel per dot, but for
 * outlines, which are finer. */
struct expected_labels {
    void *self;
    bool (*draw)(void *self, const struct print_order *order, struct rw_arena *arena,
                 struct picture *ret_picture, struct print *ret_print, struct rw_error *err);
};

#endif
