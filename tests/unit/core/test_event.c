/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that the words of events read back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/model/event.h"

static void every_type_reads_back(void **state)
{
    (void)state;
    for (int at = EVENT_NONE + 1; at < EVENT_TYPE_COUNT; at++) {
        enum event_type back = EVENT_NONE;
        assert_true(event_type_from_word(event_type_word((enum event_type)at), &back));
        assert_int_equal(back, at);
    }
    enum event_type type = EVENT_JAM;
    assert_false(event_type_from_word("none", &type));
    assert_false(event_type_from_word("Released", &type));
    assert_int_equal(type, EVENT_JAM);
}

static void every_cause_reads_back(void **state)
{
    (void)state;
    for (int at = EVENT_CAUSE_NONE + 1; at < EVENT_CAUSE_COUNT; at++) {
        enum event_cause back = EVENT_CAUSE_NONE;
        assert_true(event_cause_from_word(event_cause_word((enum event_cause)at), &back));
        assert_int_equal(back, at);
    }
    enum event_cause cause = EVENT_EARLY;
    assert_false(event_cause_from_word(NULL, &cause));
    assert_int_equal(cause, EVENT_EARLY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_reads_back),
        cmocka_unit_test(every_cause_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
