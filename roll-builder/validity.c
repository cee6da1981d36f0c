/* SPDX-License-Identifier: Apache-2.0 */
/* Tells whether an order and each dosage of it hold in a window. */
#include "roll-builder/validity.h"

#include "roll-builder/phases.h"
#include "roll-builder/span.h"

/* In seconds since 1970-01-01T00:00Z, [from, until). */
struct term {
    int64_t from;
    int64_t until;
};

static struct term term_of_window(const struct window *window, const struct rw_zone *zone)
{
    const struct rw_wall first = { window->from, 0 };
    const struct rw_wall behind = { window->from + window->days, 0 };
    return (struct term){ rw_stamp_utc_minute(rw_zone_stamp(zone, first)) * 60,
                          rw_stamp_utc_minute(rw_zone_stamp(zone, behind)) * 60 };
}

/* What a dosage says of itself, which nobody laid over time: one that is taken when needed. */
static struct term stated_term(const struct dosing *dosing, const struct dosing_point *start,
                               const struct rw_zone *zone)
{
    struct term term = { PERIOD_ALWAYS, PERIOD_NEVER };
    struct dosing_point end;
    if (dosing->bounds_start.precision != DOSING_ABSENT) {
        term.from = span_start(&dosing->bounds_start);
        start = &dosing->bounds_start;
    }
    if (dosing->bounds_end.precision != DOSING_ABSENT)
        term.until = span_after(&dosing->bounds_end, zone);
    if (dosing->bounds_duration.milli > 0 && !dosing->has_sequence &&
        start->precision != DOSING_ABSENT &&
        span_add(start, dosing->bounds_duration, 1, zone, &end) && span_start(&end) < term.until)
        term.until = span_start(&end);
    return term;
}

/* From the first of its phases to the end of the last one. */
static struct term laid_term(const struct phases *phases, size_t dosing, bool *ret_found)
{
    struct term term = { PERIOD_NEVER, PERIOD_ALWAYS };
    *ret_found = false;
    for (size_t i = 0; i < phases->count; i++) {
        const struct phase *phase = &phases->list[i];
        if (phase->dosing != dosing)
            continue;
        term.from = phase->from < term.from ? phase->from : term.from;
        term.until = phase->until > term.until ? phase->until : term.until;
        *ret_found = true;
    }
    return term;
}

static void judge(const struct term *term, const struct term *window, bool *ret_ended,
                  bool *ret_to_come)
{
    *ret_ended = term->until <= window->from;
    *ret_to_come = !*ret_ended && term->from >= window->until;
}

bool validity_find(const struct order *order, const struct window *window,
                   const struct rw_zone *zone, struct rw_arena *arena,
                   struct validity *ret_validity, struct rw_error *err)
{
    const struct term days = term_of_window(window, zone);
    struct validity validity = { 0 };
    struct fault_list faults = { 0 };
    struct period period;
    struct phases phases;
    if (!phases_lay(order, window, zone, arena, &phases, err))
        return false;
    period_find(order, window, zone, &period, &faults);
    if (faults.count > 0 || order->conditional) {
        *ret_validity = validity;
        return true;
    }
    const struct term use = { period.from, period.until };
    judge(&use, &days, &validity.ended, &validity.to_come);
    bool all_ended = order->dosing_count > 0;
    bool all_to_come = order->dosing_count > 0;
    for (size_t i = 0; i < order->dosing_count; i++) {
        bool laid = false;
        bool ended = false;
        bool to_come = false;
        struct term term = laid_term(&phases, i, &laid);
        if (!laid || phases.recurs || phases.faults.count > 0)
            term = stated_term(&order->dosings[i], &period.start, zone);
        if (!phases.recurs)
            judge(&term, &days, &ended, &to_come);
        validity.lapsed[i] = validity.ended || validity.to_come || ended || to_come;
        all_ended = all_ended && ended;
        all_to_come = all_to_come && to_come;
    }
    validity.ended = validity.ended || all_ended;
    validity.to_come = !validity.ended && (validity.to_come || all_to_come);
    *ret_validity = validity;
    return true;
}
