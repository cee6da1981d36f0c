/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the labels of a roll as PDF, one page a bag. */
#ifndef RW_LABELS_PDF_H
#define RW_LABELS_PDF_H

#include <stddef.h>

#include "labels/layout.h"

/* Pages have the size of the bag; text can be selected; the same roll gives the same bytes. */
RW_MUST_USE bool pdf_write(const struct layout_desk *desk, const struct roll *roll,
                           struct rw_arena *arena, const char **ret_bytes, size_t *ret_length,
                           struct rw_error *err);

#endif
