/* SPDX-License-Identifier: Apache-2.0 */
/* When the moments of a day are, for each day of the week. */
#ifndef RW_ROLL_BUILDER_DAYTIMES_H
#define RW_ROLL_BUILDER_DAYTIMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/json/json_sheet.h"

#define DAYTIMES_MOMENTS 4 /* morning, noon, evening, night */
#define DAYTIMES_DAYS 7    /* Monday first */

enum daytimes_moment {
    DAYTIMES_MORNING,
    DAYTIMES_NOON,
    DAYTIMES_EVENING,
    DAYTIMES_NIGHT,
    DAYTIMES_NONE /* a time of its own */
};

/* Minutes of the day; on each day they rise from morning to night. */
struct daytimes {
    int32_t minute[DAYTIMES_DAYS][DAYTIMES_MOMENTS];
};

/* 08:00, 12:00, 18:00 and 22:00 on all days. */
void daytimes_init(struct daytimes *daytimes);
const char *daytimes_word(enum daytimes_moment moment); /* "morning" …; NULL for none */
bool daytimes_find(const char *word, enum daytimes_moment *ret_moment);
const char *daytimes_day_word(int32_t weekday); /* 1 -> "monday" */
/* "monday" -> 1 … "sunday" -> 7. */
bool daytimes_find_day(const char *word, int32_t *ret_weekday);
/* The minute of a moment on a day (days since 1970-01-01). */
int32_t daytimes_minute(const struct daytimes *daytimes, int32_t day, enum daytimes_moment moment);
/* The moment that lies within `window_min` of a time on that day, or DAYTIMES_NONE; the later one
 * of two. */
enum daytimes_moment daytimes_near(const struct daytimes *daytimes, int32_t day, int32_t minute,
                                   int32_t window_min);

/* "08:00" -> 480; else a fault. */
bool daytimes_read_time(struct json_sheet *sheet, const struct json *node, int32_t *ret_minute);
/* Reads {"moments":{"morning":"08:00"},"weekdays":{"wednesday":{"morning":"08:30"}}}: the first
 * for all days, the second for some; what neither names stays as it was. */
void daytimes_read(struct json_sheet *sheet, const struct json *node, struct daytimes *daytimes);

#endif
