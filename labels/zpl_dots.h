/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the labels of a roll in ZPL II, dot for dot. */
#ifndef RW_LABELS_ZPL_DOTS_H
#define RW_LABELS_ZPL_DOTS_H

#include <stddef.h>

#include "core/base/text.h"
#include "core/model/picture.h"
#include "labels/layout.h"

#define ZPL_DOTS_BYTES_MAX ((size_t)256 * 1024 * 1024) /* of one roll */

/* One ^XA…^XZ a bag. Each label is a graphic field with the very dots that the verifier expects: a
 * printer's own fonts would break other lines, and its own encoder may choose other modules. The
 * printer must have the roll's dpi. */
RW_MUST_USE bool zpl_dots_write(const struct layout_desk *desk, const struct roll *roll,
                                struct rw_arena *arena, const char **ret_bytes, size_t *ret_length,
                                struct rw_error *err);
/* One label of these dots. */
void zpl_dots_add_picture(struct rw_text *text, const struct picture *picture);
/* The dots as one graphic field, whose place the caller has told. */
void zpl_dots_add_graphic(struct rw_text *text, const struct picture *picture);

#endif
