/* SPDX-License-Identifier: Apache-2.0 */
/* One field of a label as a command of ZPL II. */
#include "labels/zpl_field.h"

#include <assert.h>

#include "core/model/gs1.h"
#include "labels/measure.h"
#include "labels/sheet.h"
#include "labels/zpl_dots.h"

#define LAST_LETTER 0x17F /* of Latin Extended-A */
#define NO_BREAK 0xA0
#define FIELD_ARENA_MAX (64 * RW_ARENA_MIB)

bool zpl_field_is_plain(const char *text)
{
    for (const char *at = text; *at != '\0';)
        if (measure_next_character(&at) > LAST_LETTER)
            return false;
    return true;
}

/* "^FT" places a baseline. The font is as high as ours; its letters are narrower. */
void zpl_field_begin(struct rw_text *zpl, const struct layout *layout, size_t index)
{
    const struct layout_mark *mark = &layout->marks[index];
    int32_t dots = media_dots(mark->style.size_um, layout->dpi);
    rw_text_add(zpl, "^FT");
    rw_text_add_int(zpl, media_dots(mark->x_um, layout->dpi));
    rw_text_add_char(zpl, ',');
    rw_text_add_int(zpl, media_dots(mark->baseline_um, layout->dpi));
    rw_text_add(zpl, "^A0N,");
    rw_text_add_int(zpl, dots);
    rw_text_add_char(zpl, ',');
    rw_text_add_int(zpl, dots);
    rw_text_add(zpl, "^FH^FD");
}

void zpl_field_end(struct rw_text *zpl)
{
    rw_text_add(zpl, "^FS\n");
}

void zpl_field_add_text(struct rw_text *zpl, const char *text)
{
    const char *done = text;
    for (const char *at = text; *at != '\0';) {
        const char *start = at;
        uint32_t one = measure_next_character(&at);
        bool number = one == '^' || one == '~' || one == '_' || one == '\\';
        if (one != NO_BREAK && !number)
            continue;
        rw_text_add_n(zpl, done, (size_t)(start - done));
        if (number)
            rw_text_format(zpl, "_%02X", one);
        else
            rw_text_add_char(zpl, ' ');
        done = at;
    }
    rw_text_add(zpl, done);
}

/* The field's own box, drawn as everywhere else and sent as dots. */
static bool add_drawn(struct rw_text *zpl, struct canvas *canvas, const struct layout *layout,
                      size_t index, struct rw_error *err)
{
    const struct print_field *field = &layout->print.fields[index];
    const struct layout_mark *mark = &layout->marks[index];
    int32_t left = media_dots(field->x_um, layout->dpi);
    int32_t top = media_dots(field->y_um, layout->dpi);
    const struct sheet_paper paper = { field->width_um + media_um(2, layout->dpi),
                                       field->height_um + media_um(2, layout->dpi), layout->dpi,
                                       false };
    struct rw_arena *arena = rw_arena_open(FIELD_ARENA_MAX);
    struct sheet sheet;
    if (arena == NULL)
        return rw_error_set(err, RW_NO_MEMORY, "", "no memory for a field");
    bool done =
        sheet_start_picture(canvas, &paper, arena, &sheet, err) &&
        sheet_draw_text(&sheet, field->text, mark->style, mark->x_um - media_um(left, layout->dpi),
                        mark->baseline_um - media_um(top, layout->dpi), err);
    if (done) {
        rw_text_format(zpl, "^FO%d,%d", left, top);
        zpl_dots_add_graphic(zpl, &sheet.picture);
    }
    rw_arena_close(arena);
    return done;
}

static void add_rule(struct rw_text *zpl, const struct layout *layout, size_t index)
{
    const struct print_field *field = &layout->print.fields[index];
    int32_t left = media_dots(field->x_um, layout->dpi);
    int32_t height = media_dots(field->height_um, layout->dpi);
    int32_t width = media_dots(field->x_um + field->width_um, layout->dpi) - left;
    rw_text_format(zpl, "^FO%d,%d^GB%d,%d,%d^FS\n", left, media_dots(field->y_um, layout->dpi),
                   width, height, height);
}

/* The escape sign is named because its default differs between printers; quality 200 is ECC 200. */
void zpl_field_begin_symbol(struct rw_text *zpl, const struct layout *layout)
{
    rw_text_format(zpl, "^FO%d,%d^BXN,%d,200,%d,%d,,_,1^FD", layout->symbol_x_dots,
                   layout->symbol_y_dots, layout->module_dots, layout->symbol.side,
                   layout->symbol.side);
}

bool zpl_field_add_code(struct rw_text *zpl, const char *code, struct rw_error *err)
{
    struct gs1_string string;
    char bytes[GS1_TEXT_MAX];
    size_t length = 0;
    if (!gs1_parse_bracketed(code, &string, err))
        return rw_error_prefix(err, "/code"); /* false by its nature */
    gs1_write_bytes(&string, bytes, &length);
    rw_text_add(zpl, "_1");
    size_t done = 0;
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] != GS1_SEPARATOR && bytes[i] != '_')
            continue;
        rw_text_add_n(zpl, bytes + done, i - done);
        rw_text_add(zpl, bytes[i] == '_' ? "__" : "_1");
        done = i + 1;
    }
    rw_text_add_n(zpl, bytes + done, length - done);
    return true;
}

bool zpl_field_add(struct rw_text *zpl, struct canvas *canvas, const struct layout *layout,
                   size_t index, struct rw_error *err)
{
    const struct print_field *field = &layout->print.fields[index];
    switch (layout->marks[index].ink) {
    case LAYOUT_TEXT:
        if (!zpl_field_is_plain(field->text))
            return add_drawn(zpl, canvas, layout, index, err);
        zpl_field_begin(zpl, layout, index);
        zpl_field_add_text(zpl, field->text);
        zpl_field_end(zpl);
        return true;
    case LAYOUT_RULE:
        add_rule(zpl, layout, index);
        return true;
    case LAYOUT_SYMBOL:
    case LAYOUT_INK_COUNT:
        break;
    }
    assert(false);
    return false;
}
