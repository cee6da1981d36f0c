/* SPDX-License-Identifier: Apache-2.0 */
/* Puts the ink of a layout on a sheet. */
#ifndef RW_LABELS_DRAW_H
#define RW_LABELS_DRAW_H

#include "labels/layout.h"
#include "labels/sheet.h"

RW_MUST_USE bool draw_layout(struct sheet *sheet, const struct layout *layout,
                             struct rw_error *err);

/* The dark modules as rectangles, runs of a row taken together. Gives how many. */
#define DRAW_RUNS_MAX (SYMBOL_SIDE_MAX * SYMBOL_SIDE_MAX / 2 + SYMBOL_SIDE_MAX)
size_t draw_symbol_runs(const struct layout *layout, struct sheet_dots ret_runs[DRAW_RUNS_MAX]);

#endif
