/* SPDX-License-Identifier: Apache-2.0 */
/* Finds a dosage that ends on the day on which another one begins. */
#include "roll-builder/overlap.h"

#include "roll-builder/span.h"

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
