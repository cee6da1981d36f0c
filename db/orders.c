/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps documents with orders as they came in, and whom they speak of. */
#include "db/orders.h"

static bool find_same(const struct scope *scope, const char *mark, const char **ret_order_id,
                      struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(mark) };
    struct conn_rows rows;
    if (!conn_run(scope->conn, "SELECT order_id FROM orders WHERE pharmacy_id = $1 AND sha256 = $2",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    *ret_order_id = rows.count == 1 ? conn_cell_text(&rows, 0, 0) : NULL;
    return true;
}

bool orders_insert(const struct scope *scope, const struct orders_document *document,
                   const char **ret_order_id, bool *ret_new, struct rw_error *err)
{
    const struct conn_param params[] = {
        conn_text(scope->pharmacy), conn_text(document->order_id),
        conn_int(scope->now_ms),    conn_text(scope->actor),
        conn_text(document->mark),  conn_bytes(document->bytes, document->length),
        conn_int(document->sealed),
    };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "INSERT INTO orders (pharmacy_id, order_id, received_ms, actor, sha256, bytes,"
                  " sealed) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (pharmacy_id, sha256) "
                  "DO NOTHING",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    const char *order_id = document->order_id;
    if (rows.affected == 0 && !find_same(scope, document->mark, &order_id, err))
        return false;
    *ret_order_id = order_id;
    *ret_new = rows.affected == 1;
    return true;
}

bool orders_link(const struct scope *scope, const char *order_id, const char *client_id,
                 const char *pseudonym, struct rw_error *err)
{
    const struct conn_param client[] = { conn_text(scope->pharmacy), conn_text(client_id),
                                         conn_text(pseudonym), conn_int(scope->now_ms) };
    const struct conn_param link[] = { conn_text(scope->pharmacy), conn_text(client_id),
                                       conn_text(order_id) };
    return conn_run(scope->conn,
                    "INSERT INTO clients (pharmacy_id, client_id, pseudonym, created_ms)"
                    " VALUES ($1, $2, $3, $4) ON CONFLICT (pharmacy_id, client_id) DO NOTHING",
                    client, RW_COUNT(client), scope->arena, NULL, err) &&
           conn_run(scope->conn,
                    "INSERT INTO order_clients (pharmacy_id, client_id, order_id)"
                    " VALUES ($1, $2, $3)"
                    " ON CONFLICT (pharmacy_id, client_id, order_id) DO NOTHING",
                    link, RW_COUNT(link), scope->arena, NULL, err);
}

bool orders_find(const struct scope *scope, const char *client_id,
                 struct orders_of_client *ret_orders, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(client_id),
                                         conn_int(ORDERS_DOCUMENTS_MAX + 1) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT o.order_id, o.bytes, o.sealed FROM order_clients AS c JOIN orders AS o"
                  " ON o.pharmacy_id = c.pharmacy_id AND o.order_id = c.order_id"
                  " WHERE c.pharmacy_id = $1 AND c.client_id = $2 ORDER BY o.order_id LIMIT $3",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    if (rows.count > ORDERS_DOCUMENTS_MAX) {
        return rw_error_set(err, RW_TOO_LARGE, "", "this client has more than %d documents",
                            ORDERS_DOCUMENTS_MAX);
    }
    struct orders_of_client orders = { .count = rows.count };
    orders.documents = rw_arena_array(scope->arena, rows.count, sizeof *orders.documents, err);
    if (!orders.documents)
        return false;
    for (size_t i = 0; i < rows.count; i++) {
        struct conn_cell bytes = conn_cell_bytes(&rows, i, 1);
        orders.documents[i] = (struct orders_document){ .order_id = conn_cell_text(&rows, i, 0),
                                                        .bytes = bytes.bytes,
                                                        .length = bytes.length,
                                                        .sealed = conn_cell_int(&rows, i, 2) != 0 };
    }
    *ret_orders = orders;
    return true;
}

/* Documents are never deleted, so their number tells, whatever two clocks say. */
bool orders_newer(const struct scope *scope, const struct rolls_row *roll, int64_t *ret_count,
                  struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(roll->client_id),
                                         conn_int(roll->created_ms) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT count(*), count(*) FILTER (WHERE o.received_ms > $3)"
                  " FROM order_clients AS c JOIN orders AS o"
                  " ON o.pharmacy_id = c.pharmacy_id AND o.order_id = c.order_id"
                  " WHERE c.pharmacy_id = $1 AND c.client_id = $2",
                  params, RW_COUNT(params), scope->arena, &rows, err))
        return false;
    *ret_count = roll->documents == ROLLS_UNCOUNTED ? conn_cell_int(&rows, 0, 1)
                                                    : conn_cell_int(&rows, 0, 0) - roll->documents;
    return true;
}

bool orders_hold_client(const struct scope *scope, const char *client_id, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(client_id) };
    return conn_run(scope->conn,
                    "SELECT 1 FROM clients WHERE pharmacy_id = $1 AND client_id = $2 FOR UPDATE",
                    params, RW_COUNT(params), scope->arena, NULL, err);
}

bool orders_pseudonym(const struct scope *scope, const char *client_id, const char **ret_pseudonym,
                      struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(scope->pharmacy), conn_text(client_id) };
    struct conn_rows rows;
    if (!conn_run(scope->conn,
                  "SELECT pseudonym FROM clients WHERE pharmacy_id = $1 AND client_id = $2", params,
                  RW_COUNT(params), scope->arena, &rows, err))
        return false;
    *ret_pseudonym = rows.count == 1 ? conn_cell_text(&rows, 0, 0) : NULL;
    return true;
}
