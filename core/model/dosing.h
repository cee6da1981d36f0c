/* SPDX-License-Identifier: Apache-2.0 */
/* What an order says about when and how much, not yet judged. */
#ifndef RW_CORE_MODEL_DOSING_H
#define RW_CORE_MODEL_DOSING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/zone.h"
#include "core/model/medicine.h"

#define DOSING_TIMES_MAX 24     /* times of day, when-codes or events of one dosing */
#define DOSING_EVENTS_MAX 512   /* explicit instants of one dosing */
#define DOSING_INTAKES_MAX 4096 /* intakes of one order in one window */

/* A FHIR date, dateTime or instant. */
enum dosing_precision { DOSING_ABSENT, DOSING_DATE, DOSING_MINUTE, DOSING_PRECISION_COUNT };
struct dosing_point {
    enum dosing_precision precision;
    struct rw_stamp stamp; /* in the site's zone; DOSING_DATE: at 00:00 */
    int32_t second;        /* 0..59 */
};

enum dosing_unit {
    DOSING_NO_UNIT,
    DOSING_SECOND,
    DOSING_MINUTES,
    DOSING_HOUR,
    DOSING_DAY,
    DOSING_WEEK,
    DOSING_MONTH,
    DOSING_YEAR,
    DOSING_UNIT_COUNT
};
struct dosing_duration {
    int64_t milli; /* thousandths of the unit; 0 = absent */
    enum dosing_unit unit;
};

/* How much, as written. `unit_judgement` is decided on system and code by intake. */
enum dosing_countable {
    DOSING_UNIT_ABSENT,
    DOSING_COUNTABLE,
    DOSING_NOT_COUNTABLE,
    DOSING_UNIT_CONFLICT,
    DOSING_COUNTABLE_COUNT
};
struct dosing_dose {
    bool given;
    bool is_range; /* doseRange */
    bool has_rate; /* rate[x] */
    bool finer;    /* not whole thousandths */
    int64_t milli;
    enum dosing_countable countable;
    const char *unit_text; /* for the message */
    const char *pointer;
};

enum dosing_route {
    DOSING_ROUTE_ABSENT,
    DOSING_ROUTE_ORAL,
    DOSING_ROUTE_OTHER,
    DOSING_ROUTE_COUNT
};

/* One Dosage (FHIR) or one line of another format. Absent numbers are 0. Texts are borrowed. */
struct dosing {
    const char *pointer;
    bool has_sequence;
    int32_t sequence;
    bool as_needed;
    bool words_as_needed; /* its words say so, whatever its data say (A5) */
    bool words_rarer;     /* its words say that it is not for every day */
    const char *text;     /* Dosage.text */
    enum dosing_route route;
    bool not_swallowed; /* its method says so: to inject, to apply */
    size_t dose_count;  /* doses in doseAndRate; more than one refuses multiple-doses */
    struct dosing_dose dose;
    int64_t cap_dose_milli; /* the most at a time and the most a day, in pieces; 0 = absent */
    int64_t cap_day_milli;
    bool has_timing; /* a Timing element stands there, perhaps empty */
    bool has_repeat;
    const char *timing_code; /* QD, BID, …; NULL when absent */
    struct dosing_point *events;
    size_t event_count;
    int64_t frequency; /* 0 = absent */
    int64_t frequency_max;
    int64_t period_milli; /* 0 = absent */
    int64_t period_max_milli;
    enum dosing_unit period_unit;
    int64_t count;
    int64_t count_max;
    bool has_duration;               /* repeat.duration: how long one administration lasts */
    uint8_t weekdays;                /* bit 0 = Monday … bit 6 = Sunday */
    int32_t times[DOSING_TIMES_MAX]; /* timeOfDay, minutes of the day, ascending, no doubles */
    size_t time_count;
    const char *when[DOSING_TIMES_MAX]; /* codes as written, doubles removed */
    size_t when_count;
    int64_t offset_min;
    bool exact;                       /* timing-exact = true */
    struct dosing_point bounds_start; /* boundsPeriod */
    struct dosing_point bounds_end;
    struct dosing_duration bounds_duration;
    bool bounds_is_range;
    bool day_named; /* the start of the bounds is a day that the order names, not only a start */
    struct dosing_duration cycle; /* RepeatPeriodCyclicalSchedule */
    const char *malformed;  /* why the timing as such is invalid (tim-1 … tim-10), else NULL */
    bool external_schedule; /* "volgens schema trombosedienst": the doses stand elsewhere */
};

/* One intake: when, how much, and what put it there. */
struct intake {
    struct rw_stamp at;
    int64_t milli;      /* never 0 */
    bool exact;         /* must not be merged with another time (D18) */
    const char *moment; /* "morning" "noon" "evening" "night", NULL for a time of its own */
    const char *rule;   /* the rule that chose the time: "P1" "P2" "when" "time-of-day" "event" */
    size_t dosing;      /* index of the dosing in its order */
};

#endif
