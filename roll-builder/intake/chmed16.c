/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the dosage of one position of CHMED16A. */
#include "roll-builder/intake/chmed16.h"

#include <string.h>

#include "core/base/date.h"
#include "core/model/quantity.h"

#define DAY_SECONDS 86400 /* the default of CyDu */

/* A list of taking times: seconds after the start of a cycle, cycles from DtFrom 00:00 on. */
struct cycle {
    int64_t seconds;
    int64_t days;    /* whole days of a cycle; 0 when it is a part of one */
    int64_t per_day; /* cycles in a day; 0 when they are no whole number */
};

static const struct chmed_member position_members[] = {
    { "DtFrom", CHMED_TEXT }, { "DtTo", CHMED_TEXT }, { "CyDu", CHMED_WHOLE },
    { "InRes", CHMED_FLAG },  { "D", CHMED_LIST },    { "TT", CHMED_LIST },
    { NULL, CHMED_TEXT },
};
static const struct chmed_member time_members[] = {
    { "Off", CHMED_WHOLE },   { "Du", CHMED_WHOLE }, { "DoFrom", CHMED_NUMBER },
    { "DoTo", CHMED_NUMBER }, { "A", CHMED_NUMBER }, { "MA", CHMED_NUMBER },
    { NULL, CHMED_TEXT },
};

static bool read_cycle(struct chmed_line *line, const struct json *position,
                       struct cycle *ret_cycle)
{
    struct cycle cycle = { .seconds = DAY_SECONDS };
    (void)chmed_line_whole(line, position, "CyDu", 1, &cycle.seconds); /* absent: the default */
    if (cycle.seconds % DAY_SECONDS == 0)
        cycle.days = cycle.seconds / DAY_SECONDS;
    else if (DAY_SECONDS % cycle.seconds == 0)
        cycle.per_day = DAY_SECONDS / cycle.seconds;
    *ret_cycle = cycle;
    const struct json *at = json_member(position, "CyDu");
    if (cycle.days == 0 && cycle.per_day == 0)
        chmed_line_refuse(line, at, "D18", "interval-needs-clock-anchor",
                          "the cycle neither fills whole days nor divides one");
    else if (cycle.per_day > DOSING_TIMES_MAX)
        chmed_line_refuse(line, at, "A16", "too-many-intakes",
                          "the cycle comes too often in a day");
    else
        return true;
    return false;
}

/* An amount may be written in several ways: "1" to "1.0" is one amount. */
static bool is_range(const struct json *from, const struct json *to)
{
    int64_t least;
    int64_t most;
    if (from == NULL || to == NULL || strcmp(from->text, to->text) == 0)
        return false;
    return quantity_parse(from->text, &least) != QUANTITY_EXACT ||
           quantity_parse(to->text, &most) != QUANTITY_EXACT || least != most;
}

static bool read_amount(struct chmed_line *line, const struct json *time, struct chmed_slot *slot,
                        struct rw_error *err)
{
    const struct json *from = chmed_line_get(time, "DoFrom", JSON_NUMBER);
    const struct json *to = chmed_line_get(time, "DoTo", JSON_NUMBER);
    int64_t lasts = 0;
    if (from == NULL)
        from = chmed_line_get(time, "A", JSON_NUMBER); /* the amount of a reserve */
    slot->dose = line->base.dose;
    if (from != NULL && !chmed_line_dose(line, from, &slot->dose, err))
        return false;
    slot->dose.is_range = is_range(from, to);
    slot->has_duration = chmed_line_whole(line, time, "Du", 0, &lasts) && lasts > 0;
    return true;
}

/* The offset in minutes; false when it is refused. */
static bool read_offset(struct chmed_line *line, const struct json *time, const struct cycle *cycle,
                        int64_t *ret_minutes)
{
    int64_t seconds;
    if (!chmed_line_whole(line, time, "Off", 0, &seconds)) {
        chmed_line_refuse(line, time, "D9", "malformed-input", "the taking time has no offset");
        return false;
    }
    *ret_minutes = seconds / 60;
    if (seconds < cycle->seconds && seconds % 60 == 0)
        return true;
    chmed_line_refuse(line, json_member(time, "Off"), "D17", "invalid-timing",
                      "the offset is no whole minute within its cycle");
    return false;
}

