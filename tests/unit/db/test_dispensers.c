/* SPDX-License-Identifier: Apache-2.0 */
/* Tests that a hint says what was committed, and nothing to others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "db/conn.h"
#include "db/dispensers.h"
#include "tests/unit/db/database.h"

#define WAIT_MS 30000 /* for what must come */
#define LOOK_MS 50    /* for what must not */

static void assert_done(bool done, const struct rw_error *err)
{
    if (!done)
        fail_msg("%s", err->text);
}

static bool announce(void *self, struct conn *conn, struct rw_error *err)
{
    struct scope scope = *(const struct scope *)self;
    scope.conn = conn;
    return dispensers_announce(&scope, "d-9", 12, err);
}

static bool announce_and_fail(void *self, struct conn *conn, struct rw_error *err)
{
    return announce(self, conn, err) && rw_error_set(err, RW_CONFLICT, "", "not like this");
}

static struct conn_hints wait_for_hints(struct database *database, int32_t wait_ms)
{
    struct rw_error err = { 0 };
    struct conn_hints hints = { 0 };
    assert_done(conn_wait(database->owner, wait_ms, database->whole, &hints, &err), &err);
    return hints;
}

static void a_hint_comes_with_the_commit_and_names_the_version(void **state)
{
    struct database *database = *state;
    struct rw_error err = { 0 };
    struct rw_error wanted = { 0 };
    struct dispensers_change change = { 0 };
    assert_done(conn_listen(database->owner, &err), &err);
    const struct conn_work failing = { &database->scope, announce_and_fail };
    assert_false(conn_transact(database->app, &failing, &wanted));
    assert_int_equal(wanted.code, RW_CONFLICT);
    assert_false(wait_for_hints(database, LOOK_MS).notified);
    const struct conn_work work = { &database->scope, announce };
    assert_done(conn_transact(database->app, &work, &err), &err);
    const struct conn_hints hints = wait_for_hints(database, WAIT_MS);
    assert_true(hints.notified);
    assert_int_equal(hints.count, 1);
    assert_true(dispensers_read_hint(hints.texts[0], "952000", database->whole, &change));
    assert_string_equal(change.dispenser_id, "d-9");
    assert_int_equal(change.version, 12);
    assert_int_equal(change.refusals, 0);
}

static void what_more_hints_say_is_left_to_the_table(void **state)
{
    struct database *database = *state;
    struct rw_error err = { 0 };
    char script[64];
    size_t kept = 0;
    assert_done(conn_listen(database->owner, &err), &err);
    assert_done(conn_script(database->app, "BEGIN", &err), &err);
    for (int i = 0; i < CONN_HINTS_MAX + 20; i++) {
        (void)snprintf(script, sizeof script, "NOTIFY rolwacht, '952000 d-9 %d'", i + 1);
        assert_done(conn_script(database->app, script, &err), &err);
    }
    assert_done(conn_script(database->app, "COMMIT", &err), &err);
    while (kept < CONN_HINTS_MAX) { /* they may come in parts; ends: each wait gives some */
        const struct conn_hints hints = wait_for_hints(database, WAIT_MS);
        assert_true(hints.notified);
        assert_in_range(hints.count, 1, CONN_HINTS_MAX);
        kept += hints.count;
    }
    while (wait_for_hints(database, LOOK_MS).notified) { /* ends: nobody notifies any more */
    }
}

static void a_long_hint_is_not_kept(void **state)
{
    struct database *database = *state;
    struct rw_error err = { 0 };
    assert_done(conn_listen(database->owner, &err), &err);
    assert_done(conn_script(database->app,
                            "SELECT pg_notify('rolwacht', repeat('x', 256));"
                            " SELECT pg_notify('rolwacht', repeat('y', 255))",
                            &err),
                &err);
    const struct conn_hints hints = wait_for_hints(database, WAIT_MS);
    assert_true(hints.notified);
    assert_int_equal(hints.count, 1);
    assert_int_equal(hints.texts[0][0], 'y');
}

static void only_a_whole_hint_of_ones_own_is_taken(void **state)
{
    struct database *database = *state;
    struct dispensers_change change = { .version = -1 };
    static const char *const others[] = {
        "",
        "952000",
        "952000 ",
        "d-9",
        "952000 d-9",
        "952000 d-9 ",
        "952000  12",
        "952000 d-9 0", /* a refusal: the table tells it */
        "952000 d-9 -3",
        "952000 d-9 12x",
        "952000 d-9 12 13",
        "952000 d-9 99999999999999999999",
        "952001 d-9 12",
        "9520001 d-9 12",
    };
    for (size_t i = 0; i < RW_COUNT(others); i++) {
        if (dispensers_read_hint(others[i], "952000", database->whole, &change))
            fail_msg("\"%s\" was taken", others[i]);
    }
    assert_int_equal(change.version, -1);
    assert_true(dispensers_read_hint("952000 d.9_a-b 7", "952000", database->whole, &change));
    assert_string_equal(change.dispenser_id, "d.9_a-b");
    assert_int_equal(change.version, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hint_comes_with_the_commit_and_names_the_version),
        cmocka_unit_test(what_more_hints_say_is_left_to_the_table),
        cmocka_unit_test(a_long_hint_is_not_kept),
        cmocka_unit_test(only_a_whole_hint_of_ones_own_is_taken),
    };
    return cmocka_run_group_tests(tests, database_setup, database_teardown);
}
