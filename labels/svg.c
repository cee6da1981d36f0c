/* SPDX-License-Identifier: Apache-2.0 */
/* Writes one bag's label as SVG. */
#include "labels/svg.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "labels/draw.h"

#define UM_PER_INCH 25400
#define ROUNDING_UM 4 /* what whole micrometres may move a control point */

/* Nanometres keep the symbol's dots exact to a millionth; written as micrometres with a point. */
static void add_um(struct rw_text *text, int32_t dots, int32_t dpi)
{
    int64_t nm = ((int64_t)dots * UM_PER_INCH * 1000 + dpi / 2) / dpi;
    rw_text_format(text, "%lld", (long long)(nm / 1000));
    if (nm % 1000 != 0)
        rw_text_format(text, ".%03lld", (long long)(nm % 1000));
}

static void add_rectangle(struct rw_text *text, const struct sheet_dots *dots, int32_t dpi)
{
    rw_text_add_char(text, 'M');
    add_um(text, dots->x, dpi);
    rw_text_add_char(text, ' ');
    add_um(text, dots->y, dpi);
    rw_text_add_char(text, 'h');
    add_um(text, dots->width, dpi);
    rw_text_add_char(text, 'v');
    add_um(text, dots->height, dpi);
    rw_text_add(text, "h-");
    add_um(text, dots->width, dpi);
    rw_text_add_char(text, 'z');
}

static void add_escaped(struct rw_text *text, const char *plain)
{
    for (const char *at = plain; *at != '\0'; at++) {
        if (*at == '&')
            rw_text_add(text, "&amp;");
        else if (*at == '<')
            rw_text_add(text, "&lt;");
        else if (*at == '"')
            rw_text_add(text, "&quot;");
        else
            rw_text_add_char(text, *at);
    }
}

static void add_pair(struct rw_text *text, int32_t x, int32_t y)
{
    if (x >= 0 && text->bytes[text->length - 1] <= '9')
        rw_text_add_char(text, ' ');
    rw_text_format(text, y < 0 ? "%d%d" : "%d %d", x, y);
}

/* The letters' outlines are quadratic curves, which cairo hands out as cubic ones; their one
 * control point follows from either of the two. */
static bool is_quadratic(const struct canvas_step *step, const int32_t at[2],
                         int32_t ret_control[2])
{
    const int32_t *x = step->x_um;
    const int32_t *y = step->y_um;
    int32_t first[2] = { (3 * x[0] - at[0]) / 2, (3 * y[0] - at[1]) / 2 };
    int32_t second[2] = { (3 * x[1] - x[2]) / 2, (3 * y[1] - y[2]) / 2 };
    ret_control[0] = (first[0] + second[0]) / 2;
    ret_control[1] = (first[1] + second[1]) / 2;
    return step->letter == 'C' && abs(first[0] - second[0]) <= ROUNDING_UM &&
           abs(first[1] - second[1]) <= ROUNDING_UM;
}

static void add_step(struct rw_text *text, const struct canvas_step *step, const int32_t at[2])
{
    int32_t control[2];
    if (is_quadratic(step, at, control)) {
        rw_text_add_char(text, 'q');
        add_pair(text, control[0] - at[0], control[1] - at[1]);
        add_pair(text, step->x_um[2] - at[0], step->y_um[2] - at[1]);
        return;
    }
    rw_text_add_char(text, (char)(step->letter - 'A' + 'a'));
    for (int32_t i = 0; i < step->points; i++)
        add_pair(text, step->x_um[i] - at[0], step->y_um[i] - at[1]);
}

/* Relative to the last point: half the length of absolute ones. */
static void add_outline(struct rw_text *text, const struct canvas_outline *outline)
{
    int32_t at[2] = { 0, 0 };
    int32_t start[2] = { 0, 0 };
    for (size_t i = 0; i < outline->count; i++) {
        const struct canvas_step *step = &outline->steps[i];
        add_step(text, step, at);
        if (step->points > 0) {
            at[0] = step->x_um[step->points - 1];
            at[1] = step->y_um[step->points - 1];
        }
        if (step->letter == 'M')
            memcpy(start, at, sizeof start);
        else if (step->letter == 'Z')
            memcpy(at, start, sizeof at);
    }
}

static bool add_text(struct rw_text *text, struct canvas *canvas, const struct print_field *field,
                     const struct layout_mark *mark, struct rw_error *err)
{
    struct canvas_outline outline;
    if (!canvas_take_outline(canvas, field->text, mark->style, text->arena, &outline, err))
        return false;
    rw_text_format(text, "<path id=\"%s\" role=\"img\" aria-label=\"", field->name);
    add_escaped(text, field->text);
    rw_text_format(text, "\" transform=\"translate(%d %d)\" d=\"", mark->x_um, mark->baseline_um);
    add_outline(text, &outline);
    rw_text_add(text, "\"/>\n");
    return true;
}

static void add_symbol(struct rw_text *text, const struct layout *layout)
{
    struct sheet_dots runs[DRAW_RUNS_MAX];
    size_t count = draw_symbol_runs(layout, runs);
    rw_text_add(text, "<path id=\"symbol\" shape-rendering=\"crispEdges\" d=\"");
    for (size_t i = 0; i < count; i++)
        add_rectangle(text, &runs[i], layout->dpi);
    rw_text_add(text, "\"/>\n");
}

static void add_rule(struct rw_text *text, const struct print_field *field)
{
    rw_text_format(text, "<rect id=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n",
                   field->name, field->x_um, field->y_um, field->width_um, field->height_um);
}

static bool add_field(struct rw_text *text, struct canvas *canvas, const struct layout *layout,
                      size_t index, struct rw_error *err)
{
    switch (layout->marks[index].ink) {
    case LAYOUT_TEXT:
        return add_text(text, canvas, &layout->print.fields[index], &layout->marks[index], err);
    case LAYOUT_RULE:
        add_rule(text, &layout->print.fields[index]);
        return true;
    case LAYOUT_SYMBOL:
        add_symbol(text, layout);
        return true;
    case LAYOUT_INK_COUNT:
        break;
    }
    assert(false);
    return false;
}

bool svg_write(const struct layout_desk *desk, const struct roll *roll, const struct bag *bag,
               struct rw_arena *arena, const char **ret_text, struct rw_error *err)
{
    struct layout layout;
    if (!layout_make(desk, roll, bag, arena, &layout, err))
        return false;
    struct rw_text text;
    rw_text_init(&text, arena, SVG_BYTES_MAX);
    const struct print *print = &layout.print;
    rw_text_format(&text,
                   "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d.%03dmm\" "
                   "height=\"%d.%03dmm\" viewBox=\"0 0 %d %d\" lang=\"%s\">\n",
                   print->width_um / 1000, print->width_um % 1000, print->height_um / 1000,
                   print->height_um % 1000, print->width_um, print->height_um, roll->language);
    rw_text_format(&text, "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", print->width_um,
                   print->height_um);
    for (size_t i = 0; i < print->field_count; i++)
        if (!add_field(&text, desk->canvas, &layout, i, err))
            return false;
    rw_text_add(&text, "</svg>\n");
    return rw_text_finish(&text, ret_text, err);
}
