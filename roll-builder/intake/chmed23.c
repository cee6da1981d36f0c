/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the dosage of one position of CHMED23A. */
#include "roll-builder/intake/chmed23.h"

#include "core/base/date.h"
#include "core/base/text.h"
#include "roll-builder/intake/chmed_steps.h"
#include "roll-builder/intake/chmed_timed.h"

#define MILLI 1000
#define PERIOD_UNITS_MAX 36500 /* days, weeks or months of a cycle */

/* The types of a posology. */
enum { DAILY = 1, FREE_TEXT, SINGLE, CYCLIC, SEQUENCE };

static const struct chmed_member position_members[] = {
    { "dtFrom", CHMED_TEXT },   { "dtTo", CHMED_TEXT },     { "inRes", CHMED_FLAG },
    { "po", CHMED_OBJECT },     { "relMeal", CHMED_WHOLE }, { "unit", CHMED_TEXT },
    { "appInstr", CHMED_TEXT }, { "roa", CHMED_TEXT },      { "moa", CHMED_TEXT },
    { NULL, CHMED_TEXT },
};

static void invalid(struct chmed_line *line, const struct json *at, const char *text)
{
    chmed_line_refuse(line, at, "D17", "invalid-timing", text);
}

static struct dosing make_pattern(const struct chmed_line *line, int64_t frequency, int64_t period,
                                  enum dosing_unit unit)
{
    struct dosing pattern = line->base;
    pattern.has_timing = true;
    pattern.has_repeat = true;
    pattern.frequency = frequency;
    pattern.period_milli = period * MILLI;
    pattern.period_unit = unit;
    return pattern;
}

static bool read_daily(struct chmed_line *line, const struct json *po, struct rw_error *err)
{
    const struct json *doses = chmed_line_get(po, "ds", JSON_LIST);
    if (doses != NULL && doses->count == 4)
        return chmed_line_moments(line, doses, err);
    chmed_line_refuse(line, doses != NULL ? doses : po, "D9", "malformed-input",
                      "a daily dosage has exactly four doses");
    return true;
}

static bool read_text(struct chmed_line *line, const struct json *po, struct rw_error *err)
{
    struct dosing dosing = line->base;
    const char *text = chmed_line_text(po, "text");
    if (text == NULL)
        chmed_line_refuse(line, po, "D9", "malformed-input", "the text of the dosage is empty");
    else
        dosing.text = text;
    return chmed_line_add(line, &dosing, err);
}

/* Does nothing but the start of the posology say when the single dose is taken? */
static bool names_instant(const struct chmed_line *line, const struct chmed_timed *timed)
{
    const struct chmed_slot *slot = &timed->slots.list[0];
    return timed->slots.count == 1 && slot->when == NULL && slot->minute < 0 &&
           line->order->period_start.precision == DOSING_MINUTE;
}

static bool add_instant(struct chmed_line *line, const struct chmed_timed *timed,
                        struct rw_error *err)
{
    struct dosing dosing = line->base;
    dosing.has_timing = true;
    dosing.dose = timed->slots.list[0].dose;
    dosing.has_duration = timed->slots.list[0].has_duration;
    dosing.dose_count = 1;
    dosing.events = rw_arena_array(line->arena, 1, sizeof(*dosing.events), err);
    if (dosing.events == NULL)
        return false;
    dosing.events[0] = line->order->period_start;
    dosing.event_count = 1;
    return chmed_line_add(line, &dosing, err);
}

/* The date of a single dose that has a time of its own: that time must not be over. */
static void check_first_day(struct chmed_line *line, const struct json *node,
                            const struct chmed_timed *timed)
{
    const struct dosing_point *start = &line->order->period_start;
    int32_t minute = timed->slots.list[0].minute;
    if (start->precision == DOSING_MINUTE && minute >= 0 && minute < start->stamp.wall.minute)
        invalid(line, node, "the time of the single dose is over when its posology begins");
}

