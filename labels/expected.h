/* SPDX-License-Identifier: Apache-2.0 */
/* Draws a bag's label as a picture in the printer's dots. */
#ifndef RW_LABELS_EXPECTED_H
#define RW_LABELS_EXPECTED_H

#include "labels/layout.h"

/* The port through which the verifier gets the label as it would be printed: the whole bag, with
 * the letters that are ordered. */
struct expected_labels expected_labels_from(struct layout_desk *desk);

/* The same without a port, in 0 and 255 alone, one pixel per dot of the roll's dpi. `ret_print` may
 * be NULL. */
RW_MUST_USE bool expected_draw(const struct layout_desk *desk, const struct roll *roll,
                               const struct bag *bag, struct rw_arena *arena,
                               struct picture *ret_picture, struct print *ret_print,
                               struct rw_error *err);
/* With the letters' outlines instead of dots, in grey. */
RW_MUST_USE bool expected_draw_outlined(const struct layout_desk *desk, const struct roll *roll,
                                        const struct bag *bag, struct rw_arena *arena,
                                        struct picture *ret_picture, struct print *ret_print,
                                        struct rw_error *err);

#endif
