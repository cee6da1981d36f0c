/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps rolls: their state, and every version's document. */
#include "db/rolls.h"

#define ROW_COLUMNS                                                                           \
    "r.roll, r.client_id, c.pseudonym, r.version, r.state, r.from_day, r.days, r.policy,"     \
    " r.products, r.approved_by, r.counted_by, r.released_by, r.dispenser_id, r.client_name," \
    " r.changed_ms, r.created_ms, coalesce(r.documents, -1), r.printed_by"
#define FROM_ROLLS                       \
    " FROM rolls AS r JOIN clients AS c" \
    " ON c.pharmacy_id = r.pharmacy_id AND c.client_id = r.client_id WHERE r.pharmacy_id = $1"

static bool take_row(const struct conn_rows *rows, size_t at, struct rolls_row *ret_row,
                     struct rw_error *err)
{
    struct rolls_row row = {
        .number = conn_cell_text(rows, at, 0),
        .client_id = conn_cell_text(rows, at, 1),
        .pseudonym = conn_cell_text(rows, at, 2),
        .version = conn_cell_int(rows, at, 3),
        .from_day = conn_cell_int(rows, at, 5),
        .days = conn_cell_int(rows, at, 6),
        .policy = conn_cell_int(rows, at, 7),
        .products = conn_cell_int(rows, at, 8),
        .approved_by = conn_cell_text(rows, at, 9),
        .counted_by = conn_cell_text(rows, at, 10),
        .released_by = conn_cell_text(rows, at, 11),
        .dispenser_id = conn_cell_text(rows, at, 12),
        .client_name = conn_cell_text(rows, at, 13),
        .changed_ms = conn_cell_int(rows, at, 14),
        .created_ms = conn_cell_int(rows, at, 15),
        .documents = conn_cell_int(rows, at, 16),
        .printed_by = conn_cell_text(rows, at, 17),
    };
    if (!roll_state_from_word(conn_cell_text(rows, at, 4), &row.state))
        return rw_error_set(err, RW_BUG, "", "roll %s has a state that is no word", row.number);
    *ret_row = row;
    return true;
}

