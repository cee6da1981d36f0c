/* SPDX-License-Identifier: Apache-2.0 */
/* The period of use of an order: from when and until when it holds. */
#include "roll-builder/period.h"

#include <stdbool.h>

#include "core/base/date.h"
#include "roll-builder/span.h"

/* An end is often written as the last second of a day, a duration ends at the hour of its start:
 * less than a day between them is one meaning in two words. */
static bool disagree(int64_t one_end, int64_t other_end)
{
    const int64_t day_s = (int64_t)RW_DAY_MINUTES * 60;
    return one_end - other_end >= day_s || other_end - one_end >= day_s;
}

/* A duration in place of an end, or beside one that says the same. */
static void take_duration(const struct order *order, const struct rw_zone *zone,
                          struct period *period, struct fault_list *faults)
{
    const size_t whole = order->dosing_count;
    struct dosing_point end;
    if (!span_is_whole(order->period_duration))
        (void)fault_list_add(faults, whole, "invalid-timing",
                             "the period of use is no whole number of units");
    else if (period->start.precision == DOSING_ABSENT)
        (void)fault_list_add(faults, whole, "no-anchor",
                             "the period of use has a duration and no start");
    else if (!span_add(&period->start, order->period_duration, 1, zone, &end))
        (void)fault_list_add(faults, whole, "invalid-timing",
                             "the period of use leaves the calendar");
    else if (period->until != PERIOD_NEVER && disagree(period->until, span_start(&end)))
        (void)fault_list_add(faults, whole, "invalid-timing",
                             "the period of use has an end and a duration that disagree");
    else if (span_start(&end) < period->until)
        period->until = span_start(&end);
}

void period_find(const struct order *order, const struct window *window, const struct rw_zone *zone,
                 struct period *ret_period, struct fault_list *faults)
{
    struct period period = { .from = PERIOD_ALWAYS,
                             .until = PERIOD_NEVER,
                             .start = order->period_start };
    if (order->period_end.precision != DOSING_ABSENT)
        period.until = span_after(&order->period_end, zone);
    if (period.start.precision != DOSING_ABSENT)
        period.from = span_start(&period.start);
    else if (window->has_start)
        period.start = (struct dosing_point){
            .precision = DOSING_DATE,
            .stamp = rw_zone_stamp(zone, (struct rw_wall){ window->start, 0 }),
        };
    if (period.from != PERIOD_ALWAYS && period.until <= period.from)
        (void)fault_list_add(faults, order->dosing_count, "invalid-timing",
                             "the period of use ends before it starts");
    if (order->period_duration.milli != 0)
        take_duration(order, zone, &period, faults);
    *ret_period = period;
}
