/* SPDX-License-Identifier: Apache-2.0 */
/* Remembers how a text was set, since labels repeat themselves. */
#include "labels/measure.h"

#include <string.h>

#include "core/base/text.h"

/* The first place of a text in this style. */
static uint32_t place_of(const char *text, struct canvas_style style)
{
    const uint64_t hash = rw_text_hash(text, strlen(text)) + (uint64_t)style.size_um * 31 +
                          (uint64_t)style.weight * 17;
    return (uint32_t)(hash % (MEASURE_ENTRIES / MEASURE_WAYS)) * MEASURE_WAYS;
}

bool measure_find(const struct measure *measure, const char *text, struct canvas_style style,
                  struct canvas_line *ret_line)
{
    size_t place = place_of(text, style);
    const struct measure_entry *entry = &measure->entries[place];
    for (size_t i = 0; i < MEASURE_WAYS; i++, entry++) {
        if (entry->text[0] != '\0' && entry->style.size_um == style.size_um &&
            entry->style.weight == style.weight && rw_text_equal(entry->text, text)) {
            *ret_line = (struct canvas_line){ .text = entry->text,
                                              .extent = entry->extent,
                                              .glyphs = measure->glyphs[place + entry->slot],
                                              .count = entry->count };
            return true;
        }
    }
    return false;
}

/* Entries move on, glyphs stay: a new text takes the first slot that is free or that of the oldest.
 */
void measure_keep(struct measure *measure, struct canvas_style style,
                  const struct canvas_line *line)
{
    size_t place = place_of(line->text, style);
    struct measure_entry *entry = &measure->entries[place];
    if (strlen(line->text) >= sizeof entry->text || line->count > MEASURE_TEXT_MAX)
        return;
    size_t slot = 0;
    while (slot < MEASURE_WAYS && entry[slot].text[0] != '\0')
        slot++;
    if (slot == MEASURE_WAYS)
        slot = entry[MEASURE_WAYS - 1].slot;
    memmove(entry + 1, entry, (MEASURE_WAYS - 1) * sizeof *entry);
    (void)rw_text_copy(entry->text, sizeof entry->text, line->text); /* it has room */
    entry->style = style;
    entry->extent = line->extent;
    entry->slot = slot;
    entry->count = line->count;
    if (line->count > 0)
        memcpy(measure->glyphs[place + slot], line->glyphs, line->count * sizeof *line->glyphs);
}

/* Three-byte marks are U+2028 to 202E and U+2066 to 2069. */
bool measure_is_plain_line(const char *text)
{
    const unsigned char *byte = (const unsigned char *)text;
    size_t length = strlen(text);
    if (length >= MEASURE_LINE_MAX)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (byte[i] < 0x20 || byte[i] == 0x7F)
            return false;
        if (byte[i] == 0xC2 && byte[i + 1] < 0xA0)
            return false;
        if (byte[i] == 0xE2 && byte[i + 1] == 0x80 && byte[i + 2] >= 0xA8 && byte[i + 2] <= 0xAE)
            return false;
        if (byte[i] == 0xE2 && byte[i + 1] == 0x81 && byte[i + 2] >= 0xA6 && byte[i + 2] <= 0xA9)
            return false;
    }
    return rw_text_is_utf8(text, length);
}

uint32_t measure_next_character(const char **at)
{
    const unsigned char *byte = (const unsigned char *)*at;
    uint32_t first = *byte++;
    int32_t more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
    uint32_t character = more == 0 ? first : first & (0x3FU >> more);
    for (; more > 0; more--)
        character = character << 6 | (*byte++ & 0x3FU);
    *at = (const char *)byte;
    return character;
}

struct span {
    uint32_t first;
    uint32_t last;
};

static bool is_in(uint32_t character, const struct span *spans, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (character >= spans[i].first && character <= spans[i].last)
            return true;
    return false;
}

bool measure_mixes_directions(const char *text)
{
    /* Blocks of Unicode; what is in neither list is a mark, a space or a sign. */
    static const struct span to_the_left[] = {
        { 0x0590, 0x08FF },   { 0xFB1D, 0xFDFF },   { 0xFE70, 0xFEFC },
        { 0x10800, 0x10FFF }, { 0x1E800, 0x1EFFF },
    };
    static const struct span to_the_right[] = {
        { '0', '9' },       { 'A', 'Z' },       { 'a', 'z' },         { 0xB2, 0xB3 },
        { 0xB5, 0xB5 },     { 0xB9, 0xBA },     { 0xBC, 0xBE },       { 0xC0, 0x058F },
        { 0x0900, 0x1FFF }, { 0x2C00, 0xFB1C }, { 0x10000, 0x107FF }, { 0x11000, 0x1E7FF },
    };
    const char *at = text;
    bool left = false;
    bool right = false;
    while (*at != '\0') {
        uint32_t character = measure_next_character(&at);
        left = left || is_in(character, to_the_left, RW_COUNT(to_the_left));
        right = right || is_in(character, to_the_right, RW_COUNT(to_the_right));
    }
    return left && right;
}
