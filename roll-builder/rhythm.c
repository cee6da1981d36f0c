/* SPDX-License-Identifier: Apache-2.0 */
/* Days and times of the day on which something recurs. */
#include "roll-builder/rhythm.h"

#include "core/base/date.h"

static int32_t months_between(int32_t from, int32_t to)
{
    struct rw_civil first = rw_date_civil(from);
    struct rw_civil last = rw_date_civil(to);
    return (last.year - first.year) * 12 + last.month - first.month;
}

bool rhythm_falls_on(const struct rhythm *rhythm, int32_t anchor, int32_t day)
{
    if (rhythm->weekdays != 0 && (rhythm->weekdays & (1u << (rw_date_weekday(day) - 1))) == 0)
        return false;
    int32_t months;
    switch (rhythm->kind) {
    case RHYTHM_DAYS:
        return rhythm->step <= 1 || (day - anchor) % rhythm->step == 0;
    case RHYTHM_WEEKS:
        return rhythm->step <= 1 ||
               (rw_date_week_start(day) - rw_date_week_start(anchor)) / 7 % rhythm->step == 0;
    case RHYTHM_MONTHS:
        months = months_between(anchor, day);
        return months % rhythm->step == 0 && rw_date_add_months(anchor, months) == day;
    case RHYTHM_EVENTS:
        break;
    }
    return false;
}