bool rolls_insert(const struct scope *scope, const struct rolls_row *row, struct rw_error *err)
{
    const struct conn_param params[] = {
        conn_text(scope->pharmacy),  conn_text(row->number),
        conn_text(row->client_id),   conn_int(row->version),
        conn_int(row->from_day),     conn_int(row->days),
        conn_int(row->policy),       conn_int(row->products),
        conn_int(scope->now_ms),     conn_text(roll_state_word(row->state)),
        conn_text(row->client_name), conn_int(row->documents),
    };
    return conn_run(scope->conn,
                    "INSERT INTO rolls (pharmacy_id, roll, client_id, version, from_day, days,"
                    " policy, products, created_ms, changed_ms, state, client_name,"
                    " documents) VALUES"
                    " ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, coalesce($11, ''), $12)",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}

bool rolls_get(const struct scope *scope, const char *number, bool lock, struct rolls_row *ret_row,
               struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(number) };
    const char *sql = lock ? "SELECT " ROW_COLUMNS FROM_ROLLS " AND r.roll = $2 FOR UPDATE OF r"
                           : "SELECT " ROW_COLUMNS FROM_ROLLS " AND r.roll = $2";
    struct conn_rows rows;
    if (!conn_run(scope->conn, sql, params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    if (rows.count == 0)
        return rw_error_set(err, RW_NOT_FOUND, "", "there is no roll \"%s\"", number);
    return take_row(&rows, 0, ret_row, err);
}

bool rolls_update(const struct scope *scope, const struct rolls_row *row, struct rw_error *err)
{
    const struct conn_param params[] = {
        conn_text(scope->pharmacy),   conn_text(row->number),
        conn_int(row->version),       conn_text(roll_state_word(row->state)),
        conn_int(scope->now_ms),      conn_text(row->approved_by),
        conn_text(row->counted_by),   conn_text(row->released_by),
        conn_text(row->dispenser_id), conn_text(row->printed_by),
    };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "UPDATE rolls SET version = $3, state = $4, changed_ms = $5, approved_by = $6,"
                  " counted_by = $7, released_by = $8, dispenser_id = $9, printed_by = $10"
                  " WHERE pharmacy_id = $1 AND roll = $2",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    if (rows.affected != 1)
        return rw_error_set(err, RW_BUG, "", "roll %s was not there to be changed", row->number);
    return true;
}

bool rolls_insert_version(const struct scope *scope, const char *number,
                          const struct rolls_document *document, struct rw_error *err)
{
    const struct conn_param params[] = {
        conn_text(scope->pharmacy),
        conn_text(number),
        conn_int(document->version),
        conn_int(scope->now_ms),
        conn_text(scope->actor),
        conn_text(document->fingerprint),
        conn_bytes(document->bytes, document->length),
    };
    return conn_run(scope->conn,
                    "INSERT INTO roll_versions"
                    " (pharmacy_id, roll, version, at_ms, actor, fingerprint, bytes)"
                    " VALUES ($1, $2, $3, $4, $5, $6, $7)",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}

bool rolls_get_version(const struct scope *scope, const char *number, int64_t version,
                       struct rolls_document *ret_document, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(number),
                                         conn_int(version) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT fingerprint, bytes FROM roll_versions"
                  " WHERE pharmacy_id = $1 AND roll = $2 AND version = $3",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    if (rows.count == 0)
        return rw_error_set(err, RW_NOT_FOUND, "", "roll \"%s\" has no such version", number);
    struct conn_cell bytes = conn_cell_bytes(&rows, 0, 1);
    *ret_document = (struct rolls_document){ .version = version,
                                             .fingerprint = conn_cell_text(&rows, 0, 0),
                                             .bytes = bytes.bytes,
                                             .length = bytes.length };
    return true;
}

bool rolls_planned_by(const struct scope *scope, const char *number, const char **ret_person,
                      struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(number) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT actor FROM roll_versions WHERE pharmacy_id = $1 AND roll = $2"
                  " ORDER BY version LIMIT 1",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    if (rows.count == 0)
        return rw_error_set(err, RW_NOT_FOUND, "", "roll \"%s\" has no such version", number);
    *ret_person = conn_cell_text(&rows, 0, 0);
    return true;
}

bool rolls_is_remaker(const struct scope *scope, const char *number, bool *ret_is,
                      struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(number),
                                         conn_text(scope->actor) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT count(*) FROM roll_versions WHERE pharmacy_id = $1 AND roll = $2"
                  " AND version > 1 AND actor = $3",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    *ret_is = conn_cell_int(&rows, 0, 0) > 0;
    return true;
}

bool rolls_insert_override(const struct scope *scope, const struct rolls_row *row,
                           const struct rolls_override *override, struct rw_error *err)
{
    const struct conn_param params[] = {
        conn_text(scope->pharmacy),  conn_text(row->number),  conn_int(row->version),
        conn_int(override->finding), conn_text(override->id), conn_text(scope->actor),
        conn_text(override->reason), conn_int(scope->now_ms),
    };
    return conn_run(scope->conn,
                    "INSERT INTO overrides"
                    " (pharmacy_id, roll, version, finding, id, actor, reason, at_ms)"
                    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}

static bool take_list(const struct scope *scope, const struct conn_rows *rows,
                      struct rolls_list *ret_list, struct rw_error *err)
{
    struct rolls_list list = { .count = rows->count };
    list.rows = rw_arena_array(scope->arena, rows->count, sizeof *list.rows, err);
    if (!list.rows)
        return false;
    for (size_t i = 0; i < rows->count; i++) {
        if (!take_row(rows, i, &list.rows[i], err))
            return false;
    }
    *ret_list = list;
    return true;
}

bool rolls_find(const struct scope *scope, const char *client_id, struct rolls_list *ret_list,
                struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(client_id),
                                         conn_int(ROLLS_LISTED_MAX) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT " ROW_COLUMNS FROM_ROLLS
                  " AND ($2::text IS NULL OR r.client_id = $2::text)"
                  " ORDER BY r.created_ms DESC, r.roll LIMIT $3",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    return take_list(scope, &rows, ret_list, err);
}

/* By position and not by LIKE: what a person types has no signs that stand for others. */
bool rolls_look_for(const struct scope *scope, const struct rolls_search *search,
                    struct rolls_list *ret_list, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(search->text),
                                         conn_text(search->state), conn_int(search->limit) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT " ROW_COLUMNS FROM_ROLLS
                  " AND ($2::text = '' OR r.roll = $2::text OR r.client_id = $2::text"
                  "  OR position(lower($2::text) IN lower(r.client_name)) > 0)"
                  " AND ($3::text = '' OR r.state = $3::text)"
                  " ORDER BY r.changed_ms DESC, r.roll LIMIT $4",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    return take_list(scope, &rows, ret_list, err);
}

bool rolls_find_overrides(const struct scope *scope, const struct rolls_row *row,
                          struct rolls_overrides **ret_overrides, size_t *ret_count,
                          struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(row->number),
                                         conn_int(row->version) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT id, actor, reason, at_ms FROM overrides"
                  " WHERE pharmacy_id = $1 AND roll = $2 AND version <= $3"
                  " ORDER BY version, finding",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    struct rolls_overrides *overrides =
        rw_arena_array(scope->arena, rows.count, sizeof *overrides, err);
    if (!overrides)
        return false;
    for (size_t i = 0; i < rows.count; i++)
        overrides[i] =
            (struct rolls_overrides){ conn_cell_text(&rows, i, 0), conn_cell_text(&rows, i, 1),
                                      conn_cell_text(&rows, i, 2), conn_cell_int(&rows, i, 3) };
    *ret_overrides = overrides;
    *ret_count = rows.count;
    return true;
}
