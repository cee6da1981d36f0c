/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps messages for others until they are delivered. */
#include "db/outbox.h"

#include "core/base/random.h"

bool outbox_insert(const struct scope *scope, const char *topic, const char *payload,
                   struct rw_error *err)
{
    char outbox_id[RW_UUID_TEXT_MAX];
    rw_uuid_make(scope->now_ms, outbox_id);
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(outbox_id),
                                         conn_text(topic), conn_text(payload),
                                         conn_int(scope->now_ms) };
    return conn_run(scope->conn,
                    "INSERT INTO outbox"
                    " (pharmacy_id, outbox_id, topic, payload, created_ms, next_ms)"
                    " VALUES ($1, $2, $3, $4, $5, $5)",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}

bool outbox_claim(const struct scope *scope, int64_t lease_ms, struct outbox_row **ret_rows,
                  size_t *ret_count, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_int(scope->now_ms),
                                         conn_int(scope->now_ms + lease_ms),
                                         conn_int(OUTBOX_CLAIMED_MAX) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "UPDATE outbox SET next_ms = $3, attempts = attempts + 1"
                  " WHERE pharmacy_id = $1 AND outbox_id IN (SELECT outbox_id FROM outbox"
                  "  WHERE pharmacy_id = $1 AND done_ms IS NULL AND next_ms <= $2"
                  "  ORDER BY next_ms LIMIT $4 FOR UPDATE SKIP LOCKED)"
                  " RETURNING outbox_id, topic, payload, created_ms, attempts",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    struct outbox_row *list = rw_arena_array(scope->arena, rows.count, sizeof *list, err);
    if (!list)
        return false;
    for (size_t i = 0; i < rows.count; i++) {
        list[i] = (struct outbox_row){ .outbox_id = conn_cell_text(&rows, i, 0),
                                       .topic = conn_cell_text(&rows, i, 1),
                                       .payload = conn_cell_text(&rows, i, 2),
                                       .created_ms = conn_cell_int(&rows, i, 3),
                                       .attempts = conn_cell_int(&rows, i, 4) };
    }
    *ret_rows = list;
    *ret_count = rows.count;
    return true;
}

bool outbox_settle(const struct scope *scope, const char *outbox_id, bool done, int64_t next_ms,
                   struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(outbox_id),
                                         done ? conn_int(scope->now_ms) : conn_text(NULL),
                                         conn_int(next_ms) };
    return conn_run(scope->conn,
                    "UPDATE outbox SET done_ms = $3, next_ms = $4"
                    " WHERE pharmacy_id = $1 AND outbox_id = $2",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}

bool outbox_count(const struct scope *scope, int64_t *ret_count, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT count(*) FROM outbox WHERE pharmacy_id = $1 AND done_ms IS NULL", params,
                  RW_COUNT(params), scope->arena, &rows, err))
        return false;
    *ret_count = conn_cell_int(&rows, 0, 0);
    return true;
}
