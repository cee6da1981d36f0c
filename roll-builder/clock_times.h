/* SPDX-License-Identifier: Apache-2.0 */
/* Chooses the times of the day at which a dosage is taken. */
#ifndef RW_ROLL_BUILDER_CLOCK_TIMES_H
#define RW_ROLL_BUILDER_CLOCK_TIMES_H

#include "roll-builder/cadence.h"
#include "roll-builder/rhythm.h"

/* Fills the times of the rhythm: by timeOfDay, by when-codes, by the code of the timing, by the
 * site's table of intervals, or by so many of the site's moments (P1, P2). */
bool clock_times_find(const struct dosing *dosing, const struct cadence *cadence,
                      const struct policy *policy, struct rhythm *rhythm,
                      struct fault_list *faults);
/* Did the site choose the time, as the order names none? */
bool clock_times_are_chosen(const char *rule);
/* Where a time of its own comes to lie on a day: at a moment of the site within its merge window,
 * or where it is. */
struct rhythm_time clock_times_on(const struct policy *policy, int32_t day, int32_t minute);

#endif
