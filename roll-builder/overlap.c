/* SPDX-License-Identifier: Apache-2.0 */
/* Finds dosages of one order that meet at one time. */
#include "roll-builder/overlap.h"

#include "roll-builder/clock_times.h"
#include "roll-builder/occurrence.h"
#include "roll-builder/span.h"

#define WEEK_DAYS 7
#define SEARCH_DAYS_MAX 1000 /* two rhythms that have not met by then hardly ever do */

/* The time of that rhythm on that day, in seconds. */
static int64_t second_on(const struct rhythm_time *time, const struct policy *policy, int32_t day)
{
    struct rw_wall wall = { .day = day, .minute = time->minute };
    if (time->moment != DAYTIMES_NONE)
        wall.minute = daytimes_minute(&policy->daytimes, day, time->moment);
    return rw_stamp_utc_minute(rw_zone_stamp(policy->zone, wall)) * 60;
}

/* Do both rhythms have an intake at one instant of this day, from `from` on and before `until`? */
static bool both_take(const struct rhythm *one, const struct rhythm *two,
                      const struct policy *policy, int32_t day, int64_t from, int64_t until)
{
    for (size_t i = 0; i < one->time_count; i++) {
        const int64_t second = second_on(&one->times[i], policy, day);
        if (second < from || second >= until)
            continue;
        for (size_t j = 0; j < two->time_count; j++) {
            if (second_on(&two->times[j], policy, day) == second)
                return true;
        }
    }
    return false;
}

/* Does `early` end on the day on which `late` begins, with an intake of both? */
static bool meet(const struct phase *early, const struct phase *late, const struct rhythm *rhythms,
                 const struct policy *policy)
{
    const struct rhythm *one = &rhythms[early->dosing];
    const struct rhythm *two = &rhythms[late->dosing];
    if (early->from >= late->from || early->until <= late->from || early->until >= late->until ||
        one->kind == RHYTHM_EVENTS || two->kind == RHYTHM_EVENTS)
        return false;
    const int32_t day = late->anchor;
    if (span_point(early->until - 1, policy->zone).stamp.wall.day != day ||
        !rhythm_falls_on(one, early->anchor, day) || !rhythm_falls_on(two, late->anchor, day))
        return false;
    return both_take(one, two, policy, day, late->from, early->until);
}

bool overlap_find(const struct order *order, const struct rhythm *rhythms,
                  const struct phases *phases, const struct policy *policy, size_t *ret_dosing)
{
    /* The turns of a cycle follow each other without an overlap. */
    for (size_t i = 0; i < phases->count && !phases->recurs; i++) {
        for (size_t j = 0; j < phases->count; j++) {
            const struct phase *early = &phases->list[i];
            const struct phase *late = &phases->list[j];
            if (order->dosings[early->dosing].as_needed || order->dosings[late->dosing].as_needed)
                continue;
            if (meet(early, late, rhythms, policy)) {
                *ret_dosing = late->dosing;
                return true;
            }
        }
    }
    return false;
}

static int32_t minute_on(const struct rhythm_time *time, const struct policy *policy, int32_t day)
{
    return time->moment == DAYTIMES_NONE ? time->minute
                                         : daytimes_minute(&policy->daytimes, day, time->moment);
}

/* Two times that one dosage after the other names for itself, under one number, are two doses. */
static bool are_meant(const struct dosing *one, const struct rhythm_time *time,
                      const struct dosing *two, const struct rhythm_time *other)
{
    return one->has_sequence && two->has_sequence && !clock_times_are_chosen(time->rule) &&
           !clock_times_are_chosen(other->rule);
}

/* Does a time of one fall on a time of the other on this day, without a word that both are meant?
 */
static bool double_on(const struct dosing *const dosings[2], const struct rhythm *const rhythms[2],
                      const struct policy *policy, int32_t day)
{
    for (size_t i = 0; i < rhythms[0]->time_count; i++) {
        const struct rhythm_time *time = &rhythms[0]->times[i];
        for (size_t j = 0; j < rhythms[1]->time_count; j++) {
            const struct rhythm_time *other = &rhythms[1]->times[j];
            if (minute_on(time, policy, day) == minute_on(other, policy, day) &&
                !are_meant(dosings[0], time, dosings[1], other))
                return true;
        }
    }
    return false;
}

/* After so many days both rhythms together begin anew; months never quite do. */
static int32_t common_days(const struct rhythm *one, const struct rhythm *two)
{
    int32_t days = 1;
    const struct rhythm *const both[] = { one, two };
    for (size_t i = 0; i < 2; i++) {
        if (both[i]->kind == RHYTHM_MONTHS || both[i]->step > SEARCH_DAYS_MAX)
            return SEARCH_DAYS_MAX;
        int32_t own = both[i]->step > 1 ? both[i]->step : 1;
        own *= both[i]->kind == RHYTHM_WEEKS || both[i]->weekdays != 0 ? WEEK_DAYS : 1;
        int32_t common = days;
        while (common % own != 0 && common < SEARCH_DAYS_MAX)
            common += days;
        days = common;
    }
    return days < SEARCH_DAYS_MAX ? days : SEARCH_DAYS_MAX;
}

