/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps the hashes of bearer tokens and who they stand for. */
#include "db/tokens.h"

bool tokens_insert(const struct scope *scope, const char *hash, const char *role, const char *name,
                   struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(hash),
                                         conn_text(role), conn_text(name),
                                         conn_int(scope->now_ms) };
    return conn_run(scope->conn,
                    "INSERT INTO tokens (pharmacy_id, token_hash, role, name, created_ms)"
                    " VALUES ($1, $2, $3, $4, $5)",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}

bool tokens_find(const struct scope *scope, const char *hash, struct token_row *ret_row,
                 struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(hash) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT role, name FROM tokens"
                  " WHERE pharmacy_id = $1 AND token_hash = $2 AND revoked_ms IS NULL",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    struct token_row row = { 0 };
    if (rows.count == 1) {
        row.role = conn_cell_text(&rows, 0, 0);
        row.name = conn_cell_text(&rows, 0, 1);
    }
    *ret_row = row;
    return true;
}

bool tokens_count(const struct scope *scope, const char *role, int64_t *ret_count,
                  struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(role) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT count(*) FROM tokens"
                  " WHERE pharmacy_id = $1 AND role = $2 AND revoked_ms IS NULL",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    *ret_count = conn_cell_int(&rows, 0, 0);
    return true;
}

bool tokens_has(const struct scope *scope, const char *name, const char *role, bool *ret_has,
                struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(name),
                                         conn_text(role) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT 1 FROM tokens WHERE pharmacy_id = $1 AND name = $2 AND role = $3"
                  " AND revoked_ms IS NULL",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    *ret_has = rows.count > 0;
    return true;
}

bool tokens_has_name(const struct scope *scope, const char *name, bool *ret_has,
                     struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(name) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT 1 FROM tokens"
                  " WHERE pharmacy_id = $1 AND name = $2 AND revoked_ms IS NULL",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    *ret_has = rows.count > 0;
    return true;
}

bool tokens_revoke(const struct scope *scope, const char *name, int64_t *ret_changed,
                   struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(name),
                                         conn_int(scope->now_ms) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "UPDATE tokens SET revoked_ms = $3"
                  " WHERE pharmacy_id = $1 AND name = $2 AND revoked_ms IS NULL",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    *ret_changed = rows.affected;
    return true;
}
