/* SPDX-License-Identifier: Apache-2.0 */
/* Lays a label, as printed, over the camera's picture of it. */
#ifndef RW_VERIFIER_REGISTER_H
#define RW_VERIFIER_REGISTER_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/picture.h"
#include "core/model/print.h"
#include "verifier/bend.h"

#define REGISTER_PATCHES_MAX BEND_PIECES_MAX /* pieces of text that are looked for */

/* Both pictures have the same scale and the label's upper left corner as their origin. */
struct registration {
    float to_frame[9];       /* micrometres on the label -> pixels of the frame, row by row */
    float px_per_mm;         /* of the two pictures */
    struct picture seen;     /* the frame, turned upright and to the label's size */
    struct picture expected; /* the label, as soft as the frame is */
    struct bend bend;        /* what the map leaves over */
    size_t patches;          /* pieces of text looked for … */
    size_t agreeing;         /* … and found where one plane puts them all */
};

/* What is known before: the label, where its fields lie, and where its symbol was read. */
struct register_view {
    const struct picture *frame;
    const struct picture_quad *symbol;
    const struct picture *label; /* one pixel per dot */
    const struct print *print;
};

/* Starts from the symbol's corners and then follows the text outwards. Always gives something; how
 * good it is say `agreeing` and the comparison. */
RW_MUST_USE bool register_label(const struct register_view *view, struct rw_arena *arena,
                                struct registration *ret_registration, struct rw_error *err);
/* Puts another drawing of the same label in the place of the expected one. */
RW_MUST_USE bool register_redraw(const struct picture *label, const struct print *print,
                                 struct rw_arena *arena, struct registration *registration,
                                 struct rw_error *err);
/* A point of the label in the frame. */
struct picture_point register_to_frame(const struct registration *registration, float x_um,
                                       float y_um);

#endif
