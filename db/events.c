/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps what dispensers report and which moments are to come. */
#include "db/events.h"

#include "core/base/text.h"

#define MARKS 4
#define COLUMNS 7
#define CELL_MAX 72 /* bytes of one element of a literal: an id or a UUID, quotes and a comma */

/* One array literal for each column. What stands in them are words, digits, UUIDs: the readers of
 * events and the routes let nothing else through, and each is quoted. Formats would cost more than
 * all else that is done here with an event. */
static void add_number(struct rw_text *column, bool first, int64_t number)
{
    if (!first)
        rw_text_add_char(column, ',');
    rw_text_add_int(column, number);
}

static void add_word(struct rw_text *column, bool first, const char *word)
{
    rw_text_add(column, first ? "\"" : ",\"");
    rw_text_add(column, word);
    rw_text_add_char(column, '"');
}

static void add_mark(struct rw_text marks[MARKS], const struct events_report *report, size_t number)
{
    add_number(&marks[0], number == 0, (int64_t)number);
    add_word(&marks[1], number == 0, report->dispenser_id);
    add_number(&marks[2], number == 0, report->events[0].seq - 1);
    add_number(&marks[3], number == 0, report->events[report->count - 1].seq);
}

static void add_event(struct rw_text columns[COLUMNS], size_t number, const struct event *event,
                      bool first)
{
    bool caused = event->cause != EVENT_CAUSE_NONE;
    add_number(&columns[0], first, (int64_t)number);
    add_number(&columns[1], first, event->seq);
    add_word(&columns[2], first, event->id);
    add_number(&columns[3], first, event->at_utc_ms);
    add_word(&columns[4], first, event_type_word(event->type));
    add_word(&columns[5], first, event->serial);
    add_word(&columns[6], first, caused ? event_cause_word(event->cause) : "");
}

static bool finish_literals(struct rw_text *columns, size_t count, const char **ret_literals,
                            struct rw_error *err)
{
    for (size_t i = 0; i < count; i++) {
        rw_text_add(&columns[i], "}");
        if (!rw_text_finish(&columns[i], &ret_literals[i], err))
            return false;
    }
    return true;
}

static void begin_literals(struct rw_text *columns, size_t count, size_t elements,
                           struct rw_arena *arena)
{
    for (size_t i = 0; i < count; i++) {
        rw_text_init(&columns[i], arena, elements * CELL_MAX + 3);
        rw_text_add(&columns[i], "{");
    }
}

/* Where each report begins and ends, and beside that the events of all. */
static bool write_columns(const struct events_report *reports, size_t count, struct rw_arena *arena,
                          const char *ret_literals[MARKS + COLUMNS], struct rw_error *err)
{
    struct rw_text marks[MARKS + COLUMNS];
    struct rw_text *columns = marks + MARKS;
    size_t total = 0;
    for (size_t i = 0; i < count; i++)
        total += reports[i].count;
    begin_literals(marks, MARKS, count, arena);
    begin_literals(columns, COLUMNS, total, arena);
    for (size_t i = 0; i < count; i++) {
        add_mark(marks, &reports[i], i);
        for (size_t k = 0; k < reports[i].count; k++)
            add_event(columns, i, &reports[i].events[k], i + k == 0);
    }
    return finish_literals(marks, MARKS + COLUMNS, ret_literals, err);
}

/* A dispenser that is unknown is left, and so is one whose number is another one meanwhile: a row
 * that somebody else holds is looked at once more when it is free. Of lists that stand among the
 * columns, an element of each makes a row; from a FROM each would be written down first. */
static const char keep_sql[] =
    "WITH held AS (UPDATE dispensers AS d SET last_seq = m.last, seen_ms = $2"
    "  FROM (SELECT unnest($3::bigint[]) AS n, unnest($4::text[]) AS dispenser_id,"
    "   unnest($5::bigint[]) AS before, unnest($6::bigint[]) AS last) AS m"
    "  WHERE d.pharmacy_id = $1 AND d.dispenser_id = m.dispenser_id AND d.last_seq = m.before"
    "  RETURNING m.n, d.dispenser_id, d.epoch, d.paused_ms),"
    " kept AS (INSERT INTO events (pharmacy_id, received_ms, seq, event_id, at_ms, type, serial,"
    "   cause, dispenser_id, epoch)"
    "  SELECT $1, $2::bigint, e.seq, e.event_id, e.at_ms, e.type, e.serial, e.cause,"
    "   held.dispenser_id, held.epoch"
    "  FROM (SELECT unnest($7::bigint[]) AS n, unnest($8::bigint[]) AS seq,"
    "   unnest($9::text[]) AS event_id, unnest($10::bigint[]) AS at_ms,"
    "   unnest($11::text[]) AS type, unnest($12::text[]) AS serial,"
    "   unnest($13::text[]) AS cause) AS e JOIN held USING (n))"
    " SELECT n, epoch, paused_ms FROM held";

