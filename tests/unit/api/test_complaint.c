/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that what fails again and again is a few lines of the log. */
#define _POSIX_C_SOURCE 200809L
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "api/complaint.h"
#include "api/repeats.h"
#include "api/service.h"

#define LOG_BYTES_MAX 8192

static struct rw_arena *arena;
static struct service service;
static int64_t now_ms;

static int64_t tell_time(void *self)
{
    (void)self;
    return now_ms;
}

static int open_all(void **state)
{
    struct rw_error err = { 0 };
    (void)state;
    now_ms = 1000000;
    memset(&service, 0, sizeof service);
    service.clock = (struct rw_clock){ .utc_ms = tell_time, .monotonic_ms = tell_time };
    arena = rw_arena_open(RW_ARENA_MIB);
    return arena && repeats_open(arena, &service.complaints, &err) ? 0 : -1;
}

static int close_all(void **state)
{
    (void)state;
    repeats_close(service.complaints);
    rw_arena_close(arena);
    return 0;
}

/* Three hundred requests within half a minute to each of two routes, then what is told of them. */
static void complain(void)
{
    struct rw_error gone = { 0 };
    (void)rw_error_set(&gone, RW_UNAVAILABLE, "", "the database is gone");
    for (int i = 0; i < 300; i++, now_ms += 100) {
        complaint_log(&service, RW_LOG_FAULT, "request-failed", &gone, "/v1/one");
        complaint_log(&service, RW_LOG_FAULT, "request-failed", &gone, "/v1/two");
        complaint_count(&service, now_ms);
    }
    now_ms += REPEATS_SPAN_MS;
    complaint_count(&service, now_ms);
    complaint_log(&service, RW_LOG_WARN, "connections-refused", NULL, NULL);
    complaint_log(&service, RW_LOG_FAULT, "request-failed", &gone, "/v1/one"); /* a new minute */
    complaint_count(&service, INT64_MAX);
}

/* What the log holds afterwards: standard error lies in a file meanwhile. */
static void log_of(void (*act)(void), char ret_log[LOG_BYTES_MAX])
{
    FILE *file = tmpfile();
    int before = dup(STDERR_FILENO);
    assert_non_null(file);
    assert_true(dup2(fileno(file), STDERR_FILENO) >= 0);
    act();
    assert_true(dup2(before, STDERR_FILENO) >= 0);
    (void)close(before);
    rewind(file);
    ret_log[fread(ret_log, 1, LOG_BYTES_MAX - 1, file)] = '\0';
    (void)fclose(file);
}

static size_t count_of(const char *log, const char *wanted)
{
    size_t count = 0;
    for (const char *at = strstr(log, wanted); at; at = strstr(at + 1, wanted))
        count++;
    return count;
}

static void what_fails_again_is_told_once_and_then_counted(void **state)
{
    char log[LOG_BYTES_MAX];
    (void)state;
    log_of(complain, log);
    assert_int_equal(count_of(log, "\n"), 6);
    assert_int_equal(count_of(log, "\"event\":\"request-failed\",\"code\":\"unavailable\","
                                   "\"detail\":\"the database is gone\",\"route\":\"/v1/one\"}"),
                     2);
    assert_int_equal(count_of(log, "\"route\":\"/v1/two\"}"), 1);
    assert_int_equal(count_of(log, "\"level\":\"warn\",\"event\":\"connections-refused\"}"), 1);
    assert_int_equal(count_of(log, "\"event\":\"line-repeated\",\"line\":\"request-failed "
                                   "unavailable /v1/one\",\"times\":\"299\"}"),
                     1);
    assert_int_equal(count_of(log, "/v1/two\",\"times\":\"299\"}"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_fails_again_is_told_once_and_then_counted, open_all,
                                        close_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
