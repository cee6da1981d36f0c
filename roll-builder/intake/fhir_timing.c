/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the Timing of a Dosage: events, repeat and code. */
#include "roll-builder/intake/fhir_timing.h"

#include <string.h>

#include "core/base/text.h"
#include "core/model/quantity.h"
#include "roll-builder/intake/fhir_check.h"
#include "roll-builder/intake/fhir_duration.h"
#include "roll-builder/intake/fhir_type.h"
#include "roll-builder/intake/fhir_unit.h"
#include "roll-builder/intake/fhir_value.h"

#define TIMING_EXACT "http://hl7.org/fhir/StructureDefinition/timing-exact"
#define DAYS_OF_CYCLE "http://hl7.org/fhir/StructureDefinition/timing-daysOfCycle"
#define DAY_OF_MONTH "http://hl7.org/fhir/StructureDefinition/timing-dayOfMonth"
#define MP9_DURATION "http://nictiz.nl/fhir/StructureDefinition/ext-TimeInterval.Duration"

/* The first fault of the timing stays. */
static void refuse(struct dosing *dosing, const char *why)
{
    if (dosing->malformed == NULL)
        dosing->malformed = why;
}

/* An element with extensions alone ("not known", a formula) must not count as absent. */
static void refuse_unknown(const struct tree *part, struct dosing *dosing)
{
    const struct tree *child = part == NULL ? NULL : part->first;
    for (; child != NULL; child = child->next) {
        bool primitive = child->type != FHIR_NO_TYPE && child->type < FHIR_PRIMITIVES;
        if (primitive && child->value == NULL)
            refuse(dosing, "a part of the timing is stated without a value");
    }
}

/* Does the value of an extension, or of one inside it, speak of time? */
static bool tells_time(const struct tree *extension)
{
    static const char *const kinds[] = { "valuePeriod",   "valueDuration", "valueTiming",
                                         "valueRange",    "valueDate",     "valueTime",
                                         "valueDateTime", "valueInstant",  "valueDosage" };
    const struct tree *node = tree_walk(extension, extension);
    for (; node != NULL; node = tree_walk(extension, node)) {
        for (size_t i = 0; i < RW_COUNT(kinds); i++) {
            if (strcmp(node->name, kinds[i]) == 0)
                return true;
        }
    }
    return false;
}

void fhir_timing_refuse_unknown(const struct tree *holder, struct dosing *dosing)
{
    const struct tree *one = tree_child(holder, "extension");
    for (; one != NULL; one = tree_same(one)) {
        const char *url = tree_value(one, "url");
        if (rw_text_equal(url, DAYS_OF_CYCLE) || rw_text_equal(url, DAY_OF_MONTH))
            refuse(dosing, "an extension names days that are not understood");
        else if (!rw_text_equal(url, MP9_DURATION) && tells_time(one))
            refuse(dosing, "an extension that is not known states a time");
    }
}

static void read_duration(const struct tree *duration, struct dosing *dosing,
                          struct dosing_duration *ret_duration)
{
    const char *why = fhir_duration_read(duration, ret_duration);
    if (why != NULL)
        refuse(dosing, why);
}

static void read_bounds(const struct tree *repeat, const struct fhir_place *place,
                        struct dosing *dosing)
{
    const struct tree *duration = tree_child(repeat, "boundsDuration");
    const struct tree *period = tree_child(repeat, "boundsPeriod");
    dosing->bounds_is_range = tree_child(repeat, "boundsRange") != NULL;
    if (duration != NULL)
        read_duration(duration, dosing, &dosing->bounds_duration);
    if (period == NULL)
        return;
    const struct tree *length = tree_extension(period, MP9_DURATION);
    if (length != NULL)
        read_duration(tree_child(length, "valueDuration"), dosing, &dosing->bounds_duration);
    const char *start = tree_value(period, "start");
    const char *end = tree_value(period, "end");
    if (start != NULL && !fhir_value_point(start, place->zone, &dosing->bounds_start))
        refuse(dosing, "the start of the bounds is no full date");
    if (end != NULL && !fhir_value_end(end, place->zone, &dosing->bounds_end))
        refuse(dosing, "the end of the bounds is no date that can be planned");
}

static int64_t read_int(const struct tree *repeat, const char *name)
{
    const char *value = tree_value(repeat, name);
    int64_t number;
    if (value == NULL || !rw_text_to_int(value, 0, INT32_MAX, &number))
        return 0;
    return number;
}

