/* SPDX-License-Identifier: Apache-2.0 */
/* Tests the door to PostgreSQL and the migrations on a real server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "db/migrate.h"
#include "tests/unit/db/database.h"

static void values_come_back_as_they_were_given(void **state)
{
    struct database *database = *state;
    struct rw_error err = { 0 };
    struct conn_rows rows;
    const struct conn_param params[] = { conn_int(INT64_MIN), conn_text("naïve ' \" \\ text"),
                                         conn_bytes("a\0b", 3), conn_text(NULL) };
    rw_arena_reset(database->arena);
    assert_true(conn_run(database->app, "SELECT $1::bigint, $2::text, $3::bytea, $4::text, true",
                         params, 4, database->arena, &rows, &err));
    assert_int_equal(rows.count, 1);
    assert_true(conn_cell_int(&rows, 0, 0) == INT64_MIN);
    assert_string_equal(conn_cell_text(&rows, 0, 1), "naïve ' \" \\ text");
    assert_int_equal(conn_cell_bytes(&rows, 0, 2).length, 3);
    assert_memory_equal(conn_cell_bytes(&rows, 0, 2).bytes, "a\0b", 3);
    assert_true(conn_cell_is_null(&rows, 0, 3));
    assert_int_equal(conn_cell_int(&rows, 0, 4), 1);
}

static void negative_numbers_of_both_widths_are_read(void **state)
{
    struct database *database = *state;
    struct rw_error err = { 0 };
    struct conn_rows rows;
    rw_arena_reset(database->arena);
    assert_true(conn_run(database->app, "SELECT -5::int, -6::bigint, 2147483647::int", NULL, 0,
                         database->arena, &rows, &err));
    assert_int_equal(conn_cell_int(&rows, 0, 0), -5);
    assert_int_equal(conn_cell_int(&rows, 0, 1), -6);
    assert_int_equal(conn_cell_int(&rows, 0, 2), 2147483647);
}

static bool insert_and_fail(void *self, struct conn *conn, struct rw_error *err)
{
    struct database *database = self;
    return conn_run(conn,
                    "INSERT INTO clients (pharmacy_id, client_id, pseudonym, created_ms)"
                    " VALUES ('952000', 'gone', 'p-gone', 1)",
                    NULL, 0, database->arena, NULL, err) &&
           rw_error_set(err, RW_CONFLICT, "/here", "changed my mind");
}

static void work_that_says_no_leaves_nothing(void **state)
{
    struct database *database = *state;
    struct rw_error err = { 0 };
    struct conn_rows rows;
    assert_false(database_work(database, insert_and_fail, &err));
    assert_int_equal(err.code, RW_CONFLICT);
    assert_string_equal(err.at, "/here");
    struct rw_error none = { 0 };
    assert_true(conn_run(database->app, "SELECT 1 FROM clients WHERE client_id = 'gone'", NULL, 0,
                         database->arena, &rows, &none));
    assert_int_equal(rows.count, 0);
}

static bool divide_by_nothing(void *self, struct conn *conn, struct rw_error *err)
{
    struct database *database = self;
    return conn_run(conn, "SELECT 1 / 0", NULL, 0, database->arena, NULL, err);
}

/* What is prepared goes out with the BEGIN, in one; what is new does not. */
static void the_first_statement_opens_the_transaction_each_time(void **state)
{
    struct database *database = *state;
    struct rw_error none = { 0 };
    struct conn_rows rows;
    for (int i = 0; i < 3; i++) {
        struct rw_error refused = { 0 };
        struct rw_error wrong = { 0 };
        assert_false(database_work(database, insert_and_fail, &refused));
        assert_string_equal(refused.at, "/here");
        const struct conn_work work = { database, divide_by_nothing };
        assert_false(conn_transact(database->app, &work, &wrong));
        assert_non_null(strstr(wrong.text, "22012"));
    }
    assert_true(conn_run(database->app, "SELECT 1 FROM clients WHERE client_id = 'gone'", NULL, 0,
                         database->arena, &rows, &none));
    assert_int_equal(rows.count, 0);
}