/* Once, on the first day; a step of a sequence that is longer goes on with a pause. */
static bool read_single(struct chmed_line *line, const struct json *po, struct chmed_steps *steps,
                        struct rw_error *err)
{
    struct chmed_timed timed;
    bool usable;
    const struct json *node = chmed_timed_member(line, po, "tdo", "td");
    if (node == NULL)
        return true;
    if (!chmed_timed_read(line, node, &timed, &usable, err))
        return false;
    if (!usable)
        return true;
    if (timed.weekdays != 0 || timed.days != 0 || timed.is_interval)
        invalid(line, node, "a single dose has no days and no interval");
    if (timed.slots.count > 1)
        chmed_line_refuse(line, node, "A20", "frequency-conflict",
                          "a single dose has more than one time");
    struct dosing pattern = make_pattern(line, 1, 1, DOSING_DAY);
    if (steps == NULL && names_instant(line, &timed))
        return add_instant(line, &timed, err);
    if (steps == NULL)
        check_first_day(line, node, &timed);
    if (steps == NULL)
        pattern.count = 1;
    else if (!chmed_steps_first_day(line, steps, &pattern))
        invalid(line, po, "a single dose in a step that does not last whole days");
    return chmed_line_add_slots(line, &pattern, &timed.slots, true, err);
}

/* Days of the month, each a rhythm of its own that is anchored on its first date. */
static bool add_month_days(struct chmed_line *line, const struct json *node,
                           const struct chmed_timed *timed, const struct dosing *pattern,
                           struct rw_error *err)
{
    const struct dosing_point *from = &line->order->period_start;
    struct rw_civil month = { .year = 2000, .month = 1, .day = 1 };
    if (from->precision != DOSING_ABSENT)
        month = rw_date_civil(from->stamp.wall.day);
    else if (pattern->period_milli > MILLI)
        chmed_line_refuse(line, node, "D13", "no-anchor",
                          "no start says which of the months are meant");
    for (int32_t day = 1; timed->days >> (day - 1) != 0; day++) {
        struct dosing own = *pattern;
        int32_t first;
        if ((timed->days >> (day - 1) & 1) == 0 ||
            !rw_date_from_civil(month.year, month.month, day, &first))
            continue;
        own.day_named = true;
        own.bounds_start = (struct dosing_point){
            .precision = DOSING_DATE,
            .stamp = rw_zone_stamp(line->zone, (struct rw_wall){ .day = first, .minute = 0 }),
        };
        if (!chmed_line_add_slots(line, &own, &timed->slots, false, err))
            return false;
    }
    return true;
}

static int64_t count_days(uint8_t weekdays)
{
    int64_t days = 0;
    for (; weekdays != 0; weekdays = (uint8_t)(weekdays >> 1))
        days += weekdays & 1;
    return days;
}

/* What a cycle says beside its timed dosage. */
struct cycle {
    int64_t length;
    enum dosing_unit unit;
    int64_t times; /* timed dosages in a cycle */
};

static bool add_cyclic(struct chmed_line *line, const struct json *node, struct cycle cycle,
                       const struct chmed_timed *timed, struct rw_error *err)
{
    struct dosing pattern = make_pattern(line, cycle.times, cycle.length, cycle.unit);
    if (timed->weekdays != 0) {
        if (cycle.unit != DOSING_WEEK)
            invalid(line, node, "weekdays need a cycle in weeks");
        pattern.weekdays = timed->weekdays;
        pattern.frequency *= count_days(timed->weekdays);
        return chmed_line_add_slots(line, &pattern, &timed->slots, true, err);
    }
    if (timed->days != 0) {
        if (cycle.unit != DOSING_MONTH || line->base.has_sequence)
            invalid(line, node, "days of the month need a cycle in months, outside a sequence");
        else if (cycle.times > 1)
            chmed_line_refuse(line, node, "A20", "frequency-conflict",
                              "days of the month come once in a cycle");
        pattern.frequency = 1;
        return add_month_days(line, node, timed, &pattern, err);
    }
    /* "Once in n weeks, at these times" is one day in 7n, with all of its times. */
    if (cycle.unit == DOSING_WEEK && cycle.times == 1)
        pattern = make_pattern(line, 1, cycle.length * 7, DOSING_DAY);
    bool together = pattern.period_unit != DOSING_WEEK && pattern.period_unit != DOSING_MONTH &&
                    pattern.period_unit != DOSING_YEAR;
    return chmed_line_add_slots(line, &pattern, &timed->slots, together, err);
}

