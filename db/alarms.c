/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps what somebody must look at, and who did. */
#include "db/alarms.h"

#include "core/base/text.h"
#include "db/pauses.h"

bool alarms_insert(const struct scope *scope, const struct alarm *alarm, bool *ret_new,
                   struct rw_error *err)
{
    const struct conn_param params[] = {
        conn_text(scope->pharmacy),
        conn_text(alarm->id),
        conn_text(alarm_type_word(alarm->type)),
        conn_text(alarm_state_word(alarm->state)),
        conn_text(alarm->client),
        conn_text(alarm->dispenser),
        conn_text(alarm->roll),
        conn_int(alarm->bag),
        conn_text(alarm->due),
        conn_int(alarm->raised_utc_ms),
        conn_text(alarm->dedupe_key),
        conn_text(alarm_severity_word(alarm->severity)),
        conn_int(alarm->told_utc_ms),
    };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "INSERT INTO alarms (pharmacy_id, alarm_id, type, state, pseudonym,"
                  " dispenser_id, roll, bag, due, raised_ms, dedupe_key, severity, told_ms)"
                  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
                  " ON CONFLICT (pharmacy_id, dedupe_key) DO NOTHING",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    *ret_new = rows.affected == 1;
    return true;
}

static bool take_alarm(const struct conn_rows *rows, size_t at, struct alarm *ret_alarm,
                       struct rw_error *err)
{
    struct alarm alarm = {
        .client = conn_cell_text(rows, at, 3),
        .dispenser = conn_cell_text(rows, at, 4),
        .roll = conn_cell_text(rows, at, 5),
        .bag = (int32_t)conn_cell_int(rows, at, 6),
        .due = conn_cell_text(rows, at, 7),
        .raised_utc_ms = conn_cell_int(rows, at, 8),
        .dedupe_key = conn_cell_text(rows, at, 9),
        .rung = (int32_t)conn_cell_int(rows, at, 10),
        .told_utc_ms = conn_cell_int(rows, at, 12),
    };
    if (!rw_text_copy(alarm.id, sizeof alarm.id, conn_cell_text(rows, at, 0)) ||
        !alarm_type_from_word(conn_cell_text(rows, at, 1), &alarm.type) ||
        !alarm_state_from_word(conn_cell_text(rows, at, 2), &alarm.state) ||
        !alarm_severity_from_word(conn_cell_text(rows, at, 11), &alarm.severity))
        return rw_error_set(err, RW_BUG, "",
                            "an alarm has a type, state or severity that is no word");
    *ret_alarm = alarm;
    return true;
}

#define ALARM_COLUMNS                                                                 \
    "a.alarm_id, a.type, a.state, a.pseudonym, a.dispenser_id, a.roll, a.bag, a.due," \
    " a.raised_ms, a.dedupe_key, a.rung, a.severity, a.told_ms"

static bool take_alarms(const struct scope *scope, const struct conn_rows *rows,
                        struct alarm **ret_alarms, size_t *ret_count, struct rw_error *err)
{
    struct alarm *alarms = rw_arena_array(scope->arena, rows->count, sizeof *alarms, err);
    if (!alarms)
        return false;
    for (size_t i = 0; i < rows->count; i++) {
        if (!take_alarm(rows, i, &alarms[i], err))
            return false;
    }
    *ret_alarms = alarms;
    *ret_count = rows->count;
    return true;
}

bool alarms_find(const struct scope *scope, enum alarm_state state, struct alarm **ret_alarms,
                 size_t *ret_count, struct rw_error *err)
{
    const char *word = state == ALARM_STATE_COUNT ? NULL : alarm_state_word(state);
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(word),
                                         conn_int(ALARMS_LISTED_MAX) };
    struct conn_rows rows;
    if (!conn_run(
            scope->conn,
            "SELECT " ALARM_COLUMNS " FROM alarms AS a"
            " WHERE a.pharmacy_id = $1 AND ($2::text IS NULL OR a.state = $2::text)"
            " ORDER BY a.state = 'open' DESC, a.state = 'open' AND a.severity = 'urgent' DESC,"
            " a.raised_ms DESC, a.alarm_id DESC LIMIT $3",
            params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    return take_alarms(scope, &rows, ret_alarms, ret_count, err);
}

bool alarms_changed(const struct scope *scope, int64_t *ret_changed_ms, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT coalesce(max(greatest(raised_ms, coalesce(settled_ms, 0),"
                  "  CASE WHEN rung > 0 THEN told_ms END)), 0) FROM alarms WHERE pharmacy_id = $1",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    *ret_changed_ms = conn_cell_int(&rows, 0, 0);
    return true;
}

bool alarms_end_silence(const struct scope *scope, struct alarm **ret_alarms, size_t *ret_count,
                        struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(scope->actor),
                                         conn_int(scope->now_ms),
                                         conn_text(alarm_state_word(ALARM_CLOSED)),
                                         conn_text(alarm_type_word(ALARM_SILENT)) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "UPDATE alarms AS a SET state = $4, settled_by = $2, settled_ms = $3"
                  " FROM dispensers AS d WHERE a.pharmacy_id = $1 AND d.pharmacy_id = $1"
                  " AND a.state <> $4 AND a.type = $5 AND d.dispenser_id = a.dispenser_id"
                  " AND d.heard_ms > a.raised_ms RETURNING " ALARM_COLUMNS,
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    return take_alarms(scope, &rows, ret_alarms, ret_count, err);
}

bool alarms_close(const struct scope *scope, const char *dedupe_key, struct alarm *ret_alarm,
                  bool *ret_closed, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(dedupe_key),
                                         conn_text(alarm_state_word(ALARM_CLOSED)),
                                         conn_text(scope->actor), conn_int(scope->now_ms) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "UPDATE alarms AS a SET state = $3, settled_by = $4, settled_ms = $5"
                  " WHERE pharmacy_id = $1 AND dedupe_key = $2 AND state <> $3"
                  " RETURNING " ALARM_COLUMNS,
                  params, RW_COUNT(params), scope->arena, &rows, err) ||
        (rows.count == 1 && !take_alarm(&rows, 0, ret_alarm, err)))
        return false;
    *ret_closed = rows.count == 1;
    return true;
}

bool alarms_count(const struct scope *scope, struct alarms_counts *ret_counts, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy),
                                         conn_text(alarm_state_word(ALARM_OPEN)),
                                         conn_int(ALARM_RUNGS_MAX) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT count(*), count(*) FILTER (WHERE rung >= $3::bigint) FROM alarms"
                  " WHERE pharmacy_id = $1 AND state = $2",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    *ret_counts = (struct alarms_counts){ .open = conn_cell_int(&rows, 0, 0),
                                          .unanswered = conn_cell_int(&rows, 0, 1) };
    return true;
}

bool alarms_may_climb(const struct scope *scope, const struct alarms_climb *climb, bool *ret_any,
                      struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy),
                                         conn_text(alarm_state_word(ALARM_OPEN)),
                                         conn_int(scope->now_ms - climb->after_ms),
                                         conn_int(ALARM_RUNGS_MAX),
                                         conn_text(alarm_severity_word(climb->severity)) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT 1 FROM alarms WHERE pharmacy_id = $1 AND state = $2 AND told_ms <= $3"
                  " AND rung < $4 AND severity = $5 LIMIT 1",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    *ret_any = rows.count > 0;
    return true;
}

