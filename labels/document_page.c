/* SPDX-License-Identifier: Apache-2.0 */
/* One page of a PDF: its text and filled rectangles as commands. */
#include "labels/document_page.h"

#include <assert.h>

#include "labels/canvas.h"
#include "labels/measure.h"

#define PAGE_BYTES_MAX ((size_t)2 * 1024 * 1024)
#define POINTS_PER_UM "0.00283464566929134" /* 72 / 25,400 */
#define UM_PER_INCH 25400.0

/* Faster than formatting: a page has hundreds of numbers. */
static void add_number(struct rw_text *text, int32_t number)
{
    char digits[12];
    size_t at = sizeof digits;
    uint32_t rest = number < 0 ? (uint32_t) - (int64_t)number : (uint32_t)number;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0)
        digits[--at] = '-';
    rw_text_add_n(text, digits + at, sizeof digits - at);
}

static void add_numbers(struct rw_text *text, const int32_t *numbers, size_t count,
                        const char *command)
{
    for (size_t i = 0; i < count; i++) {
        add_number(text, numbers[i]);
        rw_text_add_char(text, ' ');
    }
    rw_text_add(text, command);
}

static void set_text_mode(struct document_page *page, bool wanted)
{
    struct rw_text *text = &page->text;
    if (page->in_text != wanted)
        rw_text_add(text, wanted ? "BT\n" : "ET\n");
    page->in_text = wanted;
}

/* A page is measured in micrometres from its lower left corner. */
static void begin(struct document_page *page)
{
    if (page->text.length == 0)
        rw_text_add(&page->text, POINTS_PER_UM " 0 0 " POINTS_PER_UM " 0 0 cm\n");
}

static struct document_font *get_font(struct document_page *page, uint16_t number,
                                      struct rw_error *err)
{
    assert(number < DOCUMENT_PAGE_FONTS_MAX);
    if (page->fonts[number] == NULL &&
        !document_font_open(canvas_font_path(page->canvas, number), page->document_arena,
                            &page->fonts[number], err))
        return NULL;
    return page->fonts[number];
}

/* A place of a line that is being written. */
struct pen {
    const struct canvas_line *line;
    int32_t size_um;
    const int32_t *origin_um;
    uint16_t font; /* of the string that is open */
    int32_t y_parts;
    int64_t x_parts; /* where a reader's pen stands */
    bool open;
};

static void close_string(struct document_page *page, struct pen *pen)
{
    if (pen->open)
        rw_text_add(&page->text, ">]TJ\n");
    pen->open = false;
}

static int32_t to_um(int64_t parts)
{
    int64_t half = parts < 0 ? -CANVAS_PARTS_PER_UM / 2 : CANVAS_PARTS_PER_UM / 2;
    return (int32_t)((parts + half) / CANVAS_PARTS_PER_UM);
}

static void open_string(struct document_page *page, struct pen *pen,
                        const struct canvas_glyph *glyph)
{
    struct rw_text *text = &page->text;
    int32_t x_um = pen->origin_um[0] + to_um(glyph->x_parts);
    int32_t y_um = page->height_um - pen->origin_um[1] - to_um(glyph->y_parts);
    rw_text_add(text, "/F");
    add_number(text, glyph->font);
    rw_text_add_char(text, ' ');
    add_numbers(text, (const int32_t[]){ pen->size_um }, 1, "Tf ");
    add_numbers(text, (const int32_t[]){ 1, 0, 0, 1, x_um, y_um }, 6, "Tm[<");
    pen->font = glyph->font;
    pen->y_parts = glyph->y_parts;
    pen->x_parts = (int64_t)to_um(glyph->x_parts) * CANVAS_PARTS_PER_UM;
    pen->open = true;
}

/* Moves the reader's pen to where the glyph stands, in thousandths of the em. */
static void adjust(struct document_page *page, struct pen *pen, const struct canvas_glyph *glyph)
{
    int64_t thousandth_parts = (int64_t)pen->size_um * CANVAS_PARTS_PER_UM / 1000;
    int64_t by = glyph->x_parts - pen->x_parts;
    int64_t half = by < 0 ? -thousandth_parts / 2 : thousandth_parts / 2;
    int64_t steps = (by + half) / thousandth_parts;
    if (steps == 0)
        return;
    rw_text_add_char(&page->text, '>');
    add_number(&page->text, (int32_t)-steps);
    rw_text_add_char(&page->text, '<');
    pen->x_parts += steps * thousandth_parts;
}

