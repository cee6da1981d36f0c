/* SPDX-License-Identifier: Apache-2.0 */
/* A font of a PDF: which glyphs it lends and what they stand for. */
#include "labels/document_font.h"

#include <string.h>

#include "labels/measure.h"

#define BLOCK_MAX 100 /* entries of one list, by the rules of a CMap */
#define UNICODE_BYTES_MAX ((size_t)4 * 1024 * 1024)

bool document_font_open(const char *path, struct rw_arena *arena, struct document_font **ret_font,
                        struct rw_error *err)
{
    struct document_font *font = rw_arena_alloc(arena, sizeof *font, err);
    if (font == NULL || !fontfile_open(path, &font->file, err))
        return false;
    font->glyphs =
        rw_arena_array(arena, fontfile_glyph_count(font->file), sizeof *font->glyphs, err);
    if (font->glyphs == NULL) {
        document_font_close(font);
        return false;
    }
    *ret_font = font;
    return true;
}

void document_font_close(struct document_font *font)
{
    if (font != NULL)
        fontfile_close(font->file);
}

bool document_font_use(struct document_font *font, uint16_t glyph, const char *letters,
                       size_t length)
{
    struct document_glyph *used = &font->glyphs[glyph];
    if (!used->used && length <= DOCUMENT_FONT_LETTERS_MAX)
        memcpy(used->letters, letters, length);
    used->used = true;
    return length > 0 && length <= DOCUMENT_FONT_LETTERS_MAX &&
           memcmp(used->letters, letters, length) == 0 && used->letters[length] == '\0';
}

static void add_unicode(struct rw_text *text, const char *letters)
{
    for (const char *at = letters; *at != '\0';) {
        uint32_t one = measure_next_character(&at);
        if (one < 0x10000)
            rw_text_format(text, "%04X", one);
        else
            rw_text_format(text, "%04X%04X", 0xD800 + ((one - 0x10000) >> 10),
                           0xDC00 + ((one - 0x10000) & 0x3FF));
    }
}

static bool is_told(const struct document_font *font, uint32_t glyph)
{
    return font->glyphs[glyph].used && font->glyphs[glyph].letters[0] != '\0';
}

/* The glyphs in blocks, each with its count before it. */
static void add_blocks(const struct document_font *font, struct rw_text *text)
{
    uint32_t count = fontfile_glyph_count(font->file);
    uint32_t next = 0;
    while (next < count) {
        uint32_t end = next;
        int32_t told = 0;
        for (; end < count && told < BLOCK_MAX; end++)
            told += is_told(font, end) ? 1 : 0;
        if (told > 0)
            rw_text_format(text, "%d beginbfchar\n", told);
        for (uint32_t glyph = next; glyph < end; glyph++) {
            if (!is_told(font, glyph))
                continue;
            rw_text_format(text, "<%04X><", glyph);
            add_unicode(text, font->glyphs[glyph].letters);
            rw_text_add(text, ">\n");
        }
        if (told > 0)
            rw_text_add(text, "endbfchar\n");
        next = end;
    }
}

bool document_font_to_unicode(const struct document_font *font, struct rw_arena *arena,
                              const char **ret_text, size_t *ret_length, struct rw_error *err)
{
    struct rw_text text;
    rw_text_init(&text, arena, UNICODE_BYTES_MAX);
    rw_text_add(&text, "/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n"
                       "/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n"
                       "/CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n"
                       "1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n");
    add_blocks(font, &text);
    rw_text_add(&text, "endcmap\nCMapName currentdict/CMap defineresource pop\nend\nend\n");
    *ret_length = text.length;
    return rw_text_finish(&text, ret_text, err);
}

void document_font_add_widths(const struct document_font *font, struct rw_text *text)
{
    uint32_t count = fontfile_glyph_count(font->file);
    bool open = false;
    rw_text_add_char(text, '[');
    for (uint32_t glyph = 0; glyph < count; glyph++) {
        if (!font->glyphs[glyph].used) {
            if (open)
                rw_text_add_char(text, ']');
            open = false;
            continue;
        }
        if (!open)
            rw_text_format(text, "%u[", glyph);
        rw_text_format(text, open ? " %d" : "%d", fontfile_advance(font->file, glyph));
        open = true;
    }
    rw_text_add(text, open ? "]]" : "]");
}

bool document_font_subset(const struct document_font *font, struct rw_arena *arena,
                          const char **ret_bytes, size_t *ret_length, struct rw_error *err)
{
    uint32_t count = fontfile_glyph_count(font->file);
    bool *marked = rw_arena_array(arena, count, sizeof *marked, err);
    if (marked == NULL)
        return false;
    for (uint32_t i = 0; i < count; i++)
        marked[i] = font->glyphs[i].used;
    return fontfile_subset(font->file, marked, arena, ret_bytes, ret_length, err);
}
