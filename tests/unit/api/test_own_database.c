/* SPDX-License-Identifier: Apache-2.0 */
/* Tests how the database of the own PostgreSQL comes by its name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/api/cluster_home.h"

/* How often somebody came to template1, while one connection of the owner is open. */
static int64_t sessions_of_template(struct cluster_home *home)
{
    struct private_cluster *cluster = NULL;
    struct conn_rows rows = { 0 };
    struct rw_error err = { 0 };
    assert_true(cluster_home_open(home, home->folder, &cluster, &err));
    struct conn *conn = private_cluster_take_conn(cluster);
    assert_non_null(conn);
    assert_null(private_cluster_take_conn(cluster));
    assert_true(conn_run(conn, "SELECT sessions FROM pg_stat_database WHERE datname = 'template1'",
                         NULL, 0, home->arena, &rows, &err));
    int64_t sessions = conn_cell_int(&rows, 0, 0);
    conn_close(conn);
    private_cluster_close(cluster);
    return sessions;
}

/* Each connection is a tenth of the time. What there is of others is the question before a stop. */
static void each_start_connects_once(void **state)
{
    struct cluster_home *home = *state;
    assert_int_equal(sessions_of_template(home), 0);
    int64_t before = sessions_of_template(home);
    int64_t after = sessions_of_template(home);
    assert_in_range(after - before, 0, 1);
}

static void run_as_owner(const struct cluster_home *home, const char *sql)
{
    struct private_cluster *cluster = NULL;
    struct rw_error err = { 0 };
    assert_true(cluster_home_open(home, home->folder, &cluster, &err));
    struct conn *conn = private_cluster_take_conn(cluster);
    assert_true(conn_script(conn, sql, &err));
    conn_close(conn);
    private_cluster_close(cluster);
}

/* A kill between initdb and the change of its database's name. */
static void a_database_that_was_not_named_yet_is_named(void **state)
{
    struct cluster_home *home = *state;
    struct private_cluster *cluster = NULL;
    struct rw_error err = { 0 };
    run_as_owner(home, "DROP ROLE rolwacht_app;"
                       " UPDATE pg_database SET datname = 'postgres' WHERE datname = 'rolwacht'");
    assert_true(cluster_home_open(home, home->folder, &cluster, &err));
    assert_true(conn_server_answers(private_cluster_app(cluster)));
    private_cluster_close(cluster);
    run_as_owner(home, "GRANT CONNECT ON DATABASE rolwacht TO rolwacht_app");
}

/* Also where there is another one that could take its name. */
static void a_database_that_does_not_open_is_told(void **state)
{
    struct cluster_home *home = *state;
    struct private_cluster *cluster = NULL;
    struct rw_error err = { 0 };
    run_as_owner(home, "CREATE DATABASE postgres");
    run_as_owner(home, "UPDATE pg_database SET datallowconn = false WHERE datname = 'rolwacht'");
    assert_false(cluster_home_open(home, home->folder, &cluster, &err));
    assert_int_equal(err.code, RW_UNAVAILABLE);
    assert_non_null(strstr(err.text, "database \"rolwacht\" is not currently accepting"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, cluster_home_make, cluster_home_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_start_connects_once),
        TEST(a_database_that_was_not_named_yet_is_named),
        TEST(a_database_that_does_not_open_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
