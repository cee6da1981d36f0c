/* SPDX-License-Identifier: Apache-2.0 */
/* Spoils the print of a bag the way printers and hands do. */
#ifndef RW_TESTS_SUPPORT_DAMAGE_H
#define RW_TESTS_SUPPORT_DAMAGE_H

#include <stdbool.h>

#include "core/base/random.h"
#include "core/model/picture.h"
#include "core/model/print.h"

/* Where a place is named it is one of the texts a person must be able to read: client, moment, day
 * or product. */
enum damage_kind {
    DAMAGE_NONE,
    DAMAGE_LINE,      /* a dead element of the printhead: a white line along the strip */
    DAMAGE_FADED,     /* too little heat over one text */
    DAMAGE_SMEAR,     /* ink dragged along the strip over one text */
    DAMAGE_VOID,      /* no ink at all on half of one text */
    DAMAGE_SHIFTED,   /* the film slipped: from the middle of one text on all lies aside */
    DAMAGE_SCRATCHED, /* ink scraped off in thin lines across one text */
    DAMAGE_PALE,      /* the whole print has a quarter of its ink */
    DAMAGE_BURNT,     /* too much heat over one text: its letters run together */
    DAMAGE_TORN,      /* the upper left corner of the bag is off */
    DAMAGE_CODE,      /* the symbol is scraped off beyond reading */
    DAMAGE_MIRRORED,  /* the whole label is printed in reverse */
    DAMAGE_BLANK,     /* nothing is printed */
    DAMAGE_HALF,      /* the upper or the left part of the label is not printed */
    DAMAGE_OVERPRINT, /* the text is printed a second time, aside of itself */
    DAMAGE_ADDED,     /* a word stands behind one text that the label does not have */
    DAMAGE_SCALED,    /* the whole label is a tenth too small, or too narrow */
    DAMAGE_KIND_COUNT
};

const char *damage_word(enum damage_kind kind);
bool damage_from_word(const char *word, enum damage_kind *ret_kind);

/* Changes the ink (a label as printed, 0 = ink); a torn corner is not ink: see below. */
void damage_print(enum damage_kind kind, const struct print *print, struct rw_random *random,
                  struct picture *label);
/* Is the film gone at this place (millimetres)? */
bool damage_is_gone(enum damage_kind kind, float x_mm, float y_mm);

#endif
