/* SPDX-License-Identifier: Apache-2.0 */
/* One connection to PostgreSQL; the only door to libpq. */
#include "db/conn.h"

#include <assert.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libpq-fe.h>

#define OID_INT8 20 /* pg_type.dat of PostgreSQL: the type of every whole number we keep */
#define OID_INT4 23
#define OID_BOOL 16
#define NUMBER_TEXT_MAX 24
#define NAME_MAX_BYTES 24

struct conn {
    PGconn *pg;
    char text[CONN_TEXT_MAX];
    char role[64];
    char pharmacy[65];
    bool in_transaction;
    bool retry; /* the last failure may vanish when the transaction is run again */
    bool lost;  /* the connection broke since the transaction began */
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
    struct conn *conn = calloc(1, sizeof *conn);
    if (!conn || !take_text(conn->text, sizeof conn->text, target->text) ||
        !take_text(conn->role, sizeof conn->role, target->role) ||
        !take_text(conn->pharmacy, sizeof conn->pharmacy, target->pharmacy)) {
        free(conn);
        return NULL;
    }
    return conn;
}

void conn_close(struct conn *conn)
{
    if (!conn)
        return;
    PQfinish(conn->pg);
    free(conn);
}

bool conn_server_answers(const char *text)
{
    return PQping(text) == PQPING_OK;
}

/* libpq ends its sentences with a newline and may write several lines; the first says it. */
static bool fail_unavailable(struct conn *conn, const char *what, struct rw_error *err)
{
    const char *said = conn->pg ? PQerrorMessage(conn->pg) : "no memory";
    return rw_error_set(err, RW_UNAVAILABLE, "", "%s: %.*s", what, (int)strcspn(said, "\n"), said);
}

/* Turns a failed result into a code. Values never reach the text: only class 42 (our own SQL) and
 * 5x (the server's state) carry the server's sentence. */
static bool fail_result(struct conn *conn, const PGresult *result, struct rw_error *err)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    if (PQstatus(conn->pg) == CONNECTION_BAD || !state) {
        conn->lost = true;
        return fail_unavailable(conn, "the database connection was lost", err);
    }
    const char *primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *constraint = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
    if (strcmp(state, "40001") == 0 || strcmp(state, "40P01") == 0) {
        conn->retry = true;
        return rw_error_set(err, RW_UNAVAILABLE, "",
                            "the database could not put this change in order with others");
    }
    if (strcmp(state, "25006") == 0) { /* the server follows another now: the next is looked for */
        conn->retry = conn->lost = true;
        return rw_error_set(err, RW_UNAVAILABLE, "", "the database takes no changes any more");
    }
    if (strcmp(state, "0A000") == 0) { /* a table was changed under a prepared statement */
        conn->retry = conn->lost = true;
        return rw_error_set(err, RW_UNAVAILABLE, "", "the database was changed meanwhile");
    }
    if (strcmp(state, "23505") == 0) {
        return rw_error_set(err, RW_CONFLICT, "", "it is there already (%s)",
                            constraint ? constraint : "unique");
    }
    if (strcmp(state, "42501") == 0)
        return rw_error_set(err, RW_DENIED, "", "the database refused the access: %s", primary);
    if (strncmp(state, "42", 2) == 0)
        return rw_error_set(err, RW_BUG, "", "a statement is wrong (%s): %s", state, primary);
    if (state[0] == '5' || strncmp(state, "08", 2) == 0)
        return rw_error_set(err, RW_UNAVAILABLE, "", "the database could not answer: %s", primary);
    return rw_error_set(err, RW_BUG, "", "the database refused a statement (%s %s)", state,
                        constraint ? constraint : "");
}

static bool is_good(struct conn *conn, const PGresult *result, struct rw_error *err)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ||
           fail_result(conn, result, err);
}

static bool check_command(struct conn *conn, PGresult *result, struct rw_error *err)
{
    bool good = is_good(conn, result, err);
    PQclear(result);
    return good;
}

static bool simple(struct conn *conn, const char *sql, struct rw_error *err)
{
    return check_command(conn, PQexec(conn->pg, sql), err);
}

static void swallow_notice(void *self, const PGresult *result)
{
    (void)self, (void)result;
}

/* The role is set only where it exists, so that a database without it serves a trial. What the row
 * policies look at is set before, and stays as long as the connection. */
static bool take_role(struct conn *conn, struct rw_error *err)
{
    const char *values[] = { conn->pharmacy, conn->role };
    PGresult *found =
        PQexecParams(conn->pg,
                     "SELECT set_config('rolwacht.pharmacy', $1, false),"
                     " (SELECT set_config('role', rolname, false) FROM pg_roles"
                     "  WHERE rolname = $2 AND pg_has_role(session_user, rolname, 'MEMBER'))",
                     2, NULL, values, NULL, NULL, 0);
    return check_command(conn, found, err);
}

static bool connect_now(struct conn *conn, struct rw_error *err)
{
    PQfinish(conn->pg);
    const char *names[] = { "dbname",           "connect_timeout",
                            "application_name", "client_encoding",
                            "keepalives_idle",  "keepalives_interval",
                            "tcp_user_timeout", NULL };
    /* A server that vanished is given up 35 s after its last word. */
    const char *values[] = { conn->text, "5", "rolwacht", "UTF8", "15", "5", "20000", NULL };
    conn->pg = PQconnectdbParams(names, values, 1);
    if (PQstatus(conn->pg) != CONNECTION_OK)
        return fail_unavailable(conn, "could not connect to the database", err);
    PQsetNoticeReceiver(conn->pg, swallow_notice, NULL);
    conn->lost = false;
    conn->prepared_count = 0;
    return simple(conn,
                  "SET statement_timeout = 30000; SET idle_in_transaction_session_timeout = 60000;"
                  " SET lock_timeout = 10000; SET timezone = 'UTC'",
                  err) &&
           take_role(conn, err);
}