static bool read_cyclic(struct chmed_line *line, const struct json *po, struct rw_error *err)
{
    struct cycle cycle = { .times = 1 };
    struct chmed_timed timed;
    bool usable;
    cycle.unit = chmed_timed_unit(line, po, "cyDuU");
    bool has_length = chmed_line_whole(line, po, "cyDu", 1, &cycle.length);
    (void)chmed_line_whole(line, po, "tdpc", 1, &cycle.times); /* absent: once */
    const struct json *node = chmed_timed_member(line, po, "tdo", "td");
    if (!has_length && json_member(po, "cyDu") == NULL)
        chmed_line_refuse(line, po, "D9", "malformed-input", "the cycle has no length");
    if (node == NULL || !has_length || cycle.unit == DOSING_NO_UNIT)
        return true;
    if (!chmed_timed_read(line, node, &timed, &usable, err))
        return false;
    if (cycle.length > PERIOD_UNITS_MAX || cycle.times > PERIOD_UNITS_MAX)
        invalid(line, po, "the cycle is longer or fuller than a lifetime");
    /* The format calls it a minimum: two doses may lie further apart, so there is no time. */
    if (timed.is_interval)
        chmed_line_refuse(line, node, "D18", "interval-needs-clock-anchor",
                          "only the least time between two doses is said, not when they are taken");
    return !usable || add_cyclic(line, node, cycle, &timed, err);
}

/* A posology as a whole or a step of a sequence: anything but a sequence. */
static bool read_simple(struct chmed_line *line, const struct json *parent,
                        struct chmed_steps *steps, struct rw_error *err)
{
    const struct json *po = chmed_line_get(parent, "po", JSON_OBJECT);
    int64_t type = 0;
    (void)chmed_line_whole(line, po, "t", DAILY, &type); /* absent: refused below */
    switch (type) {
    case DAILY:
        return read_daily(line, po, err);
    case FREE_TEXT:
        return read_text(line, po, err);
    case SINGLE:
        return read_single(line, po, steps, err);
    case CYCLIC:
        return read_cyclic(line, po, err);
    case SEQUENCE:
        invalid(line, po, "a sequence within a sequence");
        return true;
    default:
        chmed_line_refuse(line, po != NULL ? po : parent, "D9", "malformed-input",
                          "the posology or its type is missing");
        return true;
    }
}

/* A dose of 0 on each morning of a pause, so that the steps behind it begin where they should.
 * Nothing is taken, so that unit and route are not in question. */
static bool add_pause(struct chmed_line *line, struct rw_error *err)
{
    struct dosing pause = make_pattern(line, 1, 1, DOSING_DAY);
    pause.when[pause.when_count++] = chmed_line_moment(0);
    pause.route = DOSING_ROUTE_ORAL;
    pause.dose_count = 1;
    pause.dose.given = true;
    pause.dose.countable = DOSING_COUNTABLE;
    pause.dose.milli = 0;
    return chmed_line_add(line, &pause, err);
}

static bool read_sequence(struct chmed_line *line, const struct json *po, struct rw_error *err)
{
    const struct json *list = chmed_line_get(po, "sos", JSON_LIST);
    const struct dosing base = line->base;
    struct chmed_steps steps = { 0 };
    if (list == NULL || list->count == 0)
        chmed_line_refuse(line, po, "D9", "malformed-input", "the sequence has no steps");
    for (const struct json *step = list == NULL ? NULL : list->first; step != NULL;
         step = step->next) {
        line->base = base;
        if (!chmed_steps_begin(line, &steps, step))
            continue;
        bool done = true;
        if (steps.is_pause)
            done = add_pause(line, err);
        else
            done = read_simple(line, step, &steps, err);
        if (done && chmed_steps_rest(line, &steps))
            done = add_pause(line, err);
        if (!done)
            return false;
    }
    line->base = base;
    chmed_steps_end(line, &steps, po);
    return true;
}

bool chmed23_read(struct chmed_line *line, const struct json *position, struct rw_error *err)
{
    chmed_line_check(line, position, position_members);
    const struct json *po = json_member(position, "po");
    const struct json *type = json_member(po, "t");
    int64_t number;
    bool is_sequence = type != NULL && type->kind == JSON_NUMBER &&
                       rw_text_to_int(type->text, SEQUENCE, SEQUENCE, &number);
    return is_sequence ? read_sequence(line, po, err) : read_simple(line, position, NULL, err);
}
