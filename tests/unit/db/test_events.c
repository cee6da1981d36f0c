/* SPDX-License-Identifier: Apache-2.0 */
/* Tests that events are kept with the marks of their dispensers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <string.h>

#include "core/base/text.h"
#include "db/dispensers.h"
#include "db/events.h"
#include "db/settings.h"
#include "tests/unit/db/database.h"

#define LOOKS_MAX 100000
#define UUID(digit) "01936d4a-0000-7000-8000-00000000000" digit

static const char *const names[] = { "d-1", "d-2", "d-3" };

static void assert_done(bool done, const struct rw_error *err)
{
    if (!done)
        fail_msg("%s", err->text);
}

static struct events_report report(const char *dispenser, const struct event *events, size_t count)
{
    return (struct events_report){ .dispenser_id = dispenser, .events = events, .count = count };
}

static void enrol(const struct scope *scope)
{
    struct rw_error err = { 0 };
    for (size_t i = 0; i < RW_COUNT(names); i++)
        assert_done(dispensers_enrol(scope, names[i], &err), &err);
}

/* "d-1 3 1795000000000; …": each dispenser with its mark and when it was heard. */
static const char *marks(const struct scope *scope)
{
    struct rw_error err = { 0 };
    struct conn_rows rows;
    assert_done(conn_run(scope->conn,
                         "SELECT string_agg(concat_ws(' ', dispenser_id, last_seq, seen_ms), '; '"
                         " ORDER BY dispenser_id) FROM dispensers",
                         NULL, 0, scope->arena, &rows, &err),
                &err);
    return conn_cell_text(&rows, 0, 0);
}

static const char *kept(const struct scope *scope)
{
    struct rw_error err = { 0 };
    struct conn_rows rows;
    assert_done(conn_run(scope->conn,
                         "SELECT coalesce(string_agg(concat_ws(' ', dispenser_id, epoch, seq,"
                         " right(event_id, 1), at_ms, received_ms, type, serial, cause), '; '"
                         " ORDER BY dispenser_id, epoch, seq), '') FROM events",
                         NULL, 0, scope->arena, &rows, &err),
                &err);
    return conn_cell_text(&rows, 0, 0);
}

static void each_dispenser_of_a_round_has_its_rows_and_its_mark(void **state)
{
    const struct database *database = *state;
    const struct scope scope = database->scope;
    struct scope other = database->scope;
    struct rw_error err = { 0 };
    static const struct event first[] = {
        { UUID("1"), 1, 1700, EVENT_DUE, "482913570001", EVENT_CAUSE_NONE },
        { UUID("2"), 2, 1800, EVENT_RELEASED, "482913570001", EVENT_EARLY },
        { UUID("3"), 3, 1600, EVENT_JAM, "", EVENT_CAUSE_NONE },
    };
    static const struct event second[] = {
        { UUID("4"), 1, 1900, EVENT_ROLL_LOADED, "482913571001", EVENT_CAUSE_NONE },
    };
    struct events_report reports[] = {
        report("d-1", first, RW_COUNT(first)),
        report("d-3", second, RW_COUNT(second)),
    };
    other.conn = database->other;
    other.pharmacy = "952001";
    assert_done(settings_add_pharmacy(&other, &err), &err);
    enrol(&scope);
    enrol(&other);
    assert_done(dispensers_enrol(&scope, "d-3", &err), &err); /* it was reset */
    const char *before = marks(&other);
    assert_done(events_keep(&scope, reports, RW_COUNT(reports), &err), &err);
    assert_true(reports[0].kept && reports[1].kept);
    assert_int_equal(reports[0].epoch, 1);
    assert_int_equal(reports[1].epoch, 2);
    assert_string_equal(kept(&scope), "d-1 1 1 1 1700 1795000000000 due 482913570001 ; "
                                      "d-1 1 2 2 1800 1795000000000 released 482913570001 early; "
                                      "d-1 1 3 3 1600 1795000000000 jam  ; "
                                      "d-3 2 1 4 1900 1795000000000 roll_loaded 482913571001 ");
    assert_string_equal(marks(&scope), "d-1 3 1795000000000; d-2 0 0; d-3 1 1795000000000");
    assert_string_equal(kept(&other), "");
    assert_string_equal(marks(&other), before);
}

