/* SPDX-License-Identifier: Apache-2.0 */
/* Alarms as telegrams to an alarm centre (ANSI/SIA DC-09). */
#include "core/model/dc09.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/base/date.h"
#include "core/base/text.h"

#define LF '\n'
#define CR '\r'
#define HEAD_LENGTH 9 /* LF, four digits of the CRC, "0" and three of the length */
#define DAY_MS INT64_C(86400000)

/* Contact ID has no word for a dispenser: docs/ALARM-EXITS.md says why these were taken. */
int32_t dc09_code(enum alarm_type type)
{
    static const int32_t codes[ALARM_TYPE_COUNT] = {
        [ALARM_MISSED] = 102,        /* fail to report in */
        [ALARM_SILENT] = 350,        /* communication trouble */
        [ALARM_LOW_ROLL] = 393,      /* maintenance alert */
        [ALARM_JAM] = 300,           /* system trouble */
        [ALARM_CODE_MISMATCH] = 330, /* system peripheral trouble */
        [ALARM_RECALL] = 380,        /* sensor trouble: something in the device is not to be used */
        [ALARM_CLOCK] = 626,         /* time or date inaccurate */
        [ALARM_TEST] = 601,          /* manual trigger test report */
    };
    return codes[type];
}

static bool is_hex(const char *text, size_t min, size_t max)
{
    size_t length = strspn(text, "0123456789ABCDEF");
    return text[length] == '\0' && length >= min && length <= max;
}

bool dc09_is_account(const char *text)
{
    return is_hex(text, 3, DC09_ACCOUNT_MAX - 1);
}

bool dc09_is_line(const char *text)
{
    return is_hex(text, 1, DC09_LINE_MAX - 1);
}

uint16_t dc09_crc(const char *bytes, size_t length)
{
    uint32_t crc = 0;
    for (size_t i = 0; i < length; i++) {
        crc ^= (uint8_t)bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = (crc & 1) ? (crc >> 1) ^ UINT32_C(0xA001) : crc >> 1;
    }
    return (uint16_t)crc;
}

static size_t write_event(const struct dc09_telegram *telegram, char *room, size_t size)
{
    int length = 0;
    if (telegram->code > 0) {
        int32_t zone = telegram->zone > DC09_ZONE_MAX ? 0 : telegram->zone;
        length = snprintf(room, size, "[#%s|%d%03" PRId32 " 00 %03" PRId32 "]", telegram->account,
                          telegram->is_over ? 3 : 1, telegram->code, zone);
    } else {
        length = snprintf(room, size, "[]");
    }
    return (size_t)length;
}

/* "_HH:MM:SS,MM-DD-YYYY" in UTC. */
static void write_time(int64_t utc_ms, char *room, size_t size)
{
    struct rw_civil date = rw_date_civil((int32_t)(utc_ms / DAY_MS));
    int32_t second = (int32_t)(utc_ms % DAY_MS / 1000);
    (void)snprintf(room, size,
                   "_%02" PRId32 ":%02" PRId32 ":%02" PRId32 ",%02" PRId32 "-%02" PRId32
                   "-%04" PRId32,
                   second / 3600, second / 60 % 60, second % 60, date.month, date.day, date.year);
}

size_t dc09_write(const struct dc09_telegram *telegram, int64_t utc_ms,
                  char ret_telegram[DC09_TELEGRAM_MAX])
{
    char event[64];
    char time[64];
    char body[DC09_TELEGRAM_MAX - HEAD_LENGTH - 2];
    assert(dc09_is_account(telegram->account) && dc09_is_line(telegram->receiver) &&
           dc09_is_line(telegram->line));
    assert(telegram->number >= (telegram->code > 0 ? 1 : 0));
    assert(telegram->number <= (telegram->code > 0 ? DC09_NUMBER_MAX : 0));
    (void)write_event(telegram, event, sizeof event);
    write_time(utc_ms, time, sizeof time);
    int length = snprintf(body, sizeof body, "\"%s\"%04" PRId32 "R%sL%s#%s%s%s",
                          telegram->code > 0 ? "ADM-CID" : "NULL", telegram->number,
                          telegram->receiver, telegram->line, telegram->account, event, time);
    assert(length > 0 && (size_t)length < sizeof body);
    length = snprintf(ret_telegram, DC09_TELEGRAM_MAX, "%c%04X%04X%s%c", LF,
                      dc09_crc(body, (size_t)length), (unsigned)length, body, CR);
    assert(length > 0 && length < DC09_TELEGRAM_MAX);
    return (size_t)length;
}

static bool read_hex(const char *digits, uint32_t *ret_number)
{
    uint32_t number = 0;
    for (int i = 0; i < 4; i++) {
        const char *at = digits[i] ? strchr("0123456789ABCDEF", digits[i]) : NULL;
        if (!at)
            return false;
        number = number * 16 + (uint32_t)(at - "0123456789ABCDEF");
    }
    *ret_number = number;
    return true;
}

/* The part that CRC and length speak of; NULL unless both are right. */
static const char *open_frame(const char *bytes, size_t length, size_t *ret_length)
{
    uint32_t crc = 0;
    uint32_t size = 0;
    if (length < HEAD_LENGTH + 1 || bytes[0] != LF || bytes[length - 1] != CR)
        return NULL;
    const char *body = bytes + HEAD_LENGTH;
    *ret_length = length - HEAD_LENGTH - 1;
    if (!read_hex(bytes + 1, &crc) || !read_hex(bytes + 5, &size) || size != *ret_length ||
        dc09_crc(body, *ret_length) != crc)
        return NULL;
    return body;
}

enum dc09_answer dc09_read(const struct dc09_telegram *telegram, const char *bytes, size_t length)
{
    static const char *const words[DC09_ANSWER_COUNT] = {
        [DC09_ACK] = "\"ACK\"", [DC09_NAK] = "\"NAK\"", [DC09_DUH] = "\"DUH\""
    };
    char text[DC09_ANSWER_MAX];
    char mine[48];
    size_t inner = 0;
    const char *body = open_frame(bytes, length, &inner);
    if (!body || inner >= sizeof text)
        return DC09_NONE;
    memcpy(text, body, inner);
    text[inner] = '\0';
    if (rw_text_starts_with(text, words[DC09_NAK])) /* it may not know whose telegram it was */
        return DC09_NAK;
    (void)snprintf(mine, sizeof mine, "#%s[", telegram->account);
    char number[8];
    (void)snprintf(number, sizeof number, "%04" PRId32, telegram->number);
    for (int answer = DC09_ACK; answer < DC09_ANSWER_COUNT; answer++) {
        size_t word = strlen(words[answer]);
        if (strncmp(text, words[answer], word) == 0 && strncmp(text + word, number, 4) == 0 &&
            (answer == DC09_DUH || strstr(text, mine)))
            return (enum dc09_answer)answer;
    }
    return DC09_NONE;
}
