/* SPDX-License-Identifier: Apache-2.0 */
/* Holds arenas to their ceilings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/arena.h"

#ifdef RW_ADDRESS_SANITIZER
#include <sanitizer/asan_interface.h>
#endif

#define ROW_BYTES 640

static void what_it_gives_is_zero_and_aligned(void **state)
{
    struct rw_arena *arena = rw_arena_open(RW_ARENA_MIB);
    (void)state;
    for (size_t size = 0; size < 200; size++) {
        struct rw_error err = { 0 };
        unsigned char *given = rw_arena_alloc(arena, size, &err);
        assert_non_null(given);
        assert_int_equal((uintptr_t)given % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(given[i], 0);
        memset(given, 0xAA, size);
    }
    rw_arena_close(arena);
}

static void a_reset_arena_gives_zeroed_memory_again(void **state)
{
    struct rw_arena *arena = rw_arena_open(RW_ARENA_MIB);
    struct rw_error err = { 0 };
    (void)state;
    rw_arena_reset(arena);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 100; i++) {
            unsigned char *given = rw_arena_alloc(arena, 1000, &err);
            assert_non_null(given);
            for (size_t at = 0; at < 1000; at++)
                assert_int_equal(given[at], 0);
            memset(given, 0xFF, 1000);
        }
        assert_int_equal(rw_arena_used(arena), 100 * 1008);
        rw_arena_reset(arena);
        assert_int_equal(rw_arena_used(arena), 0);
    }
    rw_arena_close(arena);
}

static void large_room_lies_aside_and_leaves_no_trace(void **state)
{
    struct rw_arena *arena = rw_arena_open(8 * RW_ARENA_MIB);
    struct rw_error err = { 0 };
    (void)state;
    for (int round = 0; round < 2; round++) {
        /* The first request of an arena, one behind a small one, and one beyond the ceiling. */
        for (int i = 0; i < 2; i++) {
            unsigned char *room = rw_arena_room(arena, 3, RW_ARENA_MIB, &err);
            unsigned char *small = rw_arena_alloc(arena, 100, &err);
            assert_true(room != NULL && small != NULL);
            memset(room, 0xFF, 3 * RW_ARENA_MIB);
            for (int at = 0; at < 100; at++)
                assert_int_equal(small[at], 0);
            memset(small, 0xFF, 100);
        }
        assert_null(rw_arena_room(arena, 3, RW_ARENA_MIB, &err));
        assert_null(rw_arena_room(arena, SIZE_MAX, 2, &err));
        assert_int_equal(err.code, RW_NO_MEMORY);
        rw_arena_reset(arena);
    }
    rw_arena_close(arena);
}

/* Only where the sanitizer can tell; elsewhere there is nothing to see. */
static void what_was_not_given_or_taken_back_is_out_of_bounds(void **state)
{
    (void)state;
#ifdef RW_ADDRESS_SANITIZER
    struct rw_arena *arena = rw_arena_open(RW_ARENA_MIB);
    struct rw_error err = { 0 };
    char *given = rw_arena_alloc(arena, 13, &err);
    assert_non_null(given);
    assert_false(__asan_address_is_poisoned(given));
    assert_false(__asan_address_is_poisoned(given + 12));
    assert_true(__asan_address_is_poisoned(given + 13));
    assert_true(__asan_address_is_poisoned(given + 16));
    rw_arena_reset(arena);
    assert_true(__asan_address_is_poisoned(given));
    assert_ptr_equal(rw_arena_alloc(arena, 5, &err), given);
    assert_false(__asan_address_is_poisoned(given + 4));
    assert_true(__asan_address_is_poisoned(given + 5));
    rw_arena_close(arena);
#else
    skip();
#endif
}

/* In a process of its own, that says nothing. */
static bool passes(const void *row, size_t length)
{
    int status = 0;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)close(STDERR_FILENO);
        rw_arena_read_over(row, length);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Only where the sanitizer can tell; elsewhere there is nothing to see. */
static void a_row_is_looked_at_to_its_last_byte(void **state)
{
    struct rw_error err = { 0 };
    struct rw_arena *arena = rw_arena_open(RW_ARENA_MIB);
    const unsigned char *row = rw_arena_room(arena, ROW_BYTES, 1, &err);
    (void)state;
    assert_non_null(row);
    assert_true(passes(row, ROW_BYTES) && passes(row, 0) && passes(row + 1, ROW_BYTES - 1));
#ifdef RW_ADDRESS_SANITIZER
    assert_false(passes(row, ROW_BYTES + 1));
    assert_false(passes(row + ROW_BYTES - 1, 2));
    rw_arena_reset(arena);
    assert_false(passes(row, 1));
#endif
    rw_arena_close(arena);
}

