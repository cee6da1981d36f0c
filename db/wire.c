/* SPDX-License-Identifier: Apache-2.0 */
/* A wire to PostgreSQL whose waits all end; the door to libpq. */
#include "db/wire.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <libpq-fe.h>

#include "core/base/clock.h"
#include "db/sqlstate.h"
#include "db/wire_rows.h"

#define LOOK_MS 100 /* how often who waits looks whether the program is to stop */
#define SETTING_MAX 256
#define LOCK_MS 8000 /* less than a statement may take, so that the failure says what it was */
#define SILENT_CONNECT_MS ((WIRE_CONNECT_S - 1) * 1000) /* libpq counts whole seconds */
#define NUMBER_MAX 16

struct wire {
    struct wire_settings settings;
    struct rw_clock clock;
    PGconn *pg;
    bool retry;
    bool lost;
    bool silent;
    bool full;
    bool opens; /* the next statement goes out behind a BEGIN */
};

bool wire_open(const struct wire_settings *settings, struct rw_arena *arena, struct wire **ret_wire,
               struct rw_error *err)
{
    struct wire *wire = rw_arena_alloc(arena, sizeof *wire, err);
    if (!wire)
        return false;
    wire->settings = *settings;
    wire->clock = rw_clock_system();
    *ret_wire = wire;
    return true;
}

/* What libpq still has to say is thrown away, or it might wait for a server that takes nothing. */
void wire_cut(struct wire *wire)
{
    if (wire->pg && PQsocket(wire->pg) >= 0)
        (void)shutdown(PQsocket(wire->pg), SHUT_RDWR); /* it may be closed already */
    PQfinish(wire->pg);
    wire->pg = NULL;
    wire->lost = true;
}

bool wire_is_up(const struct wire *wire)
{
    return wire->pg && PQstatus(wire->pg) == CONNECTION_OK && !wire->lost;
}

bool wire_is_silent(const struct wire *wire)
{
    return wire->silent;
}

bool wire_is_full(const struct wire *wire)
{
    return wire->full;
}

void wire_forget(struct wire *wire)
{
    wire->retry = wire->silent = wire->full = wire->opens = false;
}

bool wire_may_retry(const struct wire *wire)
{
    return wire->retry;
}

bool wire_answers(const char *text)
{
    return PQping(text) == PQPING_OK;
}

static int64_t now_ms(const struct wire *wire)
{
    return rw_clock_monotonic_ms(&wire->clock);
}

/* libpq ends its sentences with a newline and may write several lines; the first says it. */
static bool fail_unavailable(struct wire *wire, const char *what, struct rw_error *err)
{
    const char *said = wire->pg ? PQerrorMessage(wire->pg) : "there is no connection";
    wire->lost = true;
    return rw_error_set(err, RW_UNAVAILABLE, "", "%s: %.*s", what, (int)strcspn(said, "\n"), said);
}

static bool fail_result(struct wire *wire, const PGresult *result, struct rw_error *err)
{
    const struct sqlstate said = { PQresultErrorField(result, PG_DIAG_SQLSTATE),
                                   PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY),
                                   PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME) };
    if (PQstatus(wire->pg) == CONNECTION_BAD || !said.state)
        return fail_unavailable(wire, "the database connection was lost", err);
    const enum sqlstate_effect effect = sqlstate_effect(&said);
    wire->retry = wire->retry || effect == SQLSTATE_AGAIN || effect == SQLSTATE_ELSEWHERE;
    wire->lost = wire->lost || effect == SQLSTATE_ELSEWHERE;
    wire->full = wire->full || effect == SQLSTATE_FULL;
    return sqlstate_fail(&said, err);
}

static bool fail_silent(struct wire *wire, struct rw_error *err)
{
    wire_cut(wire);
    wire->silent = true;
    return rw_error_set(err, RW_UNAVAILABLE, "", "the database does not answer");
}

static bool is_stopping(const struct wire *wire)
{
    return wire->settings.stopping && atomic_load(wire->settings.stopping);
}

/* Sends what is left to send and takes in until an answer is whole. */
static bool await(struct wire *wire, int64_t *until_ms, struct rw_error *err)
{
    for (;;) { /* ends: `until_ms` comes */
        int unsent = PQflush(wire->pg);
        if (unsent == 0 && !PQisBusy(wire->pg))
            return true;
        struct pollfd waiting = { .fd = PQsocket(wire->pg),
                                  .events = (short)(unsent == 1 ? POLLIN | POLLOUT : POLLIN) };
        int ready = unsent < 0 ? 0 : poll(&waiting, 1, LOOK_MS);
        if (unsent < 0 ||
            (ready > 0 && waiting.revents != POLLOUT && PQconsumeInput(wire->pg) == 0))
            return fail_unavailable(wire, "the database connection was lost", err);
        int64_t now = now_ms(wire);
        if (is_stopping(wire) && *until_ms > now + WIRE_STOP_MS)
            *until_ms = now + WIRE_STOP_MS;
        if (now >= *until_ms)
            return fail_silent(wire, err);
    }
}