/* A cycle of a day or a part of it: the same times every day. */
static bool read_daily(struct chmed_line *line, const struct json *list, const struct cycle *cycle,
                       const struct dosing *pattern, struct rw_error *err)
{
    struct chmed_slots slots = { 0 };
    int64_t repeats = cycle->days > 0 ? 1 : cycle->per_day;
    for (const struct json *time = list->first; time != NULL; time = time->next) {
        struct chmed_slot slot = { 0 };
        int64_t minutes;
        if (!read_amount(line, time, &slot, err))
            return false;
        if (!read_offset(line, time, cycle, &minutes)) {
            slot.minute = -1;
            chmed_line_slot(line, time, &slot, &slots);
            continue;
        }
        for (int64_t i = 0; i < repeats; i++) {
            slot.minute = (int32_t)(minutes + i * (cycle->seconds / 60));
            chmed_line_slot(line, time, &slot, &slots);
        }
    }
    return chmed_line_add_slots(line, pattern, &slots, true, err);
}

/* The day from which a taking time recurs; false when it is refused. */
static bool find_first_day(struct chmed_line *line, const struct json *time, int64_t minutes,
                           struct dosing_point *ret_day)
{
    const struct dosing_point *from = &line->order->period_start;
    int32_t day = from->stamp.wall.day + (int32_t)(minutes / RW_DAY_MINUTES);
    if (from->precision == DOSING_ABSENT)
        chmed_line_refuse(line, time, "D13", "no-anchor",
                          "the cycle has no day from which it runs");
    else if (day > RW_DATE_MAX)
        chmed_line_refuse(line, time, "D17", "invalid-timing", "the first day is too far away");
    else {
        *ret_day = (struct dosing_point){
            .precision = DOSING_DATE,
            .stamp = rw_zone_stamp(line->zone, (struct rw_wall){ .day = day, .minute = 0 }),
        };
        return true;
    }
    return false;
}

/* A cycle of several days: each taking time is a rhythm of its own, from its own first day on. */
static bool read_days(struct chmed_line *line, const struct json *list, const struct cycle *cycle,
                      const struct dosing *pattern, struct rw_error *err)
{
    for (const struct json *time = list->first; time != NULL; time = time->next) {
        struct chmed_slots slots = { .count = 1 };
        struct dosing own = *pattern;
        int64_t minutes = 0;
        if (!read_amount(line, time, &slots.list[0], err))
            return false;
        slots.list[0].minute = -1;
        if (read_offset(line, time, cycle, &minutes) &&
            find_first_day(line, time, minutes, &own.bounds_start))
            slots.list[0].minute = (int32_t)(minutes % RW_DAY_MINUTES);
        if (!chmed_line_add_slots(line, &own, &slots, false, err))
            return false;
    }
    return true;
}

/* A cycle that cannot be laid over days is refused; its doses are looked at all the same. */
static bool read_doses(struct chmed_line *line, const struct json *list,
                       const struct dosing *pattern, struct rw_error *err)
{
    struct chmed_slots slots = { .count = 1 };
    if (!read_amount(line, list->first, &slots.list[0], err))
        return false;
    slots.list[0].minute = -1;
    return chmed_line_add_slots(line, pattern, &slots, false, err);
}

static bool read_times(struct chmed_line *line, const struct json *position,
                       const struct json *list, struct rw_error *err)
{
    struct cycle cycle;
    struct dosing pattern = line->base;
    for (const struct json *time = list->first; time != NULL; time = time->next) {
        if (time->kind != JSON_OBJECT)
            chmed_line_refuse(line, time, "D9", "malformed-input", "a taking time is an object");
        chmed_line_check(line, time, time_members);
    }
    bool whole = read_cycle(line, position, &cycle);
    pattern.has_timing = true;
    pattern.has_repeat = true;
    pattern.frequency = 1;
    pattern.period_milli = (whole && cycle.days > 0 ? cycle.days : 1) * 1000;
    pattern.period_unit = DOSING_DAY;
    if (!whole)
        return read_doses(line, list, &pattern, err);
    return cycle.days > 1 ? read_days(line, list, &cycle, &pattern, err)
                          : read_daily(line, list, &cycle, &pattern, err);
}

bool chmed16_read(struct chmed_line *line, const struct json *position, struct rw_error *err)
{
    chmed_line_check(line, position, position_members);
    const struct json *times = chmed_line_get(position, "TT", JSON_LIST);
    const struct json *doses = chmed_line_get(position, "D", JSON_LIST);
    if (times != NULL && times->count > 0)
        return read_times(line, position, times, err); /* D is then to be ignored */
    if (doses != NULL)
        return chmed_line_moments(line, doses, err);
    return true;
}
