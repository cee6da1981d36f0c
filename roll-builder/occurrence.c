/* SPDX-License-Identifier: Apache-2.0 */
/* Lists the intakes of one dosage that fall into a window. */
#include "roll-builder/occurrence.h"

#include <stdlib.h>

#include "core/base/date.h"
#include "roll-builder/clock_times.h"
#include "roll-builder/span.h"

static int64_t later(int64_t left, int64_t right)
{
    return left > right ? left : right;
}

static int64_t earlier(int64_t left, int64_t right)
{
    return left < right ? left : right;
}

static bool append(const struct occurrence *one, struct rw_stamp at, const struct rhythm_time *time,
                   struct rw_arena *arena, struct occurrence_list *list, struct rw_error *err)
{
    if (list->count == DOSING_INTAKES_MAX) {
        list->overflows = true;
        return true;
    }
    if (!rw_arena_grow(arena, &list->intakes, &list->room, list->count, sizeof(*list->intakes),
                       DOSING_INTAKES_MAX, err))
        return false;
    list->intakes[list->count++] = (struct intake){ .at = at,
                                                    .milli = one->dosing->dose.milli,
                                                    .exact = one->dosing->exact,
                                                    .moment = daytimes_word(time->moment),
                                                    .rule = time->rule,
                                                    .dosing = one->phase->dosing };
    return true;
}

/* One time that the rhythm gives: is it in the phase, in the count, in the window? */
static bool take(const struct occurrence *one, struct rw_stamp at, const struct rhythm_time *time,
                 struct rw_arena *arena, struct occurrence_list *list, struct rw_error *err)
{
    int64_t second = rw_stamp_utc_minute(at) * 60;
    if (second < later(one->phase->from, one->phases->from) ||
        second >= earlier(one->phase->until, one->phases->until) || *one->left == 0)
        return true;
    if (*one->left > 0)
        --*one->left;
    int32_t day = at.wall.day;
    if (day < one->window->from || day >= one->window->from + one->window->days)
        return true;
    if (one->dosing->dose.milli == 0)
        return true;
    return append(one, at, time, arena, list, err);
}

struct rw_stamp occurrence_event_at(const struct policy *policy, const struct dosing_point *event)
{
    struct rw_wall wall = event->stamp.wall;
    if (event->precision != DOSING_DATE)
        return event->stamp;
    wall.minute = daytimes_minute(&policy->daytimes, wall.day, DAYTIMES_MORNING);
    return rw_zone_stamp(policy->zone, wall);
}

static bool take_events(const struct occurrence *one, struct rw_arena *arena,
                        struct occurrence_list *list, struct rw_error *err)
{
    const struct dosing *dosing = one->dosing;
    for (size_t i = 0; i < dosing->event_count; i++) {
        const struct dosing_point *event = &dosing->events[i];
        const bool is_date = event->precision == DOSING_DATE;
        const struct rhythm_time time = { .moment = is_date ? DAYTIMES_MORNING : DAYTIMES_NONE,
                                          .rule = "event" };
        bool again = false;
        for (size_t at = 0; at < i; at++)
            again = again || span_start(&dosing->events[at]) == span_start(event);
        if (!again && !take(one, occurrence_event_at(one->policy, event), &time, arena, list, err))
            return false;
    }
    return true;
}

/* The first local day worth looking at. */
static int32_t first_day(const struct occurrence *one)
{
    int64_t from = later(one->phase->from, one->phases->from);
    if (from == PHASES_ALWAYS)
        return one->window->from;
    int32_t day = span_point(from, one->policy->zone).stamp.wall.day;
    bool counts = *one->left >= 0;
    return counts ? day : (int32_t)later(day, one->window->from);
}

static int32_t day_after_last(const struct occurrence *one)
{
    int64_t until = earlier(one->phase->until, one->phases->until);
    int32_t last = one->window->from + one->window->days;
    if (until == PHASES_NEVER)
        return last;
    return (int32_t)earlier(last, span_point(until, one->policy->zone).stamp.wall.day + 1);
}

/* When a time of the rhythm is on that day: moments may differ by weekday. */
static struct rhythm_time time_on(const struct occurrence *one, const struct rhythm_time *time,
                                  int32_t day)
{
    struct rhythm_time at = *time;
    if (time->moment != DAYTIMES_NONE)
        at.minute = daytimes_minute(&one->policy->daytimes, day, time->moment);
    else if (time->joins)
        at = clock_times_on(one->policy, day, time->minute);
    at.rule = time->rule;
    return at;
}

bool occurrence_add(const struct occurrence *occurrence, struct rw_arena *arena,
                    struct occurrence_list *list, struct rw_error *err)
{
    const struct rhythm *rhythm = occurrence->rhythm;
    if (rhythm->kind == RHYTHM_EVENTS)
        return take_events(occurrence, arena, list, err);
    int32_t end = day_after_last(occurrence);
    for (int32_t day = first_day(occurrence); day < end && *occurrence->left != 0; day++) {
        if (!rhythm_falls_on(rhythm, occurrence->phase->anchor, day))
            continue;
        for (size_t i = 0; i < rhythm->time_count; i++) {
            const struct rhythm_time time = time_on(occurrence, &rhythm->times[i], day);
            struct rw_wall wall = { .day = day, .minute = time.minute };
            struct rw_stamp at = rw_zone_stamp(occurrence->policy->zone, wall);
            if (!take(occurrence, at, &time, arena, list, err))
                return false;
        }
    }
    return true;
}

static int compare(const void *left, const void *right)
{
    const struct intake *a = left;
    const struct intake *b = right;
    int64_t first = rw_stamp_utc_minute(a->at);
    int64_t second = rw_stamp_utc_minute(b->at);
    if (first != second)
        return first < second ? -1 : 1;
    return a->dosing < b->dosing ? -1 : a->dosing > b->dosing;
}

void occurrence_sort(struct occurrence_list *list)
{
    if (list->count > 1)
        qsort(list->intakes, list->count, sizeof(*list->intakes), compare);
}
