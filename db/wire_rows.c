/* SPDX-License-Identifier: Apache-2.0 */
/* Copies the rows of an answer; the other half of libpq's door. */
#include "db/wire_rows.h"

#include <stdlib.h>

#include <libpq-fe.h>

#define OID_INT8 20 /* pg_type.dat of PostgreSQL: the type of every whole number we keep */
#define OID_INT4 23
#define OID_BOOL 16

static bool copy_cell(const PGresult *result, int row, int column, struct rw_arena *arena,
                      struct conn_cell *ret, struct rw_error *err)
{
    if (PQgetisnull(result, row, column))
        return true;
    const char *bytes = PQgetvalue(result, row, column);
    size_t length = (size_t)PQgetlength(result, row, column);
    ret->bytes = rw_arena_text_n(arena, bytes, length, err);
    ret->length = length;
    return ret->bytes != NULL;
}

/* Numbers arrive in network byte order and are kept as decimal-free int64 in eight bytes. */
static bool copy_number(const PGresult *result, int row, int column, struct rw_arena *arena,
                        struct conn_cell *ret, struct rw_error *err)
{
    if (PQgetisnull(result, row, column))
        return true;
    const unsigned char *bytes = (const unsigned char *)PQgetvalue(result, row, column);
    int length = PQgetlength(result, row, column);
    int64_t number = length > 0 && length != 1 && (bytes[0] & 0x80) ? -1 : 0;
    for (int i = 0; i < length; i++)
        number = (int64_t)((uint64_t)number << 8 | bytes[i]);
    ret->bytes = rw_arena_text_n(arena, (const char *)&number, sizeof number, err);
    ret->length = sizeof number;
    return ret->bytes != NULL;
}

bool wire_rows_copy(void *answer, struct rw_arena *arena, struct conn_rows *ret_rows,
                    struct rw_error *err)
{
    PGresult *result = answer;
    struct conn_rows rows = { 0 };
    rows.count = (size_t)PQntuples(result);
    rows.columns = (size_t)PQnfields(result);
    if (rows.count > WIRE_ROWS_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "a query gave more than %d rows", WIRE_ROWS_MAX);
    const char *affected = PQcmdTuples(result);
    rows.affected = affected[0] ? strtoll(affected, NULL, 10) : 0;
    rows.cells = rw_arena_array(arena, rows.count * rows.columns, sizeof *rows.cells, err);
    if (!rows.cells)
        return false;
    for (size_t i = 0; i < rows.count * rows.columns; i++) {
        int row = (int)(i / rows.columns);
        int column = (int)(i % rows.columns);
        Oid type = PQftype(result, column);
        bool number = type == OID_INT8 || type == OID_INT4 || type == OID_BOOL;
        bool (*copy)(const PGresult *, int, int, struct rw_arena *, struct conn_cell *,
                     struct rw_error *) = number ? copy_number : copy_cell;
        if (!copy(result, row, column, arena, &rows.cells[i], err))
            return false;
    }
    *ret_rows = rows;
    return true;
}
