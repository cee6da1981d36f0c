/* SPDX-License-Identifier: Apache-2.0 */
/* One connection to PostgreSQL: statements, transactions, retries. */
#include "db/conn.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "db/wire.h"

#define NUMBER_TEXT_MAX 24
#define NAME_MAX_BYTES 24
#define MEMORY (16 * RW_ARENA_KIB)

struct conn {
    struct rw_arena *arena; /* that it lies in */
    struct wire *wire;
    char text[CONN_TEXT_MAX];
    char role[64];
    char pharmacy[65];
    bool in_transaction;
    bool retry; /* the last failure may vanish when the transaction is run again */
    const char *prepared[CONN_PREPARED_MAX]; /* statements that the server knows as s0, s1 … */
    size_t prepared_count;
};

struct conn_param conn_text(const char *text)
{
    return (struct conn_param){ .kind = text ? CONN_TEXT : CONN_NULL, .bytes = text };
}

struct conn_param conn_int(int64_t number)
{
    return (struct conn_param){ .kind = CONN_INT, .number = number };
}

struct conn_param conn_bytes(const void *bytes, size_t length)
{
    return (struct conn_param){ .kind = bytes ? CONN_BYTES : CONN_NULL,
                                .bytes = bytes,
                                .length = length };
}

static bool take_text(char *room, size_t room_size, const char *text)
{
    return (size_t)snprintf(room, room_size, "%s", text ? text : "") < room_size;
}

struct conn *conn_open(const struct conn_target *target)
{
    struct rw_error err = { 0 };
    struct rw_arena *arena = rw_arena_open(MEMORY);
    struct conn *conn = arena ? rw_arena_alloc(arena, sizeof *conn, &err) : NULL;
    if (!conn || !take_text(conn->text, sizeof conn->text, target->text) ||
        !take_text(conn->role, sizeof conn->role, target->role) ||
        !take_text(conn->pharmacy, sizeof conn->pharmacy, target->pharmacy)) {
        rw_arena_close(arena);
        return NULL;
    }
    const struct wire_settings settings = {
        .text = conn->text,
        .role = conn->role,
        .pharmacy = conn->pharmacy,
        .statement_ms = target->statement_ms > 0 ? target->statement_ms : CONN_STATEMENT_MS,
        .stopping = target->stopping,
    };
    conn->arena = arena;
    if (wire_open(&settings, arena, &conn->wire, &err))
        return conn;
    rw_arena_close(arena);
    return NULL;
}

void conn_close(struct conn *conn)
{
    if (!conn)
        return;
    wire_cut(conn->wire);
    rw_arena_close(conn->arena);
}

void conn_drop(struct conn *conn)
{
    assert(!conn->in_transaction);
    wire_cut(conn->wire);
}

bool conn_server_answers(const char *text)
{
    return wire_answers(text);
}

bool conn_is_silent(const struct conn *conn)
{
    return wire_is_silent(conn->wire);
}

bool conn_is_full(const struct conn *conn)
{
    return wire_is_full(conn->wire);
}

bool conn_ready(struct conn *conn, struct rw_error *err)
{
    if (wire_is_up(conn->wire))
        return true;
    assert(!conn->in_transaction);
    conn->prepared_count = 0;
    return wire_connect(conn->wire, err);
}

/* Parsed once for each connection. "" when the ceiling is reached: parsed each time. */
static bool prepare(struct conn *conn, const char *sql, char ret_name[NAME_MAX_BYTES],
                    struct rw_error *err)
{
    size_t at = 0;
    while (at < conn->prepared_count && conn->prepared[at] != sql)
        at++;
    ret_name[0] = '\0';
    if (at == CONN_PREPARED_MAX)
        return true;
    (void)snprintf(ret_name, NAME_MAX_BYTES, "s%zu", at);
    if (at < conn->prepared_count)
        return true;
    if (!wire_prepare(conn->wire, ret_name, sql, err))
        return false;
    conn->prepared[conn->prepared_count++] = sql;
    return true;
}

