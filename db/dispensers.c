/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps dispensers and the signed schedules they download. */
#include "db/dispensers.h"

#include <string.h>

#include "core/base/random.h"
#include "core/base/text.h"
#include "db/pauses.h"

#define NAME_LITERAL_MAX 68           /* an id, its quotes and a comma */
#define CHANGES_KEPT_MS (3600 * 1000) /* far longer than any node's overlap */

bool dispensers_enrol(const struct scope *scope, const char *dispenser_id, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(dispenser_id),
                                         conn_int(scope->now_ms) };
    const struct conn_param forget[] = { conn_text(scope->pharmacy), conn_text(dispenser_id) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "INSERT INTO dispensers (pharmacy_id, dispenser_id, created_ms)"
                  " VALUES ($1, $2, $3)"
                  " ON CONFLICT (pharmacy_id, dispenser_id) DO NOTHING",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    if (rows.affected == 1)
        return true;
    return conn_run(scope->conn,
                    "UPDATE dispensers SET last_seq = 0, epoch = epoch + 1, paused_ms = 0"
                    " WHERE pharmacy_id = $1 AND dispenser_id = $2",
                    forget, RW_COUNT(forget), scope->arena, NULL, err);
}

static struct dispensers_row take_row(const struct conn_rows *rows, size_t at)
{
    return (struct dispensers_row){ .dispenser_id = conn_cell_text(rows, at, 0),
                                    .version = conn_cell_int(rows, at, 1),
                                    .epoch = conn_cell_int(rows, at, 2),
                                    .last_seq = conn_cell_int(rows, at, 3),
                                    .seen_ms = conn_cell_int(rows, at, 4),
                                    .paused_ms = conn_cell_int(rows, at, 5) };
}

bool dispensers_get(const struct scope *scope, const char *dispenser_id,
                    struct dispensers_row *ret_row, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(dispenser_id) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT dispenser_id, version, epoch, last_seq, seen_ms, paused_ms"
                  " FROM dispensers"
                  " WHERE pharmacy_id = $1 AND dispenser_id = $2 FOR UPDATE",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    if (rows.count == 0)
        return rw_error_set(err, RW_NOT_FOUND, "", "there is no dispenser \"%s\"", dispenser_id);
    *ret_row = take_row(&rows, 0);
    return true;
}

/* ids: letters, digits and . _ - alone */
static bool write_list(const char *const *names, size_t count, struct rw_arena *arena,
                       const char **ret_list, struct rw_error *err)
{
    struct rw_text text;
    rw_text_init(&text, arena, count * NAME_LITERAL_MAX + 3);
    rw_text_add(&text, "{");
    for (size_t i = 0; i < count; i++) {
        rw_text_add(&text, i > 0 ? ",\"" : "\"");
        rw_text_add(&text, names[i]);
        rw_text_add_char(&text, '"');
    }
    rw_text_add(&text, "}");
    return rw_text_finish(&text, ret_list, err);
}

static const struct conn_rows *find_name(const struct conn_rows *rows, const char *name,
                                         size_t *ret_at)
{
    for (size_t i = 0; i < rows->count; i++) {
        if (rw_text_equal(conn_cell_text(rows, i, 0), name)) {
            *ret_at = i;
            return rows;
        }
    }
    return NULL;
}

bool dispensers_update(const struct scope *scope, const struct dispensers_row *row,
                       struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(row->dispenser_id),
                                         conn_int(row->version), conn_int(row->last_seq),
                                         conn_int(row->seen_ms) };
    return conn_run(scope->conn,
                    "UPDATE dispensers SET version = $3, last_seq = $4, seen_ms = $5"
                    " WHERE pharmacy_id = $1 AND dispenser_id = $2",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}

bool dispensers_set_paused(const struct scope *scope, const char *dispenser_id, int64_t paused_ms,
                           struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(dispenser_id),
                                         conn_int(paused_ms) };
    return conn_run(scope->conn,
                    "UPDATE dispensers SET paused_ms = $3"
                    " WHERE pharmacy_id = $1 AND dispenser_id = $2",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}

bool dispensers_heard(const struct scope *scope, const char *const *names, size_t count,
                      int64_t fine_ms, struct rw_error *err)
{
    const char *list = NULL;
    if (!write_list(names, count, scope->arena, &list, err))
        return false;
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(list),
                                         conn_int(scope->now_ms),
                                         conn_int(scope->now_ms - fine_ms) };
    return conn_run(scope->conn,
                    "UPDATE dispensers SET heard_ms = $3"
                    " WHERE pharmacy_id = $1 AND dispenser_id = ANY ($2::text[])"
                    " AND heard_ms < $4",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}

