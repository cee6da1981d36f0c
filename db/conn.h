/* SPDX-License-Identifier: Apache-2.0 */
/* One connection to PostgreSQL: statements, transactions, retries. */
#ifndef RW_DB_CONN_H
#define RW_DB_CONN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "db/conn_cell.h"

#define CONN_PARAMS_MAX 24
#define CONN_PREPARED_MAX 128   /* statements of one connection; the program has fewer */
#define CONN_RETRIES_MAX 5      /* times a transaction is run again after 40001 or 40P01 */
#define CONN_TEXT_MAX 1024      /* bytes of a connection string, NUL included */
#define CONN_STATEMENT_MS 10000 /* what a statement may take unless the target says otherwise */

/* A connection that is opened when it is first used and again when it was lost. Not thread-safe. */
struct conn;

/* One parameter of a statement. What it points to must live until the statement has run. */
enum conn_kind { CONN_NULL, CONN_TEXT, CONN_INT, CONN_BYTES, CONN_KIND_COUNT };
struct conn_param {
    enum conn_kind kind;
    const void *bytes;
    size_t length;
    int64_t number;
};
struct conn_param conn_text(const char *text); /* NULL is SQL's null */
struct conn_param conn_int(int64_t number);
struct conn_param conn_bytes(const void *bytes, size_t length); /* NULL is SQL's null */

/* Where to connect, as whom, and whose rows are seen. */
struct conn_target {
    const char *text;     /* a libpq connection string */
    const char *role;     /* taken on by SET ROLE where it exists; NULL stays who logged in */
    const char *pharmacy; /* no row of any other is seen or written; NULL = of none at all, but for
                           * an owner who is above that */
    int32_t statement_ms; /* what a statement may take; 0 = CONN_STATEMENT_MS */
    const atomic_bool *stopping; /* waits are short once it is set; NULL = never; is borrowed */
};
/* Nothing is connected yet. NULL: no memory, or a text that is too long. */
RW_MUST_USE struct conn *conn_open(const struct conn_target *target);
void conn_close(struct conn *conn); /* NULL is allowed */
void conn_drop(struct conn *conn);  /* the next use connects anew */
/* Did the last transaction or reading fail because nobody answered in time? */
bool conn_is_silent(const struct conn *conn);
/* Or because no room is left on a disk of the server's? */
bool conn_is_full(const struct conn *conn);
/* Connects unless connected. RW_UNAVAILABLE says why in one sentence, without a password. */
RW_MUST_USE bool conn_ready(struct conn *conn, struct rw_error *err);
/* Does a server answer there at all? The text says how long to wait. */
bool conn_server_answers(const char *text);

/* Runs one statement with $1, $2 … `sql` is a constant of the program: its address tells the
 * connection that it prepared it before. RW_CONFLICT: a uniqueness rule refused it. RW_UNAVAILABLE:
 * the database could not be reached. `rows` may be NULL when nothing is read. */
RW_MUST_USE bool conn_run(struct conn *conn, const char *sql, const struct conn_param *params,
                          size_t param_count, struct rw_arena *arena, struct conn_rows *ret_rows,
                          struct rw_error *err);
/* A script without parameters and answers, such as a migration. */
RW_MUST_USE bool conn_script(struct conn *conn, const char *sql, struct rw_error *err);

/* What runs inside one transaction. It must not have effects outside the database: it is run again
 * when the database could not put it in order with others. False rolls everything back. */
struct conn_work {
    void *self;
    bool (*run)(void *self, struct conn *conn, struct rw_error *err);
};
RW_MUST_USE bool conn_transact(struct conn *conn, const struct conn_work *work,
                               struct rw_error *err);

/* The same for work that is one reading statement and needs no transaction around it: a third of
 * the round trips. */
RW_MUST_USE bool conn_read(struct conn *conn, const struct conn_work *work, struct rw_error *err);

/* A channel that was not listened to loses its notifications. */
RW_MUST_USE bool conn_listen(struct conn *conn, struct rw_error *err); /* channel "rolwacht" */
RW_MUST_USE bool conn_notify(struct conn *conn, const char *payload, struct rw_error *err);
/* Waits at most `timeout_ms` for a notification; all that arrived are taken at once. What more of
 * them say than CONN_HINTS_MAX is not kept, nor what is longer than CONN_HINT_MAX. */
RW_MUST_USE bool conn_wait(struct conn *conn, int32_t timeout_ms, struct rw_arena *arena,
                           struct conn_hints *ret_hints, struct rw_error *err);

#endif
