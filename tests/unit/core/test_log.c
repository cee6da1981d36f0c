/* SPDX-License-Identifier: Apache-2.0 */
/* Reads back the lines that the log wrote. */
#define _POSIX_C_SOURCE 200809L
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

#include "core/base/log.h"

static int64_t fixed_ms(void *self)
{
    (void)self;
    return INT64_C(1795417200123);
}

static const struct rw_clock fixed_clock = { .utc_ms = fixed_ms, .monotonic_ms = fixed_ms };

/* Runs one call with standard error turned into a pipe, and gives what it wrote. */
static const char *logged(enum rw_log_level level, const char *event,
                          const struct rw_log_field *fields)
{
    static char text[8192];
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    int old = dup(STDERR_FILENO);
    assert_true(dup2(ends[1], STDERR_FILENO) >= 0);
    rw_log(&fixed_clock, level, event, fields);
    assert_true(dup2(old, STDERR_FILENO) >= 0);
    (void)close(old);
    (void)close(ends[1]);
    ssize_t length = read(ends[0], text, sizeof text - 1);
    (void)close(ends[0]);
    assert_true(length >= 0);
    text[length] = '\0';
    return text;
}

static void an_event_is_one_line_of_json(void **state)
{
    const struct rw_log_field fields[] = {
        { "roll", "482913570" }, { "why", "a \"b\" \\ \n" }, { "none", NULL }, { NULL, NULL }
    };
    (void)state;
    assert_string_equal(logged(RW_LOG_NOTE, "roll-released", fields),
                        "{\"at\":\"2026-11-23T07:00:00.123Z\",\"level\":\"note\","
                        "\"event\":\"roll-released\",\"roll\":\"482913570\","
                        "\"why\":\"a \\\"b\\\" \\\\ \\u000a\",\"none\":\"\"}\n");
    assert_string_equal(
        logged(RW_LOG_FAULT, "x", NULL),
        "{\"at\":\"2026-11-23T07:00:00.123Z\",\"level\":\"fault\",\"event\":\"x\"}\n");
}

static void a_level_below_the_set_one_is_left_out(void **state)
{
    (void)state;
    assert_string_equal(logged(RW_LOG_DEBUG, "x", NULL), "");
    rw_log_level_set(RW_LOG_DEBUG);
    assert_string_not_equal(logged(RW_LOG_DEBUG, "x", NULL), "");
    rw_log_level_set(RW_LOG_NOTE);
}

static void a_field_too_long_is_left_out_whole(void **state)
{
    static char longest[5000];
    const struct rw_log_field fields[] = { { "long", longest }, { "short", "x" }, { NULL, NULL } };
    (void)state;
    memset(longest, 'a', sizeof longest - 1);
    const char *line = logged(RW_LOG_WARN, "e", fields);
    assert_null(strstr(line, "long"));
    assert_non_null(strstr(line, "\"short\":\"x\"}\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_is_one_line_of_json),
        cmocka_unit_test(a_level_below_the_set_one_is_left_out),
        cmocka_unit_test(a_field_too_long_is_left_out_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
