/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps what lines saw of bags while the film still ran. */
#include "db/glances.h"

bool glances_put(const struct scope *scope, const struct bags_verdict *glance, bool *ret_new,
                 struct rw_error *err)
{
    const struct conn_param params[] = {
        conn_text(scope->pharmacy),
        conn_text(glance->roll),
        conn_text(glance->serial),
        conn_int(scope->now_ms),
        conn_text(scope->actor),
        conn_text(glance->verdict),
        conn_text(glance->judged),
        conn_text(glance->reason),
        conn_bytes(glance->bytes, glance->length),
    };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "INSERT INTO glances AS g (pharmacy_id, roll, serial, at_ms, actor, verdict,"
                  " judged, reason, bytes) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
                  " ON CONFLICT (pharmacy_id, roll, serial) DO UPDATE SET at_ms = $4, actor = $5,"
                  " verdict = $6, judged = $7, reason = $8, bytes = $9"
                  " WHERE g.actor <> $5 OR g.bytes <> $9",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    *ret_new = rows.affected == 1;
    return true;
}

bool glances_settle(const struct scope *scope, const char *roll, const char *serial,
                    struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(roll),
                                         conn_text(serial) };
    return conn_run(scope->conn,
                    "DELETE FROM glances WHERE pharmacy_id = $1 AND roll = $2 AND serial = $3",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}
