/* SPDX-License-Identifier: Apache-2.0 */
/* Lays the dosages of an order over time: bounds, sequence and cycle. */
#include "roll-builder/phases.h"

#include <string.h>

#include "core/base/date.h"
#include "roll-builder/cadence.h"
#include "roll-builder/period.h"
#include "roll-builder/span.h"

#define SEAM_MAX 60 /* seconds between "until 23:59" and "from 00:00" that are no gap */

struct layer {
    const struct order *order;
    const struct window *window;
    const struct rw_zone *zone;
    struct rw_arena *arena;
    struct phases *phases;
    struct dosing_point start; /* of the order; DOSING_ABSENT when nothing says it */
    struct dosing_duration cycle;
    bool again; /* a later turn of the cycle: its first one was judged, for every window alike */
    int32_t sequences[ORDER_DOSINGS_MAX]; /* ascending, each once; none: all at the same time */
    size_t sequence_count;
};

static bool fault(struct layer *layer, size_t dosing, const char *reason, const char *text)
{
    return fault_list_add(&layer->phases->faults, dosing, reason, text);
}

/* A PRN dosage without bounds stands outside the sequence: it is handed over loose. */
static bool takes_part(const struct dosing *dosing)
{
    return dosing->has_sequence && (!dosing->as_needed || dosing->bounds_duration.milli > 0 ||
                                    dosing->bounds_start.precision != DOSING_ABSENT);
}

static void collect_sequences(struct layer *layer)
{
    for (size_t i = 0; i < layer->order->dosing_count; i++) {
        const struct dosing *dosing = &layer->order->dosings[i];
        size_t at = 0;
        if (!takes_part(dosing))
            continue;
        while (at < layer->sequence_count && layer->sequences[at] < dosing->sequence)
            at++;
        if (at < layer->sequence_count && layer->sequences[at] == dosing->sequence)
            continue;
        memmove(&layer->sequences[at + 1], &layer->sequences[at],
                (layer->sequence_count - at) * sizeof(layer->sequences[0]));
        layer->sequences[at] = dosing->sequence;
        layer->sequence_count++;
    }
    if (layer->sequence_count == 1)
        layer->sequence_count = 0;
}

/* A PRN dosage that has a place of its own before the last phase, and does not say how long it
 * lasts: when the phases behind it start is then not known. */
static bool hides_a_start(const struct layer *layer, const struct dosing *dosing)
{
    if (takes_part(dosing) || !dosing->has_sequence ||
        dosing->sequence >= layer->sequences[layer->sequence_count - 1])
        return false;
    for (size_t i = 0; i < layer->sequence_count; i++) {
        if (layer->sequences[i] == dosing->sequence)
            return false;
    }
    return true;
}

/* Every sequence but the last must say how long it lasts (A4), and the first when it starts. */
static void check_sequences(struct layer *layer)
{
    bool has_start = layer->start.precision != DOSING_ABSENT;
    bool runs = false; /* something runs from the start on */
    for (size_t i = 0; i < layer->order->dosing_count; i++) {
        const struct dosing *dosing = &layer->order->dosings[i];
        if (layer->sequence_count == 0)
            continue;
        bool hides = hides_a_start(layer, dosing);
        if (!hides && !takes_part(dosing))
            continue;
        has_start = has_start || dosing->bounds_start.precision != DOSING_ABSENT;
        runs = runs || dosing->bounds_duration.milli > 0;
        if (dosing->sequence == layer->sequences[layer->sequence_count - 1])
            continue;
        if (hides ||
            (dosing->bounds_duration.milli == 0 && dosing->bounds_end.precision == DOSING_ABSENT))
            (void)fault(layer, i, "sequence-without-duration",
                        "a phase does not say how long it lasts");
    }
    if (runs && !has_start)
        (void)fault(layer, 0, "no-anchor", "the phases have no start from which they run");
}

