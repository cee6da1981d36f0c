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
    struct canvas_sheet *sheet = NULL;
    const struct canvas_paper paper = { layout.print.width_um, layout.print.height_um, layout.dpi,
                                        false };
    if (!canvas_open_raster(desk->canvas, &paper, &sheet, err))
        return false;
    bool done =
        draw_layout(sheet, &layout, err) && canvas_take_picture(sheet, arena, ret_picture, err);
    canvas_close_sheet(sheet);
    if (done && ret_print != NULL)
        *ret_print = layout.print;
    return done;
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
