/* SPDX-License-Identifier: Apache-2.0 */
/* Tests the promises of the tables on a real server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "db/alarms.h"
#include "db/devices.h"
#include "db/dispensers.h"
#include "db/events.h"
#include "db/journal.h"
#include "db/orders.h"
#include "db/outbox.h"
#include "db/rolls.h"
#include "db/settings.h"
#include "db/tokens.h"
#include "tests/unit/db/database.h"

static struct scope fresh(void **state)
{
    struct database *database = *state;
    rw_arena_reset(database->arena);
    return database->scope;
}

#define GOOD(call) assert_true_with(call, &err)

static void assert_true_with(bool done, const struct rw_error *err)
{
    if (!done)
        print_error("%s\n", err->text);
    assert_true(done);
}

static void the_same_document_is_kept_once(void **state)
{
    struct scope scope = fresh(state);
    struct rw_error err = { 0 };
    static const char mark[] = "00000000000000000000000000000000000000000000000000000000000000aa";
    struct orders_document first = { "o-1", mark, "{\"a\":1}", 7, true };
    struct orders_document again = { "o-2", mark, "{\"a\":1}", 7, true };
    struct orders_of_client kept;
    const char *order_id = NULL;
    const char *pseudonym = NULL;
    bool is_new = false;
    GOOD(orders_insert(&scope, &first, &order_id, &is_new, &err));
    assert_true(is_new);
    GOOD(orders_insert(&scope, &again, &order_id, &is_new, &err));
    assert_false(is_new);
    assert_string_equal(order_id, "o-1");
    GOOD(orders_link(&scope, "o-1", "c-1", "p-1", &err));
    GOOD(orders_link(&scope, "o-1", "c-1", "p-other", &err));
    GOOD(orders_pseudonym(&scope, "c-1", &pseudonym, &err));
    assert_string_equal(pseudonym, "p-1");
    GOOD(orders_find(&scope, "c-1", &kept, &err));
    assert_int_equal(kept.count, 1);
    assert_memory_equal(kept.documents[0].bytes, "{\"a\":1}", 7);
    assert_true(kept.documents[0].sealed);
}

static int64_t count(struct conn *conn, const char *sql, struct rw_arena *arena)
{
    struct rw_error err = { 0 };
    struct conn_rows rows;
    assert_true_with(conn_run(conn, sql, NULL, 0, arena, &rows, &err), &err);
    return conn_cell_int(&rows, 0, 0);
}

/* REQ-015: a statement that forgets whose rows it may see gets those of its own pharmacy alone. */
static void a_pharmacy_sees_nothing_of_another(void **state)
{
    struct database *database = *state;
    struct scope scope = fresh(state);
    struct rw_error err = { 0 };
    struct rw_error refused = { 0 };
    static const char *const orders = "SELECT count(*) FROM orders";
    assert_int_equal(count(database->app, orders, scope.arena), 1);
    assert_int_equal(count(database->other, orders, scope.arena), 0);
    assert_int_equal(count(database->none, orders, scope.arena), 0);
    scope.conn = database->other;
    assert_false(settings_add_pharmacy(&scope, &refused));
    assert_int_equal(refused.code, RW_DENIED);
    scope.pharmacy = "952001";
    GOOD(settings_add_pharmacy(&scope, &err));
    assert_int_equal(count(database->other, "SELECT count(*) FROM pharmacies", scope.arena), 1);
    assert_int_equal(count(database->owner, "SELECT count(*) FROM pharmacies", scope.arena), 2);
}

static void every_table_is_fenced_and_the_service_owns_none(void **state)
{
    struct database *database = *state;
    struct scope scope = fresh(state);
    assert_int_equal(
        count(database->owner,
              "SELECT count(*) FROM pg_class AS c WHERE c.relkind = 'r' AND c.relnamespace ="
              " 'public'::regnamespace AND c.relname <> 'schema_migrations'"
              " AND NOT (c.relrowsecurity AND c.relforcerowsecurity)",
              scope.arena),
        0);
    assert_int_equal(count(database->owner,
                           "SELECT count(*) FROM pg_class AS c JOIN pg_roles AS r"
                           " ON r.oid = c.relowner WHERE r.rolname = 'rolwacht_app'",
                           scope.arena),
                     0);
    assert_int_equal(count(database->owner,
                           "SELECT count(*) FROM pg_roles WHERE rolname = 'rolwacht_app'"
                           " AND (rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole)",
                           scope.arena),
                     0);
}

