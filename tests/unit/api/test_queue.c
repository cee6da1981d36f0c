/* SPDX-License-Identifier: Apache-2.0 */
/* Tests who is served with whom, and that nobody is forgotten. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>

#include "api/queue.h"
#include "core/base/clock.h"

#define JOIN_MS 60000 /* far longer than any round here may take */

struct one {
    struct queue_entry entry;
    int number;
    int resumed;
};

struct taken {
    int numbers[QUEUE_ENOUGH + 8];
    int count;
    int count_max;
};

static void count_resume(void *connection)
{
    ((struct one *)connection)->resumed++;
}

static bool take(void *self, struct queue_entry *entry)
{
    struct taken *taken = self;
    if (taken->count == taken->count_max)
        return false;
    taken->numbers[taken->count++] = ((struct one *)entry)->number;
    queue_resume(entry);
    return true;
}

static void add(struct queue *queue, struct one *one, int number)
{
    *one = (struct one){ .number = number };
    one->entry.resume = count_resume;
    one->entry.connection = one;
    assert_true(queue_add(queue, &one->entry));
}

static void who_came_first_is_served_first_until_no_more_fit(void **state)
{
    (void)state;
    struct rw_error err = { 0 };
    struct rw_arena *arena = rw_arena_open(RW_ARENA_MIB);
    struct queue *queue = NULL;
    struct one all[3];
    struct taken taken = { .count_max = 2 };
    assert_true(queue_open(0, arena, &queue, &err));
    for (int i = 0; i < 3; i++)
        add(queue, &all[i], i);
    queue_take(queue, &taken, take);
    assert_true(taken.count == 2 && taken.numbers[0] == 0 && taken.numbers[1] == 1);
    taken.count_max = 8;
    add(queue, &all[0], 7);
    queue_take(queue, &taken, take);
    assert_true(taken.count == 4 && taken.numbers[2] == 2 && taken.numbers[3] == 7);
    assert_true(all[0].resumed == 1 && all[1].resumed == 1 && all[2].resumed == 1);
    queue_close(queue);
    rw_arena_close(arena);
}

static void after_the_end_nobody_is_added_and_who_waits_is_served(void **state)
{
    (void)state;
    struct rw_error err = { 0 };
    struct rw_arena *arena = rw_arena_open(RW_ARENA_MIB);
    struct queue *queue = NULL;
    struct one first;
    struct one second = { 0 };
    struct taken taken = { .count_max = 8 };
    assert_true(queue_open(0, arena, &queue, &err));
    add(queue, &first, 1);
    queue_end(queue);
    assert_false(queue_add(queue, &second.entry));
    queue_take(queue, &taken, take);
    queue_take(queue, &taken, take); /* nobody: it comes back by itself */
    assert_true(taken.count == 1 && first.resumed == 1 && second.resumed == 0);
    queue_close(queue);
    rw_arena_close(arena);
}

struct crowd {
    struct queue *queue;
    struct one all[QUEUE_ENOUGH];
};

static void *come_one_by_one(void *self)
{
    struct crowd *crowd = self;
    for (int i = 0; i < QUEUE_ENOUGH - 1; i++)
        add(crowd->queue, &crowd->all[i], i);
    return NULL;
}

/* Were the wait for others to last, each of these rounds alone would be as long as it. */
static void who_asks_alone_waits_for_nobody_and_a_crowd_is_served_together(void **state)
{
    (void)state;
    struct rw_error err = { 0 };
    struct rw_arena *arena = rw_arena_open(RW_ARENA_MIB);
    struct crowd crowd;
    struct one alone;
    struct taken taken = { .count_max = QUEUE_ENOUGH + 8 };
    pthread_t others;
    const struct rw_clock clock = rw_clock_system();
    const int64_t begun_ms = rw_clock_monotonic_ms(&clock);
    assert_true(queue_open(JOIN_MS * INT64_C(1000), arena, &crowd.queue, &err));
    for (int i = 0; i < 2; i++) {
        add(crowd.queue, &alone, i);
        queue_take(crowd.queue, &taken, take);
        assert_int_equal(taken.count, i + 1);
    }
    add(crowd.queue, &crowd.all[0], 0);
    add(crowd.queue, &crowd.all[1], 1);
    queue_take(crowd.queue, &taken, take); /* the first round of several comes at once too */
    assert_int_equal(taken.count, 4);
    taken.count = 0;
    add(crowd.queue, &alone, 2);
    assert_int_equal(pthread_create(&others, NULL, come_one_by_one, &crowd), 0);
    queue_take(crowd.queue, &taken, take);
    assert_int_equal(taken.count, QUEUE_ENOUGH);
    assert_int_equal(pthread_join(others, NULL), 0);
    add(crowd.queue, &alone, 7);
    queue_end(crowd.queue);
    queue_take(crowd.queue, &taken, take); /* nor does anyone wait at the end */
    assert_int_equal(taken.count, QUEUE_ENOUGH + 1);
    assert_true(rw_clock_monotonic_ms(&clock) - begun_ms < JOIN_MS);
    queue_close(crowd.queue);
    rw_arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_came_first_is_served_first_until_no_more_fit),
        cmocka_unit_test(who_asks_alone_waits_for_nobody_and_a_crowd_is_served_together),
        cmocka_unit_test(after_the_end_nobody_is_added_and_who_waits_is_served),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
