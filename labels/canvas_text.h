/* SPDX-License-Identifier: Apache-2.0 */
/* A line of text: its style, the room it takes, and its glyphs. */
#ifndef RW_LABELS_CANVAS_TEXT_H
#define RW_LABELS_CANVAS_TEXT_H

#include <stddef.h>
#include <stdint.h>

enum canvas_weight { CANVAS_REGULAR, CANVAS_BOLD, CANVAS_WEIGHT_COUNT };

/* `size_um` is the em square; capitals of Noto Sans are 0.714 of it. */
struct canvas_style {
    int32_t size_um;
    enum canvas_weight weight;
};

/* Of one line of text, micrometres from its origin (left end of its baseline), y downward. */
struct canvas_extent {
    int32_t advance_um;
    int32_t ink_x_um; /* of the box around the ink */
    int32_t ink_y_um; /* negative: above the baseline */
    int32_t ink_width_um;
    int32_t ink_height_um;
};

/* One glyph of a line, in the order of their places from the left. The first glyph of a cluster
 * names the bytes of the text that the cluster stands for; its further ones have a length of 0. */
#define CANVAS_PARTS_PER_UM 1024
struct canvas_glyph {
    int32_t x_parts; /* of its origin from that of the line, y downward */
    int32_t y_parts;
    uint16_t id;   /* within its font */
    uint16_t font; /* number of the font, as canvas_font_face counts */
    uint16_t at;
    uint16_t length;
};

/* Borrowed from whoever made it. */
struct canvas_line {
    const char *text;
    struct canvas_extent extent;
    const struct canvas_glyph *glyphs;
    size_t count;
};

#endif
