/* SPDX-License-Identifier: Apache-2.0 */
/* Finds what became of a roll's bags, and when the roll went which way. */
#include "db/fates.h"

#include "core/base/text.h"

/* The journal is asked from the day on which the roll was made: it is ordered by time. */
static bool find_times(const struct scope *scope, const char *roll, struct fates *fates,
                       struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(roll) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT coalesce(max(j.at_ms) FILTER (WHERE j.action = 'verify'), 0),"
                  " coalesce(min(j.at_ms) FILTER (WHERE j.action = 'load'), 0)"
                  " FROM rolls AS r JOIN journal AS j ON j.pharmacy_id = r.pharmacy_id"
                  "  AND j.at_ms >= r.created_ms AND j.object_type = 'roll'"
                  "  AND j.object_id = r.roll AND j.action IN ('verify', 'load')"
                  " WHERE r.pharmacy_id = $1 AND r.roll = $2",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    fates->verified_ms = conn_cell_int(&rows, 0, 0);
    fates->loaded_ms = conn_cell_int(&rows, 0, 1);
    return true;
}

bool fates_find(const struct scope *scope, const char *roll, struct fates *ret_fates,
                struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(roll) };
    struct fates fates = { 0 };
    struct conn_rows rows;
    if (!find_times(scope, roll, &fates, err) ||
        !conn_run(scope->conn,
                  "SELECT m.serial, m.state, coalesce(e.at_ms, 0) FROM moments AS m"
                  " LEFT JOIN LATERAL (SELECT at_ms FROM events WHERE pharmacy_id = m.pharmacy_id"
                  "  AND serial = m.serial AND type = 'released' ORDER BY at_ms LIMIT 1) AS e"
                  "  ON true WHERE m.pharmacy_id = $1 AND m.roll = $2"
                  " AND m.state IN ('released', 'missed') ORDER BY m.n",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    fates.bags = rw_arena_array(scope->arena, rows.count, sizeof *fates.bags, err);
    if (!fates.bags)
        return false;
    for (size_t i = 0; i < rows.count; i++)
        fates.bags[i] = (struct fates_bag){
            .serial = conn_cell_text(&rows, i, 0),
            .taken_out = rw_text_equal(conn_cell_text(&rows, i, 1), "released"),
            .taken_ms = conn_cell_int(&rows, i, 2),
        };
    fates.count = rows.count;
    *ret_fates = fates;
    return true;
}
