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
                                  .visits = conn_cell_int(rows, at, 13),
                                  .too_early = conn_cell_int(rows, at, 14) };
}

/* A moment may have several bags: it was taken out when all of them were. */
#define BAGS                                                                     \
    "WITH bags AS (SELECT r.client_id, m.at, m.state, m.dispenser_id,"           \
    "  coalesce(e.cause, '') AS cause,"                                          \
    "  coalesce(e.cause <> 'manual' AND e.at_ms < m.leaves_ms, false) AS sooner" \
    " FROM moments AS m"                                                         \
    " JOIN rolls AS r ON r.pharmacy_id = m.pharmacy_id AND r.roll = m.roll"      \
    " LEFT JOIN LATERAL (SELECT cause, at_ms FROM events"                        \
    "  WHERE pharmacy_id = m.pharmacy_id AND serial = m.serial"                  \
    "  AND type = 'released' ORDER BY at_ms LIMIT 1) AS e ON true"               \
    " WHERE m.pharmacy_id = $1 AND left(m.at, 7) = $2 AND m.state <> 'ended'),"  \
    " wholes AS (SELECT client_id, bool_or(state = 'missed') AS missed,"         \
    "  bool_or(state = 'waiting') AS waiting,"                                   \
    "  bool_or(state = 'withheld') AS withheld,"                                 \
    "  bool_or(state = 'released' AND (cause = 'early' OR sooner)) AS early,"    \
    "  bool_or(state = 'released' AND sooner) AS sooner"                         \
    " FROM bags GROUP BY client_id, at),"
#define TAKEN_OUT "NOT missed AND NOT waiting AND NOT withheld"
#define COUNTS                                                                      \
    " counts AS (SELECT client_id, count(*) AS planned,"                            \
    "  count(*) FILTER (WHERE " TAKEN_OUT ") AS taken_out,"                         \
    "  count(*) FILTER (WHERE " TAKEN_OUT " AND early) AS early,"                   \
    "  count(*) FILTER (WHERE " TAKEN_OUT " AND sooner) AS too_early,"              \
    "  count(*) FILTER (WHERE missed) AS missed,"                                   \
    "  count(*) FILTER (WHERE withheld AND NOT missed AND NOT waiting) AS withheld" \
    " FROM wholes GROUP BY client_id),"                                             \
    " spans AS (SELECT client_id, min(left(at, 10)) AS first_day,"                  \
    "  max(left(at, 10)) AS last_day, count(DISTINCT dispenser_id) AS dispensers,"  \
    "  count(DISTINCT left(at, 10)) FILTER (WHERE state = 'released') AS active"    \
    " FROM bags GROUP BY client_id)"

bool evidence_of_month(const struct scope *scope, const struct evidence_month *month,
                       struct evidence_row **ret_rows, size_t *ret_count, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(month->text),
                                         conn_int(EVIDENCE_CLIENTS_MAX), conn_int(month->from_ms),
                                         conn_int(month->to_ms) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  BAGS COUNTS
                  " SELECT c.client_id, c.pseudonym, s.first_day, s.last_day,"
                  " s.dispensers, s.active, n.planned, n.taken_out, n.early, n.missed, n.withheld,"
                  " (SELECT count(*) FROM alarms AS a WHERE a.pharmacy_id = $1"
                  "  AND a.pseudonym = c.pseudonym"
                  "  AND a.raised_ms >= $4 AND a.raised_ms < $5),"
                  " coalesce((SELECT baseline_visits FROM client_records AS b"
                  "  WHERE b.pharmacy_id = $1 AND b.client_id = c.client_id"
                  "  ORDER BY version DESC LIMIT 1), -1),"
                  " coalesce((SELECT visits FROM client_visits AS v WHERE v.pharmacy_id = $1"
                  "  AND v.client_id = c.client_id AND v.month = $2"
                  "  ORDER BY at_ms DESC LIMIT 1), -1), n.too_early"
                  " FROM counts AS n JOIN spans AS s ON s.client_id = n.client_id"
                  " JOIN clients AS c ON c.pharmacy_id = $1 AND c.client_id = n.client_id"
                  " ORDER BY c.client_id LIMIT $3",
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
