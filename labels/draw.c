/* SPDX-License-Identifier: Apache-2.0 */
/* Puts the ink of a layout on a sheet. */
#include "labels/draw.h"

#include <assert.h>

size_t draw_symbol_runs(const struct layout *layout, struct sheet_dots ret_runs[DRAW_RUNS_MAX])
{
    const struct symbol *symbol = &layout->symbol;
    int32_t dots = layout->module_dots;
    size_t count = 0;
    for (int32_t row = 0; row < symbol->side; row++) {
        for (int32_t column = 0; column < symbol->side; column++) {
            int32_t start = column;
            while (column < symbol->side && symbol_is_dark(symbol, row, column))
                column++;
            if (column == start)
                continue;
            assert(count < DRAW_RUNS_MAX);
            ret_runs[count++] = (struct sheet_dots){ .x = layout->symbol_x_dots + start * dots,
                                                     .y = layout->symbol_y_dots + row * dots,
                                                     .width = (column - start) * dots,
                                                     .height = dots };
        }
    }
    return count;
}

static void draw_rule(struct sheet *sheet, const struct layout *layout,
                      const struct print_field *field)
{
    int32_t dpi = layout->dpi;
    struct sheet_dots rule = { .x = media_dots(field->x_um, dpi),
                               .y = media_dots(field->y_um, dpi),
                               .height = media_dots(field->height_um, dpi) };
    rule.width = media_dots(field->x_um + field->width_um, dpi) - rule.x;
    sheet_draw_dots(sheet, dpi, &rule, 1);
}

static void draw_symbol(struct sheet *sheet, const struct layout *layout)
{
    int32_t side = layout->symbol.side * layout->module_dots;
    if (sheet->document != NULL) {
        document_add_symbol(
            sheet->document, layout->dpi, &layout->symbol,
            &(struct sheet_dots){ layout->symbol_x_dots, layout->symbol_y_dots, side, side });
        return;
    }
    struct sheet_dots runs[DRAW_RUNS_MAX];
    size_t count = draw_symbol_runs(layout, runs);
    sheet_draw_dots(sheet, layout->dpi, runs, count);
}

bool draw_layout(struct sheet *sheet, const struct layout *layout, struct rw_error *err)
{
    const struct print *print = &layout->print;
    for (size_t i = 0; i < print->field_count; i++) {
        const struct print_field *field = &print->fields[i];
        const struct layout_mark *mark = &layout->marks[i];
        switch (mark->ink) {
        case LAYOUT_TEXT:
            if (!sheet_draw_text(sheet, field->text, mark->style, mark->x_um, mark->baseline_um,
                                 err))
                return false;
            break;
        case LAYOUT_RULE:
            draw_rule(sheet, layout, field);
            break;
        case LAYOUT_SYMBOL:
            draw_symbol(sheet, layout);
            break;
        case LAYOUT_INK_COUNT:
            assert(false);
            break;
        }
    }
    return true;
}
