/* SPDX-License-Identifier: Apache-2.0 */
/* Tests telegrams to alarm centres with those that other panels sent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "core/base/attributes.h"
#include "core/model/dc09.h"

#define AT INT64_C(1721978474000) /* 2024-07-26T07:21:14Z */

static const struct dc09_telegram plain = {
    .number = 20, .account = "3456", .receiver = "7896", .line = "7896", .code = 407, .zone = 1
};

/* Telegrams of devices of others, as public logs and parsers hold them. */
static void the_crc_is_that_of_the_world(void **state)
{
    static const struct {
        const char *body;
        uint16_t crc;
    } vectors[] = {
        { "\"SIA-DCS\"6002L0#AAA[|Nri1/CL501]_14:12:04,09-25-2019", 0xE5D5 },
        { "\"SIA-DCS\"6002L0#AAA[|Nri2/JC12]_12:58:23,09-15-2021", 0x97F9 },
        { "\"ADM-CID\"0020R7896L7896#3456[#3456|1407 00 001]_17:01:14,07-26-2024", 0xF92F },
    };
    (void)state;
    for (size_t i = 0; i < RW_COUNT(vectors); i++)
        assert_int_equal(dc09_crc(vectors[i].body, strlen(vectors[i].body)), vectors[i].crc);
}

/* The third vector again, written whole. */
static void an_event_is_the_telegram_that_a_panel_sent(void **state)
{
    char text[DC09_TELEGRAM_MAX];
    (void)state;
    size_t length = dc09_write(&plain, INT64_C(1722013274000), text);
    assert_string_equal(text, "\nF92F0043\"ADM-CID\"0020R7896L7896#3456[#3456|1407 00 001]"
                              "_17:01:14,07-26-2024\r");
    assert_int_equal(length, strlen(text));
}

static void being_there_is_a_telegram_without_an_event(void **state)
{
    struct dc09_telegram there = plain;
    char text[DC09_TELEGRAM_MAX];
    (void)state;
    there.code = 0;
    there.number = 0;
    (void)dc09_write(&there, AT, text);
    assert_non_null(strstr(text, "\"NULL\"0000R7896L7896#3456[]_07:21:14,07-26-2024\r"));
}

static void what_is_over_is_a_restoral_and_a_far_bag_has_no_zone(void **state)
{
    struct dc09_telegram over = plain;
    char text[DC09_TELEGRAM_MAX];
    (void)state;
    over.is_over = true;
    over.zone = DC09_ZONE_MAX + 1;
    (void)dc09_write(&over, AT, text);
    assert_non_null(strstr(text, "[#3456|3407 00 000]"));
}

static void each_alarm_has_its_event(void **state)
{
    (void)state;
    for (int type = ALARM_NONE; type < ALARM_TYPE_COUNT; type++) {
        int32_t code = dc09_code((enum alarm_type)type);
        assert_int_equal(code > 0, type != ALARM_NONE);
        for (int other = ALARM_NONE + 1; other < type; other++)
            assert_int_not_equal(code, dc09_code((enum alarm_type)other));
    }
}

/* An answer to `plain`: the text between head and CR with the right head before it. */
static enum dc09_answer answer(const char *body)
{
    char text[DC09_ANSWER_MAX];
    size_t length = strlen(body);
    int size = snprintf(text, sizeof text, "\n%04X%04X%s\r", dc09_crc(body, length),
                        (unsigned)length, body);
    return dc09_read(&plain, text, (size_t)size);
}

static void an_answer_counts_when_it_is_whole_and_for_us(void **state)
{
    (void)state;
    assert_int_equal(answer("\"ACK\"0020R7896L7896#3456[]"), DC09_ACK);
    assert_int_equal(answer("\"ACK\"0020R7896L7896#3456[]_07:21:14,07-26-2024"), DC09_ACK);
    assert_int_equal(answer("\"ACK\"0021R7896L7896#3456[]"), DC09_NONE);
    assert_int_equal(answer("\"ACK\"0020R7896L7896#3457[]"), DC09_NONE);
    assert_int_equal(answer("\"DUH\"0020R7896L7896#3456[]"), DC09_DUH);
    assert_int_equal(answer("\"NAK\"0000R0L0A0[]_07:21:14,07-26-2024"), DC09_NAK);
    assert_int_equal(answer("\"YES\"0020R7896L7896#3456[]"), DC09_NONE);
    assert_int_equal(answer(""), DC09_NONE);
}

/* Every answer with one byte changed or cut off is no answer. */
static void a_damaged_answer_is_none(void **state)
{
    static const char body[] = "\"ACK\"0020R7896L7896#3456[]";
    char text[DC09_ANSWER_MAX];
    (void)state;
    int size = snprintf(text, sizeof text, "\n%04X%04X%s\r", dc09_crc(body, strlen(body)),
                        (unsigned)strlen(body), body);
    assert_int_equal(dc09_read(&plain, text, (size_t)size), DC09_ACK);
    for (int i = 0; i < size; i++) {
        assert_int_equal(dc09_read(&plain, text, (size_t)i), DC09_NONE);
        text[i] = (char)(text[i] ^ 1);
        assert_int_equal(dc09_read(&plain, text, (size_t)size), DC09_NONE);
        text[i] = (char)(text[i] ^ 1);
    }
}

static void accounts_and_lines_are_hex_digits(void **state)
{
    (void)state;
    assert_true(dc09_is_account("12A") && dc09_is_account("0123456789ABCDEF"));
    assert_false(dc09_is_account("12") || dc09_is_account("12G") || dc09_is_account("12a"));
    assert_false(dc09_is_account("0123456789ABCDEF0"));
    assert_true(dc09_is_line("0") && dc09_is_line("FFFFFF"));
    assert_false(dc09_is_line("") || dc09_is_line("1234567"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_crc_is_that_of_the_world),
        cmocka_unit_test(an_event_is_the_telegram_that_a_panel_sent),
        cmocka_unit_test(being_there_is_a_telegram_without_an_event),
        cmocka_unit_test(what_is_over_is_a_restoral_and_a_far_bag_has_no_zone),
        cmocka_unit_test(each_alarm_has_its_event),
        cmocka_unit_test(an_answer_counts_when_it_is_whole_and_for_us),
        cmocka_unit_test(a_damaged_answer_is_none),
        cmocka_unit_test(accounts_and_lines_are_hex_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
