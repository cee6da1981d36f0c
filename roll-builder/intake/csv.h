/* SPDX-License-Identifier: Apache-2.0 */
/* Splits text of comma-separated values into rows (RFC 4180). */
#ifndef RW_ROLL_BUILDER_INTAKE_CSV_H
#define RW_ROLL_BUILDER_INTAKE_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

#define CSV_CELLS_MAX 32  /* of one row */
#define CSV_CELL_MAX 4096 /* bytes of one cell */

/* A place in the text. Zero but for `at` and `end` at the beginning. */
struct csv {
    const char *at;
    const char *end;
    struct rw_arena *arena;
    size_t line; /* lines begun so far */
};

/* The cells of one row, without the spaces around them. */
struct csv_row {
    const char *cells[CSV_CELLS_MAX];
    size_t count;
    size_t line; /* where it begins, from 1 on */
};

/* Reads the next row that is not empty; `*ret_found` is false at the end of the text. A quote that
 * is not closed, or text behind one, is an error with its line. */
RW_MUST_USE bool csv_next(struct csv *csv, struct csv_row *ret_row, bool *ret_found,
                          struct rw_error *err);

#endif