/* One cycle for the whole order, on the resource or alike on every dosage that has one. */
static bool find_cycle(struct layer *layer)
{
    layer->cycle = layer->order->cycle;
    if (layer->cycle.milli != 0 && !span_is_whole(layer->cycle))
        return fault(layer, layer->order->dosing_count, "invalid-timing",
                     "the cycle is no whole number of units");
    for (size_t i = 0; i < layer->order->dosing_count; i++) {
        const struct dosing_duration *own = &layer->order->dosings[i].cycle;
        if (own->milli == 0)
            continue;
        if (layer->cycle.milli != 0 &&
            (layer->cycle.milli != own->milli || layer->cycle.unit != own->unit))
            return fault(layer, i, "invalid-timing", "the dosages name different cycles");
        if (!span_is_whole(*own))
            return fault(layer, i, "invalid-timing", "the cycle is no whole number of units");
        layer->cycle = *own;
    }
    return true;
}

static bool add_phase(struct layer *layer, size_t dosing, int64_t from, int64_t until,
                      struct rw_error *err)
{
    struct phases *phases = layer->phases;
    if (until <= from)
        return true;
    if (!rw_arena_grow(layer->arena, &phases->list, &phases->room, phases->count,
                       sizeof(*phases->list), PHASES_MAX, err))
        return false;
    int32_t anchor = 0;
    if (from != PHASES_ALWAYS)
        anchor = span_point(from, layer->zone).stamp.wall.day;
    phases->list[phases->count++] =
        (struct phase){ .dosing = dosing, .from = from, .until = until, .anchor = anchor };
    return true;
}

/* Is the dosage's own period longer than its bounds? 24 hours are a day, also on a day of 25. */
static bool outlasts(const struct layer *layer, const struct dosing *dosing,
                     const struct dosing_point *start, const struct dosing_point *end)
{
    const int64_t day_s = (int64_t)RW_DAY_MINUTES * 60;
    struct dosing_duration period = cadence_period(dosing);
    struct dosing_point once;
    if (dosing->bounds_duration.unit == DOSING_HOUR && period.unit == DOSING_DAY)
        return dosing->bounds_duration.milli * 3600 < period.milli * day_s;
    return span_add(start, period, 1, layer->zone, &once) && span_start(&once) > span_start(end);
}

/* Does a phase of named weekdays touch none of them? */
static bool misses_weekdays(const struct layer *layer, const struct dosing *dosing,
                            const struct dosing_point *start, const struct dosing_point *end)
{
    int32_t last = span_point(span_start(end) - 1, layer->zone).stamp.wall.day;
    for (int32_t day = start->stamp.wall.day; dosing->weekdays != 0 && day <= last; day++) {
        if ((dosing->weekdays & (1u << (rw_date_weekday(day) - 1))) != 0)
            return false;
    }
    return dosing->weekdays != 0;
}

/* Where the bounds of a dosage end when it starts at `start`; PHASES_NEVER without bounds. */
static bool find_end(struct layer *layer, size_t index, const struct dosing_point *start,
                     int64_t *ret_end)
{
    const struct dosing *dosing = &layer->order->dosings[index];
    struct dosing_point end;
    *ret_end = PHASES_NEVER;
    if (dosing->bounds_end.precision != DOSING_ABSENT)
        *ret_end = span_after(&dosing->bounds_end, layer->zone);
    if (dosing->bounds_duration.milli == 0)
        return true;
    if (start->precision == DOSING_ABSENT)
        return fault(layer, index, "no-anchor", "a duration has no start from which it runs");
    if (!span_add(start, dosing->bounds_duration, 1, layer->zone, &end))
        return fault(layer, index, "invalid-timing",
                     "a duration is no whole number of its units or leaves the calendar");
    if (span_start(&end) < *ret_end)
        *ret_end = span_start(&end);
    bool longer = outlasts(layer, dosing, start, &end);
    if (!dosing->as_needed && !layer->again &&
        (longer || misses_weekdays(layer, dosing, start, &end)))
        return fault(layer, index, "phase-too-short",
                     "the dosage is given for less time than its own period");
    return true;
}

