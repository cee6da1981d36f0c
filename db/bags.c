/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps every bag made for a roll, its verdicts and its pictures. */
#include "db/bags.h"

static bool insert_bag(const struct scope *scope, const struct roll *roll, const struct bag *bag,
                       struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(roll->number),
                                         conn_text(bag->serial), conn_int(bag->n),
                                         conn_int(roll->version) };
    return conn_run(scope->conn,
                    "INSERT INTO bags (pharmacy_id, roll, serial, n, since)"
                    " VALUES ($1, $2, $3, $4, $5)"
                    " ON CONFLICT (pharmacy_id, roll, serial) DO NOTHING",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}

bool bags_revoke(const struct scope *scope, const char *roll, int64_t version, const char *serial,
                 struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(roll),
                                         conn_text(serial), conn_int(version) };
    return conn_run(scope->conn,
                    "UPDATE bags SET until = $4"
                    " WHERE pharmacy_id = $1 AND roll = $2 AND serial = $3 AND until IS NULL",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}

bool bags_replace(const struct scope *scope, const struct roll *roll, struct rw_error *err)
{
    struct bags_list known;
    if (!bags_find(scope, roll->number, &known, err))
        return false;
    for (size_t i = 0; i < roll->bag_count; i++) {
        if (!insert_bag(scope, roll, &roll->bags[i], err))
            return false;
    }
    for (size_t i = 0; i < known.count; i++) {
        bool gone = !roll_bag_find(roll, known.rows[i].serial);
        if (gone && !bags_revoke(scope, roll->number, roll->version, known.rows[i].serial, err))
            return false;
    }
    return true;
}

static void take_bag(const struct conn_rows *rows, size_t at, struct bags_row *ret_row)
{
    *ret_row = (struct bags_row){
        .serial = conn_cell_text(rows, at, 0),
        .n = conn_cell_int(rows, at, 1),
        .revoked = !conn_cell_is_null(rows, at, 2),
        .verdict = conn_cell_text(rows, at, 3),
        .judged = conn_cell_text(rows, at, 4),
        .by_person = conn_cell_int(rows, at, 5) == 1,
        .actor = conn_cell_text(rows, at, 6),
        .reason = conn_cell_text(rows, at, 7),
        .glance = conn_cell_text(rows, at, 8),
        .glance_actor = conn_cell_text(rows, at, 9),
        .glance_reason = conn_cell_text(rows, at, 10),
    };
}

bool bags_find(const struct scope *scope, const char *roll, struct bags_list *ret_list,
               struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(roll) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT b.serial, b.n, b.until, v.verdict, v.judged, v.by_person, v.actor,"
                  " v.reason, g.verdict, g.actor, g.reason FROM bags AS b"
                  " LEFT JOIN glances AS g ON g.pharmacy_id = b.pharmacy_id AND g.roll = b.roll"
                  " AND g.serial = b.serial"
                  " LEFT JOIN LATERAL counting_verdict(b.pharmacy_id, b.roll, b.serial) AS v"
                  " ON true"
                  " WHERE b.pharmacy_id = $1 AND b.roll = $2 ORDER BY b.serial",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    struct bags_list list = { .count = rows.count };
    list.rows = rw_arena_array(scope->arena, rows.count, sizeof *list.rows, err);
    if (!list.rows)
        return false;
    for (size_t i = 0; i < rows.count; i++)
        take_bag(&rows, i, &list.rows[i]);
    *ret_list = list;
    return true;
}

bool bags_is_repeat(const struct scope *scope, const struct bags_verdict *verdict, bool *ret_repeat,
                    struct rw_error *err)
{
    const struct conn_param params[] = {
        conn_text(scope->pharmacy),
        conn_text(verdict->roll),
        conn_text(verdict->serial),
        conn_text(scope->actor),
        conn_bytes(verdict->bytes, verdict->length),
    };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT 1 FROM (SELECT bytes FROM verdicts"
                  "  WHERE pharmacy_id = $1 AND roll = $2 AND serial = $3 AND actor = $4"
                  "  AND by_person = 0 ORDER BY verdict_id DESC LIMIT 1) AS last"
                  " WHERE last.bytes = $5",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    *ret_repeat = rows.count > 0;
    return true;
}

bool bags_insert_verdict(const struct scope *scope, const struct bags_verdict *verdict,
                         struct rw_error *err)
{
    const struct conn_param params[] = {
        conn_text(scope->pharmacy),
        conn_text(verdict->roll),
        conn_text(verdict->serial),
        conn_text(verdict->verdict_id),
        conn_int(scope->now_ms),
        conn_text(scope->actor),
        conn_int(verdict->by_person),
        conn_text(verdict->verdict),
        conn_text(verdict->judged),
        conn_text(verdict->reason),
        conn_bytes(verdict->bytes, verdict->length),
    };
    return conn_run(scope->conn,
                    "INSERT INTO verdicts (pharmacy_id, roll, serial, verdict_id, at_ms, actor,"
                    " by_person, verdict, judged, reason, bytes)"
                    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}

bool bags_insert_picture(const struct scope *scope, const struct bags_picture *picture,
                         struct rw_error *err)
{
    const struct conn_param params[] = {
        conn_text(scope->pharmacy),     conn_text(picture->roll),
        conn_text(picture->serial),     conn_text(picture->picture_id),
        conn_int(scope->now_ms),        conn_text(scope->actor),
        conn_text(picture->media_type), conn_bytes(picture->bytes, picture->length),
    };
    return conn_run(scope->conn,
                    "INSERT INTO pictures"
                    " (pharmacy_id, roll, serial, picture_id, at_ms, actor, media_type, bytes)"
                    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}

bool bags_is_picture_repeat(const struct scope *scope, const struct bags_picture *picture,
                            bool *ret_repeat, struct rw_error *err)
{
    const struct conn_param params[] = {
        conn_text(scope->pharmacy),
        conn_text(picture->roll),
        conn_text(picture->serial),
        conn_text(scope->actor),
        conn_bytes(picture->bytes, picture->length),
    };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT 1 FROM (SELECT bytes FROM pictures"
                  "  WHERE pharmacy_id = $1 AND roll = $2 AND serial = $3 AND actor = $4"
                  "  ORDER BY picture_id DESC LIMIT 1) AS last"
                  " WHERE last.bytes = $5",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    *ret_repeat = rows.count > 0;
    return true;
}

bool bags_find_picture(const struct scope *scope, const char *roll, const char *serial,
                       struct bags_picture *ret_picture, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(roll),
                                         conn_text(serial) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT picture_id, media_type, bytes FROM pictures"
                  " WHERE pharmacy_id = $1 AND roll = $2 AND serial = $3"
                  " ORDER BY picture_id DESC LIMIT 1",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    struct bags_picture picture = { .roll = roll, .serial = serial };
    if (rows.count == 1) {
        picture.picture_id = conn_cell_text(&rows, 0, 0);
        picture.media_type = conn_cell_text(&rows, 0, 1);
        picture.bytes = conn_cell_bytes(&rows, 0, 2).bytes;
        picture.length = conn_cell_bytes(&rows, 0, 2).length;
    }
    *ret_picture = picture;
    return true;
}
