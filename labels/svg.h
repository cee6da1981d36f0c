/* SPDX-License-Identifier: Apache-2.0 */
/* Writes one bag's label as SVG. */
#ifndef RW_LABELS_SVG_H
#define RW_LABELS_SVG_H

#include "labels/layout.h"

#define SVG_BYTES_MAX ((size_t)4 * 1024 * 1024) /* of one label */

/* Letters are outlines, so it looks the same everywhere; each text stands beside as its label. */
RW_MUST_USE bool svg_write(const struct layout_desk *desk, const struct roll *roll,
                           const struct bag *bag, struct rw_arena *arena, const char **ret_text,
                           struct rw_error *err);

#endif
