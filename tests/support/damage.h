/* SPDX-License-Identifier: Apache-2.0 */
/* Spoils the print of a bag the way printers and hands do. */
#ifndef RW_TESTS_SUPPORT_DAMAGE_H
#define RW_TESTS_SUPPORT_DAMAGE_H

#include <stdbool.h>

#include "core/base/random.h"
#include "core/model/picture.h"
#include "core/model/print.h"

enum damage_kind {
    DAMAGE_NONE,
    DAMAGE_LINE,  /* a dead element of the printhead: a white line along the strip */
    DAMAGE_FADED, /* too little heat over the first product */
    DAMAGE_SMEAR, /* ink dragged along the strip over the first product */
    DAMAGE_VOID,  /* no ink at all on part of the first product's name */
    DAMAGE_TORN,  /* the upper left corner of the bag is off */
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