/* Told once more and going on; leaving one out; unknown; good. */
static void a_report_that_does_not_follow_is_left_and_the_others_are_kept(void **state)
{
    const struct database *database = *state;
    const struct scope scope = database->scope;
    struct rw_error err = { 0 };
    static const struct event events[] = {
        { UUID("6"), 3, 2000, EVENT_JAM, "", EVENT_CAUSE_NONE },
        { UUID("7"), 4, 2000, EVENT_JAM, "", EVENT_CAUSE_NONE },
    };
    static const struct event good = { UUID("5"), 1, 2100, EVENT_ONLINE, "", EVENT_CAUSE_NONE };
    struct events_report reports[] = { report("d-1", events, 2), report("d-3", events, 2),
                                       report("d-9", &good, 1), report("d-2", &good, 1) };
    assert_done(dispensers_set_paused(&scope, "d-2", 77, &err), &err);
    const char *before = kept(&scope);
    assert_done(events_keep(&scope, reports, RW_COUNT(reports), &err), &err);
    assert_true(!reports[0].kept && !reports[1].kept && !reports[2].kept && reports[3].kept);
    assert_int_equal(reports[3].epoch, 1);
    assert_int_equal(reports[3].paused_ms, 77);
    assert_string_equal(marks(&scope),
                        "d-1 3 1795000000000; d-2 1 1795000000000; d-3 1 1795000000000");
    assert_null(strstr(before, "d-2"));
    assert_non_null(strstr(kept(&scope), "d-2 1 1 5 2100 1795000000000 online"));
    assert_null(strstr(kept(&scope), " 2000 "));
}

/* What another node says of a dispenser at the same time. */
struct telling {
    struct scope scope;
    struct events_report report;
    struct rw_error err;
    bool done;
};

static void *tell(void *self)
{
    struct telling *telling = self;
    telling->done = events_keep(&telling->scope, &telling->report, 1, &telling->err);
    return NULL;
}

static bool somebody_waits(const struct scope *scope)
{
    struct rw_error err = { 0 };
    struct conn_rows rows;
    rw_arena_reset(scope->arena);
    assert_done(conn_run(scope->conn, "SELECT 1 FROM pg_locks WHERE NOT granted", NULL, 0,
                         scope->arena, &rows, &err),
                &err);
    return rows.count > 0;
}

/* It waits for the row, looks once more, and finds another mark than it began behind. */
static void what_two_nodes_hear_at_once_is_kept_once(void **state)
{
    const struct database *database = *state;
    const struct scope scope = database->scope;
    struct rw_error err = { 0 };
    static const struct event good = { UUID("8"), 2, 2200, EVENT_OFFLINE, "", EVENT_CAUSE_NONE };
    struct events_report first = report("d-2", &good, 1);
    struct telling second = { .scope = database->scope, .report = report("d-2", &good, 1) };
    pthread_t thread;
    second.scope.conn = database->owner;
    second.scope.arena = rw_arena_open(RW_ARENA_MIB);
    assert_done(conn_script(scope.conn, "BEGIN", &err), &err);
    assert_done(events_keep(&scope, &first, 1, &err), &err);
    assert_int_equal(pthread_create(&thread, NULL, tell, &second), 0);
    int looks = 0;
    while (looks < LOOKS_MAX && !somebody_waits(&scope))
        looks++;
    assert_done(conn_script(scope.conn, "COMMIT", &err), &err);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_true(looks < LOOKS_MAX);
    assert_done(second.done, &second.err);
    assert_true(first.kept && !second.report.kept);
    assert_non_null(strstr(marks(&scope), "d-2 2 "));
    rw_arena_close(second.scope.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_dispenser_of_a_round_has_its_rows_and_its_mark),
        cmocka_unit_test(a_report_that_does_not_follow_is_left_and_the_others_are_kept),
        cmocka_unit_test(what_two_nodes_hear_at_once_is_kept_once),
    };
    return cmocka_run_group_tests(tests, database_setup, database_teardown);
}
