/* SPDX-License-Identifier: Apache-2.0 */
/* Tests what an answer tells of a failure. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "api/exchange.h"
#include "core/base/attributes.h"
#include "tests/support/fixture.h"

static const char *answered(enum rw_code code, const char *text)
{
    struct exchange exchange = { .arena = arena };
    struct rw_error err = { 0 };
    (void)rw_error_set(&err, code, "", "%s", text);
    exchange_reply_error(&exchange, &err, NULL);
    return exchange.reply.body;
}

static void why_something_of_ours_failed_is_for_the_log(void **state)
{
    (void)state;
    const char *said = answered(RW_UNAVAILABLE, "could not connect to the database: connection to "
                                                "server at \"db1\", user \"rolwacht_app\"");
    assert_non_null(strstr(said, "\"detail\":\"could not connect to the database\","));
    assert_null(strstr(said, "db1"));
    assert_null(strstr(answered(RW_BUG, "no row: rolwacht_app"), "rolwacht_app"));
    assert_non_null(strstr(answered(RW_UNAVAILABLE, "the service is stopping"), "is stopping\","));
}

static void what_is_wrong_with_a_request_is_told_whole(void **state)
{
    (void)state;
    assert_non_null(strstr(answered(RW_INVALID, "a dose: \"x\" is none"), "a dose: \\\"x\\\" is"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(why_something_of_ours_failed_is_for_the_log, fixture_open,
                                        fixture_close),
        cmocka_unit_test_setup_teardown(what_is_wrong_with_a_request_is_told_whole, fixture_open,
                                        fixture_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
