/* SPDX-License-Identifier: Apache-2.0 */
/* Tests whom a postmaster.pid is believed to speak of. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/pid_file.h"
#include "core/base/clock.h"
#include "core/base/file.h"
#include "tests/support/scratch.h"

#define SOCKET "/run/rolwacht-abcdef"

static char folder[SCRATCH_PATH_MAX];
static char path[96];

static int make_folder(void **state)
{
    (void)state;
    if (!scratch_make(folder))
        return -1;
    (void)snprintf(path, sizeof path, "%s/postmaster.pid", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    (void)unlink(path);
    return rmdir(folder);
}

static void write_file(const char *text)
{
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

static void write_whole(const char *pid, const char *socket, const char *status)
{
    char text[256];
    (void)snprintf(text, sizeof text, "%s\n/data\n1795000000\n5432\n%s\n\n   123   456\n%s\n", pid,
                   socket, status);
    write_file(text);
}

static void a_server_is_ready_when_it_says_so(void **state)
{
    (void)state;
    write_whole("4711", SOCKET, "ready   ");
    assert_true(pid_file_is_ready(folder, 4711, SOCKET));
    assert_int_equal(pid_file_pid(folder), 4711);
}

static void nothing_else_is_ready(void **state)
{
    (void)state;
    assert_false(pid_file_is_ready(folder, 4711, SOCKET));
    assert_int_equal(pid_file_pid(folder), 0);
    static const char *const others[] = { "starting", "stopping", "standby ", "already", "" };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        write_whole("4711", SOCKET, others[i]);
        assert_false(pid_file_is_ready(folder, 4711, SOCKET));
    }
    write_file("4711\n/data\n");
    assert_false(pid_file_is_ready(folder, 4711, SOCKET));
    write_file("ready\n");
    assert_int_equal(pid_file_pid(folder), 0);
}

/* In a container that starts anew the next server may have the number of the last. */
static void what_a_killed_server_left_is_not_believed(void **state)
{
    (void)state;
    write_whole("4711", SOCKET, "ready   ");
    assert_false(pid_file_is_ready(folder, 4712, SOCKET));
    write_whole("4711", "/run/rolwacht-ghijkl", "ready   ");
    assert_false(pid_file_is_ready(folder, 4711, SOCKET));
}

/* Long before its time is over; and a second look finds nothing new. */
static void a_change_ends_the_wait(void **state)
{
    (void)state;
    struct rw_clock clock = rw_clock_system();
    int watch = pid_file_watch(folder);
    assert_true(watch >= 0);
    write_whole("4711", SOCKET, "starting");
    int64_t begun_ms = rw_clock_monotonic_ms(&clock);
    pid_file_wait(watch, 60000);
    assert_true(rw_clock_monotonic_ms(&clock) - begun_ms < 30000);
    begun_ms = rw_clock_monotonic_ms(&clock);
    pid_file_wait(watch, 50);
    assert_true(rw_clock_monotonic_ms(&clock) - begun_ms >= 49);
    assert_int_equal(close(watch), 0);
}

static void a_folder_that_is_not_there_is_not_watched(void **state)
{
    (void)state;
    assert_int_equal(pid_file_watch("/nowhere/at/all"), -1);
    pid_file_wait(-1, 60000); /* a moment, not a minute: the test would not end in time */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_server_is_ready_when_it_says_so),         TEST(nothing_else_is_ready),
        TEST(what_a_killed_server_left_is_not_believed), TEST(a_change_ends_the_wait),
        TEST(a_folder_that_is_not_there_is_not_watched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