struct retried {
    int runs;
};

static bool fail_to_serialise_twice(void *self, struct conn *conn, struct rw_error *err)
{
    struct retried *retried = self;
    retried->runs++;
    if (retried->runs > 2)
        return conn_script(conn, "SELECT 1", err);
    return conn_script(conn, "DO $$ BEGIN RAISE SQLSTATE '40001'; END $$", err);
}

static bool always_fail_to_serialise(void *self, struct conn *conn, struct rw_error *err)
{
    struct retried *retried = self;
    retried->runs++;
    return conn_script(conn, "DO $$ BEGIN RAISE SQLSTATE '40P01'; END $$", err);
}

static void a_serialisation_failure_is_run_again_a_fixed_number_of_times(void **state)
{
    struct database *database = *state;
    struct rw_error err = { 0 };
    struct retried few = { 0 };
    struct retried many = { 0 };
    const struct conn_work works = { &few, fail_to_serialise_twice };
    const struct conn_work hopeless = { &many, always_fail_to_serialise };
    assert_true(conn_transact(database->app, &works, &err));
    assert_int_equal(few.runs, 3);
    assert_false(conn_transact(database->app, &hopeless, &err));
    assert_int_equal(many.runs, 1 + CONN_RETRIES_MAX);
    assert_int_equal(err.code, RW_UNAVAILABLE);
}

static void a_value_that_breaks_a_rule_is_not_quoted_in_the_error(void **state)
{
    struct database *database = *state;
    struct rw_error err = { 0 };
    const struct conn_param params[] = { conn_text("mevrouw geheim") };
    assert_false(
        conn_run(database->app, "SELECT $1::bigint", params, 1, database->arena, NULL, &err));
    assert_null(strstr(err.text, "geheim"));
    struct rw_error twice = { 0 };
    assert_false(conn_script(database->app, "INSERT INTO pharmacies VALUES ('952000', 1)", &twice));
    assert_int_equal(twice.code, RW_CONFLICT);
}

static void a_lost_connection_is_opened_again(void **state)
{
    struct database *database = *state;
    struct rw_error err = { 0 };
    assert_true(conn_script(database->app, "SELECT 1", &err));
    assert_true(conn_script(database->owner,
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                            " WHERE usename = 'rolwacht_app'",
                            &err));
    struct retried none = { 2 };
    const struct conn_work work = { &none, fail_to_serialise_twice };
    assert_true(conn_transact(database->app, &work, &err));
}

static void the_running_service_cannot_change_the_journal(void **state)
{
    struct database *database = *state;
    static const char *const forbidden[] = {
        "UPDATE journal SET actor = 'x'",
        "DELETE FROM journal",
        "TRUNCATE journal",
        "UPDATE journal_seal SET hash = 'x'",
        "DELETE FROM journal_seal",
        "DROP TABLE journal",
        "UPDATE orders SET bytes = ''",
        "UPDATE schedules SET bytes = ''",
        "DELETE FROM events",
        "UPDATE verdicts SET verdict = 'pass'",
    };
    for (size_t i = 0; i < RW_COUNT(forbidden); i++) {
        struct rw_error err = { 0 };
        assert_false(conn_script(database->app, forbidden[i], &err));
        assert_int_equal(err.code, RW_DENIED);
    }
}

static void migrations_run_once_and_refuse_a_changed_file(void **state)
{
    struct database *database = *state;
    struct rw_error err = { 0 };
    int32_t applied = -1;
    assert_true(migrate_run(database->owner, migrate_files, 2, &applied, &err));
    assert_int_equal(applied, 0);
    const struct rw_embedded changed[] = { { "0001_pharmacy.sql", "SELECT 1", 8 }, { 0 } };
    assert_false(migrate_run(database->owner, changed, 2, &applied, &err));
    assert_int_equal(err.code, RW_CONFLICT);
}

