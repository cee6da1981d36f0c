/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the timed dosages of CHMED23A: how much, and when. */
#include "roll-builder/intake/chmed_timed.h"

#include <string.h>

#include "core/base/text.h"

#define MONTH_DAY_MAX 28 /* of DaysOfMonth */
#define CLOCK_LENGTH 5   /* "08:00" */

/* The types of a timed dosage and of an amount. */
enum { DOSAGE_ONLY = 1, TIMES, DAY_SEGMENTS, WEEK_DAYS, DAYS_OF_MONTH, INTERVAL };
enum { SIMPLE = 1, FROM_TO, RANGE };

static void malformed(struct chmed_line *line, const struct json *at, const char *text)
{
    chmed_line_refuse(line, at, "D9", "malformed-input", text);
}

const struct json *chmed_timed_member(struct chmed_line *line, const struct json *node,
                                      const char *name, const char *other)
{
    const struct json *first = json_member(node, name);
    const struct json *second = json_member(node, other);
    if (first != NULL && second != NULL)
        malformed(line, second, "the member stands there twice, under two names");
    const struct json *member = first != NULL ? first : second;
    if (member != NULL && member->kind == JSON_OBJECT)
        return member;
    malformed(line, member != NULL ? member : node, "an object is missing here");
    return NULL;
}

enum dosing_unit chmed_timed_unit(struct chmed_line *line, const struct json *node,
                                  const char *name)
{
    static const enum dosing_unit units[] = { DOSING_NO_UNIT, DOSING_SECOND, DOSING_MINUTES,
                                              DOSING_HOUR,    DOSING_DAY,    DOSING_WEEK,
                                              DOSING_MONTH,   DOSING_YEAR };
    int64_t number;
    if (chmed_line_whole(line, node, name, 1, &number) && number < (int64_t)RW_COUNT(units))
        return units[number];
    malformed(line, node, "the unit of time is none of the value set");
    return DOSING_NO_UNIT;
}

/* The amount of a slot: "do", which some published examples call "d". */
static bool read_dosage(struct chmed_line *line, const struct json *parent, struct chmed_slot *slot,
                        struct rw_error *err)
{
    const struct json *node = chmed_timed_member(line, parent, "do", "d");
    int64_t type = 0;
    slot->dose = line->base.dose;
    if (node == NULL)
        return true;
    (void)chmed_line_whole(line, node, "t", SIMPLE, &type); /* absent: falls through below */
    if (type == SIMPLE) {
        const struct json *amount = json_member(node, "a");
        if (amount == NULL)
            malformed(line, node, "the dosage has no amount");
        return amount == NULL || chmed_line_dose(line, amount, &slot->dose, err);
    }
    slot->dose.given = true;
    slot->dose.is_range = true;
    slot->has_duration = type == FROM_TO;
    if (type != FROM_TO && type != RANGE)
        malformed(line, node, "the type of the dosage is none of the format");
    return true;
}

/* "08:00:00" or "08:00"; seconds other than 0 cannot be planned. */
static bool read_clock(const char *text, int32_t *ret_minute)
{
    char clock[CLOCK_LENGTH + 1];
    int64_t hours;
    int64_t minutes;
    if (text == NULL || strlen(text) < CLOCK_LENGTH || text[2] != ':')
        return false;
    memcpy(clock, text, CLOCK_LENGTH);
    clock[2] = '\0';
    clock[CLOCK_LENGTH] = '\0';
    const char *rest = text + CLOCK_LENGTH;
    if (!rw_text_is_digits(clock) || !rw_text_is_digits(clock + 3) ||
        !rw_text_to_int(clock[0] == '0' ? clock + 1 : clock, 0, 23, &hours) ||
        !rw_text_to_int(clock[3] == '0' ? clock + 4 : clock + 3, 0, 59, &minutes))
        return false;
    *ret_minute = (int32_t)(hours * 60 + minutes);
    return rest[0] == '\0' || strcmp(rest, ":00") == 0;
}

