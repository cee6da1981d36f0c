/* SPDX-License-Identifier: Apache-2.0 */
/* Counts what a month shows of each client at home. */
#include "db/evidence.h"

static struct evidence_row take_row(const struct conn_rows *rows, size_t at)
{
    return (struct evidence_row){ .client_id = conn_cell_text(rows, at, 0),
                                  .pseudonym = conn_cell_text(rows, at, 1),
                                  .first_day = conn_cell_text(rows, at, 2),
                                  .last_day = conn_cell_text(rows, at, 3),
                                  .dispensers = conn_cell_int(rows, at, 4),
                                  .active_days = conn_cell_int(rows, at, 5),
                                  .planned = conn_cell_int(rows, at, 6),
                                  .taken_out = conn_cell_int(rows, at, 7),
                                  .early = conn_cell_int(rows, at, 8),
                                  .missed = conn_cell_int(rows, at, 9),
                                  .withheld = conn_cell_int(rows, at, 10),
                                  .alarms = conn_cell_int(rows, at, 11),
                                  .baseline_visits = conn_cell_int(rows, at, 12),
                                  .visits = conn_cell_int(rows, at, 13) };
}

bool evidence_of_month(const struct scope *scope, const char *month, struct evidence_row **ret_rows,
                       size_t *ret_count, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(month),
                                         conn_int(EVIDENCE_CLIENTS_MAX) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT r.client_id, c.pseudonym, min(left(m.at, 10)), max(left(m.at, 10)),"
                  " count(DISTINCT m.dispenser_id),"
                  " count(DISTINCT left(m.at, 10)) FILTER (WHERE m.state = 'released'), count(*),"
                  " count(*) FILTER (WHERE m.state = 'released'),"
                  " count(*) FILTER (WHERE m.state = 'released' AND EXISTS"
                  "  (SELECT 1 FROM events AS e WHERE e.pharmacy_id = $1 AND e.serial = m.serial"
                  "   AND e.type = 'released' AND e.cause = 'early')),"
                  " count(*) FILTER (WHERE m.state = 'missed'),"
                  " count(*) FILTER (WHERE m.state = 'withheld'),"
                  " (SELECT count(*) FROM alarms AS a WHERE a.pharmacy_id = $1"
                  "  AND a.pseudonym = c.pseudonym"
                  "  AND to_char(to_timestamp(a.raised_ms / 1000), 'YYYY-MM') = $2),"
                  " coalesce((SELECT baseline_visits FROM client_records AS b"
                  "  WHERE b.pharmacy_id = $1 AND b.client_id = r.client_id"
                  "  ORDER BY version DESC LIMIT 1), -1),"
                  " coalesce((SELECT visits FROM client_visits AS v WHERE v.pharmacy_id = $1"
                  "  AND v.client_id = r.client_id AND v.month = $2"
                  "  ORDER BY at_ms DESC LIMIT 1), -1)"
                  " FROM moments AS m"
                  " JOIN rolls AS r ON r.pharmacy_id = m.pharmacy_id AND r.roll = m.roll"
                  " JOIN clients AS c ON c.pharmacy_id = r.pharmacy_id"
                  "  AND c.client_id = r.client_id"
                  " WHERE m.pharmacy_id = $1 AND left(m.at, 7) = $2 AND m.state <> 'ended'"
                  " GROUP BY r.client_id, c.pseudonym ORDER BY r.client_id LIMIT $3",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    struct evidence_row *found = rw_arena_array(scope->arena, rows.count, sizeof *found, err);
    if (!found)
        return false;
    for (size_t i = 0; i < rows.count; i++)
        found[i] = take_row(&rows, i);
    *ret_rows = found;
    *ret_count = rows.count;
    return true;
}
