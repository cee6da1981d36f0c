/* SPDX-License-Identifier: Apache-2.0 */
/* Alarms as telegrams to an alarm centre (ANSI/SIA DC-09). */
#ifndef RW_CORE_MODEL_DC09_H
#define RW_CORE_MODEL_DC09_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/model/alarm.h"

/* A telegram is LF, CRC, length, the quoted protocol, number, receiver, line, account, the event in
 * brackets, the time, CR (DC-09-2021 section 5.5). Nothing in it names a person or a medicine: the
 * centre knows whose account it is. */

#define DC09_TELEGRAM_MAX 160 /* bytes with the NUL; ours are under 90 */
#define DC09_ANSWER_MAX 160   /* bytes of an answer; what is longer is none */
#define DC09_NUMBER_MAX 9999  /* four digits; after it comes 1 */
#define DC09_ACCOUNT_MAX 17   /* 3 to 16 hex digits, and the NUL */
#define DC09_LINE_MAX 7       /* 1 to 6 hex digits, and the NUL */
#define DC09_ZONE_MAX 999     /* three digits: a bag behind it is told as 0 */

struct dc09_telegram {
    int32_t number; /* 1 … DC09_NUMBER_MAX: a repetition keeps its number; 0 without an event */
    const char *account;
    const char *receiver; /* "R" of the centre; "0" where it says nothing else */
    const char *line;     /* "L" */
    int32_t code;         /* of DC-05 (Contact ID); 0 = only "we are there" (NULL) */
    bool is_over;         /* a restoral: the trouble has ended */
    int32_t zone;         /* bag of the roll; 0 = none */
};

enum dc09_answer { DC09_NONE, DC09_ACK, DC09_NAK, DC09_DUH, DC09_ANSWER_COUNT };

/* The event of DC-05 that stands for an alarm; 0 for none. */
int32_t dc09_code(enum alarm_type type);
bool dc09_is_account(const char *text);
bool dc09_is_line(const char *text);
/* The whole telegram with LF and CR; gives its length. `utc_ms` is the time of sending. */
size_t dc09_write(const struct dc09_telegram *telegram, int64_t utc_ms,
                  char ret_telegram[DC09_TELEGRAM_MAX]);
/* What a centre answered to it. NONE: no whole answer, a wrong CRC, or one to something else. NAK:
 * our clock is wrong. DUH: it does not understand us. */
enum dc09_answer dc09_read(const struct dc09_telegram *telegram, const char *bytes, size_t length);
/* CRC-16 with the polynomial 0xA001 from 0, as the telegram carries it. */
uint16_t dc09_crc(const char *bytes, size_t length);

#endif