static void a_code_is_used_once_and_not_after_its_day(void **state)
{
    struct scope scope = fresh(state);
    struct rw_error err = { 0 };
    const struct device_row device = { .role = "dispenser", .device_id = "d-7" };
    struct device_row got;
    const char *hash = "00000000000000000000000000000000000000000000000000000000000000aa";
    const char *old = "00000000000000000000000000000000000000000000000000000000000000bb";
    GOOD(devices_insert_code(&scope, hash, &device, scope.now_ms + 1, &err));
    GOOD(devices_insert_code(&scope, old, &device, scope.now_ms, &err));
    GOOD(devices_use_code(&scope, hash, &got, &err));
    assert_string_equal(got.device_id, "d-7");
    GOOD(devices_use_code(&scope, hash, &got, &err));
    assert_null(got.role);
    GOOD(devices_use_code(&scope, old, &got, &err));
    assert_null(got.role);
}

static void a_new_certificate_replaces_the_one_before(void **state)
{
    struct scope scope = fresh(state);
    struct rw_error err = { 0 };
    const struct device_row device = { .role = "line", .device_id = "l-1" };
    struct device_row got;
    const char *first = "00000000000000000000000000000000000000000000000000000000000000c1";
    const char *second = "00000000000000000000000000000000000000000000000000000000000000c2";
    GOOD(devices_insert(&scope, first, &device, &err));
    GOOD(devices_insert(&scope, second, &device, &err));
    GOOD(devices_find(&scope, first, &got, &err));
    assert_null(got.role);
    GOOD(devices_find(&scope, second, &got, &err));
    assert_string_equal(got.role, "line");
}

static void a_revoked_token_is_not_found_and_its_name_is_free(void **state)
{
    struct scope scope = fresh(state);
    struct rw_error err = { 0 };
    struct token_row token;
    int64_t changed = 0;
    const char *hash = "00000000000000000000000000000000000000000000000000000000000000d1";
    const char *next = "00000000000000000000000000000000000000000000000000000000000000d2";
    GOOD(tokens_insert(&scope, hash, "apotheker", "anna", &err));
    struct rw_error twice = { 0 };
    assert_false(tokens_insert(&scope, next, "apotheker", "anna", &twice));
    assert_int_equal(twice.code, RW_CONFLICT);
    GOOD(tokens_revoke(&scope, "anna", &changed, &err));
    assert_int_equal(changed, 1);
    GOOD(tokens_find(&scope, hash, &token, &err));
    assert_null(token.role);
    GOOD(tokens_insert(&scope, next, "apotheker", "anna", &err));
}

static void insert_roll(const struct scope *scope)
{
    struct rw_error err = { 0 };
    const struct rolls_row row = { .number = "482913570",
                                   .client_id = "c-1",
                                   .version = 1,
                                   .state = ROLL_PLANNED,
                                   .from_day = 20000,
                                   .days = 7 };
    GOOD(rolls_insert(scope, &row, &err));
}

static void a_roll_number_is_given_once(void **state)
{
    struct scope scope = fresh(state);
    struct rw_error err = { 0 };
    struct rolls_row row;
    insert_roll(&scope);
    GOOD(rolls_get(&scope, "482913570", false, &row, &err));
    assert_int_equal(row.state, ROLL_PLANNED);
    assert_string_equal(row.pseudonym, "p-1");
    struct rw_error taken = { 0 };
    assert_false(rolls_insert(&scope, &row, &taken));
    assert_int_equal(taken.code, RW_CONFLICT);
    struct rw_error absent = { 0 };
    assert_false(rolls_get(&scope, "000000000", false, &row, &absent));
    assert_int_equal(absent.code, RW_NOT_FOUND);
}

