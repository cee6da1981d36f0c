/* SPDX-License-Identifier: Apache-2.0 */
/* Adds durations to points in time and turns both into seconds. */
#include "roll-builder/span.h"

#include "core/base/date.h"

#define MILLI 1000
#define TIMES_MAX 1000000

int64_t span_start(const struct dosing_point *point)
{
    return rw_stamp_utc_minute(point->stamp) * 60 + point->second;
}

int64_t span_after(const struct dosing_point *point, const struct rw_zone *zone)
{
    if (point->precision != DOSING_DATE)
        return span_start(point) + 1;
    struct rw_wall next = { .day = point->stamp.wall.day + 1, .minute = 0 };
    return rw_stamp_utc_minute(rw_zone_stamp(zone, next)) * 60;
}

struct dosing_point span_point(int64_t second, const struct rw_zone *zone)
{
    int64_t minute = second / 60;
    int64_t rest = second % 60;
    if (rest < 0) {
        minute--;
        rest += 60;
    }
    return (struct dosing_point){ .precision = DOSING_MINUTE,
                                  .stamp = rw_zone_at(zone, minute),
                                  .second = (int32_t)rest };
}

/* The same time of the wall clock on another day. */
static bool on_day(const struct dosing_point *from, int64_t day, const struct rw_zone *zone,
                   struct dosing_point *ret_point)
{
    if (day < RW_DATE_MIN || day > RW_DATE_MAX)
        return false;
    struct rw_wall wall = { .day = (int32_t)day, .minute = from->stamp.wall.minute };
    *ret_point = (struct dosing_point){ .precision = DOSING_MINUTE,
                                        .stamp = rw_zone_stamp(zone, wall),
                                        .second = from->second };
    return true;
}

bool span_is_whole(struct dosing_duration duration)
{
    switch (duration.unit) {
    case DOSING_MINUTES:
        return duration.milli * 60 % MILLI == 0;
    case DOSING_HOUR:
        return duration.milli * 36 % (MILLI / 100) == 0;
    case DOSING_SECOND:
    case DOSING_DAY:
    case DOSING_WEEK:
    case DOSING_MONTH:
    case DOSING_YEAR:
        return duration.milli % MILLI == 0;
    case DOSING_NO_UNIT:
    case DOSING_UNIT_COUNT:
        break;
    }
    return false;
}

bool span_add(const struct dosing_point *from, struct dosing_duration duration, int64_t times,
              const struct rw_zone *zone, struct dosing_point *ret_point)
{
    if (times < 0 || times > TIMES_MAX || duration.milli <= 0 || !span_is_whole(duration))
        return false;
    int64_t milli = duration.milli * times; /* at most 10^9 * 10^6 */
    int64_t whole = milli / MILLI;
    int64_t months = duration.unit == DOSING_YEAR ? whole * 12 : whole;
    switch (duration.unit) {
    case DOSING_SECOND:
        *ret_point = span_point(span_start(from) + whole, zone);
        return true;
    case DOSING_MINUTES:
        *ret_point = span_point(span_start(from) + milli * 60 / MILLI, zone);
        return true;
    case DOSING_HOUR:
        *ret_point = span_point(span_start(from) + milli * 36 / (MILLI / 100), zone);
        return true;
    case DOSING_DAY:
        return on_day(from, from->stamp.wall.day + whole, zone, ret_point);
    case DOSING_WEEK:
        return on_day(from, from->stamp.wall.day + whole * 7, zone, ret_point);
    case DOSING_MONTH:
    case DOSING_YEAR:
        if (months > (int64_t)RW_DATE_MAX / 28)
            return false;
        return on_day(from, rw_date_add_months(from->stamp.wall.day, (int32_t)months), zone,
                      ret_point);
    case DOSING_NO_UNIT:
    case DOSING_UNIT_COUNT:
        break;
    }
    return false;
}
