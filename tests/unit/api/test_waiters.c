/* SPDX-License-Identifier: Apache-2.0 */
/* Tests who is woken, when, and once. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <string.h>
#include <time.h>

#include "api/waiters.h"
#include "core/base/text.h"
#include "tests/unit/api/held_table.h"

#define LATE 400 /* two milliseconds each: somebody who wakes is given a processor meanwhile */

static void count_resume(void *self)
{
    *(int *)self += 1;
}

static struct waiter waiting(const char *key, int64_t version, int64_t deadline_ms, int *resumed)
{
    struct waiter one = {
        .version = version, .deadline_ms = deadline_ms, .self = resumed, .resume = count_resume
    };
    assert_true(rw_text_copy(one.key, sizeof one.key, key));
    return one;
}

static void only_who_has_an_older_version_is_woken(void **state)
{
    struct held_table *table = *state;
    int old_resumed = 0;
    int new_resumed = 0;
    int other_resumed = 0;
    struct waiter old = waiting("d-7", 1, 1000, &old_resumed);
    struct waiter new = waiting("d-7", 2, 1000, &new_resumed);
    struct waiter other = waiting("d-8", 1, 1000, &other_resumed);
    assert_true(waiters_add(table->waiters, &old));
    assert_true(waiters_add(table->waiters, &new));
    assert_true(waiters_add(table->waiters, &other));
    waiters_wake(table->waiters, "d-7", 2);
    waiters_wake(table->waiters, "d-7", 2);
    assert_int_equal(old_resumed, 1);
    assert_int_equal(new_resumed, 0);
    assert_int_equal(other_resumed, 0);
    assert_true(old.version == 2 && !old.ended);
    assert_int_equal(waiters_count(table->waiters), 2);
    waiters_end(table->waiters);
}

static void whose_time_is_up_is_resumed(void **state)
{
    struct held_table *table = *state;
    int early_resumed = 0;
    int late_resumed = 0;
    struct waiter early = waiting("d-1", 1, 1000, &early_resumed);
    struct waiter late = waiting("d-2", 1, 1001, &late_resumed);
    assert_true(waiters_add(table->waiters, &early));
    assert_true(waiters_add(table->waiters, &late));
    waiters_expire(table->waiters, 1000);
    assert_int_equal(early_resumed, 1);
    assert_int_equal(late_resumed, 0);
    waiters_end(table->waiters);
}

static void many_of_one_key_are_taken_out_in_any_order(void **state)
{
    struct held_table *table = *state;
    int resumed = 0;
    struct waiter all[20];
    for (int i = 0; i < 20; i++) {
        all[i] = waiting("d-7", i % 3, 1000 + i, &resumed);
        assert_true(waiters_add(table->waiters, &all[i]));
    }
    waiters_expire(table->waiters, 1004);
    assert_int_equal(resumed, 5);
    waiters_wake(table->waiters, "d-7", 1);
    waiters_dismiss(table->waiters, "d-7");
    assert_int_equal(resumed, 20);
    assert_int_equal(waiters_count(table->waiters), 0);
}

static void nobody_waits_after_the_end(void **state)
{
    struct held_table *table = *state;
    int resumed = 0;
    struct waiter first = waiting("d-7", 1, 1000, &resumed);
    struct waiter second = waiting("d-7", 1, 1000, &resumed);
    assert_true(waiters_add(table->waiters, &first));
    waiters_end(table->waiters);
    assert_int_equal(resumed, 1);
    assert_true(first.ended);
    assert_false(waiters_add(table->waiters, &second));
    assert_true(second.ended);
    assert_int_equal(resumed, 1);
}

static void who_waits_longer_than_the_slots_go_round_is_passed_over(void **state)
{
    struct held_table *table = *state;
    const int64_t round_ms = (int64_t)WAITERS_SLOTS * WAITERS_SLOT_MS;
    int near_resumed = 0;
    int far_resumed = 0;
    struct waiter near = waiting("d-1", 1, 1000, &near_resumed);
    struct waiter far = waiting("d-1", 1, 1000 + 3 * round_ms, &far_resumed);
    assert_true(waiters_add(table->waiters, &near));
    assert_true(waiters_add(table->waiters, &far));
    waiters_expire(table->waiters, 999);
    assert_int_equal(near_resumed, 0);
    waiters_expire(table->waiters, 1000 + round_ms);
    assert_true(near_resumed == 1 && far_resumed == 0);
    waiters_expire(table->waiters, 999 + 3 * round_ms);
    assert_int_equal(far_resumed, 0);
    waiters_expire(table->waiters, 1000 + 9 * round_ms); /* a look that came late */
    assert_int_equal(far_resumed, 1);
}

