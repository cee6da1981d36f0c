/* SPDX-License-Identifier: Apache-2.0 */
/* Draws a bag's label as a picture in the printer's dots. */
#include "labels/expected.h"

#include "labels/draw.h"

#define OUTLINES_DPI 600 /* finer than a camera sees */

static bool draw_on(const struct sheet_paper *paper, const struct layout_desk *desk,
                    const struct layout *layout, struct rw_arena *arena,
                    struct picture *ret_picture, struct rw_error *err)
{
    struct sheet sheet;
    if (!sheet_start_picture(desk->canvas, paper, arena, &sheet, err) ||
        !draw_layout(&sheet, layout, err))
        return false;
    *ret_picture = sheet.picture;
    return true;
}

bool expected_draw(const struct layout_desk *desk, const struct roll *roll, const struct bag *bag,
                   struct rw_arena *arena, struct picture *ret_picture, struct print *ret_print,
                   struct rw_error *err)
{
    struct layout layout;
    if (!layout_make(desk, roll, bag, arena, &layout, err))
        return false;
    const struct sheet_paper paper = { layout.print.width_um, layout.print.height_um, layout.dpi,
                                       false };
    if (!draw_on(&paper, desk, &layout, arena, ret_picture, err))
        return false;
    if (ret_print != NULL)
        *ret_print = layout.print;
    return true;
}

/* The same layout, its letters as the PDF has them. */
bool expected_draw_outlined(const struct layout_desk *desk, const struct roll *roll,
                            const struct bag *bag, struct rw_arena *arena,
                            struct picture *ret_picture, struct print *ret_print,
                            struct rw_error *err)
{
    struct layout layout;
    if (!layout_make(desk, roll, bag, arena, &layout, err))
        return false;
    const struct sheet_paper paper = { layout.print.width_um, layout.print.height_um, OUTLINES_DPI,
                                       true };
    if (!draw_on(&paper, desk, &layout, arena, ret_picture, err))
        return false;
    *ret_print = layout.print;
    return true;
}

/* The same layout, its letters in dots as other software sets them. */
static bool draw_set(const struct layout_desk *desk, const struct print_order *order,
                     struct rw_arena *arena, struct picture *ret_picture, struct print *ret_print,
                     struct rw_error *err)
{
    struct layout layout;
    struct sheet sheet;
    if (!layout_make(desk, order->roll, order->bag, arena, &layout, err))
        return false;
    const struct sheet_paper paper = { layout.print.width_um, layout.print.height_um, order->dpi,
                                       false };
    if (!sheet_start_picture(desk->canvas, &paper, arena, &sheet, err))
        return false;
    sheet.setting = setting_of(order->letters);
    sheet.smooth = sheet.setting != NULL && sheet.setting->trace != STAMP_UNTRACED;
    if (!draw_layout(&sheet, &layout, err))
        return false;
    *ret_picture = sheet.picture;
    *ret_print = layout.print;
    return true;
}

static bool draw(void *self, const struct print_order *order, struct rw_arena *arena,
                 struct picture *ret_picture, struct print *ret_print, struct rw_error *err)
{
    if (order->letters == PRINT_OUTLINED)
        return expected_draw_outlined(self, order->roll, order->bag, arena, ret_picture, ret_print,
                                      err);
    return draw_set(self, order, arena, ret_picture, ret_print, err);
}

struct expected_labels expected_labels_from(struct layout_desk *desk)
{
    return (struct expected_labels){ .self = desk, .draw = draw };
}
