/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps messages for others until they are delivered. */
#include "db/outbox.h"

#include "core/base/random.h"

bool outbox_insert(const struct scope *scope, const char *topic, const char *payload,
                   struct rw_error *err)
{
    return outbox_insert_for(scope, topic, payload, scope->now_ms, err);
}

bool outbox_insert_for(const struct scope *scope, const char *topic, const char *payload,
                       int64_t from_ms, struct rw_error *err)
{
    char outbox_id[RW_UUID_TEXT_MAX];
    rw_uuid_make(scope->now_ms, outbox_id);
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(outbox_id),
                                         conn_text(topic), conn_text(payload), conn_int(from_ms) };
    return conn_run(scope->conn,
                    "INSERT INTO outbox"
                    " (pharmacy_id, outbox_id, topic, payload, created_ms, next_ms)"
                    " VALUES ($1, $2, $3, $4, $5, $5)",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}

#define OUTBOX_COLUMNS "created_ms, attempts, exit, number, next_ms, fault, coalesce(dead_ms, 0)"

static bool take_rows(const struct scope *scope, const struct conn_rows *rows, bool payload,
                      struct outbox_row **ret_rows, struct rw_error *err)
{
    struct outbox_row *list = rw_arena_array(scope->arena, rows->count, sizeof *list, err);
    if (!list)
        return false;
    for (size_t i = 0; i < rows->count; i++) {
        list[i] = (struct outbox_row){ .outbox_id = conn_cell_text(rows, i, 0),
                                       .topic = conn_cell_text(rows, i, 1),
                                       .created_ms = conn_cell_int(rows, i, 2),
                                       .attempts = conn_cell_int(rows, i, 3),
                                       .exit = conn_cell_text(rows, i, 4),
                                       .number = conn_cell_int(rows, i, 5),
                                       .next_ms = conn_cell_int(rows, i, 6),
                                       .fault = conn_cell_text(rows, i, 7),
                                       .dead_ms = conn_cell_int(rows, i, 8),
                                       .payload = payload ? conn_cell_text(rows, i, 9) : NULL };
    }
    *ret_rows = list;
    return true;
}

bool outbox_claim(const struct scope *scope, const struct outbox_wanted *wanted, int64_t lease_ms,
                  struct outbox_row **ret_rows, size_t *ret_count, struct rw_error *err)
{
    const struct conn_param params[] = {
        conn_text(scope->pharmacy),   conn_int(scope->now_ms), conn_int(scope->now_ms + lease_ms),
        conn_int(OUTBOX_CLAIMED_MAX), conn_text(wanted->exit), conn_text(wanted->others)
    };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "UPDATE outbox SET next_ms = $3, attempts = attempts + 1"
                  " WHERE pharmacy_id = $1 AND outbox_id IN (SELECT outbox_id FROM outbox"
                  "  WHERE pharmacy_id = $1 AND done_ms IS NULL AND dead_ms IS NULL"
                  "  AND next_ms <= $2 AND CASE WHEN $5::text IS NULL"
                  "   THEN exit <> ALL (string_to_array($6::text, E'\\n')) ELSE exit = $5 END"
                  "  ORDER BY next_ms LIMIT $4 FOR UPDATE SKIP LOCKED)"
                  " RETURNING outbox_id, topic, " OUTBOX_COLUMNS ", payload",
                  params, RW_COUNT(params), scope->arena, &rows, err) ||
        !take_rows(scope, &rows, true, ret_rows, err))
        return false;
    *ret_count = rows.count;
    return true;
}

bool outbox_hurry(const struct scope *scope, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_int(scope->now_ms) };
    return conn_run(scope->conn,
                    "UPDATE outbox SET next_ms = $2 WHERE pharmacy_id = $1 AND done_ms IS NULL"
                    " AND dead_ms IS NULL AND next_ms > $2",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}

bool outbox_renew(const struct scope *scope, struct outbox_row *rows, size_t count,
                  int64_t lease_ms, bool *ret_held, struct rw_error *err)
{
    *ret_held = true;
    for (size_t i = 0; i < count && *ret_held; i++) {
        const int64_t next_ms = scope->now_ms + lease_ms;
        const struct conn_param params[] = { conn_text(scope->pharmacy),
                                             conn_text(rows[i].outbox_id), conn_int(next_ms),
                                             conn_int(rows[i].next_ms) };
        struct conn_rows changed;
        if (!conn_run(scope->conn,
                      "UPDATE outbox SET next_ms = $3 WHERE pharmacy_id = $1 AND outbox_id = $2"
                      " AND next_ms = $4 AND done_ms IS NULL AND dead_ms IS NULL",
                      params, RW_COUNT(params), scope->arena, &changed, err))
            return false;
        *ret_held = changed.affected == 1;
        rows[i].next_ms = next_ms;
    }
    return true;
}

/* The next number of an exit; its row is held until the transaction ends, so that none is given
 * twice. */
static bool next_number(const struct scope *scope, const char *exit, int64_t *ret_number,
                        struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(exit) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "INSERT INTO exits (pharmacy_id, exit, number) VALUES ($1, $2, 1)"
                  " ON CONFLICT (pharmacy_id, exit) DO UPDATE SET number = exits.number + 1"
                  " RETURNING number",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    *ret_number = conn_cell_int(&rows, 0, 0);
    return true;
}

