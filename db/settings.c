/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps the pharmacy, its policy and its product table in all versions. */
#include "db/settings.h"

#include <string.h>

bool settings_add_pharmacy(const struct scope *scope, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_int(scope->now_ms) };
    return conn_run(scope->conn,
                    "INSERT INTO pharmacies (pharmacy_id, created_ms) VALUES ($1, $2)"
                    " ON CONFLICT (pharmacy_id) DO NOTHING",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}

bool settings_find(const struct scope *scope, const char *kind, struct settings_row *ret_row,
                   struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(kind) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT version, bytes FROM settings WHERE pharmacy_id = $1 AND kind = $2"
                  " ORDER BY version DESC LIMIT 1",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    struct settings_row row = { 0 };
    if (rows.count == 1) {
        row.version = conn_cell_int(&rows, 0, 0);
        row.bytes = conn_cell_bytes(&rows, 0, 1).bytes;
        row.length = conn_cell_bytes(&rows, 0, 1).length;
    }
    *ret_row = row;
    return true;
}

bool settings_find_version(const struct scope *scope, const char *kind, int64_t version,
                           struct settings_row *ret_row, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(kind),
                                         conn_int(version) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT bytes FROM settings WHERE pharmacy_id = $1 AND kind = $2"
                  " AND version = $3",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    *ret_row = (struct settings_row){ 0 };
    if (rows.count == 1)
        *ret_row = (struct settings_row){ version, conn_cell_bytes(&rows, 0, 0).bytes,
                                          conn_cell_bytes(&rows, 0, 0).length };
    return true;
}

bool settings_history(const struct scope *scope, const char *kind,
                      struct settings_version **ret_versions, size_t *ret_count,
                      struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(kind),
                                         conn_int(SETTINGS_LISTED_MAX) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT version, at_ms, actor, length(bytes) FROM settings"
                  " WHERE pharmacy_id = $1 AND kind = $2 ORDER BY version DESC LIMIT $3",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    struct settings_version *versions =
        rw_arena_array(scope->arena, rows.count, sizeof *versions, err);
    if (!versions)
        return false;
    for (size_t i = 0; i < rows.count; i++)
        versions[i] = (struct settings_version){ .version = conn_cell_int(&rows, i, 0),
                                                 .at_ms = conn_cell_int(&rows, i, 1),
                                                 .actor = conn_cell_text(&rows, i, 2),
                                                 .length = conn_cell_int(&rows, i, 3) };
    *ret_versions = versions;
    *ret_count = rows.count;
    return true;
}

bool settings_insert(const struct scope *scope, const char *kind, const char *bytes, size_t length,
                     int64_t *ret_version, struct rw_error *err)
{
    struct settings_row held;
    if (!settings_find(scope, kind, &held, err))
        return false;
    if (held.version > 0 && held.length == length && memcmp(held.bytes, bytes, length) == 0) {
        *ret_version = held.version;
        return true;
    }
    const struct conn_param params[] = {
        conn_text(scope->pharmacy), conn_text(kind),         conn_int(held.version + 1),
        conn_int(scope->now_ms),    conn_text(scope->actor), conn_bytes(bytes, length),
    };
    if (!conn_run(scope->conn,
                  "INSERT INTO settings (pharmacy_id, kind, version, at_ms, actor, bytes)"
                  " VALUES ($1, $2, $3, $4, $5, $6)",
                  params, RW_COUNT(params), scope->arena, NULL, err))
        return false;
    *ret_version = held.version + 1;
    return true;
}