static int64_t count_of(struct database *database, const char *sql)
{
    struct rw_error err = { 0 };
    struct conn_rows rows;
    assert_true(conn_run(database->owner, sql, NULL, 0, database->arena, &rows, &err));
    return conn_cell_int(&rows, 0, 0);
}

/* Of a database elsewhere: its owner is no superuser, and the fences hold for the owner too. */
static void a_migration_changes_the_rows_of_every_pharmacy(void **state)
{
    static const char make_owner[] =
        "INSERT INTO pharmacies (pharmacy_id, created_ms) VALUES ('952001', 0);"
        " INSERT INTO exits (pharmacy_id, exit) SELECT pharmacy_id, 'before' FROM pharmacies;"
        " CREATE ROLE builder; GRANT ALL ON SCHEMA public TO builder;"
        " DO $$ DECLARE one name; BEGIN FOR one IN SELECT relname FROM pg_class WHERE relkind = 'r'"
        " AND relnamespace = 'public'::regnamespace LOOP"
        " EXECUTE format('ALTER TABLE %I OWNER TO builder', one); END LOOP; END $$;"
        " SET ROLE builder";
    static const char clean[] = "RESET ROLE; DELETE FROM exits; DELETE FROM schema_migrations"
                                " WHERE name = 'last'; DELETE FROM pharmacies WHERE pharmacy_id = "
                                "'952001'; REASSIGN OWNED BY builder TO rolwacht_owner;"
                                " DROP OWNED BY builder; DROP ROLE builder";
    static const char file[] = "UPDATE exits SET exit = 'after'";
    static const char forced[] =
        "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind = 'r' AND relforcerowsecurity";
    struct database *database = *state;
    struct rw_error err = { 0 };
    static struct rw_embedded files[MIGRATE_FILES_MAX + 1];
    int32_t applied = 0;
    size_t count = 0;
    for (; migrate_files[count].name; count++)
        files[count] = migrate_files[count];
    files[count] = (struct rw_embedded){ "last", file, sizeof file - 1 };
    assert_true(conn_script(database->owner, make_owner, &err));
    int64_t before = count_of(database, forced);
    assert_true(before > 20);
    assert_int_equal(count_of(database, "SELECT count(*) FROM exits"),
                     0); /* as the owner sees it */
    assert_true(migrate_run(database->owner, files, 2, &applied, &err));
    assert_int_equal(applied, 1);
    assert_int_equal(count_of(database, forced), before);
    assert_int_equal(count_of(database, "SELECT count(*) FROM exits"), 0);
    assert_true(conn_script(database->owner, "RESET ROLE", &err));
    assert_int_equal(count_of(database, "SELECT count(*) FROM exits WHERE exit = 'after'"), 2);
    assert_true(conn_script(database->owner, clean, &err));
}

static void a_migration_that_fails_leaves_nothing_of_those_before_it(void **state)
{
    static const char good[] = "CREATE TABLE left_over (one bigint)";
    static const char broken[] = "SELECT 1 / 0";
    static struct rw_embedded files[MIGRATE_FILES_MAX + 1];
    struct database *database = *state;
    struct rw_error err = { 0 };
    int32_t applied = -1;
    size_t count = 0;
    for (; migrate_files[count].name; count++)
        files[count] = migrate_files[count];
    files[count] = (struct rw_embedded){ "good", good, sizeof good - 1 };
    files[count + 1] = (struct rw_embedded){ "broken", broken, sizeof broken - 1 };
    assert_false(migrate_run(database->owner, files, 2, &applied, &err));
    assert_string_equal(err.at, "");
    assert_non_null(strstr(err.text, "migration broken failed: "));
    assert_int_equal(applied, -1);
    err = (struct rw_error){ 0 };
    assert_int_equal(
        count_of(database, "SELECT count(*) FROM pg_class WHERE relname = 'left_over'"), 0);
    assert_true(migrate_run(database->owner, migrate_files, 2, &applied, &err));
    assert_int_equal(applied, 0);
}

