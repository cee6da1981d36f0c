/* SPDX-License-Identifier: Apache-2.0 */
/* Finds what the console shows and no single table holds. */
#include "db/lookups.h"

#include "db/pauses.h"

#define HAS_PICTURE                                                            \
    "(EXISTS (SELECT 1 FROM pictures AS p WHERE p.pharmacy_id = v.pharmacy_id" \
    "  AND p.roll = v.roll AND p.serial = v.serial))::int::bigint"

/* Room for the rows of an answer, handed back as `array`. */
static bool make_room(const struct scope *scope, const struct conn_rows *rows, size_t size,
                      void *ret_array, size_t *ret_count, struct rw_error *err)
{
    void *array = rw_arena_array(scope->arena, rows->count, size, err);
    if (!array)
        return false;
    *(void **)ret_array = array;
    *ret_count = rows->count;
    return true;
}

bool lookups_doubts(const struct scope *scope, struct lookups_doubt **ret_doubts, size_t *ret_count,
                    struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_int(LOOKUPS_MAX) };
    struct conn_rows rows;
    if (!conn_run(
            scope->conn,
            "SELECT b.roll, b.serial, b.n, v.verdict, v.reason, v.actor, v.at_ms," HAS_PICTURE
            ", r.client_name, c.pseudonym FROM rolls AS r"
            " JOIN clients AS c ON c.pharmacy_id = r.pharmacy_id AND c.client_id = r.client_id"
            " JOIN bags AS b ON b.pharmacy_id = r.pharmacy_id AND b.roll = r.roll"
            " JOIN LATERAL counting_verdict(b.pharmacy_id, b.roll, b.serial) AS v ON true"
            " WHERE r.pharmacy_id = $1 AND r.state = 'printed' AND b.until IS NULL"
            " AND v.verdict <> 'pass' ORDER BY v.at_ms, b.serial LIMIT $2",
            params, RW_COUNT(params), scope->arena, &rows, err) ||
        !make_room(scope, &rows, sizeof **ret_doubts, ret_doubts, ret_count, err))
        return false;
    for (size_t i = 0; i < rows.count; i++)
        (*ret_doubts)[i] = (struct lookups_doubt){ .roll = conn_cell_text(&rows, i, 0),
                                                   .serial = conn_cell_text(&rows, i, 1),
                                                   .n = conn_cell_int(&rows, i, 2),
                                                   .verdict = conn_cell_text(&rows, i, 3),
                                                   .reason = conn_cell_text(&rows, i, 4),
                                                   .actor = conn_cell_text(&rows, i, 5),
                                                   .at_ms = conn_cell_int(&rows, i, 6),
                                                   .has_picture = conn_cell_int(&rows, i, 7) == 1,
                                                   .client_name = conn_cell_text(&rows, i, 8),
                                                   .pseudonym = conn_cell_text(&rows, i, 9) };
    return true;
}

bool lookups_verdicts(const struct scope *scope, const char *roll, const char *serial,
                      struct lookups_verdict **ret_verdicts, size_t *ret_count,
                      struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(roll),
                                         conn_text(serial), conn_int(LOOKUPS_MAX) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT at_ms, actor, by_person, verdict, reason, bytes FROM verdicts"
                  " WHERE pharmacy_id = $1 AND roll = $2 AND serial = $3"
                  " ORDER BY verdict_id DESC LIMIT $4",
                  params, RW_COUNT(params), scope->arena, &rows, err) ||
        !make_room(scope, &rows, sizeof **ret_verdicts, ret_verdicts, ret_count, err))
        return false;
    for (size_t i = 0; i < rows.count; i++)
        (*ret_verdicts)[i] = (struct lookups_verdict){ .at_ms = conn_cell_int(&rows, i, 0),
                                                       .actor = conn_cell_text(&rows, i, 1),
                                                       .by_person = conn_cell_int(&rows, i, 2) == 1,
                                                       .verdict = conn_cell_text(&rows, i, 3),
                                                       .reason = conn_cell_text(&rows, i, 4),
                                                       .posted = conn_cell_bytes(&rows, i, 5) };
    return true;
}

