/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the labels of a roll in ZPL II with the printer's own letters. */
#ifndef RW_LABELS_ZPL_H
#define RW_LABELS_ZPL_H

#include <stddef.h>

#include "labels/layout.h"

#define ZPL_BYTES_MAX ((size_t)256 * 1024 * 1024) /* of one roll */
#define ZPL_SHAPES_MAX \
    64 /* layouts of one roll that are remembered; further bags are laid out anew */

/* One ^XA…^XZ a bag: text of the printer's font 0 at the places of our layout, and a symbol that
 * the printer encodes. A text with a letter that this font may lack is sent as dots. A tenth as
 * long as the dots of zpl_dots, and no picture that a verifier could compare with. */
RW_MUST_USE bool zpl_write(const struct layout_desk *desk, const struct roll *roll,
                           struct rw_arena *arena, const char **ret_bytes, size_t *ret_length,
                           struct rw_error *err);

#endif