static void every_table_and_column_carries_a_comment(void **state)
{
    struct database *database = *state;
    struct rw_error err = { 0 };
    struct conn_rows rows;
    rw_arena_reset(database->arena);
    assert_true(conn_run(
        database->owner,
        "SELECT c.relname FROM pg_class AS c WHERE c.relkind = 'r'"
        " AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'schema_migrations'"
        " AND obj_description(c.oid) IS NULL"
        " UNION ALL SELECT c.relname || '.' || a.attname FROM pg_class AS c"
        " JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 WHERE c.relkind = 'r'"
        " AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'schema_migrations'"
        " AND a.attname NOT IN ('pharmacy_id', 'dispenser_id', 'client_id', 'order_id', 'roll',"
        "  'version', 'roll_version', 'serial', 'journal_id', 'outbox_id', 'alarm_id', 'state')"
        " AND col_description(c.oid, a.attnum) IS NULL",
        NULL, 0, database->arena, &rows, &err));
    for (size_t i = 0; i < rows.count; i++)
        print_error("%s has no comment\n", conn_cell_text(&rows, i, 0));
    assert_int_equal(rows.count, 0);
}

struct looked {
    struct database *database;
    struct conn_rows rows;
};

static bool look(void *self, struct conn *conn, struct rw_error *err)
{
    struct looked *looked = self;
    return conn_run(conn, "SELECT * FROM shelves", NULL, 0, looked->database->arena, &looked->rows,
                    err);
}

static void what_was_prepared_follows_a_changed_table_and_a_lost_connection(void **state)
{
    struct looked looked = { .database = *state };
    struct rw_error err = { 0 };
    struct conn *owner = looked.database->owner;
    const struct conn_work work = { &looked, look };
    assert_true(conn_script(owner,
                            "CREATE TABLE shelves (a bigint); INSERT INTO shelves VALUES (7);"
                            "GRANT SELECT ON shelves TO rolwacht_app",
                            &err));
    assert_true(conn_read(looked.database->app, &work, &err));
    assert_true(conn_read(looked.database->app, &work, &err));
    assert_int_equal(conn_cell_int(&looked.rows, 0, 0), 7);
    assert_true(conn_script(owner, "ALTER TABLE shelves ADD b text DEFAULT 'x'", &err));
    assert_true(conn_read(looked.database->app, &work, &err));
    assert_int_equal(looked.rows.columns, 2);
    assert_true(conn_script(owner,
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                            " WHERE usename = 'rolwacht_app'",
                            &err));
    assert_true(conn_read(looked.database->app, &work, &err));
    assert_string_equal(conn_cell_text(&looked.rows, 0, 1), "x");
    assert_true(conn_script(owner, "DROP TABLE shelves", &err));
    assert_false(conn_read(looked.database->app, &work, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_come_back_as_they_were_given),
        cmocka_unit_test(negative_numbers_of_both_widths_are_read),
        cmocka_unit_test(work_that_says_no_leaves_nothing),
        cmocka_unit_test(the_first_statement_opens_the_transaction_each_time),
        cmocka_unit_test(a_serialisation_failure_is_run_again_a_fixed_number_of_times),
        cmocka_unit_test(a_value_that_breaks_a_rule_is_not_quoted_in_the_error),
        cmocka_unit_test(a_lost_connection_is_opened_again),
        cmocka_unit_test(what_was_prepared_follows_a_changed_table_and_a_lost_connection),
        cmocka_unit_test(the_running_service_cannot_change_the_journal),
        cmocka_unit_test(migrations_run_once_and_refuse_a_changed_file),
        cmocka_unit_test(a_migration_changes_the_rows_of_every_pharmacy),
        cmocka_unit_test(a_migration_that_fails_leaves_nothing_of_those_before_it),
        cmocka_unit_test(every_table_and_column_carries_a_comment),
    };
    return cmocka_run_group_tests(tests, database_setup, database_teardown);
}
