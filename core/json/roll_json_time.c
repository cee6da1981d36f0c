/* SPDX-License-Identifier: Apache-2.0 */
/* Writes and reads the times of a line beside a roll. */
#include "core/json/roll_json_time.h"

#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "core/model/quantity.h"

#define WEEK_DAYS 7
#define DAYS_MAX 366     /* of one roll */
#define CLOCK_TEXT_MAX 6 /* "08:00" and its NUL */
#define DAY_MINUTES 1440

void roll_json_time_write(struct json_writer *writer, const struct roll_times *times)
{
    json_write_list(writer, "times");
    for (size_t i = 0; i < times->count; i++) {
        const struct roll_time *time = &times->list[i];
        char clock[16];
        (void)snprintf(clock, sizeof clock, "%02d:%02d", time->minute / 60, time->minute % 60);
        json_write_object(writer, NULL);
        json_write_text(writer, "time", clock);
        json_write_int(writer, "milli", time->milli);
        json_write_int(writer, "days", time->days);
        json_write_list(writer, "weekdays");
        for (int32_t day = 1; day <= WEEK_DAYS; day++) {
            if ((time->weekdays & 1u << (day - 1)) != 0)
                json_write_int(writer, NULL, day);
        }
        json_write_list_end(writer);
        json_write_object_end(writer);
    }
    json_write_list_end(writer);
}

static bool read_clock(const char *text, int32_t *ret_minute)
{
    if (strlen(text) != CLOCK_TEXT_MAX - 1 || text[2] != ':')
        return false;
    for (size_t i = 0; i < CLOCK_TEXT_MAX - 1; i++) {
        if (i != 2 && (text[i] < '0' || text[i] > '9'))
            return false;
    }
    const int32_t minutes = (text[3] - '0') * 10 + text[4] - '0';
    *ret_minute = ((text[0] - '0') * 10 + text[1] - '0') * 60 + minutes;
    return minutes < 60 && *ret_minute < DAY_MINUTES;
}

static bool read_weekdays(const struct json *node, uint8_t *ret_weekdays, struct rw_error *err)
{
    const struct json *list;
    uint8_t weekdays = 0;
    if (!json_list(node, "weekdays", &list, err))
        return false;
    for (const struct json *day = list->first; day != NULL; day = day->next) {
        int64_t number;
        if (day->kind != JSON_NUMBER || !rw_text_to_int(day->text, 1, WEEK_DAYS, &number))
            return json_refuse(day, "a weekday is a number from 1 (Monday) to 7", err);
        weekdays |= (uint8_t)(1u << (number - 1));
    }
    *ret_weekdays = weekdays;
    return weekdays != 0 || json_refuse(list, "a time is on one weekday at least", err);
}

static bool read_time(const struct json *node, struct roll_time *ret, struct rw_error *err)
{
    const char *clock;
    if (!json_text(node, "time", &clock, err) ||
        !json_int(node, "milli", 1, QUANTITY_MILLI_MAX, &ret->milli, err) ||
        !json_int32(node, "days", 1, DAYS_MAX, &ret->days, err))
        return false;
    if (!read_clock(clock, &ret->minute))
        return json_refuse(json_member(node, "time"), "a time is written like 08:00", err);
    return read_weekdays(node, &ret->weekdays, err);
}

bool roll_json_time_read(const struct json *node, struct rw_arena *arena,
                         struct roll_times *ret_times, struct rw_error *err)
{
    const struct json *list;
    struct roll_times times = { 0 };
    if (json_member(node, "times") == NULL) {
        *ret_times = times;
        return true;
    }
    if (!json_list(node, "times", &list, err))
        return false;
    if (list->count > ROLL_TIMES_MAX)
        return json_refuse(list, "more than 32 times of one line", err);
    times.list = rw_arena_array(arena, ROLL_TIMES_MAX, sizeof *times.list, err);
    if (times.list == NULL)
        return false;
    for (const struct json *row = list->first; row != NULL; row = row->next) {
        if (!read_time(row, &times.list[times.count++], err))
            return false;
    }
    *ret_times = times;
    return true;
}
