/* SPDX-License-Identifier: Apache-2.0 */
/* Adds durations to points in time and turns both into seconds. */
#ifndef RW_ROLL_BUILDER_SPAN_H
#define RW_ROLL_BUILDER_SPAN_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/zone.h"
#include "core/model/dosing.h"

/* Seconds since 1970-01-01T00:00Z. */
int64_t span_start(const struct dosing_point *point);
/* The first second after an inclusive end; a date is its whole day. */
int64_t span_after(const struct dosing_point *point, const struct rw_zone *zone);
struct dosing_point span_point(int64_t second, const struct rw_zone *zone);
/* Is it a whole number of days, weeks, months, years or seconds? */
bool span_is_whole(struct dosing_duration duration);
/* Days, weeks, months and years on the wall clock, hours and minutes as elapsed time. False when
 * the duration is no whole number of them, or leaves the calendar. */
bool span_add(const struct dosing_point *from, struct dosing_duration duration, int64_t times,
              const struct rw_zone *zone, struct dosing_point *ret_point);

#endif
