/* SPDX-License-Identifier: Apache-2.0 */
/* Counts calendar days and reads and writes dates (ISO 8601). */
#ifndef RW_CORE_BASE_DATE_H
#define RW_CORE_BASE_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/attributes.h"

#define RW_DATE_MIN (-25567) /* 1900-01-01 in days since 1970-01-01 */
#define RW_DATE_MAX 84005    /* 2199-12-31 */
#define RW_DATE_TEXT_MAX 11  /* "2026-11-23" and its NUL */
#define RW_DAY_MINUTES 1440  /* minutes of a wall-clock day */

/* A day is a number: days since 1970-01-01 in the proleptic Gregorian calendar. */
struct rw_civil {
    int32_t year;
    int32_t month; /* 1..12 */
    int32_t day;   /* 1..31 */
};

struct rw_civil rw_date_civil(int32_t day);
/* False when that date does not exist or lies outside [RW_DATE_MIN, RW_DATE_MAX]. */
RW_MUST_USE bool rw_date_from_civil(int32_t year, int32_t month, int32_t day, int32_t *ret_day);
/* "2026-11-23", exactly ten characters. */
RW_MUST_USE bool rw_date_parse(const char *text, int32_t *ret_day);
void rw_date_write(int32_t day, char ret_text[RW_DATE_TEXT_MAX]);
/* Monday = 1 … Sunday = 7 (ISO 8601). */
int32_t rw_date_weekday(int32_t day);
/* The Monday of the ISO week of this day. */
int32_t rw_date_week_start(int32_t day);
int32_t rw_date_month_days(int32_t year, int32_t month);
/* The same day `months` later; in a month without that day, its last day. */
int32_t rw_date_add_months(int32_t day, int32_t months);

#endif
