/* SPDX-License-Identifier: Apache-2.0 */
/* Copies the rows of an answer; the other half of libpq's door. */
#ifndef RW_DB_WIRE_ROWS_H
#define RW_DB_WIRE_ROWS_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "db/conn_cell.h"

#define WIRE_ROWS_MAX 200000 /* rows of one answer; a query that may give more has a LIMIT */

/* `answer` is a PGresult, and stays the caller's. RW_TOO_LARGE: more than WIRE_ROWS_MAX rows. */
RW_MUST_USE bool wire_rows_copy(void *answer, struct rw_arena *arena, struct conn_rows *ret_rows,
                                struct rw_error *err);

#endif
