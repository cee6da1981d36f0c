/* SPDX-License-Identifier: Apache-2.0 */
/* Remembers how a text was set, since labels repeat themselves. */
#ifndef RW_LABELS_MEASURE_H
#define RW_LABELS_MEASURE_H

#include <stdbool.h>

#include "labels/canvas_text.h"

#define MEASURE_ENTRIES 4096  /* a newer text takes the place of an older one */
#define MEASURE_WAYS 4        /* places that a text may have, the newest first */
#define MEASURE_LINE_MAX 1024 /* bytes of one line, NUL included */
#define MEASURE_TEXT_MAX 88   /* longer texts, and those of more glyphs, are set anew each time */

/* All zero is empty. What is found was set from the same text and style. */
struct measure_entry {
    char text[MEASURE_TEXT_MAX]; /* "" = free */
    struct canvas_style style;
    struct canvas_extent extent;
    size_t slot; /* of its glyphs, among those of its places */
    size_t count;
};
struct measure {
    struct measure_entry entries[MEASURE_ENTRIES];
    struct canvas_glyph glyphs[MEASURE_ENTRIES][MEASURE_TEXT_MAX];
};

/* What it gives is borrowed until the next text is kept. */
bool measure_find(const struct measure *measure, const char *text, struct canvas_style style,
                  struct canvas_line *ret_line);
void measure_keep(struct measure *measure, struct canvas_style style,
                  const struct canvas_line *line);

/* Line breaks, controls, and the marks that turn the direction of reading are refused: on a label
 * each of them would show something else than was written. So are broken UTF-8 and a long line. */
bool measure_is_plain_line(const char *text);

/* Letters of Arabic or Hebrew in one line with digits, or with letters that read to the right: the
 * parts would stand in another order than they were written, "500" behind the wrong word. */
bool measure_mixes_directions(const char *text);

/* The character at *at, which moves behind it; the text is UTF-8. */
uint32_t measure_next_character(const char **at);

#endif
