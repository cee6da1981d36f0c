/* SPDX-License-Identifier: Apache-2.0 */
/* The steps of a CHMED23A sequence: how long, and whether repeated. */
#ifndef RW_ROLL_BUILDER_INTAKE_CHMED_STEPS_H
#define RW_ROLL_BUILDER_INTAKE_CHMED_STEPS_H

#include <stdbool.h>
#include <stdint.h>

#include "roll-builder/intake/chmed_line.h"

/* All steps so far; `duration` and `is_pause` are those of the step at hand. */
struct chmed_steps {
    int32_t count;
    bool is_pause;
    struct dosing_duration duration;
    struct dosing_duration rest; /* of a step whose single dose took its first day */
    int64_t seconds;             /* of all steps that are counted in days or less */
    int64_t months;              /* of all others */
};

/* Reads duration and type of a step and puts both into the line's base. False when refused. */
bool chmed_steps_begin(struct chmed_line *line, struct chmed_steps *steps, const struct json *step);
/* Keeps the dosage to the first day of the step; false when the step has no whole days. */
bool chmed_steps_first_day(struct chmed_line *line, struct chmed_steps *steps,
                           struct dosing *dosing);
/* Is the rest of the step a pause? Then the base is made ready for it. */
bool chmed_steps_rest(struct chmed_line *line, struct chmed_steps *steps);
/* Decides whether the whole begins anew after its last step. */
void chmed_steps_end(struct chmed_line *line, const struct chmed_steps *steps,
                     const struct json *sequence);

#endif
