/* SPDX-License-Identifier: Apache-2.0 */
/* What the database answers: cells, and hints unasked. */
#ifndef RW_DB_CONN_CELL_H
#define RW_DB_CONN_CELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONN_HINTS_MAX 256 /* of one wait, whose texts are kept */
#define CONN_HINT_MAX 256  /* bytes of such a text, NUL included */

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

/* Notifications are hints: a channel that was not listened to loses them. They come after what they
 * tell of was committed. */
struct conn_hints {
    bool notified; /* at least one came */
    const char **texts;
    size_t count;
};

/* Cells. An absent row or column is our own mistake and asserts. */
const char *conn_cell_text(const struct conn_rows *rows, size_t row, size_t column);
int64_t conn_cell_int(const struct conn_rows *rows, size_t row, size_t column); /* null = 0 */
bool conn_cell_is_null(const struct conn_rows *rows, size_t row, size_t column);
struct conn_cell conn_cell_bytes(const struct conn_rows *rows, size_t row, size_t column);

#endif
