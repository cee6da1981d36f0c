/* SPDX-License-Identifier: Apache-2.0 */
/* Tests that what is told as committed was begun and done. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dlfcn.h>
#include <string.h>

#include "tests/unit/db/database.h"

static bool spoiled; /* what comes before a BEGIN that goes out with a statement fails */

/* Of libpq; the first in its place. */
int PQenterPipelineMode(void *pg);
int PQsendPrepare(void *pg, const char *name, const char *sql, int count, const unsigned *types);

int PQenterPipelineMode(void *pg)
{
    int (*theirs)(void *) = NULL;
    void *found = dlsym(RTLD_NEXT, "PQenterPipelineMode");
    memcpy(&theirs, &found, sizeof theirs);
    return theirs(pg) == 1 && (!spoiled || PQsendPrepare(pg, "", "BEGUN", 0, NULL) == 1);
}

static bool go_on_after_a_failure(void *self, struct conn *conn, struct rw_error *err)
{
    struct database *database = self;
    struct rw_error failed = { 0 };
    (void)err;
    assert_false(conn_run(conn, "SELECT 2 / 0", NULL, 0, database->arena, NULL, &failed));
    return true;
}

/* The server answers to such a COMMIT that it is done, and undoes all. */
static void nothing_is_committed_where_a_statement_failed(void **state)
{
    struct database *database = *state;
    for (int i = 0; i < 2; i++) { /* behind its BEGIN, and with it */
        struct rw_error err = { 0 };
        assert_false(database_work(database, go_on_after_a_failure, &err));
        assert_int_equal(err.code, RW_BUG);
    }
}

/* Whether they are done is not looked at. */
static bool insert_twice(void *self, struct conn *conn, struct rw_error *err)
{
    struct database *database = self;
    int done = 0;
    (void)err;
    for (int i = 0; i < 2; i++) {
        struct rw_error failed = { 0 };
        done += conn_run(conn,
                         "INSERT INTO clients (pharmacy_id, client_id, pseudonym, created_ms)"
                         " SELECT '952000', 'c-' || count(*), 'p-' || count(*), 1 FROM clients",
                         NULL, 0, database->arena, NULL, &failed);
    }
    return done >= 0;
}

static int64_t count_clients(struct database *database)
{
    struct rw_error err = { 0 };
    struct conn_rows rows;
    assert_true(conn_run(database->app, "SELECT count(*) FROM clients", NULL, 0, database->arena,
                         &rows, &err));
    return conn_cell_int(&rows, 0, 0);
}

/* What came behind it would stand by itself. */
static void nothing_is_asked_behind_a_beginning_that_failed(void **state)
{
    struct database *database = *state;
    struct rw_error err = { 0 };
    struct rw_error unbegun = { 0 };
    assert_true(database_work(database, insert_twice, &err));
    assert_int_equal(count_clients(database), 2);
    spoiled = true;
    assert_false(database_work(database, insert_twice, &unbegun));
    spoiled = false;
    assert_int_equal(count_clients(database), 2);
    assert_true(database_work(database, insert_twice, &err));
    assert_int_equal(count_clients(database), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_committed_where_a_statement_failed),
        cmocka_unit_test(nothing_is_asked_behind_a_beginning_that_failed),
    };
    return cmocka_run_group_tests(tests, database_setup, database_teardown);
}