/* Numbers of which tim-4 and tim-5 say that they are not negative. */
static int64_t read_decimal(const struct tree *repeat, const char *name, struct dosing *dosing)
{
    const char *value = tree_value(repeat, name);
    int64_t milli = 0;
    if (value == NULL)
        return 0;
    if (quantity_parse(value, &milli) != QUANTITY_EXACT || milli <= 0) {
        refuse(dosing, "a period is no number of whole units above zero");
        return 0;
    }
    return milli;
}

static void read_frequency(const struct tree *repeat, struct dosing *dosing)
{
    const char *unit = tree_value(repeat, "periodUnit");
    dosing->frequency = read_int(repeat, "frequency");
    dosing->frequency_max = read_int(repeat, "frequencyMax");
    dosing->count = read_int(repeat, "count");
    dosing->count_max = read_int(repeat, "countMax");
    dosing->offset_min = read_int(repeat, "offset");
    dosing->period_milli = read_decimal(repeat, "period", dosing);
    dosing->period_max_milli = read_decimal(repeat, "periodMax", dosing);
    dosing->period_unit = fhir_unit_time(unit);
    bool has_period = tree_child(repeat, "period") != NULL;
    bool lasts = tree_child(repeat, "duration") != NULL;
    bool lasts_up_to = tree_child(repeat, "durationMax") != NULL;
    dosing->has_duration = lasts || lasts_up_to;
    if (unit != NULL && dosing->period_unit == DOSING_NO_UNIT)
        refuse(dosing, "the unit of the period is no unit of time");
    if (lasts && fhir_unit_time(tree_value(repeat, "durationUnit")) == DOSING_NO_UNIT)
        refuse(dosing, "a duration has no unit (tim-1)");
    if (has_period && unit == NULL)
        refuse(dosing, "a period has no unit (tim-2)");
    if (tree_child(repeat, "periodMax") != NULL && !has_period)
        refuse(dosing, "a longest period stands without a period (tim-6)");
    if (lasts_up_to && !lasts)
        refuse(dosing, "a longest duration stands without a duration (tim-7)");
    if (dosing->count_max > 0 && dosing->count == 0)
        refuse(dosing, "a highest count stands without a count (tim-8)");
    if (!has_period && (dosing->frequency > 0 || dosing->frequency_max > 0 || unit != NULL))
        refuse(dosing, "a frequency stands without a period");
}

static void read_weekdays(const struct tree *repeat, struct dosing *dosing)
{
    static const char *const codes[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };
    const struct tree *day = tree_child(repeat, "dayOfWeek");
    for (; day != NULL; day = tree_same(day)) {
        size_t i = 0;
        while (i < RW_COUNT(codes) && !rw_text_equal(day->value, codes[i]))
            i++;
        if (i == RW_COUNT(codes))
            refuse(dosing, "a day of the week has a code that R4 does not have");
        else
            dosing->weekdays = (uint8_t)(dosing->weekdays | (1u << i));
    }
}

/* Keeps the times in ascending order, each once. */
static void add_time(struct dosing *dosing, int32_t minute)
{
    size_t at = dosing->time_count;
    for (size_t i = 0; i < dosing->time_count; i++) {
        if (dosing->times[i] == minute)
            return;
    }
    if (at == DOSING_TIMES_MAX) {
        refuse(dosing, "there are more than 24 times of the day");
        return;
    }
    for (; at > 0 && dosing->times[at - 1] > minute; at--)
        dosing->times[at] = dosing->times[at - 1];
    dosing->times[at] = minute;
    dosing->time_count++;
}

static void add_when(struct dosing *dosing, const char *code)
{
    for (size_t i = 0; i < dosing->when_count; i++) {
        if (strcmp(dosing->when[i], code) == 0)
            return;
    }
    if (dosing->when_count == DOSING_TIMES_MAX)
        refuse(dosing, "there are more than 24 moments");
    else
        dosing->when[dosing->when_count++] = code;
}

