/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps who is signed in, and slows down those who guess. */
#include "db/sessions.h"

#include "core/base/crypto.h"
#include "core/base/text.h"

#define WAIT_MS INT64_C(30000) /* after the first try too many; then twice as long each time */
#define WAIT_DOUBLED_MAX 5     /* so at most 16 minutes */
#define WAIT_MS_MAX (WAIT_MS << WAIT_DOUBLED_MAX)
#define FORGET_MS (INT64_C(3600) * 1000) /* a quiet hour */

bool sessions_insert(const struct scope *scope, const char *hash, const char *person_id,
                     struct rw_error *err)
{
    const struct conn_param over[] = { conn_text(scope->pharmacy), conn_text(person_id),
                                       conn_int(scope->now_ms - SESSIONS_AGE_MS),
                                       conn_int(scope->now_ms - SESSIONS_IDLE_MS),
                                       conn_int(scope->now_ms + SESSIONS_AHEAD_MS) };
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(hash),
                                         conn_text(person_id), conn_text(scope->source),
                                         conn_int(scope->now_ms) };
    return conn_run(scope->conn,
                    "DELETE FROM sessions WHERE pharmacy_id = $1 AND person_id = $2"
                    " AND (created_ms <= $3 OR seen_ms <= $4 OR created_ms > $5 OR seen_ms > $5)",
                    over, RW_COUNT(over), scope->arena, NULL, err) &&
           conn_run(scope->conn,
                    "INSERT INTO sessions"
                    " (pharmacy_id, session_hash, person_id, source, created_ms, seen_ms)"
                    " VALUES ($1, $2, $3, $4, $5, $5)",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}

bool sessions_find(const struct scope *scope, const char *hash, struct sessions_row *ret_row,
                   struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(hash),
                                         conn_int(scope->now_ms - SESSIONS_AGE_MS),
                                         conn_int(scope->now_ms - SESSIONS_IDLE_MS),
                                         conn_int(scope->now_ms + SESSIONS_AHEAD_MS) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT p.person_id, p.name, p.role, p.language,"
                  " (p.totp_nonce IS NOT NULL)::int::bigint, s.seen_ms"
                  " FROM sessions AS s JOIN persons AS p"
                  " ON p.pharmacy_id = s.pharmacy_id AND p.person_id = s.person_id"
                  " WHERE s.pharmacy_id = $1 AND s.session_hash = $2 AND s.created_ms > $3"
                  " AND s.seen_ms > $4 AND s.created_ms <= $5 AND s.seen_ms <= $5"
                  " AND p.ended_ms IS NULL",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    struct sessions_row row = { 0 };
    if (rows.count == 1) {
        row.person_id = conn_cell_text(&rows, 0, 0);
        row.name = conn_cell_text(&rows, 0, 1);
        row.role = conn_cell_text(&rows, 0, 2);
        row.language = conn_cell_text(&rows, 0, 3);
        row.enrolled = conn_cell_int(&rows, 0, 4) == 1;
        row.seen_ms = conn_cell_int(&rows, 0, 5);
    }
    *ret_row = row;
    return true;
}

bool sessions_touch(const struct scope *scope, const char *hash, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(hash),
                                         conn_int(scope->now_ms) };
    return conn_run(scope->conn,
                    "UPDATE sessions SET seen_ms = greatest(seen_ms, $3)"
                    " WHERE pharmacy_id = $1 AND session_hash = $2",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}

bool sessions_end(const struct scope *scope, const char *hash, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(hash) };
    return conn_run(scope->conn,
                    "DELETE FROM sessions WHERE pharmacy_id = $1 AND session_hash = $2", params,
                    RW_COUNT(params), scope->arena, NULL, err);
}

bool sessions_end_all(const struct scope *scope, const char *person_id, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(person_id) };
    return conn_run(scope->conn, "DELETE FROM sessions WHERE pharmacy_id = $1 AND person_id = $2",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}