bool conn_run(struct conn *conn, const char *sql, const struct conn_param *params,
              size_t param_count, struct rw_arena *arena, struct conn_rows *ret_rows,
              struct rw_error *err)
{
    assert(param_count <= CONN_PARAMS_MAX);
    if (!conn->in_transaction && !conn_ready(conn, err))
        return false;
    const char *values[CONN_PARAMS_MAX] = { 0 };
    int lengths[CONN_PARAMS_MAX] = { 0 };
    int formats[CONN_PARAMS_MAX] = { 0 };
    char numbers[CONN_PARAMS_MAX][NUMBER_TEXT_MAX];
    for (size_t i = 0; i < param_count; i++) {
        values[i] = params[i].kind == CONN_NULL ? NULL : params[i].bytes;
        if (params[i].kind == CONN_INT) {
            (void)snprintf(numbers[i], NUMBER_TEXT_MAX, "%" PRId64, params[i].number);
            values[i] = numbers[i];
        }
        if (params[i].kind == CONN_BYTES) {
            assert(params[i].length <= INT32_MAX);
            lengths[i] = (int)params[i].length;
            formats[i] = 1;
        }
    }
    char name[NAME_MAX_BYTES];
    if (!prepare(conn, sql, name, err))
        return false;
    const struct wire_statement statement = { .sql = sql,
                                              .name = name,
                                              .values = values,
                                              .lengths = lengths,
                                              .formats = formats,
                                              .count = param_count };
    return wire_run(conn->wire, &statement, arena, ret_rows, err);
}

bool conn_script(struct conn *conn, const char *sql, struct rw_error *err)
{
    return (conn->in_transaction || conn_ready(conn, err)) && wire_script(conn->wire, sql, err);
}

/* Gone, but not for keeping silent: a new one may do. */
static bool is_stale(const struct conn *conn)
{
    return !wire_is_up(conn->wire) && !wire_is_silent(conn->wire);
}

/* One attempt. An error while committing leaves the outcome open and is never tried again; of a
 * connection that was lost before that nothing remains. */
static bool transact_once(struct conn *conn, const struct conn_work *work, struct rw_error *err)
{
    struct rw_error ignored = { 0 };
    conn->retry = false;
    wire_forget(conn->wire);
    if (!conn_ready(conn, err))
        return false;
    wire_open_transaction(conn->wire);
    conn->in_transaction = true;
    bool ran = work->run(work->self, conn, err);
    conn->retry = !ran && is_stale(conn);
    bool done = ran && wire_commit(conn->wire, err);
    conn->in_transaction = false;
    conn->retry = conn->retry || wire_may_retry(conn->wire);
    if (!done && wire_is_up(conn->wire) && !wire_script(conn->wire, "ROLLBACK", &ignored))
        wire_cut(conn->wire); /* a connection in an open state is not used again */
    return done;
}

static bool read_once(struct conn *conn, const struct conn_work *work, struct rw_error *err)
{
    conn->retry = false;
    wire_forget(conn->wire);
    if (!conn_ready(conn, err))
        return false;
    bool done = work->run(work->self, conn, err);
    conn->retry = is_stale(conn); /* reading once more does no harm */
    return done;
}

static bool try_again(struct conn *conn, const struct conn_work *work,
                      bool (*once)(struct conn *, const struct conn_work *, struct rw_error *),
                      struct rw_error *err)
{
    assert(!conn->in_transaction);
    struct rw_error last = { 0 };
    for (int attempt = 0; attempt <= CONN_RETRIES_MAX; attempt++) {
        last = (struct rw_error){ 0 };
        if (once(conn, work, &last))
            return true;
        if (!conn->retry)
            break;
    }
    return rw_error_set(err, last.code, last.at, "%s", last.text);
}

bool conn_transact(struct conn *conn, const struct conn_work *work, struct rw_error *err)
{
    return try_again(conn, work, transact_once, err);
}

bool conn_read(struct conn *conn, const struct conn_work *work, struct rw_error *err)
{
    return try_again(conn, work, read_once, err);
}

bool conn_listen(struct conn *conn, struct rw_error *err)
{
    return conn_script(conn, "LISTEN rolwacht", err);
}

bool conn_notify(struct conn *conn, const char *payload, struct rw_error *err)
{
    const struct conn_param params[] = { conn_text(payload) };
    return conn_run(conn, "SELECT 1 FROM (SELECT pg_notify('rolwacht', $1)) AS sent", params, 1,
                    NULL, NULL, err);
}

bool conn_wait(struct conn *conn, int32_t timeout_ms, struct rw_arena *arena,
               struct conn_hints *ret_hints, struct rw_error *err)
{
    return wire_wait(conn->wire, timeout_ms, arena, ret_hints, err);
}
