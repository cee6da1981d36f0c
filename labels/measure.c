/* SPDX-License-Identifier: Apache-2.0 */
/* Remembers how wide a text was, since labels repeat themselves. */
#include "labels/measure.h"

#include <string.h>

#include "core/base/text.h"

/* FNV-1a over text and style. */
static uint32_t place_of(const char *text, struct canvas_style style)
{
    uint32_t hash = 2166136261U ^ (uint32_t)style.size_um ^ ((uint32_t)style.weight << 16);
    for (const char *at = text; *at != '\0'; at++)
        hash = (hash ^ (unsigned char)*at) * 16777619U;
    return (hash ^ hash >> 15) % MEASURE_ENTRIES;
}

bool measure_find(const struct measure *measure, const char *text, struct canvas_style style,
                  struct canvas_extent *ret_extent)
{
    const struct measure_entry *entry = &measure->entries[place_of(text, style)];
    if (entry->text[0] == '\0' || strcmp(entry->text, text) != 0 ||
        entry->style.size_um != style.size_um || entry->style.weight != style.weight)
        return false;
    *ret_extent = entry->extent;
    return true;
}

void measure_keep(struct measure *measure, const char *text, struct canvas_style style,
                  const struct canvas_extent *extent)
{
    struct measure_entry *entry = &measure->entries[place_of(text, style)];
    if (!rw_text_copy(entry->text, sizeof entry->text, text)) {
        entry->text[0] = '\0';
        return;
    }
    entry->style = style;
    entry->extent = *extent;
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
