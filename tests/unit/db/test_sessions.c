/* SPDX-License-Identifier: Apache-2.0 */
/* Tests how long a session and a wait last, also when the clock is set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "db/persons.h"
#include "db/sessions.h"
#include "tests/unit/db/database.h"

#define HASH "00000000000000000000000000000000000000000000000000000000000000ab"
#define KEY "00000000000000000000000000000000000000000000000000000000000000cd"
#define HOUR_MS (INT64_C(3600) * 1000)
#define FREE_TRIES 5

static struct scope at(void **state, int64_t offset_ms)
{
    struct database *database = *state;
    struct scope scope = database->scope;
    rw_arena_reset(database->arena);
    scope.now_ms += offset_ms;
    return scope;
}

static bool holds(const struct scope *scope)
{
    struct sessions_row row;
    struct rw_error err = { 0 };
    assert_true(sessions_find(scope, HASH, &row, &err));
    return row.person_id != NULL;
}

static void begin(void **state, int64_t offset_ms)
{
    struct scope scope = at(state, offset_ms);
    struct rw_error err = { 0 };
    assert_true(sessions_end_all(&scope, "ada", &err));
    assert_true(sessions_insert(&scope, HASH, "ada", &err));
}

static int add_person(void **state)
{
    struct scope scope;
    struct rw_error err = { 0 };
    const struct persons_row row = {
        .person_id = "ada", .name = "A", .role = "assistent", .language = "nl"
    };
    if (database_setup(state) != 0)
        return -1;
    scope = at(state, 0);
    return persons_insert(&scope, &row, &err) ? 0 : -1;
}

static void a_session_ends_when_nobody_used_it(void **state)
{
    struct scope scope;
    begin(state, 0);
    scope = at(state, SESSIONS_IDLE_MS - 1);
    assert_true(holds(&scope));
    scope = at(state, SESSIONS_IDLE_MS);
    assert_false(holds(&scope));
}

static void a_session_ends_after_its_hours_however_much_it_was_used(void **state)
{
    struct rw_error err = { 0 };
    struct scope scope;
    begin(state, 0);
    for (int64_t ms = 0; ms < SESSIONS_AGE_MS; ms += SESSIONS_IDLE_MS / 2) {
        scope = at(state, ms);
        assert_true(holds(&scope));
        assert_true(sessions_touch(&scope, HASH, &err));
    }
    scope = at(state, SESSIONS_AGE_MS);
    assert_false(holds(&scope));
}

/* REQ-021: one that a clock made which was ahead does not live longer for it. */
static void a_session_of_a_clock_that_was_set_back_is_over(void **state)
{
    struct rw_error err = { 0 };
    struct scope scope;
    begin(state, 0);
    scope = at(state, -SESSIONS_AHEAD_MS);
    assert_true(holds(&scope)); /* nodes and corrections differ by so much */
    scope = at(state, -SESSIONS_AHEAD_MS - 1);
    assert_false(holds(&scope));
    begin(state, 0);
    scope = at(state, HOUR_MS / 4);
    assert_true(sessions_touch(&scope, HASH, &err));
    scope = at(state, 0);
    assert_false(holds(&scope));
}

static void a_wait_of_a_clock_that_was_set_back_is_over(void **state)
{
    struct rw_error err = { 0 };
    struct scope scope;
    int64_t wait_ms = 0;
    for (int i = 0; i <= FREE_TRIES; i++) {
        scope = at(state, 24 * HOUR_MS);
        assert_true(sessions_try(&scope, KEY, FREE_TRIES, &wait_ms, &err));
    }
    assert_true(wait_ms > 0);
    scope = at(state, 0);
    assert_true(sessions_try(&scope, KEY, FREE_TRIES, &wait_ms, &err));
    assert_true(wait_ms == 0);
    assert_true(sessions_try(&scope, KEY, FREE_TRIES, &wait_ms, &err));
    assert_true(wait_ms > 0); /* what was tried before still counts */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_ends_when_nobody_used_it),
        cmocka_unit_test(a_session_ends_after_its_hours_however_much_it_was_used),
        cmocka_unit_test(a_session_of_a_clock_that_was_set_back_is_over),
        cmocka_unit_test(a_wait_of_a_clock_that_was_set_back_is_over),
    };
    return cmocka_run_group_tests(tests, add_person, database_teardown);
}
