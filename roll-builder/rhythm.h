/* SPDX-License-Identifier: Apache-2.0 */
/* Days and times of the day on which something recurs. */
#ifndef RW_ROLL_BUILDER_RHYTHM_H
#define RW_ROLL_BUILDER_RHYTHM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/model/dosing.h"
#include "roll-builder/daytimes.h"

/* A time of the day and what put it there. */
struct rhythm_time {
    int32_t minute;              /* of a moment: that of a Monday */
    enum daytimes_moment moment; /* the day decides when it is */
    bool joins;                  /* a time of its own may join a moment near it */
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

/* Does the rhythm, counted from the anchor day, have intakes on this day? */
bool rhythm_falls_on(const struct rhythm *rhythm, int32_t anchor, int32_t day);

#endif
