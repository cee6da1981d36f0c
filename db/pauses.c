/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps when clients are not at home. */
#include "db/pauses.h"

#define MINUTE_MS INT64_C(60000)
#define COLUMNS                                                                      \
    "p.pause_id, p.client_id, p.kind, p.from_ms, coalesce(p.until_ms, 0), p.reason," \
    " p.actor, p.at_ms, coalesce(p.ended_ms, 0), coalesce(p.ended_by, ''),"          \
    " coalesce(p.ended_reason, '')"

bool pauses_insert(const struct scope *scope, const struct pauses_row *row, bool *ret_new,
                   struct rw_error *err)
{
    const struct conn_param params[] = {
        conn_text(scope->pharmacy), conn_text(row->pause_id), conn_text(row->client_id),
        conn_text(row->kind),       conn_int(row->from_ms),   conn_int(row->until_ms),
        conn_text(row->reason),     conn_text(scope->actor),  conn_int(scope->now_ms),
    };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "INSERT INTO pauses AS p (pharmacy_id, pause_id, client_id, kind, from_ms,"
                  " until_ms, reason, actor, at_ms)"
                  " SELECT $1, $2, $3, $4, $5::bigint, nullif($6::bigint, 0), $7, $8, $9::bigint"
                  " WHERE NOT EXISTS (SELECT 1 FROM pauses AS o WHERE o.pharmacy_id = $1"
                  "  AND o.client_id = $3 AND ($6::bigint = 0 OR o.from_ms < $6::bigint)"
                  "  AND " PAUSES_END(
                      "o") " > greatest($5::bigint, o.from_ms))"
                           " ON CONFLICT (pharmacy_id, client_id, from_ms) WHERE ended_ms IS NULL"
                           " DO NOTHING",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    *ret_new = rows.affected == 1;
    return true;
}

static struct pauses_row take_row(const struct conn_rows *rows, size_t at)
{
    return (struct pauses_row){ .pause_id = conn_cell_text(rows, at, 0),
                                .client_id = conn_cell_text(rows, at, 1),
                                .kind = conn_cell_text(rows, at, 2),
                                .from_ms = conn_cell_int(rows, at, 3),
                                .until_ms = conn_cell_int(rows, at, 4),
                                .reason = conn_cell_text(rows, at, 5),
                                .actor = conn_cell_text(rows, at, 6),
                                .at_ms = conn_cell_int(rows, at, 7),
                                .ended_ms = conn_cell_int(rows, at, 8),
                                .ended_by = conn_cell_text(rows, at, 9),
                                .ended_reason = conn_cell_text(rows, at, 10) };
}

static bool take_list(const struct scope *scope, const struct conn_rows *rows,
                      struct pauses_list *ret_list, struct rw_error *err)
{
    struct pauses_list list = { .count = rows->count };
    list.rows = rw_arena_array(scope->arena, rows->count, sizeof *list.rows, err);
    if (!list.rows)
        return false;
    for (size_t i = 0; i < rows->count; i++)
        list.rows[i] = take_row(rows, i);
    *ret_list = list;
    return true;
}

bool pauses_end(const struct scope *scope, const char *client_id, const char *pause_id,
                const char *reason, struct pauses_row *ret_row, struct rw_error *err)
{
    const struct conn_param params[] = {
        conn_text(scope->pharmacy), conn_text(client_id),
        conn_text(pause_id),        conn_text(reason),
        conn_text(scope->actor),    conn_int(scope->now_ms / MINUTE_MS * MINUTE_MS)
    };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "UPDATE pauses AS p SET ended_ms = $6, ended_by = $5, ended_reason = $4"
                  " WHERE p.pharmacy_id = $1 AND p.client_id = $2 AND p.pause_id = $3"
                  " AND p.ended_ms IS NULL AND coalesce(p.until_ms, 9223372036854775807) > $6"
                  " RETURNING " COLUMNS,
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    *ret_row = rows.count == 1 ? take_row(&rows, 0) : (struct pauses_row){ 0 };
    return true;
}

bool pauses_of_client(const struct scope *scope, const char *client_id,
                      struct pauses_list *ret_list, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(client_id),
                                         conn_int(PAUSES_LISTED_MAX) };
    struct conn_rows rows;
    return conn_run(scope->conn,
                    "SELECT " COLUMNS " FROM pauses AS p"
                    " WHERE p.pharmacy_id = $1 AND p.client_id = $2"
                    " ORDER BY p.from_ms DESC, p.pause_id DESC LIMIT $3",
                    params, RW_COUNT(params), scope->arena, &rows, err) &&
           take_list(scope, &rows, ret_list, err);
}

bool pauses_after(const struct scope *scope, const char *pseudonym, int64_t since_ms, int64_t max,
                  struct pauses_list *ret_list, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(pseudonym),
                                         conn_int(since_ms), conn_int(max) };
    struct conn_rows rows;
    return conn_run(scope->conn,
                    "SELECT " COLUMNS " FROM pauses AS p JOIN clients AS c"
                    " ON c.pharmacy_id = p.pharmacy_id AND c.client_id = p.client_id"
                    " WHERE c.pharmacy_id = $1 AND c.pseudonym = $2"
                    " AND " PAUSES_END("p") " > greatest($3::bigint, p.from_ms)"
                                            " ORDER BY " PAUSES_END(
                                                "p") " DESC, p.from_ms DESC LIMIT $4",
                    params, RW_COUNT(params), scope->arena, &rows, err) &&
           take_list(scope, &rows, ret_list, err);
}

bool pauses_cover(const struct scope *scope, const char *roll, int64_t at_ms, bool *ret_away,
                  struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(roll),
                                         conn_int(at_ms) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT EXISTS (SELECT 1 FROM rolls AS r JOIN pauses AS p"
                  " ON p.pharmacy_id = r.pharmacy_id AND p.client_id = r.client_id"
                  " WHERE r.pharmacy_id = $1 AND r.roll = $2 AND p.from_ms <= $3"
                  " AND " PAUSES_END("p") " > $3)",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    *ret_away = conn_cell_int(&rows, 0, 0) != 0;
    return true;
}
