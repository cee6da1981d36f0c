/* SPDX-License-Identifier: Apache-2.0 */
/* Tests that a stop writes every download that is owed. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api/complaint.h"
#include "api/downloads.h"
#include "api/private_cluster.h"
#include "api/repeats.h"
#include "api/service.h"
#include "tests/unit/db/database.h"

#define OWED 600 /* more than two rounds write */

static bool add_schedules(void *self, struct conn *conn, struct rw_error *err)
{
    (void)self;
    return conn_script(
        conn,
        "INSERT INTO clients VALUES ('952000', 'c-1', 'p-1', 1);"
        "INSERT INTO rolls VALUES ('952000', '482913570', 'c-1', 1, 'released', 0, 1, 1, 1, 1, 1);"
        "INSERT INTO dispensers (pharmacy_id, dispenser_id, created_ms)"
        " VALUES ('952000', 'd-1', 1);"
        "INSERT INTO schedules (pharmacy_id, dispenser_id, version, roll, roll_version, at_ms,"
        " bytes) SELECT '952000', 'd-1', n, '482913570', 1, 1, '' FROM generate_series(1, 600) AS "
        "n",
        err);
}

/* No room on its disk, as far as it says. */
static void fill_disk(struct database *database, bool full)
{
    struct rw_error err = { 0 };
    const char *script =
        full ? "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS"
               " $$BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = '53100'; END$$;"
               "CREATE TRIGGER no_room BEFORE UPDATE ON schedules EXECUTE FUNCTION no_room()"
             : "DROP TRIGGER no_room ON schedules; DROP FUNCTION no_room";
    if (!conn_script(database->owner, script, &err))
        fail_msg("%s", err.text);
}

static void owe(struct database *database, struct service *service, int64_t version)
{
    struct rw_error err = { 0 };
    struct scope who = database->scope;
    const struct dispensers_schedule schedule = { .dispenser_id = "d-1",
                                                  .version = version,
                                                  .roll = "482913570" };
    rw_arena_reset(database->arena);
    who.actor = "d-1";
    if (!downloads_record(service, &who, &schedule, &err))
        fail_msg("%s", err.text);
}

static bool count_rows(void *self, struct conn *conn, struct rw_error *err)
{
    struct database *database = self;
    struct conn_rows rows;
    if (!conn_run(conn,
                  "SELECT (SELECT count(*) FROM schedules WHERE fetched_ms IS NOT NULL),"
                  " (SELECT count(*) FROM journal WHERE action = 'download')",
                  NULL, 0, database->arena, &rows, err))
        return false;
    assert_int_equal(conn_cell_int(&rows, 0, 0), conn_cell_int(&rows, 0, 1));
    assert_int_equal(conn_cell_int(&rows, 0, 0), OWED);
    return true;
}

static void a_stop_writes_more_than_a_round_does(void **state)
{
    struct database *database = *state;
    struct rw_error err = { 0 };
    struct service service = { .clock = rw_clock_system(), .pharmacy = "952000" };
    const struct conn_target target = { .text = private_cluster_app(database->cluster),
                                        .pharmacy = "952000" };
    struct rw_arena *arena = rw_arena_open((size_t)8 * RW_ARENA_MIB);
    assert_non_null(arena);
    assert_true(pool_open(&target, 1, database->whole, &service.pool, &err));
    assert_true(repeats_open(arena, &service.complaints, &err));
    assert_true(downloads_open(arena, &service.downloads, &err));
    if (!database_work(database, add_schedules, &err))
        fail_msg("%s", err.text);
    fill_disk(database, true);
    for (int64_t version = 1; version <= OWED; version++)
        owe(database, &service, version);
    assert_true(pool_is_full(service.pool));
    fill_disk(database, false);
    pool_note_room(service.pool);
    struct rw_arena *work = rw_arena_open((size_t)8 * RW_ARENA_MIB);
    assert_non_null(work);
    downloads_finish(&service, work);
    if (!database_work(database, count_rows, &err))
        fail_msg("%s", err.text);
    rw_arena_close(work);
    downloads_close(service.downloads);
    repeats_close(service.complaints);
    pool_close(service.pool);
    rw_arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_stop_writes_more_than_a_round_does) };
    return cmocka_run_group_tests(tests, database_setup, database_teardown);
}
