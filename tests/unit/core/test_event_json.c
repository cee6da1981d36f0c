/* SPDX-License-Identifier: Apache-2.0 */
/* Reads batches of events and refuses gaps and strange words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/text.h"
#include "core/json/event_json.h"
#include "tests/support/fixture.h"

#define ID "0190a0a0-0000-7000-8000-000000000001"
#define HEAD "{\"events\":[{\"id\":\"" ID "\",\"seq\":41,\"at\":\"2026-11-23T07:00:00.000Z\","

static bool is_read(const char *text, struct rw_error *err)
{
    struct event *events;
    size_t count;
    return event_json_read(text, strlen(text), arena, &events, &count, err);
}

static void a_batch_is_read_as_it_was_written(void **state)
{
    struct event events[EVENT_BATCH_MAX] = { { .seq = 41,
                                               .at_utc_ms = 1795417200123,
                                               .type = EVENT_RELEASED,
                                               .serial = "482913570001",
                                               .cause = EVENT_EARLY } };
    struct rw_error err = { 0 };
    const char *bytes;
    size_t length;
    struct event *again;
    size_t count;
    (void)state;
    for (int64_t i = 0; i < EVENT_BATCH_MAX; i++) {
        memcpy(events[i].id, ID, sizeof events[i].id);
        events[i].seq = 41 + i;
        events[i].type = i == 0 ? EVENT_RELEASED : EVENT_ONLINE;
    }
    assert_true(event_json_write(events, EVENT_BATCH_MAX, arena, &bytes, &length, &err));
    assert_true(rw_text_starts_with(
        bytes, "{\"events\":[{\"id\":\"" ID "\",\"seq\":41,\"at\":\"2026-11-23T07:00:00.123Z\","
               "\"type\":\"released\",\"serial\":\"482913570001\",\"cause\":\"early\"},"));
    assert_true(event_json_read(bytes, length, arena, &again, &count, &err));
    assert_int_equal(count, EVENT_BATCH_MAX);
    assert_memory_equal(&again[0], &events[0], sizeof events[0]);
    assert_string_equal(again[1].serial, "");
    assert_int_equal(again[499].seq, 540);
}

static void an_empty_batch_is_a_batch(void **state)
{
    struct event *events;
    size_t count = 7;
    (void)state;
    assert_true(event_json_read("{\"events\":[]}", 13, arena, &events, &count, NULL));
    assert_int_equal(count, 0);
}

static void what_breaks_the_contract_is_refused_at_its_place(void **state)
{
    static const char *const cases[][2] = {
        { "{}", "/events" },
        { HEAD "\"type\":\"eaten\"}]}", "/events/0/type" },
        { HEAD "\"type\":\"none\"}]}", "/events/0/type" },
        { HEAD "\"serial\":\"482913570001\"}]}", "/events/0/type" },
        { HEAD "\"type\":\"due\",\"cause\":7}]}", "/events/0/cause" },
        { "{\"events\":[{\"id\":\"0b83ec60-6a8e-4bff-9a1b-0a3d5e7f901g\",\"seq\":1,\"at\":"
          "\"2026-11-23T07:00Z\",\"type\":\"due\"}]}",
          "/events/0/id" },
        { HEAD "\"type\":\"released\",\"serial\":\"482913570001\"}]}", "/events/0" },
        { HEAD "\"type\":\"released\",\"cause\":\"early\"}]}", "/events/0" },
        { HEAD "\"type\":\"released\",\"serial\":\"482913570001\",\"cause\":\"none\"}]}",
          "/events/0/cause" },
        { HEAD "\"type\":\"due\",\"serial\":\"482913570001\",\"cause\":\"early\"}]}", "/events/0" },
        { HEAD "\"type\":\"due\",\"serial\":\"48291357000\"}]}", "/events/0/serial" },
        { HEAD "\"type\":\"due\",\"serial\":\"48291357000x\"}]}", "/events/0/serial" },
        { "{\"events\":[{\"id\":\"x\",\"seq\":1,\"at\":\"2026-11-23T07:00Z\",\"type\":\"due\"}]}",
          "/events/0/id" },
        { "{\"events\":[{\"id\":\"" ID
          "\",\"seq\":0,\"at\":\"2026-11-23T07:00Z\",\"type\":\"due\"}]}",
          "/events/0/seq" },
        { "{\"events\":[{\"id\":\"" ID "\",\"seq\":1,\"at\":\"07:00\",\"type\":\"due\"}]}",
          "/events/0/at" },
        { HEAD "\"type\":\"due\"},{\"id\":\"" ID
               "\",\"seq\":43,\"at\":\"2026-11-23T07:00Z\",\"type\":\"due\"}]}",
          "/events/1/seq" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct rw_error err = { 0 };
        assert_false(is_read(cases[i][0], &err));
        assert_int_equal(err.code, RW_INVALID);
        assert_string_equal(err.at, cases[i][1]);
    }
}

static void one_event_too_many_is_refused(void **state)
{
    struct rw_text text;
    struct rw_error err = { 0 };
    (void)state;
    rw_text_init(&text, arena, 200000);
    rw_text_add(&text, "{\"events\":[");
    for (int i = 1; i <= EVENT_BATCH_MAX + 1; i++)
        rw_text_format(
            &text, "%s{\"id\":\"" ID "\",\"seq\":%d,\"at\":\"2026-11-23T07:00Z\",\"type\":\"due\"}",
            i > 1 ? "," : "", i);
    rw_text_add(&text, "]}");
    assert_false(is_read(text.bytes, &err));
    assert_int_equal(err.code, RW_TOO_LARGE);
}

static void every_memory_ceiling_ends_cleanly(void **state)
{
    struct event event = { .seq = 1, .type = EVENT_RELEASED, .cause = EVENT_EARLY };
    bool done = false;
    (void)state;
    memcpy(event.id, ID, sizeof event.id);
    memcpy(event.serial, "482913570001", sizeof event.serial);
    for (size_t ceiling = 0; !done; ceiling += 16) {
        struct rw_arena *small = rw_arena_open(ceiling);
        struct rw_error err = { 0 };
        const char *bytes;
        size_t length;
        struct event *again;
        size_t count;
        done = event_json_write(&event, 1, small, &bytes, &length, &err) &&
               event_json_read(bytes, length, small, &again, &count, &err);
        assert_int_equal(err.code, done ? RW_OK : RW_NO_MEMORY);
        rw_arena_close(small);
    }
}

static void a_batch_of_too_many_bytes_is_refused(void **state)
{
    static char large[300000];
    struct rw_error err = { 0 };
    struct event *events;
    size_t count;
    (void)state;
    assert_false(event_json_read(large, sizeof large, arena, &events, &count, &err));
    assert_int_equal(err.code, RW_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_batch_is_read_as_it_was_written),
        cmocka_unit_test(an_empty_batch_is_a_batch),
        cmocka_unit_test(what_breaks_the_contract_is_refused_at_its_place),
        cmocka_unit_test(one_event_too_many_is_refused),
        cmocka_unit_test(every_memory_ceiling_ends_cleanly),
        cmocka_unit_test(a_batch_of_too_many_bytes_is_refused),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