static bool read_times(struct chmed_line *line, const struct json *timed, struct chmed_slots *slots,
                       struct rw_error *err)
{
    const struct json *list = chmed_line_get(timed, "ts", JSON_LIST);
    for (const struct json *time = list == NULL ? NULL : list->first; time != NULL;
         time = time->next) {
        struct chmed_slot slot = { 0 };
        if (!read_clock(chmed_line_text(time, "dt"), &slot.minute)) {
            malformed(line, time, "the time of the day is not written hh:mm:00");
            continue;
        }
        if (!read_dosage(line, time, &slot, err))
            return false;
        chmed_line_slot(line, time, &slot, slots);
    }
    return true;
}

static bool read_segments(struct chmed_line *line, const struct json *timed,
                          struct chmed_slots *slots, struct rw_error *err)
{
    const struct json *list = chmed_line_get(timed, "ss", JSON_LIST);
    for (const struct json *segment = list == NULL ? NULL : list->first; segment != NULL;
         segment = segment->next) {
        struct chmed_slot slot = { .minute = -1 };
        int64_t number = 0;
        (void)chmed_line_whole(line, segment, "s", 1, &number); /* absent: no moment below */
        slot.when = chmed_line_moment(number - 1);
        if (slot.when == NULL) {
            malformed(line, segment, "the segment of the day is none of the value set");
            continue;
        }
        if (!read_dosage(line, segment, &slot, err))
            return false;
        chmed_line_slot(line, segment, &slot, slots);
    }
    return true;
}

/* A list of different numbers from 1 to `max` as bits. */
static uint32_t read_days(struct chmed_line *line, const struct json *timed, const char *name,
                          int64_t max)
{
    uint32_t days = 0;
    const struct json *list = chmed_line_get(timed, name, JSON_LIST);
    for (const struct json *day = list == NULL ? NULL : list->first; day != NULL; day = day->next) {
        int64_t number;
        if (day->kind != JSON_NUMBER || !rw_text_to_int(day->text, 1, max, &number) ||
            (days & (UINT32_C(1) << (number - 1))) != 0) {
            malformed(line, day, "the day is out of its range or stands there twice");
            continue;
        }
        days |= UINT32_C(1) << (number - 1);
    }
    if (days == 0)
        malformed(line, timed, "the list of days is empty");
    return days;
}

static bool read_plain(struct chmed_line *line, const struct json *timed, int64_t type,
                       struct chmed_timed *result, struct rw_error *err)
{
    struct chmed_slot slot = { .minute = -1 };
    if (type == TIMES)
        return read_times(line, timed, &result->slots, err);
    if (type == DAY_SEGMENTS)
        return read_segments(line, timed, &result->slots, err);
    if (!read_dosage(line, timed, &slot, err))
        return false;
    chmed_line_slot(line, timed, &slot, &result->slots);
    result->is_interval = type == INTERVAL;
    return true;
}

bool chmed_timed_read(struct chmed_line *line, const struct json *timed,
                      struct chmed_timed *ret_timed, bool *ret_usable, struct rw_error *err)
{
    struct chmed_timed result = { 0 };
    int64_t type = 0;
    const struct json *inner = timed;
    (void)chmed_line_whole(line, timed, "t", DOSAGE_ONLY, &type); /* absent: refused below */
    if (type == WEEK_DAYS)
        result.weekdays = (uint8_t)read_days(line, timed, "wds", 7);
    if (type == DAYS_OF_MONTH)
        result.days = read_days(line, timed, "doms", MONTH_DAY_MAX);
    if (type == WEEK_DAYS || type == DAYS_OF_MONTH) {
        inner = chmed_timed_member(line, timed, "tdo", "td");
        type = 0;
        if (inner != NULL)
            (void)chmed_line_whole(line, inner, "t", DOSAGE_ONLY, &type); /* absent: as above */
        if (type > DAY_SEGMENTS)
            type = 0;
    }
    bool known = inner != NULL &&
                 (type == DOSAGE_ONLY || type == TIMES || type == DAY_SEGMENTS || type == INTERVAL);
    if (!known)
        malformed(line, inner != NULL ? inner : timed,
                  "the type of the timed dosage cannot stand here");
    else if (!read_plain(line, inner, type, &result, err))
        return false;
    if (known && result.slots.count == 0)
        malformed(line, inner, "the timed dosage has no doses");
    *ret_timed = result;
    *ret_usable = known && result.slots.count > 0;
    return true;
}