bool dispensers_silent(const struct scope *scope, int64_t since_ms,
                       struct dispensers_silent **ret_silent, size_t *ret_count,
                       struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_int(since_ms),
                                         conn_int(DISPENSERS_SILENT_MAX), conn_int(scope->now_ms) };
    struct conn_rows rows;
    if (!conn_run(
            scope->conn,
            "SELECT d.dispenser_id, d.heard_ms, s.roll, c.pseudonym FROM dispensers AS d"
            " JOIN schedules AS s ON s.pharmacy_id = d.pharmacy_id"
            "  AND s.dispenser_id = d.dispenser_id AND s.version = d.version"
            " JOIN rolls AS r ON r.pharmacy_id = s.pharmacy_id AND r.roll = s.roll"
            " JOIN clients AS c ON c.pharmacy_id = r.pharmacy_id"
            "  AND c.client_id = r.client_id"
            " WHERE d.pharmacy_id = $1 AND d.heard_ms < $2 AND s.at_ms < $2"
            " AND d.paused_ms = 0 AND NOT EXISTS (SELECT 1 FROM pauses AS p"
            "  WHERE p.pharmacy_id = r.pharmacy_id AND p.client_id = r.client_id"
            "  AND p.from_ms <= $4 AND " PAUSES_END(
                "p") " > $4)"
                     " AND EXISTS (SELECT 1 FROM moments AS m WHERE m.pharmacy_id = d.pharmacy_id"
                     "  AND m.dispenser_id = d.dispenser_id AND m.state = 'waiting')"
                     " AND NOT EXISTS (SELECT 1 FROM alarms AS a"
                     "  WHERE a.pharmacy_id = d.pharmacy_id AND a.dedupe_key ="
                     "  'silent:' || d.dispenser_id || ':' || d.heard_ms)"
                     " ORDER BY d.heard_ms LIMIT $3",
            params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    struct dispensers_silent *silent =
        rw_arena_array(scope->arena, rows.count, sizeof *silent, err);
    if (!silent)
        return false;
    for (size_t i = 0; i < rows.count; i++)
        silent[i] = (struct dispensers_silent){ .dispenser_id = conn_cell_text(&rows, i, 0),
                                                .heard_ms = conn_cell_int(&rows, i, 1),
                                                .roll = conn_cell_text(&rows, i, 2),
                                                .pseudonym = conn_cell_text(&rows, i, 3) };
    *ret_silent = silent;
    *ret_count = rows.count;
    return true;
}

bool dispensers_insert_schedule(const struct scope *scope,
                                const struct dispensers_schedule *schedule, struct rw_error *err)
{
    const struct conn_param params[] = {
        conn_text(scope->pharmacy),
        conn_text(schedule->dispenser_id),
        conn_int(schedule->version),
        conn_text(schedule->roll),
        conn_int(schedule->roll_version),
        conn_int(scope->now_ms),
        conn_bytes(schedule->bytes, schedule->length),
    };
    return conn_run(scope->conn,
                    "INSERT INTO schedules"
                    " (pharmacy_id, dispenser_id, version, roll, roll_version, at_ms, bytes)"
                    " VALUES ($1, $2, $3, $4, $5, $6, $7)",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}

bool dispensers_find_schedules(const struct scope *scope, const char *const *names, size_t count,
                               struct dispensers_schedule *ret_schedules, struct rw_error *err)
{
    const char *list = NULL;
    struct conn_rows rows;
    if (!write_list(names, count, scope->arena, &list, err))
        return false;
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(list) };
    if (!conn_run(scope->conn,
                  "SELECT d.dispenser_id, s.version, s.roll, s.roll_version, s.bytes,"
                  " s.fetched_ms IS NOT NULL"
                  " FROM dispensers AS d JOIN schedules AS s ON s.pharmacy_id = d.pharmacy_id"
                  " AND s.dispenser_id = d.dispenser_id AND s.version = d.version"
                  " WHERE d.pharmacy_id = $1 AND d.dispenser_id = ANY ($2::text[])",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        size_t at = 0;
        ret_schedules[i] = (struct dispensers_schedule){ .dispenser_id = names[i] };
        if (!find_name(&rows, names[i], &at))
            continue;
        ret_schedules[i].version = conn_cell_int(&rows, at, 1);
        ret_schedules[i].roll = conn_cell_text(&rows, at, 2);
        ret_schedules[i].roll_version = conn_cell_int(&rows, at, 3);
        ret_schedules[i].bytes = conn_cell_bytes(&rows, at, 4).bytes;
        ret_schedules[i].length = conn_cell_bytes(&rows, at, 4).length;
        ret_schedules[i].downloaded = conn_cell_int(&rows, at, 5) != 0;
    }
    return true;
}

bool dispensers_find_schedule(const struct scope *scope, const char *dispenser_id,
                              struct dispensers_schedule *ret_schedule, struct rw_error *err)
{
    return dispensers_find_schedules(scope, &dispenser_id, 1, ret_schedule, err);
}

bool dispensers_find_version(const struct scope *scope, const char *dispenser_id,
                             int64_t *ret_version, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(dispenser_id) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT version FROM dispensers WHERE pharmacy_id = $1 AND dispenser_id = $2",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    *ret_version = rows.count == 1 ? conn_cell_int(&rows, 0, 0) : 0;
    return true;
}

bool dispensers_download(const struct scope *scope, const struct dispensers_schedule *schedule,
                         const char **ret_pseudonym, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy),
                                         conn_text(schedule->dispenser_id),
                                         conn_int(schedule->version), conn_int(scope->now_ms) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "UPDATE schedules AS s SET fetched_ms = $4 FROM rolls AS r, clients AS c"
                  " WHERE s.pharmacy_id = $1 AND s.dispenser_id = $2 AND s.version = $3"
                  " AND s.fetched_ms IS NULL AND r.pharmacy_id = $1 AND r.roll = s.roll"
                  " AND c.pharmacy_id = $1 AND c.client_id = r.client_id RETURNING c.pseudonym",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    *ret_pseudonym = rows.count == 1 ? conn_cell_text(&rows, 0, 0) : NULL;
    return true;
}

/* "pharmacy dispenser version": all nodes at a database hear it. Ids have no spaces. */
static bool notify(const struct scope *scope, const char *dispenser_id, int64_t version,
                   struct rw_error *err)
{
    const char *hint = rw_arena_format(scope->arena, err, "%s %s %lld", scope->pharmacy,
                                       dispenser_id, (long long)version);
    return hint && conn_notify(scope->conn, hint, err);
}

bool dispensers_read_hint(const char *hint, const char *pharmacy, struct rw_arena *arena,
                          struct dispensers_change *ret_change)
{
    struct rw_error ignored = { 0 }; /* without memory the table tells it */
    const size_t skipped = strlen(pharmacy);
    int64_t version = 0;
    if (strncmp(hint, pharmacy, skipped) != 0 || hint[skipped] != ' ')
        return false;
    const char *name = hint + skipped + 1;
    const size_t length = strcspn(name, " ");
    if (length == 0 || !name[length] || !rw_text_to_int(name + length + 1, 1, INT64_MAX, &version))
        return false;
    const char *dispenser = rw_arena_text_n(arena, name, length, &ignored);
    if (!dispenser)
        return false;
    *ret_change =
        (struct dispensers_change){ .dispenser_id = dispenser, .version = version, .refusal = "" };
    return true;
}

bool dispensers_announce(const struct scope *scope, const char *dispenser_id, int64_t version,
                         struct rw_error *err)
{
    char change_id[RW_UUID_TEXT_MAX];
    rw_uuid_make(scope->now_ms, change_id);
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(change_id),
                                         conn_int(scope->now_ms), conn_text(dispenser_id),
                                         conn_int(version) };
    const struct conn_param old[] = { conn_text(scope->pharmacy),
                                      conn_int(scope->now_ms - CHANGES_KEPT_MS) };
    return conn_run(scope->conn,
                    "INSERT INTO schedule_change"
                    " (pharmacy_id, change_id, at_ms, dispenser_id, version)"
                    " VALUES ($1, $2, $3, $4, $5)",
                    params, RW_COUNT(params), scope->arena, NULL, err) &&
           conn_run(scope->conn,
                    "DELETE FROM schedule_change WHERE pharmacy_id = $1 AND at_ms < $2", old,
                    RW_COUNT(old), scope->arena, NULL, err) &&
           notify(scope, dispenser_id, version, err);
}

bool dispensers_changes(const struct scope *scope, int64_t since_ms,
                        struct dispensers_change **ret_changes, size_t *ret_count,
                        struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_int(since_ms),
                                         conn_int(DISPENSERS_CHANGES_MAX) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT dispenser_id, max(version), count(*) FILTER (WHERE version = 0),"
                  " coalesce(max(change_id) FILTER (WHERE version = 0), '') FROM schedule_change"
                  " WHERE pharmacy_id = $1 AND at_ms >= $2 GROUP BY dispenser_id LIMIT $3",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    struct dispensers_change *changes =
        rw_arena_array(scope->arena, rows.count, sizeof *changes, err);
    if (!changes)
        return false;
    for (size_t i = 0; i < rows.count; i++) {
        changes[i].dispenser_id = conn_cell_text(&rows, i, 0);
        changes[i].version = conn_cell_int(&rows, i, 1);
        changes[i].refusals = conn_cell_int(&rows, i, 2);
        changes[i].refusal = conn_cell_text(&rows, i, 3);
    }
    *ret_changes = changes;
    *ret_count = rows.count;
    return true;
}
