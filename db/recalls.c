/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps which batches lie in which rolls, and what was taken back. */
#include "db/recalls.h"

#include <string.h>

#include "core/base/text.h"

#define BETWEEN ", " /* two batches of one product, as the product table joins them */

/* One batch of several, from `*at` on; false when there is none left. */
static bool next_lot(const char **at, char ret_lot[RECALLS_LOT_MAX])
{
    const char *end = NULL;
    size_t length = 0;
    if (*at == NULL || **at == '\0')
        return false;
    end = strstr(*at, BETWEEN);
    length = end ? (size_t)(end - *at) : strlen(*at);
    size_t kept = length < RECALLS_LOT_MAX ? length : RECALLS_LOT_MAX - 1;
    memcpy(ret_lot, *at, kept);
    ret_lot[kept] = '\0';
    *at = end ? end + strlen(BETWEEN) : *at + length;
    return true;
}

bool recalls_has_lot(const char *lots, const char *lot)
{
    char one[RECALLS_LOT_MAX];
    while (next_lot(&lots, one)) {
        if (rw_text_equal(one, lot))
            return true;
    }
    return false;
}

static bool note_content(const struct scope *scope, const char *roll,
                         const struct bag_content *content, struct rw_error *err)
{
    char one[RECALLS_LOT_MAX];
    const char *lots = content->lot;
    while (next_lot(&lots, one)) {
        const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(one),
                                             conn_text(content->product), conn_text(roll) };
        if (!conn_run(scope->conn,
                      "INSERT INTO roll_lots (pharmacy_id, lot, product, roll)"
                      " VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
                      params, RW_COUNT(params), scope->arena, NULL, err))
            return false;
    }
    return true;
}

/* Did an earlier bag of the roll hold the same batches of the same product? */
static bool is_noted(const struct roll *roll, size_t before, const struct bag_content *content)
{
    for (size_t i = 0; i < before; i++) {
        for (size_t k = 0; k < roll->bags[i].content_count; k++) {
            const struct bag_content *other = &roll->bags[i].contents[k];
            if (rw_text_equal(other->product, content->product) &&
                rw_text_equal(other->lot, content->lot))
                return true;
        }
    }
    return false;
}

bool recalls_note_lots(const struct scope *scope, const struct roll *roll, struct rw_error *err)
{
    for (size_t i = 0; i < roll->bag_count; i++) {
        for (size_t k = 0; k < roll->bags[i].content_count; k++) {
            const struct bag_content *content = &roll->bags[i].contents[k];
            if (content->lot && !is_noted(roll, i, content) &&
                !note_content(scope, roll->number, content, err))
                return false;
        }
    }
    return true;
}

bool recalls_of_roll(const struct scope *scope, const char *roll, const char **ret_product,
                     const char **ret_lot, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(roll) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT l.product, l.lot FROM recalls AS r JOIN roll_lots AS l"
                  " ON l.pharmacy_id = r.pharmacy_id AND l.lot = r.lot AND l.product = r.product"
                  " WHERE r.pharmacy_id = $1 AND l.pharmacy_id = $1 AND l.roll = $2"
                  " AND NOT EXISTS (SELECT 1 FROM recall_lifts AS f"
                  "  WHERE f.pharmacy_id = $1 AND f.recall_id = r.recall_id)"
                  " ORDER BY l.lot LIMIT 1",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    *ret_product = rows.count == 1 ? conn_cell_text(&rows, 0, 0) : NULL;
    *ret_lot = rows.count == 1 ? conn_cell_text(&rows, 0, 1) : NULL;
    return true;
}

bool recalls_rolls(const struct scope *scope, const char *product, const char *lot,
                   const char ***ret_rolls, size_t *ret_count, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(lot),
                                         conn_text(product), conn_int(RECALLS_ROLLS_MAX + 1) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT roll FROM roll_lots WHERE pharmacy_id = $1 AND lot = $2"
                  " AND product = $3 ORDER BY roll LIMIT $4",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    if (rows.count > RECALLS_ROLLS_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "more than %d rolls hold this batch",
                            RECALLS_ROLLS_MAX);
    const char **rolls = rw_arena_array(scope->arena, rows.count, sizeof *rolls, err);
    if (!rolls)
        return false;
    for (size_t i = 0; i < rows.count; i++)
        rolls[i] = conn_cell_text(&rows, i, 0);
    *ret_rolls = rolls;
    *ret_count = rows.count;
    return true;
}