static void a_moment_is_settled_once(void **state)
{
    struct scope scope = fresh(state);
    struct rw_error err = { 0 };
    struct events_moment moment = {
        "d-7", "482913570", 1, "482913570001", "2026-11-23T08:00+01:00", scope.now_ms, "waiting", 0
    };
    struct events_moment next = moment;
    next.n++, next.serial = "482913570002";
    next.at = "2026-11-23T20:00+01:00";
    next.alarm_ms += 10;
    struct events_moment settled;
    bool last = false;
    struct events_moment *overdue = NULL;
    size_t count = 0;
    GOOD(events_insert_moment(&scope, &moment, &err));
    GOOD(events_insert_moment(&scope, &next, &err));
    GOOD(events_overdue(&scope, &overdue, &count, &err));
    assert_int_equal(count, 0);
    scope.now_ms++;
    GOOD(events_overdue(&scope, &overdue, &count, &err));
    assert_int_equal(count, 1);
    GOOD(events_settle(&scope, "d-7", "482913570001", "missed", &settled, &last, &err));
    assert_int_equal(settled.n, 1);
    assert_false(last);
    GOOD(events_settle(&scope, "d-7", "482913570001", "missed", &settled, &last, &err));
    assert_null(settled.serial);
    GOOD(events_settle(&scope, "d-7", "482913570001", "released", &settled, &last, &err));
    assert_non_null(settled.serial);
    GOOD(events_settle(&scope, "d-7", "482913570001", "missed", &settled, &last, &err));
    assert_null(settled.serial);
    GOOD(events_settle(&scope, "d-7", "482913570002", "released", &settled, &last, &err));
    assert_true(last && settled.n == 2);
}

static void the_same_trouble_is_one_alarm(void **state)
{
    struct scope scope = fresh(state);
    struct rw_error err = { 0 };
    struct alarm alarm = { .id = "01936d4a-0000-7000-8000-00000000000a",
                           .type = ALARM_JAM,
                           .state = ALARM_OPEN,
                           .client = "p-1",
                           .dispenser = "d-7",
                           .dedupe_key = "jam:d-7:1" };
    struct alarm *found = NULL;
    size_t count = 0;
    bool is_new = false;
    GOOD(alarms_insert(&scope, &alarm, &is_new, &err));
    assert_true(is_new);
    alarm.id[35] = 'b';
    GOOD(alarms_insert(&scope, &alarm, &is_new, &err));
    assert_false(is_new);
    GOOD(alarms_find(&scope, ALARM_OPEN, &found, &count, &err));
    assert_int_equal(count, 1);
    assert_int_equal(found[0].type, ALARM_JAM);
    assert_null(found[0].roll);
}

static const struct outbox_wanted anybody = { NULL, "" };

static void a_message_is_split_once_and_each_part_is_of_its_exit(void **state)
{
    struct scope scope = fresh(state);
    struct rw_error err = { 0 };
    const char *const exits[] = { "https://a", "https://b" };
    const struct outbox_wanted of_a = { "https://a", NULL };
    struct outbox_row *rows = NULL;
    size_t count = 0;
    bool held = false;
    GOOD(outbox_insert(&scope, "alarm", "{}", &err));
    GOOD(outbox_claim(&scope, &anybody, 1000, &rows, &count, &err));
    GOOD(outbox_split(&scope, &rows[0], exits, 2, &err));
    GOOD(outbox_split(&scope, &rows[0], exits, 2, &err)); /* its commit was not answered */
    GOOD(outbox_claim(&scope, &of_a, 1000, &rows, &count, &err));
    assert_int_equal(count, 1);
    GOOD(outbox_claim(&scope, &anybody, 1000, &rows, &count, &err));
    GOOD(outbox_renew(&scope, rows, count, 5000, &held, &err));
    assert_true(held);
    scope.now_ms += 2000;
    GOOD(outbox_claim(&scope, &anybody, 1000, &rows, &count, &err));
    assert_string_equal(rows[0].exit, "https://a"); /* the other is held longer */
    scope.now_ms -= 3600000;                        /* the clock is set back */
    GOOD(outbox_hurry(&scope, &err));
    GOOD(outbox_renew(&scope, rows, count, 5000, &held, &err));
    assert_false(held);
    GOOD(outbox_claim(&scope, &anybody, 1000, &rows, &count, &err));
    assert_int_equal(count, 2);
    const struct outbox_try done = { .done = true, .next_ms = scope.now_ms, .fault = "" };
    for (size_t i = 0; i < count; i++)
        GOOD(outbox_settle(&scope, rows[i].outbox_id, &done, &err));
}

