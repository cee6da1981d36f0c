/* SPDX-License-Identifier: Apache-2.0 */
/* Tests what a stream tells, and when it ends. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "api/stream.h"
#include "api/waiters.h"
#include "core/base/text.h"
#include "tests/unit/api/held_table.h"

/* A stream whose clock and connection are ours. */
struct held {
    int64_t now_ms;
    int suspended;
    int resumed;
    int told;
    bool gone;
    char text[STREAM_TEXT_MAX + 16]; /* told last */
};

static int64_t held_now(void *self)
{
    return ((struct held *)self)->now_ms;
}

static bool held_tell(void *self, const char *bytes, size_t length)
{
    struct held *held = self;
    assert_true(length < sizeof held->text);
    memcpy(held->text, bytes, length);
    held->text[length] = '\0';
    held->told++;
    return !held->gone;
}

static void held_suspend(void *self)
{
    ((struct held *)self)->suspended++;
}

static void held_resume(void *self)
{
    ((struct held *)self)->resumed++;
}

/* Reads the first event and has it suspended. */
static void open_owned(struct held_table *table, struct held *held, const char *owner,
                       int64_t version, struct stream *ret_stream)
{
    char room[STREAM_TEXT_MAX] = { 0 };
    *ret_stream = (struct stream){ .clock = { held, held_now, held_now },
                                   .waiters = table->waiters,
                                   .port = { held, held_tell, held_suspend, held_resume },
                                   .chunked = version % 2 == 0 };
    assert_true(rw_text_copy(ret_stream->owner, sizeof ret_stream->owner, owner));
    stream_start(ret_stream, "d-7", version);
    assert_true(stream_read(ret_stream, room, sizeof room) > 0);
    if (version == 6)
        assert_string_equal(room, "event: schedule\nid: 6\ndata: 6\n\n");
    if (version == 0)
        assert_string_equal(room, ": here\n\n");
    assert_true(stream_read(ret_stream, room, sizeof room) == 0);
    assert_int_equal(held->suspended, 1);
}

static void open_stream(struct held_table *table, struct held *held, int64_t version,
                        struct stream *ret_stream)
{
    open_owned(table, held, "", version, ret_stream);
}

static void expect_end(struct held_table *table, struct held *held, struct stream *stream)
{
    char room[STREAM_TEXT_MAX];
    assert_int_equal(held->resumed, 1);
    assert_int_equal(waiters_count(table->waiters), 0);
    assert_true(stream_read(stream, room, sizeof room) == -1);
}

static void a_stream_tells_each_newer_version_once_past_its_connection(void **state)
{
    struct held_table *table = *state;
    struct held held = { .now_ms = 1000 };
    struct stream stream;
    open_stream(table, &held, 6, &stream);
    waiters_wake(table->waiters, "d-7", 7);
    waiters_wake(table->waiters, "d-7", 7);
    waiters_wake(table->waiters, "d-7", 5);
    assert_true(held.told == 1 && held.resumed == 0);
    assert_string_equal(held.text, "1f\r\nevent: schedule\nid: 7\ndata: 7\n\n\r\n");
    waiters_end(table->waiters);
    expect_end(table, &held, &stream);
}

static void a_silent_stream_shows_that_it_is_here(void **state)
{
    struct held_table *table = *state;
    struct held held = { .now_ms = 1000 };
    struct stream stream;
    open_stream(table, &held, 0, &stream);
    for (int beat = 1; beat <= 3; beat++) {
        held.now_ms += 25000;
        waiters_expire(table->waiters, held.now_ms - 1);
        assert_int_equal(held.told, beat - 1);
        waiters_expire(table->waiters, held.now_ms);
        waiters_expire(table->waiters, held.now_ms);
        assert_int_equal(held.told, beat);
        assert_string_equal(held.text, "8\r\n: here\n\n\r\n");
    }
    assert_int_equal(held.resumed, 0);
    waiters_end(table->waiters);
}

static void a_version_does_not_put_the_beat_off(void **state)
{
    struct held_table *table = *state;
    struct held held = { .now_ms = 1000 };
    struct stream stream;
    open_stream(table, &held, 1, &stream);
    held.now_ms += 20000;
    waiters_wake(table->waiters, "d-7", 9);
    assert_string_equal(held.text, "event: schedule\nid: 9\ndata: 9\n\n");
    held.now_ms += 5000;
    waiters_expire(table->waiters, held.now_ms);
    assert_string_equal(held.text, ": here\n\n");
    waiters_end(table->waiters);
}

static void a_stream_ends_when_it_is_told_to(void **state)
{
    struct held_table *table = *state;
    struct held held = { .now_ms = 1000 };
    struct stream stream;
    open_stream(table, &held, 1, &stream);
    waiters_dismiss(table->waiters, "d-7");
    assert_int_equal(held.told, 0);
    expect_end(table, &held, &stream);
}

static void a_stream_ends_with_its_owner(void **state)
{
    struct held_table *table = *state;
    struct held held = { .now_ms = 1000 };
    struct held machine = { .now_ms = 1000 };
    struct stream stream;
    struct stream other;
    open_owned(table, &held, "anna", 1, &stream);
    open_owned(table, &machine, "", 1, &other);
    waiters_dismiss_owner(table->waiters, "bram");
    waiters_dismiss_owner(table->waiters, "");
    assert_int_equal(waiters_count(table->waiters), 2);
    waiters_dismiss_owner(table->waiters, "anna");
    assert_true(held.told == 0 && held.resumed == 1 && machine.resumed == 0);
    waiters_dismiss(table->waiters, "d-7");
    expect_end(table, &machine, &other);
    expect_end(table, &held, &stream);
}

static void a_stream_ends_with_its_age(void **state)
{
    struct held_table *table = *state;
    struct held held = { .now_ms = 1000 };
    struct stream stream;
    open_stream(table, &held, 1, &stream);
    held.now_ms += 1800000;
    waiters_wake(table->waiters, "d-7", 2);
    assert_int_equal(held.told, 0);
    expect_end(table, &held, &stream);
}

static void a_stream_whose_caller_is_gone_ends(void **state)
{
    struct held_table *table = *state;
    struct held held = { .now_ms = 1000 };
    struct stream stream;
    open_stream(table, &held, 1, &stream);
    held.gone = true;
    held.now_ms += 25000;
    waiters_expire(table->waiters, held.now_ms);
    expect_end(table, &held, &stream);
}

static void a_stream_that_begins_after_the_end_goes_at_once(void **state)
{
    struct held_table *table = *state;
    struct held held = { .now_ms = 1000 };
    struct stream stream;
    waiters_end(table->waiters);
    open_stream(table, &held, 1, &stream);
    expect_end(table, &held, &stream);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, held_table_open, held_table_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_stream_tells_each_newer_version_once_past_its_connection),
        TEST(a_silent_stream_shows_that_it_is_here),
        TEST(a_version_does_not_put_the_beat_off),
        TEST(a_stream_ends_when_it_is_told_to),
        TEST(a_stream_ends_with_its_owner),
        TEST(a_stream_ends_with_its_age),
        TEST(a_stream_whose_caller_is_gone_ends),
        TEST(a_stream_that_begins_after_the_end_goes_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
