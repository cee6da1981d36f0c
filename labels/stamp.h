/* SPDX-License-Identifier: Apache-2.0 */
/* Remembers the dots of glyphs, since labels repeat their letters. */
#ifndef RW_LABELS_STAMP_H
#define RW_LABELS_STAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STAMP_ENTRIES 2048
#define STAMP_EM_MAX 1000                          /* dots of the em square */
#define STAMP_POOL_BYTES ((size_t)4 * 1024 * 1024) /* of the dots of all of them */
#define STAMP_INK_MAX (STAMP_POOL_BYTES / 2)       /* of one of them */

/* How dots that are black or white are made of an outline. Traced ones are ink where half of them
 * is covered; those of which about half is, which one program fills and another leaves, are grey.
 */
enum stamp_trace {
    STAMP_UNTRACED, /* by the font's own rules, fitted to coarse dots */
    STAMP_TRACED,
    STAMP_TRACED_FITTED /* … after it was fitted */
};

struct stamp_key {
    int32_t size_um;
    int32_t dpi;
    uint16_t font;
    uint16_t id;
    bool smooth; /* edges in grey, else each dot has ink or none */
    enum stamp_trace trace;
    uint8_t quarters; /* of a dot that the glyph begins behind its dot, where it is traced */
};

/* The ink of one glyph, a byte a dot, 255 = all ink. Its upper left dot lies `x` right of and `y`
 * below the dot of the glyph's origin. */
struct stamp {
    int32_t x;
    int32_t y;
    int32_t width; /* 0 = no ink, as of a space */
    int32_t height;
    const uint8_t *ink;
    float advance_um; /* to the next glyph, as the font has it */
};

/* Makes dots of how much of each is covered, of 255. */
void stamp_cut_at_half(uint8_t *ink, size_t count);

/* All zero is empty. */
struct stamp_entry {
    struct stamp_key key;
    bool taken;
    struct stamp stamp;
};
struct stamp_book {
    struct stamp_entry entries[STAMP_ENTRIES];
    size_t count;
    size_t pool_used;
    uint8_t pool[STAMP_POOL_BYTES];
};

/* What it gives is borrowed until the next stamp is made. */
bool stamp_find(const struct stamp_book *book, struct stamp_key key, struct stamp *ret_stamp);
/* Room for the ink of a new stamp, all zero; a full book is emptied first. The caller fills it and
 * keeps the stamp. */
uint8_t *stamp_make_room(struct stamp_book *book, int32_t width, int32_t height);
void stamp_keep(struct stamp_book *book, struct stamp_key key, const struct stamp *stamp);

#endif
