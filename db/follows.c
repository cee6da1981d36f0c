/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps who may follow which client, as the client allowed it. */
#include "db/follows.h"

#define COLUMNS                                                                              \
    "f.client_id, c.pseudonym, f.follower, f.kind, f.medicines, f.acknowledges, f.given_by," \
    " f.reason, f.given_ms, coalesce(f.ended_ms, 0)"
#define FROM_FOLLOWS                       \
    " FROM follows AS f JOIN clients AS c" \
    " ON c.pharmacy_id = f.pharmacy_id AND c.client_id = f.client_id WHERE f.pharmacy_id = $1"

static bool take_list(const struct scope *scope, const struct conn_rows *rows,
                      struct follows_list *ret_list, struct rw_error *err)
{
    struct follows_list list = { .count = rows->count };
    list.rows = rw_arena_array(scope->arena, rows->count, sizeof *list.rows, err);
    if (!list.rows)
        return false;
    for (size_t i = 0; i < rows->count; i++)
        list.rows[i] = (struct follows_row){ .client_id = conn_cell_text(rows, i, 0),
                                             .pseudonym = conn_cell_text(rows, i, 1),
                                             .follower = conn_cell_text(rows, i, 2),
                                             .kind = conn_cell_text(rows, i, 3),
                                             .medicines = conn_cell_int(rows, i, 4) == 1,
                                             .acknowledges = conn_cell_int(rows, i, 5) == 1,
                                             .given_by = conn_cell_text(rows, i, 6),
                                             .reason = conn_cell_text(rows, i, 7),
                                             .given_ms = conn_cell_int(rows, i, 8),
                                             .ended_ms = conn_cell_int(rows, i, 9) };
    *ret_list = list;
    return true;
}

bool follows_end(const struct scope *scope, const char *client_id, const char *follower,
                 int64_t *ret_changed, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(client_id),
                                         conn_text(follower), conn_int(scope->now_ms) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "UPDATE follows SET ended_ms = $4 WHERE pharmacy_id = $1 AND client_id = $2"
                  " AND follower = $3 AND ended_ms IS NULL",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    *ret_changed = rows.affected;
    return true;
}

bool follows_insert(const struct scope *scope, const struct follows_row *row, struct rw_error *err)
{
    const struct conn_param params[] = {
        conn_text(scope->pharmacy), conn_text(row->client_id), conn_text(row->follower),
        conn_text(row->kind),       conn_int(row->medicines),  conn_int(row->acknowledges),
        conn_int(scope->now_ms),    conn_text(scope->actor),   conn_text(row->reason),
    };
    struct conn_rows rows;
    int64_t ended = 0;
    if (!follows_end(scope, row->client_id, row->follower, &ended, err) ||
        !conn_run(scope->conn,
                  "INSERT INTO follows (pharmacy_id, client_id, follower, kind, medicines,"
                  " acknowledges, given_ms, given_by, reason)"
                  " SELECT $1, $2, $3, $4, $5::bigint, $6::bigint, $7::bigint, $8, $9"
                  " FROM clients WHERE pharmacy_id = $1 AND client_id = $2",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    if (rows.affected == 0)
        return rw_error_set(err, RW_NOT_FOUND, "", "there is no client \"%s\"", row->client_id);
    return true;
}

bool follows_of_client(const struct scope *scope, const char *client_id,
                       struct follows_list *ret_list, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(client_id),
                                         conn_int(FOLLOWS_LISTED_MAX) };
    struct conn_rows rows;
    return conn_run(scope->conn,
                    "SELECT " COLUMNS FROM_FOLLOWS " AND f.client_id = $2"
                    " ORDER BY f.given_ms DESC LIMIT $3",
                    params, RW_COUNT(params), scope->arena, &rows, err) &&
           take_list(scope, &rows, ret_list, err);
}

bool follows_of_person(const struct scope *scope, const char *person_id, const char *client_id,
                       struct follows_list *ret_list, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(person_id),
                                         conn_text(client_id), conn_text(scope->role),
                                         conn_int(FOLLOWS_LISTED_MAX) };
    struct conn_rows rows;
    return conn_run(scope->conn,
                    "SELECT " COLUMNS FROM_FOLLOWS " AND f.ended_ms IS NULL AND f.kind = $4"
                    " AND ($3::text = '' OR f.client_id = $3::text)"
                    " AND (f.follower = $2 OR f.follower = (SELECT '@' || p.team FROM persons AS p"
                    "  WHERE p.pharmacy_id = $1 AND p.person_id = $2))"
                    " ORDER BY f.client_id LIMIT $5",
                    params, RW_COUNT(params), scope->arena, &rows, err) &&
           take_list(scope, &rows, ret_list, err);
}

bool follows_acknowledges(const struct scope *scope, const char *person_id, const char *client_id,
                          bool *ret_may, struct rw_error *err)
{
    struct follows_list list;
    if (!follows_of_person(scope, person_id, client_id, &list, err))
        return false;
    *ret_may = false;
    for (size_t i = 0; i < list.count; i++)
        *ret_may = *ret_may || list.rows[i].acknowledges;
    return true;
}
