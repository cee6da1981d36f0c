/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps what was written down about a client beside the orders. */
#include "db/records.h"

bool records_find(const struct scope *scope, const char *client_id, struct records_row *ret_row,
                  struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(client_id) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT version, at_ms, actor, reason, coalesce(reviewed_day, -1),"
                  " coalesce(relocated_day, -1), coalesce(alarm_after_min, -1),"
                  " coalesce(baseline_visits, -1), coalesce(early_min, -1) FROM client_records"
                  " WHERE pharmacy_id = $1 AND client_id = $2 ORDER BY version DESC LIMIT 1",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    *ret_row = (struct records_row){ .reviewed_day = RECORDS_NONE,
                                     .relocated_day = RECORDS_NONE,
                                     .alarm_after_min = RECORDS_NONE,
                                     .early_min = RECORDS_NONE,
                                     .baseline_visits = RECORDS_NONE };
    if (rows.count == 1)
        *ret_row = (struct records_row){ .version = conn_cell_int(&rows, 0, 0),
                                         .at_ms = conn_cell_int(&rows, 0, 1),
                                         .actor = conn_cell_text(&rows, 0, 2),
                                         .reason = conn_cell_text(&rows, 0, 3),
                                         .reviewed_day = conn_cell_int(&rows, 0, 4),
                                         .relocated_day = conn_cell_int(&rows, 0, 5),
                                         .alarm_after_min = conn_cell_int(&rows, 0, 6),
                                         .baseline_visits = conn_cell_int(&rows, 0, 7),
                                         .early_min = conn_cell_int(&rows, 0, 8) };
    return true;
}

bool records_are_kept(const struct scope *scope, bool *ret_kept, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT EXISTS (SELECT 1 FROM client_records WHERE pharmacy_id = $1)", params,
                  RW_COUNT(params), scope->arena, &rows, err))
        return false;
    *ret_kept = conn_cell_int(&rows, 0, 0) != 0;
    return true;
}

bool records_insert(const struct scope *scope, const char *client_id, const struct records_row *row,
                    int64_t *ret_version, struct rw_error *err)
{
    const struct conn_param params[] = {
        conn_text(scope->pharmacy),     conn_text(client_id),
        conn_int(scope->now_ms),        conn_text(scope->actor),
        conn_text(row->reason),         conn_int(row->reviewed_day),
        conn_int(row->relocated_day),   conn_int(row->alarm_after_min),
        conn_int(row->baseline_visits), conn_int(row->early_min),
    };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "INSERT INTO client_records (pharmacy_id, client_id, version, at_ms, actor,"
                  " reason, reviewed_day, relocated_day, alarm_after_min, baseline_visits,"
                  " early_min)"
                  " SELECT $1, $2, 1 + coalesce((SELECT max(version) FROM client_records"
                  "  WHERE pharmacy_id = $1 AND client_id = $2), 0), $3::bigint, $4, $5,"
                  " nullif($6::bigint, -1), nullif($7::bigint, -1), nullif($8::bigint, -1),"
                  " nullif($9::bigint, -1), nullif($10::bigint, -1) WHERE EXISTS"
                  " (SELECT 1 FROM clients"
                  "  WHERE pharmacy_id = $1 AND client_id = $2) RETURNING version",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    if (rows.count != 1)
        return rw_error_set(err, RW_NOT_FOUND, "", "there is no client \"%s\"", client_id);
    *ret_version = conn_cell_int(&rows, 0, 0);
    return true;
}

bool records_insert_visits(const struct scope *scope, const char *client_id, const char *month,
                           int64_t visits, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(client_id),
                                         conn_text(month),           conn_int(scope->now_ms),
                                         conn_text(scope->actor),    conn_int(visits) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "INSERT INTO client_visits (pharmacy_id, client_id, month, at_ms, actor, visits)"
                  " SELECT $1, $2, $3, $4::bigint, $5, $6::bigint WHERE EXISTS (SELECT 1"
                  "  FROM clients WHERE pharmacy_id = $1 AND client_id = $2)",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    return rows.affected == 1 ||
           rw_error_set(err, RW_NOT_FOUND, "", "there is no client \"%s\"", client_id);
}