bool lookups_lines(const struct scope *scope, const char *line_id, struct lookups_line **ret_lines,
                   size_t *ret_count, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(line_id),
                                         conn_int(scope->now_ms), conn_int(LOOKUPS_MAX) };
    struct conn_rows rows;
    if (!conn_run(
            scope->conn,
            "SELECT d.device_id, k.roll, v.serial, coalesce(b.n, 0), v.verdict, v.reason,"
            " coalesce(v.at_ms, 0), coalesce(n.judged, 0), coalesce(n.bags, 0),"
            " coalesce(n.doubts, 0), coalesce(" HAS_PICTURE ", 0), coalesce(n.glances, 0)"
            " FROM (SELECT DISTINCT device_id FROM devices WHERE pharmacy_id = $1"
            "  AND role = 'line' AND revoked_ms IS NULL"
            "  AND ($2::text = '' OR device_id = $2::text)) AS d"
            " LEFT JOIN LATERAL (SELECT roll FROM claims WHERE pharmacy_id = $1"
            "  AND line_id = d.device_id AND expires_ms > $3"
            "  ORDER BY claimed_ms DESC LIMIT 1) AS k ON true"
            " LEFT JOIN LATERAL (SELECT pharmacy_id, roll, serial, verdict, reason, at_ms,"
            "   verdict_id FROM verdicts WHERE pharmacy_id = $1"
            "   AND roll = k.roll AND actor = d.device_id"
            "  UNION ALL SELECT pharmacy_id, roll, serial, verdict, reason, at_ms, ''"
            "   FROM glances WHERE pharmacy_id = $1 AND roll = k.roll AND actor = d.device_id"
            "  ORDER BY at_ms DESC, verdict_id DESC, serial DESC LIMIT 1) AS v ON true"
            " LEFT JOIN bags AS b ON b.pharmacy_id = $1 AND b.roll = v.roll"
            "  AND b.serial = v.serial"
            " LEFT JOIN LATERAL (SELECT count(*) AS bags, count(coalesce(v.verdict, g.verdict))"
            "   AS judged, count(g.verdict) AS glances, count(*) FILTER (WHERE CASE WHEN "
            "v.by_person = 1 THEN v.verdict"
            "   ELSE coalesce(g.verdict, v.verdict) END <> 'pass') AS doubts"
            "  FROM bags AS b LEFT JOIN LATERAL"
            "   counting_verdict(b.pharmacy_id, b.roll, b.serial) AS v ON true"
            "  LEFT JOIN glances AS g ON g.pharmacy_id = b.pharmacy_id"
            "   AND g.roll = b.roll AND g.serial = b.serial"
            "  WHERE b.pharmacy_id = $1 AND b.roll = k.roll AND b.until IS NULL) AS n ON true"
            " ORDER BY d.device_id LIMIT $4",
            params, RW_COUNT(params), scope->arena, &rows, err) ||
        !make_room(scope, &rows, sizeof **ret_lines, ret_lines, ret_count, err))
        return false;
    for (size_t i = 0; i < rows.count; i++)
        (*ret_lines)[i] = (struct lookups_line){ .line_id = conn_cell_text(&rows, i, 0),
                                                 .roll = conn_cell_text(&rows, i, 1),
                                                 .serial = conn_cell_text(&rows, i, 2),
                                                 .n = conn_cell_int(&rows, i, 3),
                                                 .verdict = conn_cell_text(&rows, i, 4),
                                                 .reason = conn_cell_text(&rows, i, 5),
                                                 .at_ms = conn_cell_int(&rows, i, 6),
                                                 .judged = conn_cell_int(&rows, i, 7),
                                                 .bags = conn_cell_int(&rows, i, 8),
                                                 .doubts = conn_cell_int(&rows, i, 9),
                                                 .has_picture = conn_cell_int(&rows, i, 10) == 1,
                                                 .glances = conn_cell_int(&rows, i, 11) };
    return true;
}

bool lookups_dispensers(const struct scope *scope, struct lookups_dispenser **ret_dispensers,
                        size_t *ret_count, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_int(LOOKUPS_MAX),
                                         conn_int(scope->now_ms) };
    struct conn_rows rows;
    if (!conn_run(
            scope->conn,
            "SELECT d.dispenser_id, greatest(d.heard_ms, d.seen_ms),"
            " greatest(d.paused_ms, (SELECT max(p.from_ms) FROM pauses AS p"
            "  WHERE p.pharmacy_id = r.pharmacy_id AND p.client_id = r.client_id"
            "  AND p.from_ms <= $3 AND " PAUSES_END(
                "p") " > $3)), s.roll,"
                     " r.client_id, c.pseudonym, coalesce(m.waiting, 0), m.next, coalesce(a.open, "
                     "0)"
                     " FROM dispensers AS d"
                     " LEFT JOIN schedules AS s ON s.pharmacy_id = d.pharmacy_id"
                     "  AND s.dispenser_id = d.dispenser_id AND s.version = d.version"
                     " LEFT JOIN rolls AS r ON r.pharmacy_id = s.pharmacy_id AND r.roll = s.roll"
                     " LEFT JOIN clients AS c ON c.pharmacy_id = r.pharmacy_id"
                     "  AND c.client_id = r.client_id"
                     " LEFT JOIN LATERAL (SELECT count(*) AS waiting, min(at) AS next FROM moments"
                     "  WHERE pharmacy_id = $1 AND dispenser_id = d.dispenser_id"
                     "  AND state = 'waiting') AS m ON true"
                     " LEFT JOIN LATERAL (SELECT count(*) AS open FROM alarms WHERE pharmacy_id = "
                     "$1"
                     "  AND state = 'open' AND dispenser_id = d.dispenser_id) AS a ON true"
                     " WHERE d.pharmacy_id = $1 ORDER BY d.dispenser_id LIMIT $2",
            params, RW_COUNT(params), scope->arena, &rows, err) ||
        !make_room(scope, &rows, sizeof **ret_dispensers, ret_dispensers, ret_count, err))
        return false;
    for (size_t i = 0; i < rows.count; i++)
        (*ret_dispensers)[i] =
            (struct lookups_dispenser){ .dispenser_id = conn_cell_text(&rows, i, 0),
                                        .heard_ms = conn_cell_int(&rows, i, 1),
                                        .paused_ms = conn_cell_int(&rows, i, 2),
                                        .roll = conn_cell_text(&rows, i, 3),
                                        .client_id = conn_cell_text(&rows, i, 4),
                                        .pseudonym = conn_cell_text(&rows, i, 5),
                                        .waiting = conn_cell_int(&rows, i, 6),
                                        .next = conn_cell_text(&rows, i, 7),
                                        .alarms = conn_cell_int(&rows, i, 8) };
    return true;
}

