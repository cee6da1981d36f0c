/* SPDX-License-Identifier: Apache-2.0 */
/* A wire to PostgreSQL whose waits all end; the door to libpq. */
#ifndef RW_DB_WIRE_H
#define RW_DB_WIRE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "db/conn_cell.h"

#define WIRE_RESULTS_MAX 1000 /* statements of one script */
#define WIRE_CONNECT_S 5      /* for each address of the server */
#define WIRE_SPARE_MS 2000    /* the server ends a statement so much before we stop waiting */
#define WIRE_STOP_MS 3000     /* a statement that runs when the program is to stop gets so long */

/* A server that accepts and never answers (stopped, behind a proxy that swallows) costs a caller at
 * most `statement_ms` and WIRE_SPARE_MS. No statement is ever cancelled by us: a cancelled COMMIT
 * would be reported as done before its copy is on the second server, and a request to cancel is
 * itself a wait for an answer without an end. The server's own timeout comes first; where it does
 * not, the wire is cut and the server undoes what was not committed. Not thread-safe. */
struct wire;

struct wire_settings {
    const char *text;            /* a libpq connection string */
    const char *role;            /* taken on where it exists; "" stays who logged in */
    const char *pharmacy;        /* whose rows are seen; "" = nobody's */
    int32_t statement_ms;        /* after which the server itself ends a statement */
    const atomic_bool *stopping; /* NULL = nobody hurries */
};

struct wire_statement {
    const char *sql;
    const char *name; /* under which it was prepared; "" = it was not */
    const char *const *values;
    const int *lengths;
    const int *formats;
    size_t count;
};

/* Not connected yet; it lies in the arena, and what the settings point to is borrowed. */
RW_MUST_USE bool wire_open(const struct wire_settings *settings, struct rw_arena *arena,
                           struct wire **ret_wire, struct rw_error *err);
/* Anew, whatever was before. RW_UNAVAILABLE says why in one sentence, without a password. */
RW_MUST_USE bool wire_connect(struct wire *wire, struct rw_error *err);
bool wire_is_up(const struct wire *wire);
/* Did a failure since wire_forget come of a server that kept silent until we stopped waiting? */
bool wire_is_silent(const struct wire *wire);
/* Did one come of a disk of the server's on which no room is left? */
bool wire_is_full(const struct wire *wire);
/* May a failure since wire_forget vanish when all is run again? */
bool wire_may_retry(const struct wire *wire);
void wire_forget(struct wire *wire);
/* What was not committed is undone. Each wire is cut before its arena is closed. */
void wire_cut(struct wire *wire);
/* Does a server answer there at all? */
bool wire_answers(const char *text);

/* The next statement begins a transaction, and needs no more ways to the server and back than it
 * would alone. */
void wire_open_transaction(struct wire *wire);
RW_MUST_USE bool wire_script(struct wire *wire, const char *sql, struct rw_error *err);
/* RW_BUG: a statement has failed, and the server would answer to COMMIT that it undid all. */
RW_MUST_USE bool wire_commit(struct wire *wire, struct rw_error *err);
RW_MUST_USE bool wire_prepare(struct wire *wire, const char *name, const char *sql,
                              struct rw_error *err);
RW_MUST_USE bool wire_run(struct wire *wire, const struct wire_statement *statement,
                          struct rw_arena *arena, struct conn_rows *ret_rows, struct rw_error *err);
/* As conn_wait. */
RW_MUST_USE bool wire_wait(struct wire *wire, int32_t timeout_ms, struct rw_arena *arena,
                           struct conn_hints *ret_hints, struct rw_error *err);

#endif
