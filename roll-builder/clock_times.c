/* SPDX-License-Identifier: Apache-2.0 */
/* Chooses the times of the day at which a dosage is taken. */
#include "roll-builder/clock_times.h"

#include <string.h>

#include "core/base/date.h"
#include "core/base/text.h"

static bool unmapped(struct fault_list *faults, const char *text)
{
    return fault_list_add(faults, 0, "unmapped-moment", text);
}

/* Keeps the times in ascending order; two at one time cannot be told apart. */
static bool add(struct rhythm *rhythm, struct rhythm_time time)
{
    size_t at = rhythm->time_count;
    for (size_t i = 0; i < rhythm->time_count; i++) {
        if (rhythm->times[i].minute == time.minute)
            return false;
    }
    if (at == DOSING_TIMES_MAX)
        return false;
    for (; at > 0 && rhythm->times[at - 1].minute > time.minute; at--)
        rhythm->times[at] = rhythm->times[at - 1];
    rhythm->times[at] = time;
    rhythm->time_count++;
    return true;
}

/* The minute is that of a Monday: it orders the moments, whatever the day. */
static bool add_moment(const struct policy *policy, enum daytimes_moment moment, const char *rule,
                       struct rhythm *rhythm)
{
    return add(rhythm, (struct rhythm_time){ .minute = policy->daytimes.minute[0][moment],
                                             .moment = moment,
                                             .rule = rule });
}

/* The site's own table before ours. */
static bool find_moment(const struct policy *policy, const char *code,
                        enum daytimes_moment *ret_moment)
{
    static const struct {
        const char *code;
        enum daytimes_moment moment;
    } known[] = {
        { "MORN", DAYTIMES_MORNING },      { "MORN.early", DAYTIMES_MORNING },
        { "MORN.late", DAYTIMES_MORNING }, { "NOON", DAYTIMES_NOON },
        { "AFT", DAYTIMES_NOON },          { "AFT.early", DAYTIMES_NOON },
        { "AFT.late", DAYTIMES_NOON },     { "EVE", DAYTIMES_EVENING },
        { "EVE.early", DAYTIMES_EVENING }, { "EVE.late", DAYTIMES_EVENING },
        { "NIGHT", DAYTIMES_NIGHT },       { "AM", DAYTIMES_MORNING },
    };
    for (size_t i = 0; i < policy->when_count; i++) {
        if (strcmp(policy->when[i].code, code) == 0) {
            *ret_moment = policy->when[i].moment;
            return true;
        }
    }
    for (size_t i = 0; i < RW_COUNT(known); i++) {
        if (strcmp(known[i].code, code) == 0) {
            *ret_moment = known[i].moment;
            return true;
        }
    }
    return false;
}

static bool by_when(const struct dosing *dosing, const struct policy *policy, struct rhythm *rhythm,
                    struct fault_list *faults)
{
    if (dosing->offset_min > 0)
        return unmapped(faults, "the site has no time for an offset from a moment");
    for (size_t i = 0; i < dosing->when_count; i++) {
        enum daytimes_moment moment;
        /* "AM" is a code of timing.code, not of when. */
        if (strcmp(dosing->when[i], "AM") == 0 || !find_moment(policy, dosing->when[i], &moment))
            return unmapped(faults, "the site has no time for one of the moments");
        if (!add_moment(policy, moment, "when", rhythm))
            return unmapped(faults, "two of the moments fall on one time of the site");
    }
    return true;
}

/* On some day of the dosage two times would join one moment, or one the time of the other. */
static bool some_join(const struct dosing *dosing, const struct policy *policy)
{
    for (int32_t day = 0; day < DAYTIMES_DAYS; day++) {
        const int32_t weekday = rw_date_weekday(day);
        if (dosing->weekdays != 0 && (dosing->weekdays & 1u << (weekday - 1)) == 0)
            continue;
        for (size_t i = 1; i < dosing->time_count; i++) {
            if (clock_times_on(policy, day, dosing->times[i]).minute ==
                clock_times_on(policy, day, dosing->times[i - 1]).minute)
                return true;
        }
    }
    return false;
}

