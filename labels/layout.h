/* SPDX-License-Identifier: Apache-2.0 */
/* Decides where every field of a bag's label lies. */
#ifndef RW_LABELS_LAYOUT_H
#define RW_LABELS_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/media.h"
#include "core/model/print.h"
#include "core/model/roll.h"
#include "labels/canvas.h"
#include "labels/fitted.h"
#include "labels/layout_marks.h"

#define LAYOUT_ASKED_MAX (4 * RW_ARENA_MIB) /* of one question whether a bag fits */

/* What making labels needs: fonts and the film. Lives as long as the ports made from it. */
struct layout_desk {
    struct canvas *canvas;     /* borrowed */
    const struct media *media; /* borrowed; NULL = the built-in profile that the roll names */
    struct fitted *fitted;     /* borrowed; NULL = the port remembers nothing */
    struct rw_arena *asked;    /* of one question after the other; NULL = each opens its own */
    void (*told)(void *self, size_t done); /* of each bag of a roll that is drawn; may be NULL */
    void *told_self;
    int32_t symbol_side; /* modules that bags without a code yet will get; 0 = the most */
};

/* Text never shrinks and is never cut: a bag that does not fit is RW_INVALID with the field's name
 * as the place ("/look-3"), and so is a character that no font of ours has. */
RW_MUST_USE bool layout_make(const struct layout_desk *desk, const struct roll *roll,
                             const struct bag *bag, struct rw_arena *arena,
                             struct layout *ret_layout, struct rw_error *err);

/* Tells who waits that so many bags are done. */
void layout_tell(const struct layout_desk *desk, size_t done);

/* The port that the roll builder asks before it divides a moment. A bag whose code is still empty
 * is judged with the widest numbers, so that what fits here can be drawn later. */
struct fits layout_fits(struct layout_desk *desk);

#endif