static void a_claimed_message_is_nobody_elses_until_its_lease_ends(void **state)
{
    struct scope scope = fresh(state);
    struct rw_error err = { 0 };
    struct outbox_row *rows = NULL;
    size_t count = 0;
    GOOD(outbox_insert(&scope, "alarm", "{}", &err));
    GOOD(outbox_claim(&scope, &anybody, 1000, &rows, &count, &err));
    assert_int_equal(count, 1);
    assert_int_equal(rows[0].attempts, 1);
    GOOD(outbox_claim(&scope, &anybody, 1000, &rows, &count, &err));
    assert_int_equal(count, 0);
    scope.now_ms += 1000;
    GOOD(outbox_claim(&scope, &anybody, 1000, &rows, &count, &err));
    assert_int_equal(count, 1);
    const struct outbox_try done = { .done = true, .next_ms = scope.now_ms, .fault = "" };
    GOOD(outbox_settle(&scope, rows[0].outbox_id, &done, &err));
    scope.now_ms += 5000;
    GOOD(outbox_claim(&scope, &anybody, 1000, &rows, &count, &err));
    assert_int_equal(count, 0);
}

static void the_journal_is_sealed_in_order_and_found_whole(void **state)
{
    struct scope scope = fresh(state);
    struct rw_error err = { 0 };
    const struct journal_act act = { "test", "roll", "482913570", "p-1", "one" };
    struct journal_head head;
    struct journal_report report;
    int64_t sealed = 0;
    for (int i = 0; i < JOURNAL_PAGE + 3; i++) {
        rw_arena_reset(scope.arena);
        GOOD(journal_insert(&scope, &act, &err));
        scope.now_ms++;
    }
    GOOD(journal_seal(&scope, 0, &sealed, &head, &err));
    assert_int_equal(sealed, JOURNAL_PAGE);
    GOOD(journal_check(&scope, &report, &err));
    assert_int_equal(report.broken, 0);
    assert_int_equal(report.unsealed, 3);
    GOOD(journal_seal(&scope, 0, &sealed, &head, &err));
    assert_int_equal(sealed, 3);
    GOOD(journal_check(&scope, &report, &err));
    assert_int_equal(report.broken, 0);
    assert_int_equal(report.checked, JOURNAL_PAGE + 3);
    assert_string_equal(report.head.hash, head.hash);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_document_is_kept_once),
        cmocka_unit_test(a_pharmacy_sees_nothing_of_another),
        cmocka_unit_test(every_table_is_fenced_and_the_service_owns_none),
        cmocka_unit_test(a_code_is_used_once_and_not_after_its_day),
        cmocka_unit_test(a_new_certificate_replaces_the_one_before),
        cmocka_unit_test(a_revoked_token_is_not_found_and_its_name_is_free),
        cmocka_unit_test(a_roll_number_is_given_once),
        cmocka_unit_test(a_moment_is_settled_once),
        cmocka_unit_test(the_same_trouble_is_one_alarm),
        cmocka_unit_test(a_message_is_split_once_and_each_part_is_of_its_exit),
        cmocka_unit_test(a_claimed_message_is_nobody_elses_until_its_lease_ends),
        cmocka_unit_test(the_journal_is_sealed_in_order_and_found_whole),
    };
    return cmocka_run_group_tests(tests, database_setup, database_teardown);
}
