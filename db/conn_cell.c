/* SPDX-License-Identifier: Apache-2.0 */
/* The cells of an answer of the database. */
#include "db/conn_cell.h"

#include <assert.h>
#include <string.h>

static const struct conn_cell *cell_at(const struct conn_rows *rows, size_t row, size_t column)
{
    assert(row < rows->count && column < rows->columns);
    return &rows->cells[row * rows->columns + column];
}

const char *conn_cell_text(const struct conn_rows *rows, size_t row, size_t column)
{
    return cell_at(rows, row, column)->bytes;
}

int64_t conn_cell_int(const struct conn_rows *rows, size_t row, size_t column)
{
    const struct conn_cell *cell = cell_at(rows, row, column);
    int64_t number = 0;
    assert(!cell->bytes || cell->length == sizeof number);
    if (cell->bytes)
        memcpy(&number, cell->bytes, sizeof number);
    return number;
}

bool conn_cell_is_null(const struct conn_rows *rows, size_t row, size_t column)
{
    return cell_at(rows, row, column)->bytes == NULL;
}

struct conn_cell conn_cell_bytes(const struct conn_rows *rows, size_t row, size_t column)
{
    return *cell_at(rows, row, column);
}
