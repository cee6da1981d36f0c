/* SPDX-License-Identifier: Apache-2.0 */
/* Lists that go to the disk give back what they were given, and sort. */
#define _POSIX_C_SOURCE 200809L
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/build_spool.h"
#include "core/base/random.h"

#define MANY (2 * BUILD_SPOOL_RUN + 100) /* three parts that are sorted singly */
#define LONGEST 24

static struct rw_arena *arena;
static struct rw_arena *scratch;

static int open_all(void **state)
{
    (void)state;
    arena = rw_arena_open(16 * RW_ARENA_MIB);
    scratch = rw_arena_open(64 * RW_ARENA_MIB);
    return arena != NULL && scratch != NULL ? 0 : -1;
}

static int close_all(void **state)
{
    (void)state;
    rw_arena_close(scratch);
    rw_arena_close(arena);
    return 0;
}

/* The bytes of one record: some are empty, some begin alike, some have a NUL in them. */
static size_t make_record(struct rw_random *random, char ret_bytes[LONGEST])
{
    const size_t length = (size_t)rw_random_below(random, LONGEST);
    for (size_t i = 0; i < length; i++)
        ret_bytes[i] = (char)(rw_random_below(random, 3) == 0 ? 0 : 'a' + 200 * (i % 2));
    return length;
}

static void fill(struct build_spool *spool, size_t count)
{
    struct rw_random random = rw_random_seeded(7);
    struct rw_error err = { 0 };
    char bytes[LONGEST];
    build_spool_init(spool, arena);
    for (size_t i = 0; i < count; i++)
        assert_true(build_spool_add(spool, bytes, make_record(&random, bytes), &err));
    assert_int_equal(spool->count, count);
}

static bool is_as_filled(const struct build_spool *spool, size_t count)
{
    struct rw_random random = rw_random_seeded(7);
    struct rw_error err = { 0 };
    bool good = true;
    for (size_t i = 0; i < count; i++) {
        char bytes[LONGEST];
        struct build_record record;
        const size_t length = make_record(&random, bytes);
        rw_arena_reset(scratch);
        good = good && build_spool_get(spool, i, scratch, &record, &err) &&
               record.length == length && memcmp(record.bytes, bytes, length) == 0 &&
               record.bytes[length] == '\0';
    }
    return good;
}

static void what_is_added_is_given_back_from_memory_and_disk(void **state)
{
    struct build_spool spool;
    (void)state;
    fill(&spool, 10);
    assert_true(spool.records.spilled == 0); /* few make no file */
    assert_true(is_as_filled(&spool, 10));
    build_spool_close(&spool);
    fill(&spool, MANY);
    assert_true(spool.records.spilled > 0 && spool.ends.spilled > 0);
    assert_true(is_as_filled(&spool, MANY));
    build_spool_close(&spool);
}

static void a_forked_process_reads_the_same(void **state)
{
    struct build_spool spool;
    int status = -1;
    (void)state;
    fill(&spool, MANY);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(is_as_filled(&spool, MANY) ? 0 : 1);
    assert_true(waitpid(child, &status, 0) == child);
    assert_int_equal(status, 0);
    build_spool_close(&spool);
}

static int compare(const void *left, const void *right)
{
    const struct build_record *one = left;
    const struct build_record *two = right;
    const size_t shorter = one->length < two->length ? one->length : two->length;
    const int order = memcmp(one->bytes, two->bytes, shorter);
    return order != 0 ? order : (int)one->length - (int)two->length;
}

static void assert_sorts(size_t count)
{
    struct rw_error err = { 0 };
    struct build_spool spool;
    struct build_spool sorted;
    struct build_record *records = calloc(count + 1, sizeof *records);
    assert_non_null(records);
    fill(&spool, count);
    build_spool_init(&sorted, arena);
    rw_arena_reset(scratch);
    for (size_t i = 0; i < count; i++)
        assert_true(build_spool_get(&spool, i, scratch, &records[i], &err));
    qsort(records, count, sizeof *records, compare);
    assert_true(build_spool_sort(&spool, &sorted, &err));
    assert_int_equal(sorted.count, count);
    for (size_t i = 0; i < count; i++) {
        struct build_record record;
        assert_true(build_spool_get(&sorted, i, scratch, &record, &err));
        assert_int_equal(record.length, records[i].length);
        assert_memory_equal(record.bytes, records[i].bytes, record.length);
    }
    build_spool_close(&sorted);
    build_spool_close(&spool);
    free(records);
}

static void sorting_gives_the_order_of_the_bytes(void **state)
{
    (void)state;
    assert_sorts(0);
    assert_sorts(1);
    assert_sorts(BUILD_SPOOL_RUN);
    assert_sorts(MANY);
}

static void a_folder_that_takes_no_file_is_named(void **state)
{
    struct rw_error err = { 0 };
    struct build_spool spool;
    char bytes[1024] = { 0 };
    bool done = true;
    (void)state;
    assert_int_equal(setenv("TMPDIR", "/nowhere", 1), 0);
    build_spool_init(&spool, arena);
    for (size_t i = 0; done && i < BUILD_SPOOL_KEPT / sizeof bytes + 1; i++)
        done = build_spool_add(&spool, bytes, sizeof bytes, &err);
    assert_int_equal(unsetenv("TMPDIR"), 0);
    assert_false(done);
    assert_int_equal(err.code, RW_UNAVAILABLE);
    assert_non_null(strstr(err.text, "\"/nowhere\" (TMPDIR)"));
    assert_int_equal(spool.records.spilled, 0);
    build_spool_close(&spool);
}

static void a_record_over_the_ceiling_is_refused(void **state)
{
    struct rw_error err = { 0 };
    struct build_spool spool;
    (void)state;
    build_spool_init(&spool, arena);
    assert_false(build_spool_add(&spool, "", BUILD_SPOOL_RECORD_MAX + 1, &err));
    assert_int_equal(err.code, RW_TOO_LARGE);
    build_spool_close(&spool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_added_is_given_back_from_memory_and_disk, open_all,
                                        close_all),
        cmocka_unit_test_setup_teardown(a_forked_process_reads_the_same, open_all, close_all),
        cmocka_unit_test_setup_teardown(sorting_gives_the_order_of_the_bytes, open_all, close_all),
        cmocka_unit_test_setup_teardown(a_folder_that_takes_no_file_is_named, open_all, close_all),
        cmocka_unit_test_setup_teardown(a_record_over_the_ceiling_is_refused, open_all, close_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