struct rhythm_time clock_times_on(const struct policy *policy, int32_t day, int32_t minute)
{
    const enum daytimes_moment moment =
        daytimes_near(&policy->daytimes, day, minute, policy->merge_window_min);
    return (struct rhythm_time){ .minute = moment == DAYTIMES_NONE
                                               ? minute
                                               : daytimes_minute(&policy->daytimes, day, moment),
                                 .moment = moment };
}

/* A time near a moment joins it when the site says so; an exact time never does (D18). */
static bool by_time(const struct dosing *dosing, const struct policy *policy, struct rhythm *rhythm,
                    struct fault_list *faults)
{
    for (size_t i = 0; i < dosing->time_count; i++) {
        if (!add(rhythm, (struct rhythm_time){ .minute = dosing->times[i],
                                               .moment = DAYTIMES_NONE,
                                               .rule = "time-of-day",
                                               .joins = !dosing->exact }))
            return unmapped(faults, "two of the times are the same");
    }
    return dosing->exact || !some_join(dosing, policy) ||
           unmapped(faults, "two of the times fall into one merge window of the site");
}

static bool by_hours(const struct cadence *cadence, const struct policy *policy,
                     struct rhythm *rhythm, struct fault_list *faults)
{
    const int64_t hour_milli = INT64_C(60) * 1000;
    for (size_t i = 0; i < policy->hours_count; i++) {
        const struct policy_hours *row = &policy->hours[i];
        if (cadence->frequency != 1 || cadence->interval_milli != row->hours * hour_milli)
            continue;
        bool added = true;
        for (size_t at = 0; at < row->count; at++)
            added = add(rhythm, (struct rhythm_time){ .minute = row->minutes[at],
                                                      .moment = DAYTIMES_NONE,
                                                      .rule = "hours" }) &&
                    added;
        return added;
    }
    return fault_list_add(faults, 0, "interval-needs-clock-anchor",
                          "the site has no times for this interval");
}

/* P1: so many times a day; P2: once on a day that the rhythm gives. */
static bool by_count(const struct cadence *cadence, const struct policy *policy,
                     struct rhythm *rhythm, struct fault_list *faults)
{
    static const enum daytimes_moment table[DAYTIMES_MOMENTS][DAYTIMES_MOMENTS] = {
        { DAYTIMES_MORNING },
        { DAYTIMES_MORNING, DAYTIMES_EVENING },
        { DAYTIMES_MORNING, DAYTIMES_NOON, DAYTIMES_EVENING },
        { DAYTIMES_MORNING, DAYTIMES_NOON, DAYTIMES_EVENING, DAYTIMES_NIGHT },
    };
    bool daily = cadence->kind == CADENCE_DAYS && cadence->step == 1;
    int64_t count = daily ? cadence->frequency : 1;
    if (count > DAYTIMES_MOMENTS)
        return fault_list_add(faults, 0, "too-many-intakes",
                              "more intakes a day than the site has moments");
    bool added = true;
    for (int64_t i = 0; i < count; i++)
        added = add_moment(policy, table[count - 1][i], daily ? "P1" : "P2", rhythm) && added;
    return added;
}

/* P1, P2 and the table of hours. */
bool clock_times_are_chosen(const char *rule)
{
    return rule[0] == 'P' || strcmp(rule, "hours") == 0;
}

bool clock_times_find(const struct dosing *dosing, const struct cadence *cadence,
                      const struct policy *policy, struct rhythm *rhythm, struct fault_list *faults)
{
    enum daytimes_moment moment;
    if (dosing->time_count > 0 && dosing->when_count > 0)
        return fault_list_add(faults, 0, "when-and-time-of-day",
                              "a dosage has times of the day or moments, not both (tim-10)");
    if (dosing->time_count > 0)
        return by_time(dosing, policy, rhythm, faults);
    if (dosing->when_count > 0)
        return by_when(dosing, policy, rhythm, faults);
    if (cadence->moment != NULL) {
        return find_moment(policy, cadence->moment, &moment)
                   ? add_moment(policy, moment, "when", rhythm)
                   : unmapped(faults, "the site has no time for the code of the timing");
    }
    if (cadence->kind == CADENCE_HOURS)
        return by_hours(cadence, policy, rhythm, faults);
    return by_count(cadence, policy, rhythm, faults);
}