static void read_moments(const struct tree *repeat, struct dosing *dosing)
{
    const struct tree *time = tree_child(repeat, "timeOfDay");
    for (; time != NULL; time = tree_same(time)) {
        int32_t minute;
        if (time->value != NULL && fhir_value_time(time->value, &minute))
            add_time(dosing, minute);
    }
    const struct tree *when = tree_child(repeat, "when");
    for (; when != NULL; when = tree_same(when)) {
        if (when->value != NULL)
            add_when(dosing, when->value);
    }
    bool meal = false;
    for (size_t i = 0; i < dosing->when_count; i++) {
        const char *code = dosing->when[i];
        meal = meal || (code[0] == 'C' && strlen(code) <= 2);
    }
    if (dosing->offset_min > 0 && (dosing->when_count == 0 || meal))
        refuse(dosing, "an offset stands without a moment that it belongs to (tim-9)");
}

static bool read_events(const struct tree *timing, const struct fhir_place *place,
                        struct dosing *dosing, struct rw_error *err)
{
    size_t count = tree_count(timing, "event");
    if (count == 0)
        return true;
    if (count > DOSING_EVENTS_MAX) {
        refuse(dosing, "there are more instants than one dosage may have");
        count = DOSING_EVENTS_MAX;
    }
    dosing->events = rw_arena_array(place->arena, count, sizeof(*dosing->events), err);
    if (dosing->events == NULL)
        return false;
    const struct tree *event = tree_child(timing, "event");
    for (size_t i = 0; i < count; i++, event = tree_same(event)) {
        if (fhir_value_point(event->value, place->zone, &dosing->events[dosing->event_count]))
            dosing->event_count++;
        else
            refuse(dosing, "an instant is no full date");
    }
    return true;
}

/* The table of HL7 in its present and in its older addresses. */
static bool is_timing_system(const char *system)
{
    static const char *const systems[] = {
        "http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation",
        "http://hl7.org/fhir/v3/GTSAbbreviation",
        "http://hl7.org/fhir/timing-abbreviation",
    };
    for (size_t i = 0; i < RW_COUNT(systems); i++) {
        if (rw_text_equal(system, systems[i]))
            return true;
    }
    return false;
}

/* A code of HL7's own table as it is; of another table, or a text, in a form no table has. */
static bool read_code(const struct tree *timing, const struct fhir_place *place,
                      struct dosing *dosing, struct rw_error *err)
{
    const struct tree *concept = tree_child(timing, "code");
    if (concept == NULL)
        return true;
    const struct tree *coding = tree_child(concept, "coding");
    for (; coding != NULL; coding = tree_same(coding)) {
        if (is_timing_system(tree_value(coding, "system")) && tree_value(coding, "code") != NULL) {
            dosing->timing_code = tree_value(coding, "code");
            return true;
        }
    }
    coding = tree_child(concept, "coding");
    const char *text = tree_value(concept, "text"); /* words first: they can be heard (A5) */
    if (text == NULL)
        text = tree_value(coding, "display");
    if (text == NULL)
        text = tree_value(coding, "code");
    dosing->timing_code = rw_arena_format(place->arena, err, "(%s)", text == NULL ? "" : text);
    return dosing->timing_code != NULL;
}

bool fhir_timing_read(const struct tree *timing, const struct fhir_place *place,
                      struct dosing *dosing, struct rw_error *err)
{
    const struct tree *repeat = tree_child(timing, "repeat");
    dosing->has_timing = true;
    if (!read_events(timing, place, dosing, err) || !read_code(timing, place, dosing, err))
        return false;
    const struct tree *cycle = tree_extension(timing, MP9_CYCLE);
    if (cycle != NULL)
        read_duration(tree_child(cycle, "valueDuration"), dosing, &dosing->cycle);
    /* They are no modifiers, but passing over a limit would give more intakes. */
    fhir_timing_refuse_unknown(timing, dosing);
    fhir_timing_refuse_unknown(repeat, dosing);
    fhir_timing_refuse_unknown(tree_child(repeat, "boundsPeriod"), dosing);
    if (repeat == NULL)
        return true;
    dosing->has_repeat = true;
    const struct tree *exact = tree_extension(repeat, TIMING_EXACT);
    dosing->exact = rw_text_equal(tree_value(exact, "valueBoolean"), "true");
    refuse_unknown(repeat, dosing);
    refuse_unknown(tree_child(repeat, "boundsPeriod"), dosing);
    read_bounds(repeat, place, dosing);
    read_frequency(repeat, dosing);
    read_weekdays(repeat, dosing);
    read_moments(repeat, dosing);
    return true;
}