bool events_keep(const struct scope *scope, struct events_report *reports, size_t count,
                 struct rw_error *err)
{
    const char *literals[MARKS + COLUMNS];
    struct conn_param params[2 + MARKS + COLUMNS] = { conn_text(scope->pharmacy),
                                                      conn_int(scope->now_ms) };
    struct conn_rows rows;
    if (!write_columns(reports, count, scope->arena, literals, err))
        return false;
    for (size_t i = 0; i < MARKS + COLUMNS; i++)
        params[2 + i] = conn_text(literals[i]);
    if (!conn_run(scope->conn, keep_sql, params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    for (size_t i = 0; i < count; i++)
        reports[i].kept = false;
    for (size_t i = 0; i < rows.count; i++) {
        struct events_report *report = &reports[conn_cell_int(&rows, i, 0)];
        report->kept = true;
        report->epoch = conn_cell_int(&rows, i, 1);
        report->paused_ms = conn_cell_int(&rows, i, 2);
    }
    return true;
}

bool events_insert_moment(const struct scope *scope, const struct events_moment *moment,
                          struct rw_error *err)
{
    const struct conn_param params[] = {
        conn_text(scope->pharmacy), conn_text(moment->dispenser_id), conn_text(moment->roll),
        conn_int(moment->n),        conn_text(moment->serial),       conn_text(moment->at),
        conn_int(moment->alarm_ms), conn_int(moment->leaves_ms),
    };
    return conn_run(scope->conn,
                    "INSERT INTO moments"
                    " (pharmacy_id, dispenser_id, roll, n, serial, at, alarm_ms, leaves_ms, state)"
                    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting')"
                    " ON CONFLICT (pharmacy_id, dispenser_id, roll, n) DO UPDATE"
                    " SET serial = $5, at = $6, alarm_ms = $7, leaves_ms = $8, state = 'waiting'"
                    " WHERE moments.state IN ('waiting', 'ended')",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}

bool events_set_leaves(const struct scope *scope, const char *dispenser_id, const char *serial,
                       int64_t leaves_ms, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(dispenser_id),
                                         conn_text(serial), conn_int(leaves_ms) };
    return conn_run(scope->conn,
                    "UPDATE moments SET leaves_ms = $4 WHERE pharmacy_id = $1"
                    " AND dispenser_id = $2 AND roll = left($3, 9) AND serial = $3"
                    " AND state = 'waiting' AND leaves_ms > $4",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}

bool events_end_moments(const struct scope *scope, const char *dispenser_id,
                        const struct schedule *part, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(dispenser_id),
                                         conn_text(part ? part->roll : ""),
                                         conn_int(part ? part->first : 0),
                                         conn_int(part ? part->last : 0) };
    return conn_run(scope->conn,
                    "UPDATE moments SET state = 'ended'"
                    " WHERE pharmacy_id = $1 AND dispenser_id = $2 AND state = 'waiting'"
                    " AND NOT (roll = $3 AND n BETWEEN $4 AND $5)",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}

bool events_end_bag(const struct scope *scope, const char *serial, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(serial) };
    return conn_run(scope->conn,
                    "UPDATE moments SET state = 'ended' WHERE pharmacy_id = $1"
                    " AND roll = left($2, 9) AND serial = $2 AND state = 'waiting'",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}

bool events_excuse(const struct scope *scope, const char *serial, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(serial) };
    return conn_run(scope->conn,
                    "UPDATE moments SET state = 'withheld' WHERE pharmacy_id = $1"
                    " AND roll = left($2, 9) AND serial = $2 AND state = 'missed'",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}

static void take_moment(const struct conn_rows *rows, size_t at, struct events_moment *ret_moment)
{
    *ret_moment = (struct events_moment){ .dispenser_id = conn_cell_text(rows, at, 0),
                                          .roll = conn_cell_text(rows, at, 1),
                                          .n = conn_cell_int(rows, at, 2),
                                          .serial = conn_cell_text(rows, at, 3),
                                          .at = conn_cell_text(rows, at, 4),
                                          .alarm_ms = conn_cell_int(rows, at, 5) };
}

/* A serial begins with the number of its roll, which leads the key. What the statement itself
 * changes is not seen by its own question about the others. */
bool events_settle(const struct scope *scope, const char *dispenser_id, const char *serial,
                   const char *state, struct events_moment *ret_moment, bool *ret_last,
                   struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(dispenser_id),
                                         conn_text(serial), conn_text(state),
                                         conn_int(scope->now_ms) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "UPDATE moments AS m SET state = $4"
                  " WHERE pharmacy_id = $1 AND dispenser_id = $2 AND roll = left($3, 9)"
                  " AND serial = $3 AND (state = 'waiting' OR (state IN ('missed', 'withheld')"
                  "  AND $4 = 'released')) AND ($4 <> 'missed' OR alarm_ms < $5)"
                  " RETURNING dispenser_id, roll, n, serial, at, alarm_ms,"
                  " EXISTS (SELECT 1 FROM moments AS o WHERE o.pharmacy_id = $1"
                  "  AND o.dispenser_id = $2 AND o.roll = m.roll AND o.n <> m.n"
                  "  AND o.state = 'waiting'), coalesce(leaves_ms, 0)",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    struct events_moment moment = { 0 };
    if (rows.count > 0) {
        take_moment(&rows, 0, &moment);
        moment.leaves_ms = conn_cell_int(&rows, 0, 7);
    }
    *ret_moment = moment;
    *ret_last = rows.count > 0 && conn_cell_int(&rows, 0, 6) == 0;
    return true;
}

bool events_state_of(const struct scope *scope, const char *dispenser_id, const char *serial,
                     const char **ret_state, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(dispenser_id),
                                         conn_text(serial) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT state FROM moments WHERE pharmacy_id = $1 AND dispenser_id = $2"
                  " AND roll = left($3, 9) AND serial = $3",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    *ret_state = rows.count > 0 ? conn_cell_text(&rows, 0, 0) : NULL;
    return true;
}

bool events_at_hand(const struct scope *scope, const char *dispenser_id, const char *serial,
                    struct events_moment *ret_moment, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(dispenser_id),
                                         conn_text(serial) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT dispenser_id, roll, CASE WHEN serial = $3 OR state = 'waiting'"
                  "  THEN n ELSE 0 END, serial, at, alarm_ms FROM moments"
                  " WHERE pharmacy_id = $1 AND dispenser_id = $2"
                  " ORDER BY serial = $3 DESC, state = 'waiting' DESC,"
                  " CASE WHEN state = 'waiting' THEN alarm_ms ELSE -alarm_ms END LIMIT 1",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    *ret_moment = (struct events_moment){ 0 };
    if (rows.count == 1)
        take_moment(&rows, 0, ret_moment);
    return true;
}

bool events_is_missed_beside(const struct scope *scope, const struct events_moment *moment,
                             bool *ret_missed, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy),
                                         conn_text(moment->dispenser_id), conn_text(moment->roll),
                                         conn_text(moment->at), conn_int(moment->n) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT 1 FROM moments WHERE pharmacy_id = $1 AND dispenser_id = $2"
                  " AND roll = $3 AND at = $4 AND n <> $5 AND state = 'missed' LIMIT 1",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    *ret_missed = rows.count > 0;
    return true;
}

bool events_overdue(const struct scope *scope, struct events_moment **ret_moments,
                    size_t *ret_count, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_int(scope->now_ms),
                                         conn_int(EVENTS_OVERDUE_MAX) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT m.dispenser_id, m.roll, m.n, m.serial, m.at, m.alarm_ms"
                  " FROM moments AS m WHERE m.pharmacy_id = $1 AND m.state = 'waiting'"
                  " AND m.alarm_ms < $2 AND NOT EXISTS (SELECT 1 FROM dispensers AS d"
                  "  WHERE d.pharmacy_id = m.pharmacy_id AND d.dispenser_id = m.dispenser_id"
                  "  AND d.paused_ms > 0 AND d.paused_ms <= m.alarm_ms)"
                  " ORDER BY m.alarm_ms LIMIT $3 FOR UPDATE OF m SKIP LOCKED",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    struct events_moment *moments = rw_arena_array(scope->arena, rows.count, sizeof *moments, err);
    if (!moments)
        return false;
    for (size_t i = 0; i < rows.count; i++)
        take_moment(&rows, i, &moments[i]);
    *ret_moments = moments;
    *ret_count = rows.count;
    return true;
}

bool events_put_off(const struct scope *scope, const char *dispenser_id, int64_t paused_ms,
                    int64_t resumed_ms, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(dispenser_id),
                                         conn_int(paused_ms), conn_int(resumed_ms) };
    return conn_run(scope->conn,
                    "UPDATE moments SET alarm_ms = $4 + alarm_ms"
                    "  - (extract(epoch FROM at::timestamptz) * 1000)::bigint"
                    " WHERE pharmacy_id = $1 AND dispenser_id = $2 AND state = 'waiting'"
                    " AND alarm_ms >= $3"
                    " AND (extract(epoch FROM at::timestamptz) * 1000)::bigint < $4",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}

bool events_of_roll(const struct scope *scope, const char *roll, struct events_moment **ret_moments,
                    size_t *ret_count, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(roll) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT dispenser_id, roll, n, serial, at, alarm_ms, state FROM moments"
                  " WHERE pharmacy_id = $1 AND roll = $2 ORDER BY n",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    struct events_moment *moments = rw_arena_array(scope->arena, rows.count, sizeof *moments, err);
    if (!moments)
        return false;
    for (size_t i = 0; i < rows.count; i++) {
        take_moment(&rows, i, &moments[i]);
        moments[i].state = conn_cell_text(&rows, i, 6);
    }
    *ret_moments = moments;
    *ret_count = rows.count;
    return true;
}
