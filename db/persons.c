/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps the people who sign in. */
#include "db/persons.h"

#define COLUMNS                                                                    \
    "person_id, name, role, language, coalesce(ended_ms, 0), password, code_hash," \
    " code_expires_ms, totp_nonce, totp_step, team"

static struct persons_row take_row(const struct conn_rows *rows, size_t at)
{
    return (struct persons_row){
        .person_id = conn_cell_text(rows, at, 0),
        .name = conn_cell_text(rows, at, 1),
        .role = conn_cell_text(rows, at, 2),
        .language = conn_cell_text(rows, at, 3),
        .ended_ms = conn_cell_int(rows, at, 4),
        .password = conn_cell_text(rows, at, 5),
        .code_hash = conn_cell_text(rows, at, 6),
        .code_expires_ms = conn_cell_int(rows, at, 7),
        .totp_nonce = conn_cell_text(rows, at, 8),
        .totp_step = conn_cell_int(rows, at, 9),
        .team = conn_cell_text(rows, at, 10),
    };
}

bool persons_insert(const struct scope *scope, const struct persons_row *row, struct rw_error *err)
{
    const struct conn_param params[] = {
        conn_text(scope->pharmacy), conn_text(row->person_id),      conn_text(row->name),
        conn_text(row->role),       conn_text(row->language),       conn_int(scope->now_ms),
        conn_text(row->code_hash),  conn_int(row->code_expires_ms), conn_text(row->team),
    };
    return conn_run(scope->conn,
                    "INSERT INTO persons (pharmacy_id, person_id, name, role, language, created_ms,"
                    " code_hash, code_expires_ms, team)"
                    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}

bool persons_find(const struct scope *scope, const char *person_id, struct persons_row *ret_row,
                  struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(person_id) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT " COLUMNS " FROM persons WHERE pharmacy_id = $1 AND person_id = $2"
                  " FOR UPDATE",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    *ret_row = rows.count == 1 ? take_row(&rows, 0) : (struct persons_row){ 0 };
    return true;
}

bool persons_update(const struct scope *scope, const struct persons_row *row, struct rw_error *err)
{
    const struct conn_param params[] = {
        conn_text(scope->pharmacy), conn_text(row->person_id),      conn_text(row->name),
        conn_text(row->language),   conn_int(row->ended_ms),        conn_text(row->password),
        conn_text(row->code_hash),  conn_int(row->code_expires_ms), conn_text(row->totp_nonce),
        conn_int(row->totp_step),
    };
    return conn_run(scope->conn,
                    "UPDATE persons SET name = $3, language = $4, ended_ms = nullif($5::bigint, 0),"
                    " password = $6, code_hash = $7, code_expires_ms = $8, totp_nonce = $9,"
                    " totp_step = $10 WHERE pharmacy_id = $1 AND person_id = $2",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}

bool persons_find_all(const struct scope *scope, struct persons_list *ret_list,
                      struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_int(PERSONS_LISTED_MAX) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT " COLUMNS " FROM persons WHERE pharmacy_id = $1"
                  " ORDER BY person_id LIMIT $2",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    struct persons_list list = { .count = rows.count };
    list.rows = rw_arena_array(scope->arena, rows.count, sizeof *list.rows, err);
    if (!list.rows)
        return false;
    for (size_t i = 0; i < rows.count; i++)
        list.rows[i] = take_row(&rows, i);
    *ret_list = list;
    return true;
}
