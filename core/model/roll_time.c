/* SPDX-License-Identifier: Apache-2.0 */
/* The times of day at which a client takes one product of a roll. */
#include "core/model/roll_time.h"

#include <string.h>

static bool stands_before(const struct roll_time *time, int32_t minute, int64_t milli)
{
    return time->minute < minute || (time->minute == minute && time->milli < milli);
}

bool roll_time_add(struct roll_times *times, struct rw_wall wall, int64_t milli)
{
    const uint8_t weekday = (uint8_t)(1u << (rw_date_weekday(wall.day) - 1));
    size_t at = 0;
    while (at < times->count && stands_before(&times->list[at], wall.minute, milli))
        at++;
    struct roll_time *time = &times->list[at];
    if (at < times->count && time->minute == wall.minute && time->milli == milli) {
        time->days++;
        time->weekdays |= weekday;
        return true;
    }
    if (times->count == ROLL_TIMES_MAX)
        return false;
    memmove(time + 1, time, (times->count - at) * sizeof *time);
    *time = (struct roll_time){ wall.minute, milli, 1, weekday };
    times->count++;
    return true;
}
