/* SPDX-License-Identifier: Apache-2.0 */
/* Turns the timing of a dosage into days and times of the day, or says why not. */
#ifndef RW_ROLL_BUILDER_RHYTHM_H
#define RW_ROLL_BUILDER_RHYTHM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/model/dosing.h"
#include "roll-builder/policy.h"

#define RHYTHM_FAULTS_MAX 8
#define RHYTHM_STEP_MAX 36500 /* a hundred years of days */

/* A time of the day and what put it there. */
struct rhythm_time {
    int32_t minute;
    const char *moment; /* NULL for a time of its own */
    const char *rule;
};

enum rhythm_kind {
    RHYTHM_DAYS,   /* every `step` days */
    RHYTHM_WEEKS,  /* on `weekdays` of every `step` ISO weeks */
    RHYTHM_MONTHS, /* every `step` months */
    RHYTHM_EVENTS  /* at the instants of the dosage alone */
};

struct rhythm {
    enum rhythm_kind kind;
    int32_t step;
    uint8_t weekdays;                           /* bit 0 = Monday; 0 = every day */
    bool needs_anchor;                          /* counted from the start date */
    struct rhythm_time times[DOSING_TIMES_MAX]; /* ascending */
    size_t time_count;
};

/* Words of the contract with a sentence each. */
struct rhythm_faults {
    struct {
        const char *reason;
        const char *text;
    } list[RHYTHM_FAULTS_MAX];
    size_t count;
};

/* False with at least one fault. */
bool rhythm_make(const struct dosing *dosing, const struct policy *policy,
                 struct rhythm *ret_rhythm, struct rhythm_faults *faults);
/* Does the rhythm, counted from the anchor day, have intakes on this day? */
bool rhythm_falls_on(const struct rhythm *rhythm, int32_t anchor, int32_t day);

#endif
