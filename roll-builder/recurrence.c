/* SPDX-License-Identifier: Apache-2.0 */
/* Turns the timing of a dosage into a rhythm, or says why not. */
#include "roll-builder/recurrence.h"

#include "roll-builder/cadence.h"
#include "roll-builder/clock_times.h"
#include "roll-builder/span.h"

static int64_t count_days(uint8_t weekdays)
{
    int64_t days = 0;
    for (; weekdays != 0; weekdays = (uint8_t)(weekdays >> 1))
        days += weekdays & 1;
    return days;
}

/* What the lists of the dosage say about the number of intakes. */
struct said {
    int64_t times; /* times of the day, by timeOfDay or when; 0 = none */
    int64_t days;  /* weekdays; 0 = none */
};

static bool conflict(struct fault_list *faults)
{
    return fault_list_add(faults, 0, "frequency-conflict",
                          "the frequency is another than the days and times that are named");
}

/* A start would not tell the days either, so that none is asked for. */
static bool unanchored(struct rhythm *rhythm, struct fault_list *faults)
{
    rhythm->needs_anchor = false;
    return fault_list_add(faults, 0, "unanchored-frequency",
                          "several times in a longer period, without saying on which days");
}

/* So many times a day on the weekdays that are named: they filter the days. Where the number is
 * that of the weekdays it may have been meant as a number of the week. */
static bool fit_days_of_week(const struct cadence *cadence, struct said said,
                             struct fault_list *faults)
{
    bool counts_days = said.times == 0 && said.days > 1 && cadence->frequency == said.days;
    return (cadence->step == 1 && !counts_days) || conflict(faults);
}

/* Every n days. */
static bool fit_days(const struct cadence *cadence, struct said said, struct rhythm *rhythm,
                     struct fault_list *faults)
{
    rhythm->kind = RHYTHM_DAYS;
    rhythm->step = (int32_t)cadence->step;
    rhythm->needs_anchor = cadence->step > 1;
    if (said.times > 0 && cadence->frequency != said.times)
        return conflict(faults);
    if (said.days > 0)
        return fit_days_of_week(cadence, said, faults);
    if (said.times == 0 && cadence->step > 1 && cadence->frequency > 1)
        return unanchored(rhythm, faults);
    return true;
}

static bool fit_weeks(const struct cadence *cadence, struct said said, struct rhythm *rhythm,
                      struct fault_list *faults)
{
    int64_t times = said.times > 0 ? said.times : 1;
    rhythm->kind = RHYTHM_WEEKS;
    rhythm->step = (int32_t)cadence->step;
    rhythm->needs_anchor = cadence->step > 1;
    if (said.days > 0)
        return cadence->frequency == said.days * times || conflict(faults);
    rhythm->kind = RHYTHM_DAYS;
    if (cadence->step == 1 && said.times > 0 && cadence->frequency == 7 * said.times) {
        rhythm->needs_anchor = false; /* "seven times a week, in the morning" is every day */
        return true;
    }
    rhythm->step = (int32_t)cadence->step * 7;
    rhythm->needs_anchor = true;
    if (cadence->frequency > 1)
        return unanchored(rhythm, faults);
    return times == 1 || conflict(faults);
}

static bool fit_months(const struct cadence *cadence, struct said said, struct rhythm *rhythm,
                       struct fault_list *faults)
{
    rhythm->kind = RHYTHM_MONTHS;
    rhythm->step = (int32_t)cadence->step;
    rhythm->needs_anchor = true;
    if (cadence->frequency > 1)
        return unanchored(rhythm, faults);
    return (said.days == 0 && said.times <= 1) || conflict(faults);
}

/* "Every 4 hours" beside times of the day: only when they are as many as fit into a day. */
static bool fit_hours(const struct cadence *cadence, struct said said, struct rhythm *rhythm,
                      struct fault_list *faults)
{
    const int64_t day_milli = INT64_C(24) * 60 * 1000;
    rhythm->kind = RHYTHM_DAYS;
    rhythm->step = 1;
    if (said.times == 0)
        return said.days == 0 || conflict(faults);
    if (cadence->frequency * day_milli != said.times * cadence->interval_milli)
        return conflict(faults);
    return true;
}

static bool fit(const struct cadence *cadence, struct said said, struct rhythm *rhythm,
                struct fault_list *faults)
{
    switch (cadence->kind) {
    case CADENCE_DAYS:
        return fit_days(cadence, said, rhythm, faults);
    case CADENCE_WEEKS:
        return fit_weeks(cadence, said, rhythm, faults);
    case CADENCE_MONTHS:
        return fit_months(cadence, said, rhythm, faults);
    case CADENCE_HOURS:
        return fit_hours(cadence, said, rhythm, faults);
    case CADENCE_NONE:
        break;
    }
    rhythm->kind = RHYTHM_DAYS; /* the lists alone: every day that they name */
    rhythm->step = 1;
    return true;
}

/* Every seven days on named weekdays is every week on them. */
static void turn_days_into_weeks(struct cadence *cadence, struct said said)
{
    if (cadence->kind == CADENCE_DAYS && said.days > 0 && cadence->step % 7 == 0) {
        cadence->kind = CADENCE_WEEKS;
        cadence->step /= 7;
    }
}

/* An end that is a date is its whole day. */
static bool ends_before_start(const struct dosing *dosing)
{
    const struct dosing_point *end = &dosing->bounds_end;
    const struct dosing_point *start = &dosing->bounds_start;
    if (end->precision == DOSING_DATE)
        return end->stamp.wall.day < start->stamp.wall.day;
    return span_start(end) < span_start(start);
}

/* What is wrong with the bounds whatever the start of the order is. */
static void check_bounds(const struct dosing *dosing, struct fault_list *faults)
{
    bool both = dosing->bounds_start.precision != DOSING_ABSENT &&
                dosing->bounds_end.precision != DOSING_ABSENT;
    if (dosing->bounds_duration.milli > 0 && !span_is_whole(dosing->bounds_duration))
        (void)fault_list_add(faults, 0, "invalid-timing",
                             "a duration is no whole number of its units");
    if (both && ends_before_start(dosing))
        (void)fault_list_add(faults, 0, "invalid-timing", "the bounds end before they start");
}

bool recurrence_make(const struct dosing *dosing, const struct policy *policy,
                     struct rhythm *ret_rhythm, struct fault_list *faults)
{
    struct cadence cadence = { 0 };
    struct rhythm *rhythm = ret_rhythm;
    *rhythm = (struct rhythm){ .weekdays = dosing->weekdays };
    if (dosing->malformed != NULL)
        (void)fault_list_add(faults, 0, "invalid-timing", dosing->malformed);
    check_bounds(dosing, faults);
    if (dosing->event_count > 0 && !dosing->has_repeat && dosing->timing_code != NULL)
        (void)fault_list_add(
            faults, 0, "frequency-conflict",
            "instants and a code stand side by side, and nothing says which holds");
    if (cadence_is_events(dosing)) {
        rhythm->kind = RHYTHM_EVENTS;
        return faults->count == 0;
    }
    struct said said = { .times = (int64_t)(dosing->time_count + dosing->when_count),
                         .days = count_days(dosing->weekdays) };
    bool done = cadence_read(dosing, policy, &cadence, faults);
    if (cadence.moment != NULL && said.times == 0)
        said.times = 1;
    turn_days_into_weeks(&cadence, said);
    if (done)
        (void)fit(&cadence, said, rhythm, faults);
    (void)clock_times_find(dosing, &cadence, policy, rhythm, faults);
    return faults->count == 0;
}