/* A dosage outside any sequence: from its own start, or the order's, to its own end. */
static bool lay_alone(struct layer *layer, size_t index, struct rw_error *err)
{
    const struct dosing *dosing = &layer->order->dosings[index];
    const struct dosing_point *start = &layer->start;
    int64_t end;
    if (dosing->bounds_start.precision != DOSING_ABSENT)
        start = &dosing->bounds_start;
    if (!find_end(layer, index, start, &end))
        return true;
    int64_t from = start->precision == DOSING_ABSENT ? PHASES_ALWAYS : span_start(start);
    if (from != PHASES_ALWAYS && end <= from) {
        (void)fault(layer, index, "invalid-timing", "the bounds end before they start");
        return true;
    }
    return add_phase(layer, index, from, end, err);
}

static bool in_group(const struct layer *layer, size_t index, size_t group)
{
    const struct dosing *dosing = &layer->order->dosings[index];
    if (layer->sequence_count == 0)
        return !dosing->as_needed;
    return takes_part(dosing) && dosing->sequence == layer->sequences[group];
}

/* The start of a group: what its bounds say, which must be where the last group ended. */
static bool find_group_start(struct layer *layer, size_t group, struct dosing_point *cursor)
{
    for (size_t i = 0; i < layer->order->dosing_count; i++) {
        const struct dosing *dosing = &layer->order->dosings[i];
        if (!in_group(layer, i, group) || dosing->bounds_start.precision == DOSING_ABSENT)
            continue;
        int64_t gap = span_start(&dosing->bounds_start) - span_start(cursor);
        if (group > 0 && (gap > SEAM_MAX || gap < -SEAM_MAX))
            return fault(layer, i, "invalid-timing", "the phases leave a gap or overlap");
        *cursor = dosing->bounds_start;
    }
    if (cursor->precision == DOSING_ABSENT)
        return fault(layer, 0, "no-anchor", "the phases have no start from which they run");
    return true;
}

/* What came before ends where this group begins: an end that is written counts too, but the instant
 * of a change belongs to one phase. */
static void cut_before(struct layer *layer, const struct dosing_point *start)
{
    const int64_t second = span_start(start);
    for (size_t i = 0; i < layer->phases->count; i++) {
        struct phase *phase = &layer->phases->list[i];
        if (phase->until > second)
            phase->until = second;
    }
}

/* Lays one group from `cursor` on and moves the cursor to its end. `limit` ends the cycle. */
static bool lay_group(struct layer *layer, size_t group, int64_t limit, struct dosing_point *cursor,
                      struct rw_error *err)
{
    bool last = layer->sequence_count == 0 || group + 1 == layer->sequence_count;
    int64_t group_end = PHASES_ALWAYS;
    bool open = false;
    if (!find_group_start(layer, group, cursor))
        return true;
    if (group > 0 && layer->cycle.milli == 0)
        cut_before(layer, cursor);
    for (size_t i = 0; i < layer->order->dosing_count; i++) {
        int64_t end;
        if (!in_group(layer, i, group))
            continue;
        if (!find_end(layer, i, cursor, &end))
            return true;
        if (!last && group_end != PHASES_ALWAYS && end != group_end)
            (void)fault(layer, i, "invalid-timing", "phases of one sequence end differently");
        if (end == PHASES_NEVER) {
            open = true;
            if (layer->cycle.milli > 0 && layer->sequence_count == 0)
                (void)fault(layer, i, "sequence-without-duration",
                            "a phase does not say how long it lasts");
        } else if (end > limit && !layer->again) {
            (void)fault(layer, i, "invalid-timing", "the phases are longer than their cycle");
        }
        group_end = end > group_end ? end : group_end;
        if (!add_phase(layer, i, span_start(cursor), end < limit ? end : limit, err))
            return false;
    }
    layer->phases->leaves_rest =
        last && !open && layer->cycle.milli == 0 && group_end < layer->phases->until;
    if (group_end != PHASES_ALWAYS && group_end != PHASES_NEVER)
        *cursor = span_point(group_end, layer->zone);
    return true;
}

static bool lay_groups(struct layer *layer, struct dosing_point start, int64_t limit,
                       struct rw_error *err)
{
    size_t groups = layer->sequence_count == 0 ? 1 : layer->sequence_count;
    for (size_t group = 0; group < groups && layer->phases->faults.count == 0; group++) {
        if (!lay_group(layer, group, limit, &start, err))
            return false;
    }
    return true;
}

