/* SPDX-License-Identifier: Apache-2.0 */
/* The steps of a CHMED23A sequence: how long, and whether repeated. */
#include "roll-builder/intake/chmed_steps.h"

#include "roll-builder/intake/chmed_timed.h"

#define MILLI 1000
#define DAY_SECONDS INT64_C(86400)
#define STEP_UNITS_MAX 36500 /* of one step */

enum { STEP_POSOLOGY = 1, STEP_PAUSE };

/* Seconds of a unit; months for the units of the calendar, as a negative number. */
static int64_t unit_size(enum dosing_unit unit)
{
    switch (unit) {
    case DOSING_SECOND:
        return 1;
    case DOSING_MINUTES:
        return 60;
    case DOSING_HOUR:
        return 3600;
    case DOSING_DAY:
        return DAY_SECONDS;
    case DOSING_WEEK:
        return 7 * DAY_SECONDS;
    case DOSING_MONTH:
        return -1;
    case DOSING_YEAR:
        return -12;
    case DOSING_NO_UNIT:
    case DOSING_UNIT_COUNT:
        break;
    }
    return 0;
}

static void take_base(struct chmed_line *line, struct chmed_steps *steps,
                      struct dosing_duration duration)
{
    line->base.has_sequence = true;
    line->base.sequence = ++steps->count;
    line->base.bounds_duration = duration;
}

bool chmed_steps_begin(struct chmed_line *line, struct chmed_steps *steps, const struct json *step)
{
    int64_t type = 0;
    int64_t length = 0;
    enum dosing_unit unit = chmed_timed_unit(line, step, "duU");
    (void)chmed_line_whole(line, step, "t", STEP_POSOLOGY, &type); /* absent: refused below */
    (void)chmed_line_whole(line, step, "du", 1, &length);          /* absent: refused below */
    if (unit == DOSING_NO_UNIT || length == 0 || length > STEP_UNITS_MAX || type < STEP_POSOLOGY ||
        type > STEP_PAUSE) {
        chmed_line_refuse(line, step, "D9", "malformed-input",
                          "the step of a sequence has no type or no duration");
        return false;
    }
    steps->is_pause = type == STEP_PAUSE;
    steps->duration = (struct dosing_duration){ .milli = length * MILLI, .unit = unit };
    steps->rest = (struct dosing_duration){ 0 };
    if (unit_size(unit) > 0)
        steps->seconds += length * unit_size(unit);
    else
        steps->months -= length * unit_size(unit);
    take_base(line, steps, steps->duration);
    return true;
}

bool chmed_steps_first_day(struct chmed_line *line, struct chmed_steps *steps,
                           struct dosing *dosing)
{
    int64_t seconds = steps->duration.milli / MILLI * unit_size(steps->duration.unit);
    if (seconds <= 0 || seconds % DAY_SECONDS != 0)
        return false;
    dosing->bounds_duration = (struct dosing_duration){ .milli = MILLI, .unit = DOSING_DAY };
    steps->rest = (struct dosing_duration){ .milli = (seconds / DAY_SECONDS - 1) * MILLI,
                                            .unit = DOSING_DAY };
    line->base.bounds_duration = dosing->bounds_duration;
    return true;
}

bool chmed_steps_rest(struct chmed_line *line, struct chmed_steps *steps)
{
    if (steps->rest.milli == 0)
        return false;
    take_base(line, steps, steps->rest);
    return true;
}

/* Does one run of the steps reach the end of the posology? */
static bool covers(const struct order *order, const struct chmed_steps *steps)
{
    if (order->period_start.precision == DOSING_ABSENT || steps->months > 0)
        return false;
    int64_t days =
        (int64_t)order->period_end.stamp.wall.day + 1 - order->period_start.stamp.wall.day;
    return steps->seconds >= days * DAY_SECONDS;
}

/* The format lets steps repeat without a member that says so; all of its published examples do.
 * Steps that end with a pause, or long before their posology, can only be meant so. A list of
 * doses without an end may as well be a course that rises or falls once: that is refused. */
void chmed_steps_end(struct chmed_line *line, const struct chmed_steps *steps,
                     const struct json *sequence)
{
    struct order *order = line->order;
    bool has_end = order->period_end.precision != DOSING_ABSENT;
    if (steps->count == 0 || (has_end && covers(order, steps)))
        return;
    if (!has_end && !steps->is_pause) {
        chmed_line_refuse(line, sequence, "D19", "unclear-repetition",
                          "nothing says whether the steps are taken once or begin anew");
        return;
    }
    if (steps->months > 0 && steps->seconds == 0)
        order->cycle =
            (struct dosing_duration){ .milli = steps->months * MILLI, .unit = DOSING_MONTH };
    else if (steps->months == 0 && steps->seconds % DAY_SECONDS == 0)
        order->cycle = (struct dosing_duration){ .milli = steps->seconds / DAY_SECONDS * MILLI,
                                                 .unit = DOSING_DAY };
    else
        chmed_line_refuse(line, sequence, "D17", "invalid-timing",
                          "the steps begin anew after no whole number of days or months");
    rw_diag_add(&order->findings, "D19", "steps-repeat", RW_INFORMS, order->pointer,
                "the steps of the sequence begin anew after the last");
}