static void a_ceiling_of_nothing_refuses_everything(void **state)
{
    struct rw_arena *arena = rw_arena_open(0);
    struct rw_error err = { 0 };
    (void)state;
    assert_null(rw_arena_alloc(arena, 0, &err));
    assert_int_equal(err.code, RW_NO_MEMORY);
    rw_arena_close(arena);
    rw_arena_close(NULL);
}

static void the_ceiling_holds_to_the_byte(void **state)
{
    (void)state;
    for (size_t ceiling = 0; ceiling <= 64; ceiling++) {
        struct rw_arena *arena = rw_arena_open(ceiling);
        struct rw_error err = { 0 };
        size_t given = 0;
        while (rw_arena_alloc(arena, 16, &err) != NULL)
            given += 16;
        assert_int_equal(given, ceiling / 16 * 16);
        assert_true(rw_arena_used(arena) <= ceiling);
        rw_arena_close(arena);
    }
}

static void a_size_beyond_counting_is_refused(void **state)
{
    struct rw_arena *arena = rw_arena_open(SIZE_MAX);
    struct rw_error err = { 0 };
    (void)state;
    assert_null(rw_arena_alloc(arena, SIZE_MAX, &err));
    assert_null(rw_arena_array(arena, SIZE_MAX / 2, 3, &err));
    assert_null(rw_arena_text_n(arena, "", SIZE_MAX, &err));
    assert_int_equal(err.code, RW_NO_MEMORY);
    rw_arena_close(arena);
}

static void texts_are_copies(void **state)
{
    struct rw_arena *arena = rw_arena_open(RW_ARENA_KIB);
    struct rw_error err = { 0 };
    char word[] = "roll";
    (void)state;
    char *copy = rw_arena_text(arena, word, &err);
    char *part = rw_arena_text_n(arena, word, 2, &err);
    char *made = rw_arena_format(arena, &err, "%s-%d", word, 7);
    word[0] = 'X';
    assert_string_equal(copy, "roll");
    assert_string_equal(part, "ro");
    assert_string_equal(made, "roll-7");
    rw_arena_close(arena);
}

static void a_list_grows_and_keeps_its_content(void **state)
{
    struct rw_arena *arena = rw_arena_open(RW_ARENA_MIB);
    struct rw_error err = { 0 };
    int32_t *list = NULL;
    size_t room = 0;
    (void)state;
    for (size_t count = 0; count < 100; count++) {
        assert_true(rw_arena_grow(arena, &list, &room, count, sizeof *list, 100, &err));
        list[count] = (int32_t)count;
    }
    for (size_t i = 0; i < 100; i++)
        assert_int_equal(list[i], i);
    assert_int_equal(room, 100);
    assert_false(rw_arena_grow(arena, &list, &room, 100, sizeof *list, 100, &err));
    assert_int_equal(err.code, RW_TOO_LARGE);
    rw_arena_close(arena);
}

static void a_list_that_cannot_grow_stays_as_it_was(void **state)
{
    (void)state;
    for (size_t ceiling = 0; ceiling < 1024; ceiling += 16) {
        struct rw_arena *arena = rw_arena_open(ceiling);
        struct rw_error err = { 0 };
        int64_t *list = NULL;
        size_t room = 0;
        size_t count = 0;
        while (rw_arena_grow(arena, &list, &room, count, sizeof *list, 1000, &err)) {
            list[count] = (int64_t)count;
            count++;
        }
        assert_int_equal(err.code, RW_NO_MEMORY);
        assert_int_equal(count, room);
        for (size_t i = 0; i < count; i++)
            assert_int_equal(list[i], i);
        rw_arena_close(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_it_gives_is_zero_and_aligned),
        cmocka_unit_test(a_reset_arena_gives_zeroed_memory_again),
        cmocka_unit_test(large_room_lies_aside_and_leaves_no_trace),
        cmocka_unit_test(what_was_not_given_or_taken_back_is_out_of_bounds),
        cmocka_unit_test(a_row_is_looked_at_to_its_last_byte),
        cmocka_unit_test(a_ceiling_of_nothing_refuses_everything),
        cmocka_unit_test(the_ceiling_holds_to_the_byte),
        cmocka_unit_test(a_size_beyond_counting_is_refused),
        cmocka_unit_test(texts_are_copies),
        cmocka_unit_test(a_list_grows_and_keeps_its_content),
        cmocka_unit_test(a_list_that_cannot_grow_stays_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