static bool is_good(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

/* All answers to what was sent; the last of them is given, or the first that is a failure. */
static bool collect(struct wire *wire, bool sent, PGresult **ret_result, struct rw_error *err)
{
    int64_t until_ms = now_ms(wire) + wire->settings.statement_ms + WIRE_SPARE_MS;
    const bool piped = PQpipelineStatus(wire->pg) != PQ_PIPELINE_OFF;
    PGresult *kept = NULL;
    if (!sent)
        return fail_unavailable(wire, "the database connection was lost", err);
    for (int i = 0; i < WIRE_RESULTS_MAX; i++) {
        if (!await(wire, &until_ms, err)) {
            PQclear(kept);
            return false;
        }
        PGresult *result = PQgetResult(wire->pg);
        if (!result && piped)
            continue; /* between two statements */
        if (!result || PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
            PQclear(result);
            break;
        }
        bool keep = !kept || is_good(kept);
        PQclear(keep ? kept : result);
        kept = keep ? result : kept;
    }
    if (kept && is_good(kept)) {
        *ret_result = kept;
        return true;
    }
    (void)(kept ? fail_result(wire, kept, err)
                : fail_unavailable(wire, "the database connection was lost", err));
    PQclear(kept);
    return false;
}

void wire_open_transaction(struct wire *wire)
{
    wire->opens = true;
}

static bool ask(struct wire *wire, const char *sql, struct rw_error *err)
{
    PGresult *result = NULL;
    if (!collect(wire, PQsendQuery(wire->pg, sql) == 1, &result, err))
        return false;
    PQclear(result);
    return true;
}

/* What cannot share a way with a BEGIN follows it. Where that fails nothing more is asked: it would
 * stay, whatever comes of the transaction. */
static bool begin(struct wire *wire, struct rw_error *err)
{
    bool opens = wire->opens;
    wire->opens = false;
    if (!wire_is_up(wire))
        return fail_unavailable(wire, "could not ask the database", err);
    if (!opens || ask(wire, "BEGIN", err))
        return true;
    wire->lost = true;
    return false;
}

bool wire_script(struct wire *wire, const char *sql, struct rw_error *err)
{
    return begin(wire, err) && ask(wire, sql, err);
}

bool wire_commit(struct wire *wire, struct rw_error *err)
{
    if (!begin(wire, err))
        return false;
    if (PQtransactionStatus(wire->pg) == PQTRANS_INERROR)
        return rw_error_set(err, RW_BUG, "",
                            "a transaction in which a statement failed cannot be kept");
    return ask(wire, "COMMIT", err);
}

bool wire_prepare(struct wire *wire, const char *name, const char *sql, struct rw_error *err)
{
    PGresult *result = NULL;
    if (!begin(wire, err) ||
        !collect(wire, PQsendPrepare(wire->pg, name, sql, 0, NULL) == 1, &result, err))
        return false;
    PQclear(result);
    return true;
}

static bool send_statement(struct wire *wire, const struct wire_statement *statement)
{
    int count = (int)statement->count;
    if (statement->name[0])
        return PQsendQueryPrepared(wire->pg, statement->name, count, statement->values,
                                   statement->lengths, statement->formats, 1) == 1;
    return PQsendQueryParams(wire->pg, statement->sql, count, NULL, statement->values,
                             statement->lengths, statement->formats, 1) == 1;
}

/* One way there and back for both; where the BEGIN fails the statement is not looked at. */
static bool open_with(struct wire *wire, const struct wire_statement *statement,
                      PGresult **ret_result, struct rw_error *err)
{
    wire->opens = false;
    bool sent = PQenterPipelineMode(wire->pg) == 1 &&
                PQsendQueryParams(wire->pg, "BEGIN", 0, NULL, NULL, NULL, NULL, 1) == 1 &&
                send_statement(wire, statement) && PQpipelineSync(wire->pg) == 1;
    bool good = collect(wire, sent, ret_result, err);
    if (wire->pg &&
        (PQexitPipelineMode(wire->pg) != 1 || PQtransactionStatus(wire->pg) == PQTRANS_IDLE))
        wire->lost = true; /* it was cut short, or the BEGIN failed */
    return good;
}

bool wire_run(struct wire *wire, const struct wire_statement *statement, struct rw_arena *arena,
              struct conn_rows *ret_rows, struct rw_error *err)
{
    PGresult *result = NULL;
    if (wire->opens && wire_is_up(wire)) {
        if (!open_with(wire, statement, &result, err))
            return false;
    } else if (!begin(wire, err) || !collect(wire, send_statement(wire, statement), &result, err)) {
        return false;
    }
    bool good = !ret_rows || wire_rows_copy(result, arena, ret_rows, err);
    PQclear(result);
    return good;
}

static void swallow_notice(void *self, const PGresult *result)
{
    (void)self, (void)result;
}

/* The role is set only where it exists, so that a database without it serves a trial. What the row
 * policies look at is set before, and stays as long as the connection. */
static bool take_role(struct wire *wire, struct rw_error *err)
{
    const char *const values[] = { wire->settings.pharmacy, wire->settings.role };
    const int lengths[] = { 0, 0 };
    const struct wire_statement statement = {
        .sql = "SELECT set_config('rolwacht.pharmacy', $1, false),"
               " (SELECT set_config('role', rolname, false) FROM pg_roles"
               "  WHERE rolname = $2 AND pg_has_role(session_user, rolname, 'MEMBER'))",
        .name = "",
        .values = values,
        .lengths = lengths,
        .formats = lengths,
        .count = 2,
    };
    return wire_run(wire, &statement, NULL, NULL, err);
}

/* A server that vanished is given up 35 s after its last word also where nobody asks. */
static bool dial(struct wire *wire, struct rw_error *err)
{
    char patience[NUMBER_MAX];
    const char *const names[] = { "dbname",           "connect_timeout",
                                  "application_name", "client_encoding",
                                  "keepalives_idle",  "keepalives_interval",
                                  "tcp_user_timeout", NULL };
    const char *const values[] = {
        wire->settings.text, patience, "rolwacht", "UTF8", "15", "5", "20000", NULL
    };
    int64_t begun_ms = now_ms(wire);
    (void)snprintf(patience, sizeof patience, "%d", WIRE_CONNECT_S);
    wire->pg = PQconnectdbParams(names, values, 1);
    if (PQstatus(wire->pg) == CONNECTION_OK && PQsetnonblocking(wire->pg, 1) == 0) {
        PQsetNoticeReceiver(wire->pg, swallow_notice, NULL);
        return true;
    }
    wire->silent = now_ms(wire) - begun_ms >= SILENT_CONNECT_MS;
    return fail_unavailable(wire, "could not connect to the database", err);
}

bool wire_connect(struct wire *wire, struct rw_error *err)
{
    char settings[SETTING_MAX];
    wire_cut(wire);
    if (!dial(wire, err))
        return false;
    wire->lost = false;
    (void)snprintf(settings, sizeof settings,
                   "SET statement_timeout = %d; SET idle_in_transaction_session_timeout = 60000;"
                   " SET lock_timeout = %d; SET timezone = 'UTC'",
                   (int)wire->settings.statement_ms, LOCK_MS);
    return wire_script(wire, settings, err) && take_role(wire, err);
}

static bool keep_text(const char *text, struct rw_arena *arena, struct conn_hints *hints,
                      struct rw_error *err)
{
    if (hints->count == CONN_HINTS_MAX || strlen(text) >= CONN_HINT_MAX)
        return true;
    const char *kept = rw_arena_text(arena, text, err);
    if (!kept)
        return false;
    hints->texts[hints->count++] = kept;
    return true;
}

/* Takes all notifications that have arrived. */
static bool take_notifications(struct wire *wire, struct rw_arena *arena, struct conn_hints *hints,
                               struct rw_error *err)
{
    bool done = true;
    for (PGnotify *one = PQnotifies(wire->pg); one; one = PQnotifies(wire->pg)) {
        hints->notified = true;
        done = done && keep_text(one->extra, arena, hints, err);
        PQfreemem(one);
    }
    return done;
}

bool wire_wait(struct wire *wire, int32_t timeout_ms, struct rw_arena *arena,
               struct conn_hints *ret_hints, struct rw_error *err)
{
    struct conn_hints hints = { .texts = rw_arena_array(arena, CONN_HINTS_MAX, sizeof *hints.texts,
                                                        err) };
    if (!hints.texts || !begin(wire, err) || !take_notifications(wire, arena, &hints, err))
        return false;
    if (!hints.notified) {
        struct pollfd waiting = { .fd = PQsocket(wire->pg), .events = POLLIN };
        if (poll(&waiting, 1, timeout_ms) > 0 && PQconsumeInput(wire->pg) == 0)
            return fail_unavailable(wire, "the database connection was lost", err);
        if (!take_notifications(wire, arena, &hints, err))
            return false;
    }
    *ret_hints = hints;
    return true;
}