bool sessions_find_over(const struct scope *scope, const char *const *hashes, size_t count,
                        const char ***ret_over, size_t *ret_count, struct rw_error *err)
{
    struct rw_text text;
    const char *list = NULL;
    struct conn_rows rows;
    rw_text_init(&text, scope->arena, count * (RW_HEX_SHA256_MAX + 1) + 3);
    rw_text_add(&text, "{");
    for (size_t i = 0; i < count; i++)
        rw_text_format(&text, "%s%s", i > 0 ? "," : "", hashes[i]);
    rw_text_add(&text, "}");
    if (!rw_text_finish(&text, &list, err))
        return false;
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(list),
                                         conn_int(scope->now_ms - SESSIONS_AGE_MS),
                                         conn_int(scope->now_ms - SESSIONS_IDLE_MS),
                                         conn_int(scope->now_ms + SESSIONS_AHEAD_MS) };
    if (!conn_run(scope->conn,
                  "SELECT DISTINCT h FROM unnest($2::text[]) AS h WHERE NOT EXISTS (SELECT 1"
                  "  FROM sessions AS s JOIN persons AS p"
                  "  ON p.pharmacy_id = s.pharmacy_id AND p.person_id = s.person_id"
                  "  WHERE s.pharmacy_id = $1 AND s.session_hash = h AND s.created_ms > $3"
                  "  AND s.seen_ms > $4 AND s.created_ms <= $5 AND s.seen_ms <= $5"
                  "  AND p.ended_ms IS NULL)"
                  " AND NOT EXISTS (SELECT 1 FROM tokens AS t WHERE t.pharmacy_id = $1"
                  "  AND t.token_hash = h AND t.revoked_ms IS NULL)",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    const char **over = rw_arena_array(scope->arena, rows.count, sizeof *over, err);
    if (!over)
        return false;
    for (size_t i = 0; i < rows.count; i++)
        over[i] = conn_cell_text(&rows, i, 0);
    *ret_over = over;
    *ret_count = rows.count;
    return true;
}

/* One that lies further ahead than any of ours was written by a clock that was set back since. */
static bool find_wait(const struct scope *scope, const char *key_hash, int64_t *ret_wait_ms,
                      struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(key_hash) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT until_ms FROM attempts WHERE pharmacy_id = $1 AND key_hash = $2"
                  " FOR UPDATE",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    int64_t until_ms = rows.count == 1 ? conn_cell_int(&rows, 0, 0) : 0;
    int64_t wait_ms = until_ms - scope->now_ms;
    *ret_wait_ms = wait_ms > 0 && wait_ms <= WAIT_MS_MAX ? wait_ms : 0;
    return true;
}

bool sessions_try(const struct scope *scope, const char *key_hash, int64_t free,
                  int64_t *ret_wait_ms, struct rw_error *err)
{
    int64_t wait_ms = 0;
    if (!find_wait(scope, key_hash, &wait_ms, err))
        return false;
    *ret_wait_ms = wait_ms;
    if (wait_ms > 0)
        return true;
    const struct conn_param params[] = {
        conn_text(scope->pharmacy), conn_text(key_hash), conn_int(scope->now_ms),
        conn_int(FORGET_MS),        conn_int(free),      conn_int(WAIT_MS),
        conn_int(WAIT_DOUBLED_MAX),
    };
    return conn_run(scope->conn,
                    "INSERT INTO attempts AS a (pharmacy_id, key_hash, count, at_ms, until_ms)"
                    " VALUES ($1, $2, 1, $3, 0) ON CONFLICT (pharmacy_id, key_hash) DO UPDATE"
                    " SET at_ms = $3,"
                    " count = CASE WHEN a.at_ms < $3 - $4::bigint THEN 1 ELSE a.count + 1 END,"
                    " until_ms = CASE WHEN a.at_ms < $3 - $4::bigint OR a.count + 1 < $5::bigint"
                    "  THEN 0 ELSE $3 + $6::bigint"
                    "  * (1::bigint << least(a.count + 1 - $5::bigint, $7::bigint)::int) END",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}

bool sessions_forgive(const struct scope *scope, const char *key_hash, bool all,
                      struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(key_hash),
                                         conn_int(all ? 1 : 0) };
    return conn_run(scope->conn,
                    "UPDATE attempts SET until_ms = 0,"
                    " count = CASE WHEN $3::bigint = 1 THEN 0 ELSE greatest(count - 1, 0) END"
                    " WHERE pharmacy_id = $1 AND key_hash = $2",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}
