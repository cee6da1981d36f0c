/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that a worker which dies, hangs or wants too much is no end. */
#define _DEFAULT_SOURCE /* setitimer */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/arena.h"
#include "tests/support/interrupt.h"
#include "verifier/nursery.h"

#define LIMIT_MS 1000
#define STEP ((size_t)1 << 20)
#define LITTLE 1u         /* MiB that every worker has */
#define DIE UINT32_MAX    /* questions of another kind */
#define BE_SLOW (DIE - 1) /* answered after a while */
#define BE_LATE (DIE - 2) /* after much longer, in which it does not compute */
#define COMPUTE (DIE - 3) /* until it is ended */
#define SLOW_NS 60000000L
#define LATE_MS 1500
#define SHORT_MS 50
#define ALARM_US 15000

static struct rw_arena *arena;
static struct nursery *nursery;

/* Takes as many MiB as the question says and answers how many it got. */
static size_t take_memory(void *ask, size_t length, int limit_ms, void *answer)
{
    uint32_t wanted = 0;
    uint32_t got = 0;
    (void)limit_ms;
    assert_int_equal(length, sizeof wanted);
    memcpy(&wanted, ask, sizeof wanted);
    if (wanted == DIE)
        abort();
    if (wanted == BE_SLOW) {
        nanosleep(&(struct timespec){ 0, SLOW_NS }, NULL);
        got = wanted;
    }
    if (wanted == BE_LATE) {
        nanosleep(&(struct timespec){ LATE_MS / 1000, LATE_MS % 1000 * 1000000L }, NULL);
        got = wanted;
    }
    for (volatile bool ever = true; wanted == COMPUTE && ever;)
        continue;
    for (void **last = NULL; got < wanted; got++) {
        void **block = malloc(STEP);
        if (block == NULL)
            break;
        memset(block, 1, STEP);
        *block = (void *)last;
        last = block;
    }
    memcpy(answer, &got, sizeof got);
    return sizeof got;
}

static int set_up(void **state)
{
    (void)state;
    interrupt_allow();
    arena = rw_arena_open(RW_ARENA_MIB);
    return arena == NULL || !nursery_open(take_memory, arena, &nursery, NULL);
}

static int tear_down(void **state)
{
    (void)state;
    nursery_close(nursery);
    rw_arena_close(arena);
    return 0;
}

/* Is it answered? Then with what was asked for. */
static bool ask_within(uint32_t wanted, int limit_ms)
{
    const void *answer = NULL;
    uint32_t got = 0;
    if (!nursery_ask(nursery, &wanted, sizeof wanted, limit_ms, &answer))
        return false;
    memcpy(&got, answer, sizeof got);
    assert_int_equal(got, wanted);
    return true;
}

static bool ask(uint32_t wanted)
{
    return ask_within(wanted, LIMIT_MS);
}

/* Waits until another worker stands in the place of this one. */
static void await_another(pid_t before)
{
    for (int i = 0; i < 400; i++) {
        pid_t now = nursery_worker(nursery);
        if (now != before && now != 0)
            return;
        nanosleep(&(struct timespec){ 0, 5000000 }, NULL);
    }
    fail_msg("no other worker came");
}

/* Where sanitizers watch, an allocation that fails ends the worker: then the question is lost. */
static void a_worker_gets_what_it_needs_and_no_more(void **state)
{
    (void)state;
    const void *answer = NULL;
    uint32_t got = 0;
    const uint32_t little = NURSERY_WORKER_BYTES / STEP / 4;
    const uint32_t much = 4 * NURSERY_WORKER_BYTES / STEP;

    assert_true(ask(little));
    if (nursery_ask(nursery, &much, sizeof much, LIMIT_MS, &answer)) {
        memcpy(&got, answer, sizeof got);
        assert_true(got <= NURSERY_WORKER_BYTES / STEP);
    } else {
        assert_int_equal(nursery_lost(nursery), 1);
        assert_true(ask(little));
    }
}

static void a_worker_that_dies_between_questions_loses_none(void **state)
{
    (void)state;
    assert_true(ask(LITTLE));
    pid_t before = nursery_worker(nursery);
    assert_int_equal(kill(before, SIGKILL), 0);
    await_another(before);
    assert_true(ask(LITTLE));
    assert_int_equal(nursery_lost(nursery), 0);
}

static void a_question_that_kills_its_worker_is_lost_alone(void **state)
{
    (void)state;
    for (uint32_t lost = 1; lost <= 3; lost++) {
        assert_false(ask(DIE));
        assert_int_equal(nursery_lost(nursery), lost);
        assert_true(ask(LITTLE));
    }
}

static void signals_lose_no_question(void **state)
{
    (void)state;
    assert_true(ask(LITTLE));
    interrupt_send(getpgid(nursery_worker(nursery))); /* the nursery, which waits for a death */
    assert_false(ask(DIE));
    assert_true(ask(LITTLE));
    interrupt_send(nursery_worker(nursery));
    assert_true(ask(LITTLE));
    assert_int_equal(nursery_lost(nursery), 1);
}

static void the_limit_is_one_of_computing_and_not_of_waiting(void **state)
{
    (void)state;
    assert_true(ask_within(BE_LATE, SHORT_MS));
    assert_false(ask_within(COMPUTE, SHORT_MS));
    assert_int_equal(nursery_lost(nursery), 1);
    assert_true(ask(LITTLE));
}

static void wake(int number)
{
    (void)number;
}

static void a_signal_while_the_answer_is_awaited_loses_nothing(void **state)
{
    (void)state;
    const struct sigaction action = { .sa_handler = wake };
    const struct itimerval soon = { .it_value = { 0, ALARM_US } };
    assert_true(ask(LITTLE));
    assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
    assert_int_equal(setitimer(ITIMER_REAL, &soon, NULL), 0);
    assert_true(ask(BE_SLOW));
    assert_int_equal(nursery_lost(nursery), 0);
}

static void without_descriptors_no_worker_starts_and_later_one_does(void **state)
{
    (void)state;
    struct rlimit before;
    struct rw_error err = { 0 };
    struct nursery *second = NULL;

    assert_true(ask(LITTLE));
    assert_int_equal(kill(-getpgid(nursery_worker(nursery)), SIGKILL), 0);
    assert_false(ask(LITTLE)); /* it was on its way to the dead */
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    const struct rlimit none = { 3, before.rlim_max };
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    bool opened = nursery_open(take_memory, arena, &second, &err);
    bool answered = ask(LITTLE);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_false(opened);
    assert_int_equal(err.code, RW_UNAVAILABLE);
    assert_non_null(strstr(err.text, "could not open a socket to a worker"));
    assert_false(answered);
    assert_int_equal(nursery_lost(nursery), 2);
    assert_true(ask(LITTLE));
}

static void an_arena_without_room_is_told(void **state)
{
    (void)state;
    struct rw_error err = { 0 };
    struct nursery *second = NULL;
    struct rw_arena *small = rw_arena_open(64);
    assert_non_null(small);
    assert_false(nursery_open(take_memory, small, &second, &err));
    assert_int_equal(err.code, RW_NO_MEMORY);
    rw_arena_close(small);
    nursery_close(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_worker_gets_what_it_needs_and_no_more),
        TEST(a_worker_that_dies_between_questions_loses_none),
        TEST(a_question_that_kills_its_worker_is_lost_alone),
        TEST(signals_lose_no_question),
        TEST(the_limit_is_one_of_computing_and_not_of_waiting),
        TEST(a_signal_while_the_answer_is_awaited_loses_nothing),
        TEST(without_descriptors_no_worker_starts_and_later_one_does),
        TEST(an_arena_without_room_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
