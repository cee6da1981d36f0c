/* SPDX-License-Identifier: Apache-2.0 */
/* When the moments of a day are, for each day of the week. */
#include "roll-builder/daytimes.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/date.h"
#include "core/base/text.h"

static const char *const words[DAYTIMES_MOMENTS] = { "morning", "noon", "evening", "night" };
static const char *const days[DAYTIMES_DAYS] = { "monday", "tuesday",  "wednesday", "thursday",
                                                 "friday", "saturday", "sunday" };

void daytimes_init(struct daytimes *daytimes)
{
    static const int32_t usual[DAYTIMES_MOMENTS] = { 8 * 60, 12 * 60, 18 * 60, 22 * 60 };
    for (size_t day = 0; day < DAYTIMES_DAYS; day++)
        memcpy(daytimes->minute[day], usual, sizeof usual);
}

const char *daytimes_word(enum daytimes_moment moment)
{
    return moment == DAYTIMES_NONE ? NULL : words[moment];
}

bool daytimes_find(const char *word, enum daytimes_moment *ret_moment)
{
    for (int i = 0; i < DAYTIMES_MOMENTS; i++) {
        if (rw_text_equal(word, words[i])) {
            *ret_moment = (enum daytimes_moment)i;
            return true;
        }
    }
    return false;
}

int32_t daytimes_minute(const struct daytimes *daytimes, int32_t day, enum daytimes_moment moment)
{
    return daytimes->minute[rw_date_weekday(day) - 1][moment];
}

enum daytimes_moment daytimes_near(const struct daytimes *daytimes, int32_t day, int32_t minute,
                                   int32_t window_min)
{
    enum daytimes_moment found = DAYTIMES_NONE;
    for (int i = 0; i < DAYTIMES_MOMENTS; i++) {
        const enum daytimes_moment moment = (enum daytimes_moment)i;
        if (abs(daytimes_minute(daytimes, day, moment) - minute) <= window_min)
            found = moment;
    }
    return found;
}

bool daytimes_read_time(struct json_sheet *sheet, const struct json *node, int32_t *ret_minute)
{
    const char *text = node->kind == JSON_TEXT ? node->text : "";
    const bool shaped = strlen(text) == 5 && text[2] == ':' && text[0] >= '0' && text[0] <= '2' &&
                        text[1] >= '0' && text[1] <= '9' && text[3] >= '0' && text[3] <= '5' &&
                        text[4] >= '0' && text[4] <= '9';
    const int32_t hour = shaped ? (text[0] - '0') * 10 + (text[1] - '0') : 24;
    if (hour > 23) {
        json_sheet_fault(sheet, node, "a time is written like \"08:00\"");
        return false;
    }
    *ret_minute = hour * 60 + (text[3] - '0') * 10 + (text[4] - '0');
    return true;
}

/* The moments of the days from `first` to `last`. */
static void read_moments(struct json_sheet *sheet, const struct json *node, size_t first,
                         size_t last, struct daytimes *daytimes)
{
    if (node->kind != JSON_OBJECT) {
        json_sheet_fault(sheet, node, "moments are an object of times");
        return;
    }
    for (const struct json *time = node->first; time != NULL; time = time->next) {
        enum daytimes_moment moment;
        int32_t minute;
        if (!daytimes_find(time->name, &moment)) {
            json_sheet_fault(sheet, time,
                             "\"%.32s\" is no moment: they are morning, noon, evening and night",
                             time->name);
            continue;
        }
        if (!daytimes_read_time(sheet, time, &minute))
            continue;
        for (size_t day = first; day <= last; day++)
            daytimes->minute[day][moment] = minute;
    }
}

const char *daytimes_day_word(int32_t weekday)
{
    return days[weekday - 1];
}

bool daytimes_find_day(const char *word, int32_t *ret_weekday)
{
    for (int32_t i = 0; i < DAYTIMES_DAYS; i++) {
        if (rw_text_equal(word, days[i])) {
            *ret_weekday = i + 1;
            return true;
        }
    }
    return false;
}

static bool rises(const struct daytimes *daytimes, size_t day)
{
    for (size_t i = 1; i < DAYTIMES_MOMENTS; i++) {
        if (daytimes->minute[day][i] <= daytimes->minute[day][i - 1])
            return false;
    }
    return true;
}

void daytimes_read(struct json_sheet *sheet, const struct json *node, struct daytimes *daytimes)
{
    const struct json *moments = json_member(node, "moments");
    const struct json *weekdays = json_member(node, "weekdays");
    const struct json *places[DAYTIMES_DAYS] = { NULL };
    if (moments != NULL)
        read_moments(sheet, moments, 0, DAYTIMES_DAYS - 1, daytimes);
    if (weekdays != NULL && weekdays->kind != JSON_OBJECT) {
        json_sheet_fault(sheet, weekdays, "weekdays is an object of days and their moments");
        weekdays = NULL;
    }
    for (const struct json *row = weekdays != NULL ? weekdays->first : NULL; row != NULL;
         row = row->next) {
        int32_t weekday;
        if (!daytimes_find_day(row->name, &weekday)) {
            json_sheet_fault(sheet, row, "\"%.32s\" is no day: they are monday to sunday",
                             row->name);
            continue;
        }
        const size_t day = (size_t)weekday - 1;
        places[day] = row;
        read_moments(sheet, row, day, day, daytimes);
    }
    bool told = false; /* what holds for all days is told once */
    for (size_t day = 0; day < DAYTIMES_DAYS; day++) {
        const bool own = places[day] != NULL;
        if (rises(daytimes, day) || (!own && told))
            continue;
        told = told || !own;
        json_sheet_fault(sheet, own ? places[day] : moments,
                         "the moments must rise from morning to night");
    }
}
