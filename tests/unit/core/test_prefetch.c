/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that asking for a file changes nothing and waits for nobody. */
#define _XOPEN_SOURCE 700
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/prefetch.h"
#include "tests/support/scratch.h"

static void a_file_is_read_as_before_and_others_are_let_be(void **state)
{
    char folder[SCRATCH_PATH_MAX];
    char path[RW_FILE_PATH_MAX];
    char *bytes;
    size_t length;
    struct rw_error err = { 0 };
    struct rw_arena *arena = rw_arena_open(RW_ARENA_MIB);
    (void)state;
    assert_true(scratch_make(folder));
    rw_prefetch(folder);
    assert_true(rw_file_join(path, folder, "orders.json", &err));
    rw_prefetch(path); /* it is not there */
    assert_true(rw_file_write(path, "orders", 6, 0600, &err));
    rw_prefetch(path);
    assert_true(rw_file_read(path, 100, arena, &bytes, &length, &err));
    assert_int_equal(length, 6);
    assert_memory_equal(bytes, "orders", 6);
    assert_int_equal(unlink(path), 0);
    /* A pipe whose reader only looked in: who writes still finds none. */
    assert_int_equal(mkfifo(path, 0600), 0);
    rw_prefetch(path);
    assert_int_equal(open(path, O_WRONLY | O_NONBLOCK), -1);
    assert_int_equal(errno, ENXIO);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
    rw_arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_read_as_before_and_others_are_let_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