static void add_glyph(struct document_page *page, struct pen *pen, const struct canvas_glyph *glyph,
                      const struct document_font *font)
{
    static const char hex[] = "0123456789ABCDEF";
    if (pen->open && (pen->font != glyph->font || pen->y_parts != glyph->y_parts))
        close_string(page, pen);
    if (!pen->open)
        open_string(page, pen, glyph);
    adjust(page, pen, glyph);
    const char code[4] = { hex[glyph->id >> 12], hex[glyph->id >> 8 & 15], hex[glyph->id >> 4 & 15],
                           hex[glyph->id & 15] };
    rw_text_add_n(&page->text, code, sizeof code);
    int64_t thousandth_parts = (int64_t)pen->size_um * CANVAS_PARTS_PER_UM / 1000;
    pen->x_parts += fontfile_advance(font->file, glyph->id) * thousandth_parts;
}

/* Says which letters the glyphs up to the end of the mark stand for. */
static void begin_actual(struct document_page *page, const char *letters, size_t length)
{
    struct rw_text *text = &page->text;
    rw_text_add(text, "/Span<</ActualText<FEFF");
    for (const char *at = letters; at < letters + length;) {
        uint32_t one = measure_next_character(&at);
        if (one >= 0x10000) {
            rw_text_format(text, "%04X", 0xD800 + ((one - 0x10000) >> 10));
            one = 0xDC00 + ((one - 0x10000) & 0x3FF);
        }
        rw_text_format(text, "%04X", one);
    }
    rw_text_add(text, ">>>BDC\n");
}

/* One cluster: the glyphs from `first` to before the next one that names letters. */
static bool add_cluster(struct document_page *page, struct pen *pen, size_t first, size_t end,
                        struct rw_error *err)
{
    const struct canvas_glyph *glyphs = pen->line->glyphs;
    const char *letters = pen->line->text + glyphs[first].at;
    size_t length = glyphs[first].length;
    bool plain = end - first == 1;
    for (size_t i = first; i < end; i++) {
        struct document_font *font = get_font(page, glyphs[i].font, err);
        if (font == NULL)
            return false;
        bool known = document_font_use(font, glyphs[i].id, letters, plain ? length : 0);
        plain = plain && known;
    }
    if (!plain) {
        close_string(page, pen);
        begin_actual(page, letters, length);
    }
    for (size_t i = first; i < end; i++)
        add_glyph(page, pen, &glyphs[i], page->fonts[glyphs[i].font]);
    if (!plain) {
        close_string(page, pen);
        rw_text_add(&page->text, "EMC\n");
    }
    return true;
}

bool document_page_add_line(struct document_page *page, const struct canvas_line *line,
                            int32_t size_um, const int32_t origin_um[2], struct rw_error *err)
{
    struct pen pen = { .line = line, .size_um = size_um, .origin_um = origin_um };
    begin(page);
    set_text_mode(page, true);
    for (size_t first = 0; first < line->count;) {
        size_t end = first + 1;
        while (end < line->count && line->glyphs[end].length == 0)
            end++;
        if (!add_cluster(page, &pen, first, end, err))
            return false;
        first = end;
    }
    close_string(page, &pen);
    return true;
}

/* In dots, which are whole numbers, and downward from the upper edge. */
void document_page_add_dots(struct document_page *page, int32_t dpi, const struct sheet_dots *dots,
                            size_t count)
{
    struct rw_text *text = &page->text;
    double dot_um = UM_PER_INCH / dpi;
    begin(page);
    set_text_mode(page, false);
    rw_text_format(text, "q %.9f 0 0 -%.9f 0 %d cm\n", dot_um, dot_um, page->height_um);
    for (size_t i = 0; i < count; i++)
        add_numbers(text, (const int32_t[]){ dots[i].x, dots[i].y, dots[i].width, dots[i].height },
                    4, "re\n");
    rw_text_add(text, "f Q\n");
}

void document_page_empty(struct document_page *page)
{
    rw_arena_reset(page->arena);
    rw_text_init(&page->text, page->arena, PAGE_BYTES_MAX);
    page->in_text = false;
}

bool document_page_finish(struct document_page *page, const char **ret_bytes, size_t *ret_length,
                          struct rw_error *err)
{
    begin(page);
    set_text_mode(page, false);
    *ret_length = page->text.length;
    return rw_text_finish(&page->text, ret_bytes, err);
}
