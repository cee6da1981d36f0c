/* SPDX-License-Identifier: Apache-2.0 */
/* Draws a whole roll as one long picture, as it hangs from the machine. */
#ifndef RW_LABELS_STRIP_H
#define RW_LABELS_STRIP_H

#include <stddef.h>

#include "labels/layout.h"

#define STRIP_DPI 150 /* enough to read every line on a screen */

/* A colour PNG: film, labels, and the perforation between the bags. */
RW_MUST_USE bool strip_write(const struct layout_desk *desk, const struct roll *roll,
                             struct rw_arena *arena, const char **ret_bytes, size_t *ret_length,
                             struct rw_error *err);

#endif