bool recalls_insert(const struct scope *scope, const struct recalls_row *row, struct rw_error *err)
{
    const struct conn_param params[] = {
        conn_text(scope->pharmacy), conn_text(row->recall_id), conn_int(scope->now_ms),
        conn_text(scope->actor),    conn_text(row->product),   conn_text(row->lot),
        conn_text(row->reason),
    };
    return conn_run(scope->conn,
                    "INSERT INTO recalls"
                    " (pharmacy_id, recall_id, at_ms, actor, product, lot, reason)"
                    " VALUES ($1, $2, $3, $4, $5, $6, $7)",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}

bool recalls_insert_bag(const struct scope *scope, const char *recall_id,
                        const struct recalls_bag *bag, struct rw_error *err)
{
    const struct conn_param params[] = {
        conn_text(scope->pharmacy), conn_text(recall_id),
        conn_text(bag->client_id),  conn_text(bag->roll),
        conn_int(bag->n),           conn_text(bag->serial),
        conn_text(bag->at),         conn_text(bag->dispenser_id),
        conn_text(bag->fate),
    };
    return conn_run(scope->conn,
                    "INSERT INTO recall_bags (pharmacy_id, recall_id, client_id, roll, n, serial,"
                    " at, dispenser_id, fate) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}

bool recalls_find(const struct scope *scope, const char *recall_id, struct recalls_row **ret_rows,
                  size_t *ret_count, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(recall_id),
                                         conn_int(RECALLS_LISTED_MAX) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT r.recall_id, r.at_ms, r.actor, r.product, r.lot, r.reason,"
                  " (SELECT count(DISTINCT b.client_id) FROM recall_bags AS b"
                  "  WHERE b.pharmacy_id = $1 AND b.recall_id = r.recall_id),"
                  " (SELECT count(*) FROM recall_bags AS b"
                  "  WHERE b.pharmacy_id = $1 AND b.recall_id = r.recall_id),"
                  " (SELECT count(DISTINCT t.client_id) FROM recall_told AS t"
                  "  WHERE t.pharmacy_id = $1 AND t.recall_id = r.recall_id),"
                  " coalesce(f.at_ms, 0), f.actor, f.reason"
                  " FROM recalls AS r LEFT JOIN recall_lifts AS f"
                  " ON f.pharmacy_id = r.pharmacy_id AND f.recall_id = r.recall_id WHERE "
                  "r.pharmacy_id = $1"
                  " AND ($2::text IS NULL OR r.recall_id = $2::text)"
                  " ORDER BY r.recall_id DESC LIMIT $3",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    struct recalls_row *list = rw_arena_array(scope->arena, rows.count, sizeof *list, err);
    if (!list)
        return false;
    for (size_t i = 0; i < rows.count; i++)
        list[i] = (struct recalls_row){ .recall_id = conn_cell_text(&rows, i, 0),
                                        .at_ms = conn_cell_int(&rows, i, 1),
                                        .actor = conn_cell_text(&rows, i, 2),
                                        .product = conn_cell_text(&rows, i, 3),
                                        .lot = conn_cell_text(&rows, i, 4),
                                        .reason = conn_cell_text(&rows, i, 5),
                                        .clients = conn_cell_int(&rows, i, 6),
                                        .bags = conn_cell_int(&rows, i, 7),
                                        .told = conn_cell_int(&rows, i, 8),
                                        .lifted_ms = conn_cell_int(&rows, i, 9),
                                        .lifted_by = conn_cell_text(&rows, i, 10),
                                        .lifted_reason = conn_cell_text(&rows, i, 11) };
    *ret_rows = list;
    *ret_count = rows.count;
    return true;
}

bool recalls_find_bags(const struct scope *scope, const char *recall_id,
                       struct recalls_bags *ret_bags, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(recall_id) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT b.client_id, r.client_name, b.roll, b.n, b.serial, b.at, b.dispenser_id,"
                  " b.fate FROM recall_bags AS b"
                  " JOIN rolls AS r ON r.pharmacy_id = b.pharmacy_id AND r.roll = b.roll"
                  " WHERE b.pharmacy_id = $1 AND b.recall_id = $2"
                  " ORDER BY b.client_id, b.roll, b.n, b.serial",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    struct recalls_bag *bags = rw_arena_array(scope->arena, rows.count, sizeof *bags, err);
    if (!bags)
        return false;
    for (size_t i = 0; i < rows.count; i++)
        bags[i] = (struct recalls_bag){ .client_id = conn_cell_text(&rows, i, 0),
                                        .client_name = conn_cell_text(&rows, i, 1),
                                        .roll = conn_cell_text(&rows, i, 2),
                                        .n = conn_cell_int(&rows, i, 3),
                                        .serial = conn_cell_text(&rows, i, 4),
                                        .at = conn_cell_text(&rows, i, 5),
                                        .dispenser_id = conn_cell_text(&rows, i, 6),
                                        .fate = conn_cell_text(&rows, i, 7) };
    *ret_bags = (struct recalls_bags){ bags, rows.count };
    return true;
}

bool recalls_insert_told(const struct scope *scope, const char *recall_id,
                         const struct recalls_told *told, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(recall_id),
                                         conn_text(told->client_id), conn_int(scope->now_ms),
                                         conn_text(scope->actor),    conn_text(told->note) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "INSERT INTO recall_told (pharmacy_id, recall_id, client_id, at_ms, actor, note)"
                  " SELECT $1, $2, $3, $4::bigint, $5, $6 WHERE EXISTS (SELECT 1 FROM recall_bags"
                  "  WHERE pharmacy_id = $1 AND recall_id = $2 AND client_id = $3)",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    return rows.affected == 1 ||
           rw_error_set(err, RW_NOT_FOUND, "", "the recall has no bag of client \"%s\"",
                        told->client_id);
}

bool recalls_lift(const struct scope *scope, const char *recall_id, const char *reason,
                  struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(recall_id),
                                         conn_int(scope->now_ms), conn_text(scope->actor),
                                         conn_text(reason) };
    struct conn_rows found;
    struct conn_rows rows;
    if (!conn_run(scope->conn, "SELECT 1 FROM recalls WHERE pharmacy_id = $1 AND recall_id = $2",
                  params, 2, scope->arena, &found, err))
        return false;
    if (found.count == 0)
        return rw_error_set(err, RW_NOT_FOUND, "", "there is no recall \"%s\"", recall_id);
    if (!conn_run(scope->conn,
                  "INSERT INTO recall_lifts (pharmacy_id, recall_id, at_ms, actor, reason)"
                  " VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    return rows.affected == 1 ||
           rw_error_set(err, RW_CONFLICT, "", "recall %s was lifted before", recall_id);
}

bool recalls_find_told(const struct scope *scope, const char *recall_id,
                       struct recalls_told **ret_told, size_t *ret_count, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(recall_id),
                                         conn_int(RECALLS_BAGS_MAX) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT client_id, at_ms, actor, note FROM recall_told"
                  " WHERE pharmacy_id = $1 AND recall_id = $2 ORDER BY client_id, at_ms LIMIT $3",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    struct recalls_told *told = rw_arena_array(scope->arena, rows.count, sizeof *told, err);
    if (!told)
        return false;
    for (size_t i = 0; i < rows.count; i++)
        told[i] = (struct recalls_told){ conn_cell_text(&rows, i, 0), conn_cell_int(&rows, i, 1),
                                         conn_cell_text(&rows, i, 2), conn_cell_text(&rows, i, 3) };
    *ret_told = told;
    *ret_count = rows.count;
    return true;
}
