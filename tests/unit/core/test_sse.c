/* SPDX-License-Identifier: Apache-2.0 */
/* Cuts streams into events wherever the network cut them into pieces. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

#include "core/net/sse.h"

static struct sse sse;
static char heard[1024];
static size_t stop_after;
static size_t events;

static bool on_event(void *self, const char *event, const char *id, const char *text)
{
    size_t used = strlen(heard);
    (void)self;
    (void)snprintf(heard + used, sizeof heard - used, "%s|%s|%s;", event, id, text);
    return ++events != stop_after;
}

static void start(void)
{
    memset(&sse, 0, sizeof sse);
    heard[0] = '\0';
    events = 0;
    stop_after = 0;
}

static const char *read_whole(const char *stream)
{
    start();
    assert_true(sse_read(&sse, stream, strlen(stream), on_event, NULL));
    return heard;
}

static void events_have_name_id_and_text(void **state)
{
    (void)state;
    assert_string_equal(read_whole("event: schedule\nid: 7\ndata: 7\n\n"), "schedule|7|7;");
    assert_string_equal(read_whole("data: a\ndata\ndata:b\n\n"), "message||a\n\nb;");
    assert_string_equal(read_whole("data:  two spaces\n\n"), "message|| two spaces;");
    assert_string_equal(read_whole("id: 1\ndata: a\n\ndata: b\n\n"), "message|1|a;message|1|b;");
    assert_string_equal(read_whole("event: x\n\ndata: y\n\n"), "message||y;");
}

static void comments_and_unknown_fields_say_nothing(void **state)
{
    (void)state;
    assert_string_equal(read_whole(": here\n\n: here\n\n"), "");
    assert_string_equal(read_whole("retry: 10\nfoo: bar\ndata: x\n\n"), "message||x;");
    assert_string_equal(read_whole("data: never ended\n"), "");
}

static void lines_end_in_three_ways(void **state)
{
    (void)state;
    assert_string_equal(read_whole("data: a\r\n\r\ndata: b\r\rdata: c\n\n"),
                        "message||a;message||b;message||c;");
    assert_string_equal(read_whole("\xEF\xBB\xBF"
                                   "data: bom\n\n"),
                        "message||bom;");
}

/* Every way to cut a stream in two gives the same events. */
static void the_pieces_of_the_network_do_not_matter(void **state)
{
    static const char stream[] =
        "event: schedule\r\nid: 12\r\ndata: x\r\ndata: y\r\n\r\n: c\n\ndata: z\n\n";
    (void)state;
    for (size_t cut = 0; cut <= strlen(stream); cut++) {
        start();
        assert_true(sse_read(&sse, stream, cut, on_event, NULL));
        assert_true(sse_read(&sse, stream + cut, strlen(stream) - cut, on_event, NULL));
        assert_string_equal(heard, "schedule|12|x\ny;message|12|z;");
    }
}

static void the_listener_may_end_it(void **state)
{
    static const char stream[] = "data: a\n\ndata: b\n\n";
    (void)state;
    start();
    stop_after = 1;
    assert_false(sse_read(&sse, stream, strlen(stream), on_event, NULL));
    assert_false(sse.broken);
    assert_string_equal(heard, "message||a;");
}

static void what_is_too_long_breaks_the_stream(void **state)
{
    static char line[SSE_LINE_MAX + 8];
    (void)state;
    memset(line, 'a', sizeof line);
    memcpy(line, "data: ", 6);
    start();
    line[SSE_LINE_MAX - 1] = '\n';
    assert_true(sse_read(&sse, line, SSE_LINE_MAX, on_event, NULL));
    for (int i = 0; i < 10 && !sse.broken; i++)
        (void)sse_read(&sse, line, SSE_LINE_MAX, on_event, NULL);
    assert_true(sse.broken);
    assert_false(sse_read(&sse, "\n\n", 2, on_event, NULL));
    assert_string_equal(heard, "");
    start();
    line[SSE_LINE_MAX - 1] = 'a';
    assert_false(sse_read(&sse, line, sizeof line, on_event, NULL));
    assert_true(sse.broken);
    start();
    line[SSE_WORD_MAX + 20] = '\n';
    memcpy(line, "event: ", 7);
    assert_false(sse_read(&sse, line, SSE_WORD_MAX + 22, on_event, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_have_name_id_and_text),
        cmocka_unit_test(comments_and_unknown_fields_say_nothing),
        cmocka_unit_test(lines_end_in_three_ways),
        cmocka_unit_test(the_pieces_of_the_network_do_not_matter),
        cmocka_unit_test(the_listener_may_end_it),
        cmocka_unit_test(what_is_too_long_breaks_the_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
