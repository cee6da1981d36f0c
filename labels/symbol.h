/* SPDX-License-Identifier: Apache-2.0 */
/* Turns a code into the modules of a symbol; the door to libzint. */
#ifndef RW_LABELS_SYMBOL_H
#define RW_LABELS_SYMBOL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

/* 26x26 is the largest symbol on a bag: larger ones read worse (profile gs1 fills it). */
#define SYMBOL_SIDE_MAX 26      /* of the profile gs1 */
#define SYMBOL_SIDE_INTERNAL 22 /* of the profile internal */
#define SYMBOL_QR_TEXT_MAX 512  /* bytes */

/* A square symbol of ISO/IEC 16022 without its quiet zone. */
struct symbol {
    int32_t side;                                   /* modules of one side: 22 or 26 with us */
    uint8_t dark[SYMBOL_SIDE_MAX][SYMBOL_SIDE_MAX]; /* [row][column], 1 = printed */
};

/* Encodes a bracketed element string such as "(91)1…"; the values must be those of GS1, what the
 * library would only warn of is an error too. Never a rectangle. */
RW_MUST_USE bool symbol_encode(const char *code, struct symbol *ret_symbol, struct rw_error *err);
/* A QR code of any text, for a screen and never on a bag (D49): the outline of its dark modules as
 * the data of an SVG path, and its modules a side without the quiet zone. */
RW_MUST_USE bool symbol_qr(const char *text, struct rw_arena *arena, const char **ret_path,
                           int32_t *ret_side, struct rw_error *err);
bool symbol_is_dark(const struct symbol *symbol, int32_t row, int32_t column);

#endif