bool lookups_alarmed(const struct scope *scope, struct lookups_person **ret_persons,
                     size_t *ret_count, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_int(LOOKUPS_MAX) };
    struct conn_rows rows;
    if (!conn_run(
            scope->conn,
            "SELECT c.pseudonym, c.client_id, coalesce((SELECT r.client_name FROM rolls AS r"
            "  WHERE r.pharmacy_id = $1 AND r.client_id = c.client_id"
            "  ORDER BY r.created_ms DESC LIMIT 1), '') FROM clients AS c"
            " JOIN (SELECT pseudonym, max(raised_ms) AS at_ms, bool_or(state = 'open') AS open"
            "  FROM alarms WHERE pharmacy_id = $1 GROUP BY pseudonym) AS a"
            "  ON a.pseudonym = c.pseudonym WHERE c.pharmacy_id = $1"
            " ORDER BY a.open DESC, a.at_ms DESC LIMIT $2",
            params, RW_COUNT(params), scope->arena, &rows, err) ||
        !make_room(scope, &rows, sizeof **ret_persons, ret_persons, ret_count, err))
        return false;
    for (size_t i = 0; i < rows.count; i++)
        (*ret_persons)[i] = (struct lookups_person){ .pseudonym = conn_cell_text(&rows, i, 0),
                                                     .client_id = conn_cell_text(&rows, i, 1),
                                                     .name = conn_cell_text(&rows, i, 2) };
    return true;
}

bool lookups_moments(const struct scope *scope, const char *client_id, const char *from,
                     const char *to, struct lookups_moment **ret_moments, size_t *ret_count,
                     struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(client_id),
                                         conn_text(from), conn_text(to) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT m.roll, m.n, m.serial, m.at, m.state, coalesce(e.cause, ''),"
                  " coalesce(e.at_ms, 0), m.dispenser_id, coalesce(m.leaves_ms, 0) FROM rolls AS r"
                  " JOIN moments AS m ON m.pharmacy_id = r.pharmacy_id AND m.roll = r.roll"
                  " LEFT JOIN LATERAL (SELECT cause, at_ms FROM events"
                  "  WHERE pharmacy_id = m.pharmacy_id AND serial = m.serial"
                  "  AND type = 'released' ORDER BY at_ms LIMIT 1) AS e ON true"
                  " WHERE r.pharmacy_id = $1 AND r.client_id = $2 AND m.at >= $3 AND m.at < $4"
                  " ORDER BY m.at, m.n LIMIT 20000",
                  params, RW_COUNT(params), scope->arena, &rows, err) ||
        !make_room(scope, &rows, sizeof **ret_moments, ret_moments, ret_count, err))
        return false;
    for (size_t i = 0; i < rows.count; i++)
        (*ret_moments)[i] = (struct lookups_moment){ .roll = conn_cell_text(&rows, i, 0),
                                                     .n = conn_cell_int(&rows, i, 1),
                                                     .serial = conn_cell_text(&rows, i, 2),
                                                     .at = conn_cell_text(&rows, i, 3),
                                                     .state = conn_cell_text(&rows, i, 4),
                                                     .cause = conn_cell_text(&rows, i, 5),
                                                     .taken_ms = conn_cell_int(&rows, i, 6),
                                                     .dispenser_id = conn_cell_text(&rows, i, 7),
                                                     .leaves_ms = conn_cell_int(&rows, i, 8) };
    return true;
}