bool conn_ready(struct conn *conn, struct rw_error *err)
{
    if (conn->pg && PQstatus(conn->pg) == CONNECTION_OK && !conn->lost)
        return true;
    assert(!conn->in_transaction);
    return connect_now(conn, err);
}

static bool copy_cell(const PGresult *result, int row, int column, struct rw_arena *arena,
                      struct conn_cell *ret, struct rw_error *err)
{
    if (PQgetisnull(result, row, column))
        return true;
    const char *bytes = PQgetvalue(result, row, column);
    size_t length = (size_t)PQgetlength(result, row, column);
    ret->bytes = rw_arena_text_n(arena, bytes, length, err);
    ret->length = length;
    return ret->bytes != NULL;
}

/* Numbers arrive in network byte order and are kept as decimal-free int64 in eight bytes. */
static bool copy_number(const PGresult *result, int row, int column, struct rw_arena *arena,
                        struct conn_cell *ret, struct rw_error *err)
{
    if (PQgetisnull(result, row, column))
        return true;
    const unsigned char *bytes = (const unsigned char *)PQgetvalue(result, row, column);
    int length = PQgetlength(result, row, column);
    int64_t number = length > 0 && length != 1 && (bytes[0] & 0x80) ? -1 : 0;
    for (int i = 0; i < length; i++)
        number = (int64_t)((uint64_t)number << 8 | bytes[i]);
    ret->bytes = rw_arena_text_n(arena, (const char *)&number, sizeof number, err);
    ret->length = sizeof number;
    return ret->bytes != NULL;
}

static bool copy_rows(PGresult *result, struct rw_arena *arena, struct conn_rows *ret_rows,
                      struct rw_error *err)
{
    struct conn_rows rows = { 0 };
    rows.count = (size_t)PQntuples(result);
    rows.columns = (size_t)PQnfields(result);
    if (rows.count > CONN_ROWS_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "a query gave more than %d rows", CONN_ROWS_MAX);
    const char *affected = PQcmdTuples(result);
    rows.affected = affected[0] ? strtoll(affected, NULL, 10) : 0;
    rows.cells = rw_arena_array(arena, rows.count * rows.columns, sizeof *rows.cells, err);
    if (!rows.cells)
        return false;
    for (size_t i = 0; i < rows.count * rows.columns; i++) {
        int row = (int)(i / rows.columns);
        int column = (int)(i % rows.columns);
        Oid type = PQftype(result, column);
        bool number = type == OID_INT8 || type == OID_INT4 || type == OID_BOOL;
        bool (*copy)(const PGresult *, int, int, struct rw_arena *, struct conn_cell *,
                     struct rw_error *) = number ? copy_number : copy_cell;
        if (!copy(result, row, column, arena, &rows.cells[i], err))
            return false;
    }
    *ret_rows = rows;
    return true;
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
    if (!check_command(conn, PQprepare(conn->pg, ret_name, sql, 0, NULL), err))
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
    int count = (int)param_count;
    PGresult *result = name[0]
                           ? PQexecPrepared(conn->pg, name, count, values, lengths, formats, 1)
                           : PQexecParams(conn->pg, sql, count, NULL, values, lengths, formats, 1);
    bool good =
        is_good(conn, result, err) && (!ret_rows || copy_rows(result, arena, ret_rows, err));
    PQclear(result);
    return good;
}

bool conn_script(struct conn *conn, const char *sql, struct rw_error *err)
{
    return (conn->in_transaction || conn_ready(conn, err)) && simple(conn, sql, err);
}

/* One attempt. An error while committing leaves the outcome open and is never tried again. */
static bool transact_once(struct conn *conn, const struct conn_work *work, struct rw_error *err)
{
    conn->retry = false;
    if (!conn_ready(conn, err))
        return false;
    if (!simple(conn, "BEGIN", err)) {
        conn->retry = conn->lost; /* nothing was done yet on a connection that had gone stale */
        return false;
    }
    conn->in_transaction = true;
    bool done = work->run(work->self, conn, err);
    conn->in_transaction = false;
    if (done)
        return simple(conn, "COMMIT", err);
    struct rw_error ignored = { 0 };
    if (!conn->lost && !simple(conn, "ROLLBACK", &ignored))
        conn->lost = true; /* a connection in an open state is not used again */
    return false;
}

static bool read_once(struct conn *conn, const struct conn_work *work, struct rw_error *err)
{
    conn->retry = false;
    if (!conn_ready(conn, err))
        return false;
    bool done = work->run(work->self, conn, err);
    conn->retry = conn->lost; /* reading once more does no harm */
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

/* Takes all notifications that have arrived. */
static bool take_notifications(struct conn *conn)
{
    bool taken = false;
    for (PGnotify *one = PQnotifies(conn->pg); one; one = PQnotifies(conn->pg)) {
        PQfreemem(one);
        taken = true;
    }
    return taken;
}

bool conn_wait(struct conn *conn, int32_t timeout_ms, bool *ret_notified, struct rw_error *err)
{
    bool notified = take_notifications(conn);
    if (!notified) {
        struct pollfd waiting = { .fd = PQsocket(conn->pg), .events = POLLIN };
        if (poll(&waiting, 1, timeout_ms) > 0 && PQconsumeInput(conn->pg) == 0) {
            conn->lost = true;
            return fail_unavailable(conn, "the database connection was lost", err);
        }
        notified = take_notifications(conn);
    }
    *ret_notified = notified;
    return true;
}