static bool insert_for(const struct scope *scope, const struct outbox_row *row, const char *exit,
                       struct rw_error *err)
{
    char outbox_id[RW_UUID_TEXT_MAX];
    int64_t number = 0;
    rw_uuid_make(scope->now_ms, outbox_id);
    if (!next_number(scope, exit, &number, err))
        return false;
    const struct conn_param params[] = { conn_text(scope->pharmacy),
                                         conn_text(outbox_id),
                                         conn_text(row->topic),
                                         conn_text(row->payload),
                                         conn_int(row->created_ms),
                                         conn_int(scope->now_ms),
                                         conn_text(exit),
                                         conn_int(number) };
    return conn_run(scope->conn,
                    "INSERT INTO outbox (pharmacy_id, outbox_id, topic, payload, created_ms,"
                    " next_ms, exit, number) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}

/* A split whose commit was not answered may have been done: it is not done twice. */
static bool take_unsplit(const struct scope *scope, const char *outbox_id, bool *ret_there,
                         struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(outbox_id) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT 1 FROM outbox WHERE pharmacy_id = $1 AND outbox_id = $2"
                  " AND done_ms IS NULL FOR UPDATE",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    *ret_there = rows.count == 1;
    return true;
}

bool outbox_split(const struct scope *scope, const struct outbox_row *row, const char *const *exits,
                  size_t count, struct rw_error *err)
{
    const struct outbox_try done = { .done = true, .next_ms = scope->now_ms, .fault = "" };
    bool there = false;
    if (!take_unsplit(scope, row->outbox_id, &there, err))
        return false;
    for (size_t i = 0; i < count && there; i++) {
        if (!insert_for(scope, row, exits[i], err))
            return false;
    }
    return !there || outbox_settle(scope, row->outbox_id, &done, err);
}

bool outbox_settle(const struct scope *scope, const char *outbox_id, const struct outbox_try *tried,
                   struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy),
                                         conn_text(outbox_id),
                                         tried->done ? conn_int(scope->now_ms) : conn_text(NULL),
                                         tried->dead ? conn_int(scope->now_ms) : conn_text(NULL),
                                         conn_int(tried->next_ms),
                                         conn_text(tried->fault) };
    return conn_run(scope->conn,
                    "UPDATE outbox SET done_ms = $3, dead_ms = $4, next_ms = $5, fault = $6"
                    " WHERE pharmacy_id = $1 AND outbox_id = $2",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}

bool outbox_count(const struct scope *scope, struct outbox_counts *ret_counts, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_int(scope->now_ms) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT w.waiting, (SELECT count(*) FROM outbox WHERE pharmacy_id = $1"
                  "  AND dead_ms IS NOT NULL), w.oldest_ms FROM (SELECT count(*) AS waiting,"
                  "  coalesce(greatest($2::bigint - min(created_ms), 0), 0) AS oldest_ms"
                  "  FROM outbox WHERE pharmacy_id = $1 AND done_ms IS NULL AND dead_ms IS NULL)"
                  " AS w",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    ret_counts->waiting = conn_cell_int(&rows, 0, 0);
    ret_counts->dead = conn_cell_int(&rows, 0, 1);
    ret_counts->oldest_ms = conn_cell_int(&rows, 0, 2);
    return true;
}

bool outbox_find(const struct scope *scope, bool dead, struct outbox_row **ret_rows,
                 size_t *ret_count, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_int(dead ? 1 : 0),
                                         conn_int(OUTBOX_LISTED_MAX) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT outbox_id, topic, " OUTBOX_COLUMNS " FROM outbox WHERE pharmacy_id = $1"
                  " AND done_ms IS NULL AND (dead_ms IS NOT NULL) = ($2::bigint = 1)"
                  " ORDER BY created_ms, outbox_id LIMIT $3",
                  params, RW_COUNT(params), scope->arena, &rows, err) ||
        !take_rows(scope, &rows, false, ret_rows, err))
        return false;
    *ret_count = rows.count;
    return true;
}

bool outbox_revive(const struct scope *scope, const char *outbox_id, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(outbox_id),
                                         conn_int(scope->now_ms) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "UPDATE outbox SET next_ms = $3, dead_ms = NULL, attempts = 0"
                  " WHERE pharmacy_id = $1 AND outbox_id = $2 AND done_ms IS NULL",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    return rows.affected == 1 ||
           rw_error_set(err, RW_NOT_FOUND, "", "there is no message \"%s\" to be tried", outbox_id);
}

bool outbox_revive_dead(const struct scope *scope, int64_t *ret_count, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_int(scope->now_ms) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "UPDATE outbox SET next_ms = $2, dead_ms = NULL, attempts = 0"
                  " WHERE pharmacy_id = $1 AND done_ms IS NULL AND dead_ms IS NOT NULL",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    *ret_count = (int64_t)rows.affected;
    return true;
}

bool outbox_beat(const struct scope *scope, int64_t period_ms, bool *ret_due, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_int(scope->now_ms),
                                         conn_int(scope->now_ms - period_ms) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "INSERT INTO exits (pharmacy_id, exit, beat_ms) VALUES ($1, '', $2)"
                  " ON CONFLICT (pharmacy_id, exit) DO UPDATE SET beat_ms = $2"
                  " WHERE exits.beat_ms <= $3 OR exits.beat_ms > $2", /* the clock was set back */
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    *ret_due = rows.affected == 1;
    return true;
}
