/* SPDX-License-Identifier: Apache-2.0 */
/* How often a dosage recurs, by frequency and period or by its code. */
#ifndef RW_ROLL_BUILDER_CADENCE_H
#define RW_ROLL_BUILDER_CADENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/model/dosing.h"
#include "roll-builder/fault_list.h"
#include "roll-builder/policy.h"

#define CADENCE_STEP_MAX 36500 /* a hundred years of days */

enum cadence_kind {
    CADENCE_NONE, /* nothing is said: the lists of days and times decide */
    CADENCE_DAYS,
    CADENCE_WEEKS,
    CADENCE_MONTHS,
    CADENCE_HOURS /* an interval on the clock */
};

/* `frequency` times in every `step` days, weeks or months, or in every interval. */
struct cadence {
    enum cadence_kind kind;
    int64_t frequency;
    int64_t step;
    int64_t interval_milli; /* thousandths of a minute */
    const char *moment;     /* the code itself names a moment: "AM" */
};

/* Does anything of the timing say when? */
bool cadence_is_said(const struct dosing *dosing);
/* Do the instants decide, because no repeat stands beside them? */
bool cadence_is_events(const struct dosing *dosing);
/* The time after which the dosage repeats itself: as stated or coded, else a day of times or
 * moments. */
struct dosing_duration cadence_period(const struct dosing *dosing);
bool cadence_read(const struct dosing *dosing, const struct policy *policy,
                  struct cadence *ret_cadence, struct fault_list *faults);

#endif
