/* SPDX-License-Identifier: Apache-2.0 */
/* Finds print where the label has none. */
#ifndef RW_VERIFIER_STRAY_H
#define RW_VERIFIER_STRAY_H

#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/print.h"
#include "verifier/plane.h"

#define STRAY_MARKS_MAX 32 /* that are kept of one label */

/* All pictures have one size and the label's upper left corner as their origin. */
struct stray_view {
    const struct picture *seen;   /* the label as the camera saw it */
    const struct picture *paper;  /* … without its print and what else is as narrow */
    const struct picture *wanted; /* the rendered print alone, on white */
    const struct print *print;
    const struct plane_box *known; /* where the label's text was found */
    size_t known_count;
    float px_per_um;
    float full;  /* grey levels of full ink */
    float black; /* grey level of ink itself */
};

struct stray_mark {
    struct plane_box box;
    const char *field; /* whose line it lies in; "" = in none */
};

/* A mark as high as a letter behind or before a line of text, where it may change what the line
 * says, and a row of them anywhere. Edges of what lies behind the film are none. */
RW_MUST_USE bool stray_find(const struct stray_view *view, struct rw_arena *arena,
                            struct stray_mark ret_marks[STRAY_MARKS_MAX], size_t *ret_count,
                            struct rw_error *err);
/* What is dark on the film, but along its edges, and that is no print: `wanted` is the print as it
 * was found, `known` what else is no blot. Where nothing lies in the bag, `paper` NULL, that is all
 * that is darker than its film; else what is narrower than a tablet, and black, or as wide and as
 * black as the print. */
RW_MUST_USE bool stray_find_blots(const struct stray_view *view, struct rw_arena *arena,
                                  struct stray_mark ret_marks[STRAY_MARKS_MAX], size_t *ret_count,
                                  struct rw_error *err);

#endif
