/* SPDX-License-Identifier: Apache-2.0 */
/* Draws a bag's label as a picture in the printer's dots. */
#include "labels/expected.h"

#include "labels/draw.h"

#define OUTLINES_DPI 600 /* finer than a camera sees */

static bool draw_order(const struct layout_desk *desk, const struct print_order *order,
                       struct rw_arena *arena, struct picture *ret_picture, struct print *ret_print,
                       struct rw_error *err)
{
    const struct setting *setting = setting_of(order->letters);
    bool outlined = order->letters == PRINT_OUTLINED;
    struct layout layout;
    struct sheet sheet;
    if (!layout_make(desk, order->roll, order->bag, arena, &layout, err))
        return false;
    const struct sheet_paper paper = { layout.print.width_um, layout.print.height_um,
                                       outlined ? OUTLINES_DPI : order->dpi, outlined };
    if (!sheet_start_picture(desk->canvas, &paper, arena, &sheet, err))
        return false;
    if (setting != NULL) {
        sheet.setting = setting;
        sheet.smooth = setting->trace != STAMP_UNTRACED;
    }
    if (!draw_layout(&sheet, &layout, err))
        return false;
    *ret_picture = sheet.picture;
    if (ret_print != NULL)
        *ret_print = layout.print;
    return true;
}

bool expected_draw(const struct layout_desk *desk, const struct roll *roll, const struct bag *bag,
                   struct rw_arena *arena, struct picture *ret_picture, struct print *ret_print,
                   struct rw_error *err)
{
    const struct print_order order = { roll, bag, PRINT_FITTED, roll->dpi };
    return draw_order(desk, &order, arena, ret_picture, ret_print, err);
}

bool expected_draw_outlined(const struct layout_desk *desk, const struct roll *roll,
                            const struct bag *bag, struct rw_arena *arena,
                            struct picture *ret_picture, struct print *ret_print,
                            struct rw_error *err)
{
    const struct print_order order = { roll, bag, PRINT_OUTLINED, roll->dpi };
    return draw_order(desk, &order, arena, ret_picture, ret_print, err);
}

static bool draw(void *self, const struct print_order *order, struct rw_arena *arena,
                 struct picture *ret_picture, struct print *ret_print, struct rw_error *err)
{
    return draw_order(self, order, arena, ret_picture, ret_print, err);
}

struct expected_labels expected_labels_from(struct layout_desk *desk)
{
    return (struct expected_labels){ .self = desk, .draw = draw };
}