static bool counts(const struct order *order)
{
    for (size_t i = 0; i < order->dosing_count; i++) {
        if (order->dosings[i].count > 0)
            return true;
    }
    return false;
}

/* Cycle after cycle up to the end of the window; those before it matter to a count alone. */
static bool lay_cycles(struct layer *layer, int64_t window_from, int64_t window_until,
                       struct rw_error *err)
{
    struct dosing_point start = layer->start;
    if (start.precision == DOSING_ABSENT) {
        (void)fault(layer, 0, "no-anchor", "a cycle has no start from which it runs");
        return true;
    }
    for (size_t i = 0; layer->sequence_count > 0 && i < layer->order->dosing_count; i++) {
        const struct dosing *dosing = &layer->order->dosings[i];
        if (!takes_part(dosing) && !dosing->as_needed) {
            (void)fault(layer, i, "invalid-timing",
                        "a dosage stands outside the sequence that the cycle repeats");
            return true;
        }
    }
    bool from_first = counts(layer->order);
    layer->phases->recurs = true;
    for (int64_t i = 1; i == 1 || span_start(&start) < window_until; i++) {
        struct dosing_point next;
        if (!span_add(&layer->start, layer->cycle, i, layer->zone, &next) ||
            span_start(&next) <= span_start(&start)) {
            (void)fault(layer, 0, "invalid-timing", "the cycle leaves the calendar");
            return true;
        }
        /* The first turn is always laid: its faults are the order's. */
        layer->again = i > 1;
        if (from_first || i == 1 || span_start(&next) > window_from) {
            if (!lay_groups(layer, start, span_start(&next), err))
                return false;
            if (layer->phases->faults.count > 0)
                return true;
        }
        start = next;
    }
    return true;
}

/* The period of use cuts every phase. */
static void find_period(struct layer *layer)
{
    struct phases *phases = layer->phases;
    struct period period;
    period_find(layer->order, layer->window, layer->zone, &period, &phases->faults);
    layer->start = period.start;
    phases->from = period.from;
    phases->until = period.until;
    phases->has_start = period.start.precision != DOSING_ABSENT;
}

static int64_t day_start(const struct rw_zone *zone, int32_t day)
{
    return rw_stamp_utc_minute(rw_zone_stamp(zone, (struct rw_wall){ day, 0 })) * 60;
}

bool phases_lay(const struct order *order, const struct window *window, const struct rw_zone *zone,
                struct rw_arena *arena, struct phases *ret_phases, struct rw_error *err)
{
    struct layer layer = {
        .order = order, .window = window, .zone = zone, .arena = arena, .phases = ret_phases
    };
    *ret_phases = (struct phases){ 0 };
    find_period(&layer);
    collect_sequences(&layer);
    check_sequences(&layer);
    if (!find_cycle(&layer) || ret_phases->faults.count > 0)
        return true;
    if (layer.cycle.milli > 0)
        return lay_cycles(&layer, day_start(zone, window->from),
                          day_start(zone, window->from + window->days), err);
    if (layer.sequence_count > 0 && !lay_groups(&layer, layer.start, PHASES_NEVER, err))
        return false;
    for (size_t i = 0; i < order->dosing_count && ret_phases->faults.count == 0; i++) {
        const struct dosing *dosing = &order->dosings[i];
        bool laid = layer.sequence_count > 0 && takes_part(dosing);
        if (!laid && !dosing->as_needed && !lay_alone(&layer, i, err))
            return false;
    }
    bool short_of_use = ret_phases->until != PHASES_NEVER && ret_phases->count > 0 &&
                        phases_end(ret_phases) < ret_phases->until;
    ret_phases->leaves_rest = ret_phases->leaves_rest || short_of_use;
    return true;
}

int64_t phases_end(const struct phases *phases)
{
    int64_t last = PHASES_ALWAYS;
    for (size_t i = 0; i < phases->count; i++)
        last = phases->list[i].until > last ? phases->list[i].until : last;
    bool known = phases->count > 0 && !phases->recurs && last < phases->until;
    return known ? last : phases->until;
}
