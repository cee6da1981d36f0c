/* SPDX-License-Identifier: Apache-2.0 */
/* Tests whose streams end while nobody can say who is still let in. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api/complaint.h"
#include "api/departure.h"
#include "api/repeats.h"
#include "api/service.h"
#include "core/base/text.h"
#include "tests/unit/api/held_table.h"

#define PERSON "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define NOWHERE "host=/nonexistent dbname=rolwacht user=rolwacht_app"

/* A service whose database is gone, and whose clock is ours. */
struct bereft {
    struct service service;
    int64_t now_ms;
};

static int64_t bereft_now(void *self)
{
    return *(const int64_t *)self;
}

static void make_bereft(struct held_table *table, struct bereft *bereft)
{
    struct rw_error err = { 0 };
    const struct conn_target target = { .text = NOWHERE };
    *bereft = (struct bereft){ .now_ms = 1000 };
    bereft->service.clock = (struct rw_clock){ &bereft->now_ms, bereft_now, bereft_now };
    bereft->service.pharmacy = "952000";
    bereft->service.waiters = table->waiters;
    assert_true(pool_open(&target, 1, table->arena, &bereft->service.pool, &err));
    assert_true(repeats_open(table->arena, &bereft->service.complaints, &err));
}

static void close_bereft(struct bereft *bereft)
{
    pool_close(bereft->service.pool);
    repeats_close(bereft->service.complaints);
}

static void count_resume(void *self)
{
    *(int *)self += 1;
}

static void wait_as(struct held_table *table, struct waiter *waiter, const char *owner,
                    int *resumed)
{
    *waiter = (struct waiter){
        .version = 1, .deadline_ms = INT64_MAX, .self = resumed, .resume = count_resume
    };
    waiter->owner = owner;
    assert_true(rw_text_copy(waiter->key, sizeof waiter->key, owner ? "line l-1" : "d-7"));
    assert_true(waiters_add(table->waiters, waiter));
}

/* A page that tells nothing new must not look as if it did; a dispenser asks again at its deadline,
 * and wants no other door meanwhile. */
static void a_person_who_cannot_be_checked_for_a_minute_is_let_go(void **state)
{
    struct held_table *table = *state;
    struct bereft bereft;
    struct waiter person;
    struct waiter dispenser;
    int person_resumed = 0;
    int dispenser_resumed = 0;
    int64_t checked_ms = 1000;
    struct rw_arena *arena = rw_arena_open(RW_ARENA_MIB);
    assert_non_null(arena);
    make_bereft(table, &bereft);
    wait_as(table, &person, PERSON, &person_resumed);
    wait_as(table, &dispenser, NULL, &dispenser_resumed);
    bereft.now_ms = 1000 + DEPARTURE_UNCHECKED_MS - 1;
    departure_look(&bereft.service, &checked_ms, arena);
    assert_int_equal(person_resumed, 0);
    assert_int_equal(checked_ms, 1000);
    bereft.now_ms++;
    departure_look(&bereft.service, &checked_ms, arena);
    assert_int_equal(person_resumed, 1);
    assert_true(person.ended);
    assert_int_equal(dispenser_resumed, 0);
    waiters_end(table->waiters);
    close_bereft(&bereft);
    rw_arena_close(arena);
}

static void nobody_is_let_go_for_a_time_in_which_nobody_was_there(void **state)
{
    struct held_table *table = *state;
    struct bereft bereft;
    struct waiter person;
    int resumed = 0;
    int64_t checked_ms = 1000;
    struct rw_arena *arena = rw_arena_open(RW_ARENA_MIB);
    assert_non_null(arena);
    make_bereft(table, &bereft);
    bereft.now_ms += 2 * (int64_t)DEPARTURE_UNCHECKED_MS;
    departure_look(&bereft.service, &checked_ms, arena);
    wait_as(table, &person, PERSON, &resumed);
    departure_look(&bereft.service, &checked_ms, arena);
    assert_int_equal(resumed, 0);
    waiters_end(table->waiters);
    close_bereft(&bereft);
    rw_arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_person_who_cannot_be_checked_for_a_minute_is_let_go,
                                        held_table_open, held_table_close),
        cmocka_unit_test_setup_teardown(nobody_is_let_go_for_a_time_in_which_nobody_was_there,
                                        held_table_open, held_table_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