static void who_is_due_when_it_comes_is_not_forgotten(void **state)
{
    struct held_table *table = *state;
    int resumed = 0;
    waiters_expire(table->waiters, 100000);
    struct waiter late = waiting("d-1", 1, 500, &resumed);
    assert_true(waiters_add(table->waiters, &late));
    waiters_expire(table->waiters, 100000);
    assert_int_equal(resumed, 1);
}

static void count_owner(void *self, const char *owner)
{
    int *seen = self;
    assert_true(rw_text_equal(owner, "anna") || rw_text_equal(owner, "bram"));
    *seen += 1;
}

/* Who has no owner is never looked at, and is not dismissed with one. */
static void those_of_one_owner_are_dismissed(void **state)
{
    struct held_table *table = *state;
    static const char *const owners[] = { "anna", "bram", NULL };
    int resumed[3] = { 0 };
    int seen = 0;
    struct waiter all[9];
    for (size_t i = 0; i < 9; i++) {
        all[i] = waiting(i < 5 ? "l-1" : "l-2", 1, 1000, &resumed[i % 3]);
        all[i].owner = owners[i % 3];
        assert_true(waiters_add(table->waiters, &all[i]));
    }
    waiters_visit_owners(table->waiters, &seen, count_owner);
    assert_int_equal(seen, 6);
    waiters_dismiss_owner(table->waiters, "bram");
    waiters_dismiss_owner(table->waiters, "bram");
    assert_true(resumed[0] == 0 && resumed[1] == 3 && resumed[2] == 0);
    assert_true(all[1].ended && !all[0].ended && !all[2].ended);
    waiters_wake(table->waiters, "l-1", 2);
    assert_true(resumed[0] == 2 && resumed[1] == 3 && resumed[2] == 1);
    seen = 0;
    waiters_visit_owners(table->waiters, &seen, count_owner);
    assert_int_equal(seen, 1);
    waiters_end(table->waiters);
    waiters_visit_owners(table->waiters, &seen, count_owner);
    assert_int_equal(seen, 1);
}

/* Who wakes somebody while many are told that their time is up. */
struct waking {
    int resumed; /* the first member: count_resume counts there */
    struct held_table *table;
    pthread_barrier_t begun;
    int told;        /* whose time was up */
    int told_before; /* when the one was woken; 0 = not yet */
};

static bool take_long(void *self)
{
    struct waking *waking = self;
    const struct timespec step = { .tv_nsec = 2000000L };
    if (waking->told++ == 0)
        (void)pthread_barrier_wait(&waking->begun);
    (void)nanosleep(&step, NULL);
    return false;
}

static bool note_woken(void *self)
{
    struct waking *waking = self;
    waking->told_before = waking->told;
    return true;
}

static void *wake_one(void *self)
{
    struct waking *waking = self;
    (void)pthread_barrier_wait(&waking->begun);
    waiters_wake(waking->table->waiters, "d-8", 2);
    return NULL;
}

static void who_is_woken_does_not_wait_for_all_whose_time_is_up(void **state)
{
    struct held_table *table = *state;
    struct waking waking = { .table = table };
    struct waiter late[LATE];
    struct waiter one = waiting("d-8", 1, 60000, &waking.resumed);
    one.tell = note_woken;
    pthread_t thread;
    assert_int_equal(pthread_barrier_init(&waking.begun, NULL, 2), 0);
    for (size_t i = 0; i < LATE; i++) {
        late[i] = waiting("d-7", 1, 1000, &waking.resumed);
        late[i].tell = take_long;
        assert_true(waiters_add(table->waiters, &late[i]));
    }
    assert_true(waiters_add(table->waiters, &one));
    assert_int_equal(pthread_create(&thread, NULL, wake_one, &waking), 0);
    waiters_expire(table->waiters, 1000);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(waking.told, LATE);
    assert_in_range(waking.told_before, 1, LATE - 1);
    assert_int_equal(waiters_count(table->waiters), 1);
    waiters_end(table->waiters);
    (void)pthread_barrier_destroy(&waking.begun);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, held_table_open, held_table_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(only_who_has_an_older_version_is_woken),
        TEST(whose_time_is_up_is_resumed),
        TEST(many_of_one_key_are_taken_out_in_any_order),
        TEST(nobody_waits_after_the_end),
        TEST(who_waits_longer_than_the_slots_go_round_is_passed_over),
        TEST(who_is_due_when_it_comes_is_not_forgotten),
        TEST(those_of_one_owner_are_dismissed),
        TEST(who_is_woken_does_not_wait_for_all_whose_time_is_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
