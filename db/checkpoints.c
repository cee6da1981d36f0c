/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps signed ends of the journal's chain. */
#include "db/checkpoints.h"

bool checkpoints_insert(const struct scope *scope, const struct checkpoints_row *row,
                        struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_int(row->seq),
                                         conn_int(row->at_ms), conn_text(row->text) };
    return conn_run(scope->conn,
                    "INSERT INTO journal_checkpoints (pharmacy_id, seq, at_ms, signed)"
                    " VALUES ($1, $2, $3, $4) ON CONFLICT (pharmacy_id, seq) DO NOTHING",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}

bool checkpoints_last(const struct scope *scope, struct checkpoints_row *ret_row,
                      struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT seq, at_ms FROM journal_checkpoints WHERE pharmacy_id = $1"
                  " ORDER BY seq DESC LIMIT 1",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    *ret_row = (struct checkpoints_row){ 0 };
    if (rows.count == 1)
        *ret_row = (struct checkpoints_row){ .seq = conn_cell_int(&rows, 0, 0),
                                             .at_ms = conn_cell_int(&rows, 0, 1) };
    return true;
}

bool checkpoints_find(const struct scope *scope, int64_t after, int64_t to,
                      struct checkpoints_row **ret_rows, size_t *ret_count, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_int(after), conn_int(to),
                                         conn_int(CHECKPOINTS_PAGE) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT seq, at_ms, signed FROM journal_checkpoints WHERE pharmacy_id = $1"
                  " AND seq > $2 AND seq <= $3 ORDER BY seq LIMIT $4",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    struct checkpoints_row *list = rw_arena_array(scope->arena, rows.count, sizeof *list, err);
    if (!list)
        return false;
    for (size_t i = 0; i < rows.count; i++)
        list[i] = (struct checkpoints_row){ .seq = conn_cell_int(&rows, i, 0),
                                            .at_ms = conn_cell_int(&rows, i, 1),
                                            .text = conn_cell_text(&rows, i, 2) };
    *ret_rows = list;
    *ret_count = rows.count;
    return true;
}
