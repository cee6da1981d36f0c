/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that a worker which wants too much memory is no end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/arena.h"
#include "verifier/nursery.h"

#define LIMIT_MS 1000
#define STEP ((size_t)1 << 20)

/* Takes as many MiB as the question says and answers how many it got. */
static size_t take_memory(void *ask, size_t length, int limit_ms, void *answer)
{
    uint32_t wanted = 0;
    uint32_t got = 0;
    (void)limit_ms;
    assert_int_equal(length, sizeof wanted);
    memcpy(&wanted, ask, sizeof wanted);
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

/* Where sanitizers watch, an allocation that fails ends the worker: then the question is lost. */
static void a_worker_gets_what_it_needs_and_no_more(void **state)
{
    (void)state;
    struct rw_arena *arena = rw_arena_open(RW_ARENA_MIB);
    struct nursery *nursery = NULL;
    const void *answer = NULL;
    uint32_t got = 0;
    const uint32_t little = NURSERY_WORKER_BYTES / STEP / 4;
    const uint32_t much = 4 * NURSERY_WORKER_BYTES / STEP;

    assert_non_null(arena);
    assert_true(nursery_open(take_memory, arena, &nursery, NULL));
    assert_true(nursery_ask(nursery, &little, sizeof little, LIMIT_MS, &answer));
    memcpy(&got, answer, sizeof got);
    assert_int_equal(got, little);
    if (nursery_ask(nursery, &much, sizeof much, LIMIT_MS, &answer)) {
        memcpy(&got, answer, sizeof got);
        assert_true(got <= NURSERY_WORKER_BYTES / STEP);
    } else {
        assert_int_equal(nursery_lost(nursery), 1);
        assert_true(nursery_ask(nursery, &little, sizeof little, LIMIT_MS, &answer));
    }
    nursery_close(nursery);
    rw_arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_worker_gets_what_it_needs_and_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
