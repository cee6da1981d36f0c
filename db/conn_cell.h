/* SPDX-License-Identifier: Apache-2.0 */
/* The cells of an answer of the database. */
#ifndef RW_DB_CONN_CELL_H
#define RW_DB_CONN_CELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The answer of a statement; lives in the arena that was passed. */
struct conn_cell {
    const char *bytes; /* NUL behind the last byte; NULL = SQL's null */
    size_t length;
};
struct conn_rows {
    struct conn_cell *cells;
    size_t count; /* rows */
    size_t columns;
    int64_t affected; /* rows that an INSERT, UPDATE or DELETE changed */
};

/* Cells. An absent row or column is our own mistake and asserts. */
const char *conn_cell_text(const struct conn_rows *rows, size_t row, size_t column);
int64_t conn_cell_int(const struct conn_rows *rows, size_t row, size_t column); /* null = 0 */
bool conn_cell_is_null(const struct conn_rows *rows, size_t row, size_t column);
struct conn_cell conn_cell_bytes(const struct conn_rows *rows, size_t row, size_t column);

#endif