bool alarms_escalate(const struct scope *scope, const struct alarms_climb *climb,
                     struct alarm **ret_alarms, size_t *ret_count, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy),
                                         conn_text(alarm_state_word(ALARM_OPEN)),
                                         conn_int(scope->now_ms - climb->after_ms),
                                         conn_int(ALARM_RUNGS_MAX),
                                         conn_text(alarm_severity_word(climb->severity)),
                                         conn_int(scope->now_ms) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "UPDATE alarms AS a SET rung = rung + 1, told_ms = $6"
                  " WHERE pharmacy_id = $1 AND state = $2 AND told_ms <= $3 AND rung < $4"
                  " AND severity = $5 RETURNING " ALARM_COLUMNS,
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    return take_alarms(scope, &rows, ret_alarms, ret_count, err);
}

/* The key of a silence is set free: it may outlast the pause, and is then raised again. */
bool alarms_excuse(const struct scope *scope, struct alarm **ret_alarms, size_t *ret_count,
                   struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy),
                                         conn_text(alarm_state_word(ALARM_OPEN)),
                                         conn_text(alarm_state_word(ALARM_CLOSED)),
                                         conn_int(scope->now_ms),
                                         conn_text(alarm_type_word(ALARM_RECALL)),
                                         conn_text(alarm_type_word(ALARM_TEST)),
                                         conn_text(alarm_type_word(ALARM_SILENT)) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "UPDATE alarms AS a SET state = $3, settled_by = p.actor, settled_ms = $4,"
                  " dedupe_key = CASE WHEN a.type = $7 THEN a.dedupe_key || ':' || a.alarm_id"
                  "  ELSE a.dedupe_key END"
                  " FROM clients AS c JOIN pauses AS p ON p.pharmacy_id = c.pharmacy_id"
                  "  AND p.client_id = c.client_id"
                  " WHERE a.pharmacy_id = $1 AND a.state = $2 AND a.type NOT IN ($5, $6)"
                  " AND c.pharmacy_id = $1 AND c.pseudonym = a.pseudonym"
                  " AND p.from_ms <= $4 AND " PAUSES_END("p") " > $4 RETURNING " ALARM_COLUMNS,
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    return take_alarms(scope, &rows, ret_alarms, ret_count, err);
}

bool alarms_acknowledge(const struct scope *scope, const char *alarm_id, const char **ret_pseudonym,
                        struct rw_error *err)
{
    const struct conn_param find[] = { conn_text(scope->pharmacy), conn_text(alarm_id) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT state, pseudonym FROM alarms WHERE pharmacy_id = $1 AND alarm_id = $2"
                  " FOR UPDATE",
                  find, RW_COUNT(find), scope->arena, &rows, err))
        return false;
    if (rows.count == 0)
        return rw_error_set(err, RW_NOT_FOUND, "", "there is no alarm \"%s\"", alarm_id);
    if (!rw_text_equal(conn_cell_text(&rows, 0, 0), alarm_state_word(ALARM_OPEN)))
        return rw_error_set(err, RW_CONFLICT, "", "the alarm is not open any more");
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(alarm_id),
                                         conn_text(alarm_state_word(ALARM_ACKNOWLEDGED)),
                                         conn_text(scope->actor), conn_int(scope->now_ms) };
    if (!conn_run(scope->conn,
                  "UPDATE alarms SET state = $3, settled_by = $4, settled_ms = $5"
                  " WHERE pharmacy_id = $1 AND alarm_id = $2",
                  params, RW_COUNT(params), scope->arena, NULL, err))
        return false;
    *ret_pseudonym = conn_cell_text(&rows, 0, 1);
    return true;
}
