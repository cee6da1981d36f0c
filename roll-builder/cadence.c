/* SPDX-License-Identifier: Apache-2.0 */
/* How often a dosage recurs, by frequency and period or by its code. */
#include "roll-builder/cadence.h"

#include <string.h>

#include "core/base/text.h"

#define MILLI 1000

static bool repeat_decides(const struct dosing *dosing)
{
    return dosing->frequency > 0 || dosing->period_milli > 0 || dosing->weekdays != 0 ||
           dosing->time_count > 0 || dosing->when_count > 0;
}

bool cadence_is_said(const struct dosing *dosing)
{
    return repeat_decides(dosing) || dosing->timing_code != NULL || dosing->frequency_max > 0 ||
           dosing->period_max_milli > 0 || cadence_is_events(dosing);
}

bool cadence_is_events(const struct dosing *dosing)
{
    return dosing->event_count > 0 && !dosing->has_repeat && dosing->timing_code == NULL;
}

/* Source of the meanings: http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation. Only these are
 * understood; an interval in hours is named as what it is. */
static const struct {
    const char *code;
    int64_t frequency;
    int64_t days;
    int64_t hours;
    const char *moment;
} codes[] = {
    { "QD", 1, 1, 0, NULL },  { "BID", 2, 1, 0, NULL },  { "TID", 3, 1, 0, NULL },
    { "QID", 4, 1, 0, NULL }, { "QOD", 1, 2, 0, NULL },  { "AM", 1, 1, 0, "AM" },
    { "PM", 1, 1, 0, "PM" },  { "BED", 1, 1, 0, "BED" }, { "Q1H", 1, 0, 1, NULL },
    { "Q2H", 1, 0, 2, NULL }, { "Q3H", 1, 0, 3, NULL },  { "Q4H", 1, 0, 4, NULL },
    { "Q6H", 1, 0, 6, NULL }, { "Q8H", 1, 0, 8, NULL },
};

static bool read_code(const char *code, struct cadence *cadence)
{
    for (size_t i = 0; i < RW_COUNT(codes); i++) {
        if (strcmp(codes[i].code, code) != 0)
            continue;
        *cadence = (struct cadence){ .kind = codes[i].days > 0 ? CADENCE_DAYS : CADENCE_HOURS,
                                     .frequency = codes[i].frequency,
                                     .step = codes[i].days,
                                     .interval_milli = codes[i].hours * 60 * MILLI,
                                     .moment = codes[i].moment };
        return true;
    }
    return false;
}

struct dosing_duration cadence_period(const struct dosing *dosing)
{
    struct cadence code;
    if (dosing->period_milli > 0)
        return (struct dosing_duration){ .milli = dosing->period_milli,
                                         .unit = dosing->period_unit };
    const bool coded = dosing->timing_code != NULL && !repeat_decides(dosing) &&
                       read_code(dosing->timing_code, &code) && code.kind == CADENCE_DAYS;
    return (struct dosing_duration){ .milli = (coded ? code.step : 1) * MILLI, .unit = DOSING_DAY };
}

static bool whole(int64_t milli, int64_t factor, struct cadence *cadence, struct fault_list *faults)
{
    if (milli % MILLI != 0 || milli / MILLI > CADENCE_STEP_MAX / factor)
        return fault_list_add(faults, 0, "invalid-timing",
                              "the period is no whole number of days, weeks or months");
    cadence->step = milli / MILLI * factor;
    return true;
}

static bool read_hours(const struct dosing *dosing, int64_t minutes, struct cadence *cadence)
{
    cadence->kind = CADENCE_HOURS;
    cadence->interval_milli = dosing->period_milli * minutes;
    if (minutes == 60 && dosing->period_milli == INT64_C(24) * MILLI) { /* 24 h = 1 d */
        cadence->kind = CADENCE_DAYS;
        cadence->step = 1;
    }
    return true;
}

static bool read_repeat(const struct dosing *dosing, struct cadence *cadence,
                        struct fault_list *faults)
{
    cadence->frequency = dosing->frequency > 0 ? dosing->frequency : 1;
    if (dosing->period_milli <= 0)
        return fault_list_add(faults, 0, "invalid-timing", "the frequency has no period");
    switch (dosing->period_unit) {
    case DOSING_SECOND:
    case DOSING_MINUTES:
        return read_hours(dosing, 1, cadence);
    case DOSING_HOUR:
        return read_hours(dosing, 60, cadence);
    case DOSING_DAY:
        cadence->kind = CADENCE_DAYS;
        return whole(dosing->period_milli, 1, cadence, faults);
    case DOSING_WEEK:
        cadence->kind = CADENCE_WEEKS;
        return whole(dosing->period_milli, 1, cadence, faults);
    case DOSING_MONTH:
        cadence->kind = CADENCE_MONTHS;
        return whole(dosing->period_milli, 1, cadence, faults);
    case DOSING_YEAR:
        cadence->kind = CADENCE_MONTHS;
        return whole(dosing->period_milli, 12, cadence, faults);
    case DOSING_NO_UNIT:
    case DOSING_UNIT_COUNT:
        break;
    }
    return fault_list_add(faults, 0, "invalid-timing", "the period has no unit");
}

/* A code beside a repeat: both may stand, but not say different things. */
static bool check_code(const struct dosing *dosing, const struct cadence *repeat,
                       struct fault_list *faults)
{
    struct cadence code;
    if (!read_code(dosing->timing_code, &code))
        return true; /* the data may be used in place of a code */
    size_t times = dosing->time_count + dosing->when_count;
    bool same = false;
    if (repeat->kind != CADENCE_NONE)
        same = repeat->kind == code.kind && repeat->frequency == code.frequency &&
               repeat->step == code.step && repeat->interval_milli == code.interval_milli;
    else if (dosing->weekdays == 0)
        same = code.kind == CADENCE_DAYS && code.step == 1 && code.frequency == (int64_t)times;
    return same || fault_list_add(faults, 0, "frequency-conflict",
                                  "the code of the timing says something else than its data");
}

bool cadence_read(const struct dosing *dosing, const struct policy *policy,
                  struct cadence *ret_cadence, struct fault_list *faults)
{
    bool counted = dosing->frequency > 0 || dosing->period_milli > 0;
    if (counted && !read_repeat(dosing, ret_cadence, faults))
        return false;
    if (dosing->timing_code == NULL)
        return true;
    if (repeat_decides(dosing))
        return check_code(dosing, ret_cadence, faults);
    if (read_code(dosing->timing_code, ret_cadence))
        return true;
    for (size_t i = 0; i < policy->when_count; i++) {
        if (strcmp(policy->when[i].code, dosing->timing_code) == 0) {
            *ret_cadence = (struct cadence){
                .kind = CADENCE_DAYS, .frequency = 1, .step = 1, .moment = dosing->timing_code
            };
            return true;
        }
    }
    return fault_list_add(faults, 0, "unknown-timing-code",
                          "the code of the timing is none that is understood");
}
