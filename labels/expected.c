/* SPDX-License-Identifier: Apache-2.0 */
/* Draws a bag's label as a picture in the printer's dots. */
#include "labels/expected.h"

#include "labels/draw.h"

bool expected_draw(const struct layout_desk *desk, const struct roll *roll, const struct bag *bag,
                   struct rw_arena *arena, struct picture *ret_picture, struct print *ret_print,
                   struct rw_error *err)
{
    struct layout layout;
    if (!layout_make(desk, roll, bag, arena, &layout, err))
        return false;
    struct sheet sheet;
    const struct sheet_paper paper = { layout.print.width_um, layout.print.height_um, layout.dpi,
                                       false };
    if (!sheet_start_picture(desk->canvas, &paper, arena, &sheet, err) ||
        !draw_layout(&sheet, &layout, err))
        return false;
    *ret_picture = sheet.picture;
    if (ret_print != NULL)
        *ret_print = layout.print;
    return true;
}

static bool draw(void *self, const struct roll *roll, const struct bag *bag, struct rw_arena *arena,
                 struct picture *ret_picture, struct print *ret_print, struct rw_error *err)
{
    return expected_draw(self, roll, bag, arena, ret_picture, ret_print, err);
}

struct expected_labels expected_labels_from(struct layout_desk *desk)
{
    return (struct expected_labels){ .self = desk, .draw = draw };
}
