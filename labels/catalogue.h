/* SPDX-License-Identifier: Apache-2.0 */
/* Tells the readers of a PDF how to treat it; the door to qpdf. */
#ifndef RW_LABELS_CATALOGUE_H
#define RW_LABELS_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

/* The same document in the arena with what cairo cannot say: its language ("nl"), and that it is
 * printed in its own size. A reader that fits a label to the paper would shrink letters and modules
 * below what was checked. */
RW_MUST_USE bool catalogue_complete(const char *bytes, size_t length, const char *language,
                                    struct rw_arena *arena, const char **ret_bytes,
                                    size_t *ret_length, struct rw_error *err);

#endif