/* The first local day of the phase; of one that has always held the day its rhythm is counted from.
 */
static int32_t first_day(const struct phase *phase, const struct rw_zone *zone)
{
    return phase->from == PHASES_ALWAYS ? phase->anchor
                                        : span_point(phase->from, zone).stamp.wall.day;
}

static int64_t earlier(int64_t one, int64_t two)
{
    return one < two ? one : two;
}

static int64_t later(int64_t one, int64_t two)
{
    return one > two ? one : two;
}

/* Does an instant of the first, a list, fall on an intake of the other, without a word that both
 * are meant? A date alone is given its time by the site. */
static bool events_double(const struct dosing *const dosings[2], const struct rhythm *other,
                          int32_t anchor, const struct policy *policy, int64_t from, int64_t until)
{
    const struct dosing *list = dosings[0];
    const bool numbered = list->has_sequence && dosings[1]->has_sequence;
    for (size_t i = 0; i < list->event_count; i++) {
        const struct rw_stamp at = occurrence_event_at(policy, &list->events[i]);
        const int64_t second = rw_stamp_utc_minute(at) * 60;
        const bool named = numbered && list->events[i].precision != DOSING_DATE;
        if (second < from || second >= until)
            continue;
        for (size_t j = 0; other->kind == RHYTHM_EVENTS && j < dosings[1]->event_count; j++) {
            const struct dosing_point *event = &dosings[1]->events[j];
            if (event->stamp.wall.day == at.wall.day &&
                rw_stamp_utc_minute(occurrence_event_at(policy, event)) * 60 == second &&
                !(named && event->precision != DOSING_DATE))
                return true;
        }
        if (other->kind == RHYTHM_EVENTS || !rhythm_falls_on(other, anchor, at.wall.day))
            continue;
        for (size_t j = 0; j < other->time_count; j++) {
            if (second_on(&other->times[j], policy, at.wall.day) == second &&
                !(named && !clock_times_are_chosen(other->times[j].rule)))
                return true;
        }
    }
    return false;
}

static bool are_doubled(const struct order *order, const struct phases *phases, size_t i, size_t j,
                        const struct rhythm *rhythms, const struct policy *policy)
{
    const struct phase *one = &phases->list[i];
    const struct phase *two = &phases->list[j];
    const struct dosing *const dosings[] = { &order->dosings[one->dosing],
                                             &order->dosings[two->dosing] };
    const struct rhythm *const both[] = { &rhythms[one->dosing], &rhythms[two->dosing] };
    const int64_t from = later(later(one->from, two->from), phases->from);
    const int64_t until = earlier(earlier(one->until, two->until), phases->until);
    bool meets = false;
    if (both[0]->kind == RHYTHM_EVENTS)
        return events_double(dosings, both[1], two->anchor, policy, from, until);
    if (both[1]->kind == RHYTHM_EVENTS) {
        const struct dosing *const turned[] = { dosings[1], dosings[0] };
        return events_double(turned, both[0], one->anchor, policy, from, until);
    }
    for (int32_t day = 0; day < WEEK_DAYS && !meets; day++)
        meets = double_on(dosings, both, policy, day);
    if (!meets || from >= until)
        return false;
    const int32_t one_day = first_day(one, policy->zone);
    const int32_t two_day = first_day(two, policy->zone);
    const int32_t first = one_day > two_day ? one_day : two_day;
    /* The day of the start may be begun, so that one day more is looked at. */
    const int32_t last = first + common_days(both[0], both[1]);
    for (int32_t day = first; day <= last; day++) {
        if (rhythm_falls_on(both[0], one->anchor, day) &&
            rhythm_falls_on(both[1], two->anchor, day) && double_on(dosings, both, policy, day) &&
            both_take(both[0], both[1], policy, day, from, until))
            return true;
    }
    return false;
}

static bool is_taken(const struct dosing *dosing)
{
    return !dosing->as_needed && dosing->dose.milli > 0;
}

bool overlap_find_double(const struct order *order, const struct rhythm *rhythms,
                         const struct phases *phases, const struct policy *policy,
                         size_t *ret_dosing)
{
    /* The turns of a cycle are alike: one of them is looked at. */
    const size_t dosings = order->dosing_count;
    const size_t count = phases->count < dosings ? phases->count : dosings;
    for (size_t i = 0; dosings > 1 && i < count; i++) {
        const struct phase *one = &phases->list[i];
        if (!is_taken(&order->dosings[one->dosing]))
            continue;
        for (size_t j = i + 1; j < phases->count && j < i + dosings; j++) {
            const struct phase *two = &phases->list[j];
            if (one->dosing != two->dosing && is_taken(&order->dosings[two->dosing]) &&
                are_doubled(order, phases, i, j, rhythms, policy)) {
                *ret_dosing = one->dosing > two->dosing ? one->dosing : two->dosing;
                return true;
            }
        }
    }
    return false;
}
