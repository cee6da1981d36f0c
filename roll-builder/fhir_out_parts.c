/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of FHIR resources that a roll is written with. */
#include "roll-builder/fhir_out_parts.h"

#include <stdio.h>

#include "core/base/date.h"
#include "core/base/text.h"
#include "core/model/quantity.h"

#define MOMENT_MAX 48
#define MINUTES 60

bool fhir_out_parts_same(const struct bag_content *one, const struct bag_content *other)
{
    return rw_text_equal(one->product, other->product) &&
           ((!one->lot && !other->lot) || rw_text_equal(one->lot, other->lot));
}

static void write_coding(struct json_writer *json, const char *system, const char *code,
                         const char *display)
{
    json_write_object(json, NULL);
    json_write_text(json, "system", system);
    json_write_text(json, "code", code);
    if (display)
        json_write_text(json, "display", display);
    json_write_object_end(json);
}

void fhir_out_parts_one_identifier(struct json_writer *json, const char *system, const char *value)
{
    json_write_object(json, "identifier");
    json_write_text(json, "system", system);
    json_write_text(json, "value", value);
    json_write_object_end(json);
}

void fhir_out_parts_identifier(struct json_writer *json, const char *system, const char *value)
{
    json_write_list(json, "identifier");
    json_write_object(json, NULL);
    json_write_text(json, "system", system);
    json_write_text(json, "value", value);
    json_write_object_end(json);
    json_write_list_end(json);
}

/* The pharmacy's own code always, and those of others that its table knows. */
static void write_code(struct json_writer *json, const struct bag_content *content,
                       const struct products *products)
{
    const struct product *row = products_row(products, content->product);
    json_write_object(json, "code");
    json_write_list(json, "coding");
    for (size_t i = 0; row && i < row->code_count; i++)
        write_coding(json, row->codes[i].system, row->codes[i].code, NULL);
    write_coding(json, "urn:rolwacht:product", content->product, content->name);
    json_write_list_end(json);
    if (content->strength && content->strength[0]) {
        char text[256];
        (void)snprintf(text, sizeof text, "%s %s", content->name, content->strength);
        json_write_text(json, "text", text);
    } else {
        json_write_text(json, "text", content->name);
    }
    json_write_object_end(json);
}

void fhir_out_parts_medication(struct json_writer *json, const struct bag_content *content,
                               const struct products *products)
{
    json_write_list(json, "contained");
    json_write_object(json, NULL);
    json_write_text(json, "resourceType", "Medication");
    json_write_text(json, "id", "medication");
    write_code(json, content, products);
    if (content->form && content->form[0]) {
        json_write_object(json, "form");
        json_write_text(json, "text", content->form);
        json_write_object_end(json);
    }
    if (content->lot) {
        json_write_object(json, "batch");
        json_write_text(json, "lotNumber", content->lot);
        if (content->expiry)
            json_write_text(json, "expirationDate", content->expiry);
        json_write_object_end(json);
    }
    json_write_object_end(json);
    json_write_list_end(json);
}

void fhir_out_parts_gds(struct json_writer *json)
{
    json_write_list(json, "extension");
    json_write_object(json, NULL);
    json_write_text(json, "url",
                    "http://nictiz.nl/fhir/StructureDefinition/"
                    "ext-MedicationDispense.DistributionForm");
    json_write_object(json, "valueCodeableConcept");
    json_write_list(json, "coding");
    write_coding(json, "urn:oid:2.16.840.1.113883.2.4.3.11.60.20.77.5.3.8", "1", "GDS");
    json_write_list_end(json);
    json_write_object_end(json);
    json_write_object_end(json);
    json_write_list_end(json);
}

static void write_value(struct json_writer *json, int64_t milli, const char *unit,
                        const char *system, const char *code)
{
    json_write_milli(json, "value", milli);
    json_write_text(json, "unit", unit);
    json_write_text(json, "system", system);
    json_write_text(json, "code", code);
}

void fhir_out_parts_quantity(struct json_writer *json, const char *name, int64_t milli)
{
    json_write_object(json, name);
    json_write_list(json, "extension");
    json_write_object(json, NULL);
    json_write_text(json, "url", "http://hl7.org/fhir/StructureDefinition/iso21090-PQ-translation");
    json_write_object(json, "valueQuantity");
    write_value(json, milli, "stuk", "urn:oid:2.16.840.1.113883.2.4.4.1.900.2", "245");
    json_write_object_end(json);
    json_write_object_end(json);
    json_write_list_end(json);
    write_value(json, milli, "1", "http://unitsofmeasure.org", "1");
    json_write_object_end(json);
}

/* "2026-11-23T08:00+01:00" -> "2026-11-23T08:00:00+01:00" */
static void write_moment(struct rw_stamp at, char ret_text[MOMENT_MAX])
{
    char stamp[RW_ZONE_STAMP_MAX];
    rw_stamp_write(at, stamp);
    (void)snprintf(ret_text, MOMENT_MAX, "%.16s:00%s", stamp, stamp + 16);
}

void fhir_out_parts_moment(struct json_writer *json, const char *name, struct rw_stamp at)
{
    char text[MOMENT_MAX];
    write_moment(at, text);
    json_write_text(json, name, text);
}

/* One time of day with one amount, and on how many days it is in the roll. */
struct dose {
    int32_t minute;
    int64_t milli;
    int32_t days;
};

static bool holds(const struct bag *bag, const struct bag_content *product, int64_t *ret_milli)
{
    for (size_t k = 0; k < bag->content_count; k++) {
        if (fhir_out_parts_same(&bag->contents[k], product)) {
            *ret_milli += bag->contents[k].milli;
            return true;
        }
    }
    return false;
}

/* How much of the product the moment of this bag has, told at the first of its bags that holds it;
 * 0 at all others. */
static int64_t amount_at(const struct roll *roll, size_t at, const struct bag_content *product)
{
    const int64_t minute = rw_stamp_utc_minute(roll->bags[at].at);
    int64_t sum = 0;
    if (!holds(&roll->bags[at], product, &sum))
        return 0;
    for (size_t i = 0; i < roll->bag_count; i++) {
        if (i == at || rw_stamp_utc_minute(roll->bags[i].at) != minute)
            continue;
        if (holds(&roll->bags[i], product, &sum) && i < at)
            return 0;
    }
    return sum;
}

static bool add_dose(struct dose *doses, size_t *count, int32_t minute, int64_t milli,
                     struct rw_error *err)
{
    for (size_t i = 0; i < *count; i++) {
        if (doses[i].minute == minute && doses[i].milli == milli) {
            doses[i].days++;
            return true;
        }
    }
    if (*count == FHIR_OUT_PARTS_TIMES_MAX)
        return rw_error_set(err, RW_TOO_LARGE, "", "a product has more than %d times and amounts",
                            FHIR_OUT_PARTS_TIMES_MAX);
    doses[(*count)++] = (struct dose){ minute, milli, 1 };
    return true;
}

static void write_period(struct json_writer *json, const struct roll *roll)
{
    char day[RW_DATE_TEXT_MAX];
    json_write_object(json, "boundsPeriod");
    rw_date_write(roll->from, day);
    json_write_text(json, "start", day);
    rw_date_write(roll->from + roll->days - 1, day);
    json_write_text(json, "end", day);
    json_write_object_end(json);
}

static void write_each_day(struct json_writer *json, const struct roll *roll,
                           const struct dose *dose)
{
    char time[MOMENT_MAX];
    (void)snprintf(time, sizeof time, "%02d:%02d:00", dose->minute / MINUTES,
                   dose->minute % MINUTES);
    json_write_object(json, "repeat");
    write_period(json, roll);
    json_write_int(json, "frequency", 1);
    json_write_int(json, "period", 1);
    json_write_text(json, "periodUnit", "d");
    json_write_list(json, "timeOfDay");
    json_write_text(json, NULL, time);
    json_write_list_end(json);
    json_write_object_end(json);
}

static void write_events(struct json_writer *json, const struct roll *roll,
                         const struct bag_content *product, const struct dose *dose)
{
    json_write_list(json, "event");
    for (size_t i = 0; i < roll->bag_count; i++) {
        const struct bag *bag = &roll->bags[i];
        if (bag->at.wall.minute == dose->minute && amount_at(roll, i, product) == dose->milli)
            fhir_out_parts_moment(json, NULL, bag->at);
    }
    json_write_list_end(json);
}

static void write_dose(struct json_writer *json, const struct roll *roll,
                       const struct bag_content *product, const struct dose *dose)
{
    json_write_object(json, NULL);
    json_write_int(json, "sequence", 1); /* all of them hold at the same time */
    json_write_object(json, "timing");
    if (dose->days == roll->days)
        write_each_day(json, roll, dose);
    else
        write_events(json, roll, product, dose);
    json_write_object_end(json);
    json_write_bool(json, "asNeededBoolean", false);
    json_write_list(json, "doseAndRate");
    json_write_object(json, NULL);
    fhir_out_parts_quantity(json, "doseQuantity", dose->milli);
    json_write_object_end(json);
    json_write_list_end(json);
    json_write_object_end(json);
}

bool fhir_out_parts_dosage(struct json_writer *json, const struct roll *roll,
                           const struct bag_content *product, struct rw_arena *arena,
                           struct rw_error *err)
{
    size_t count = 0;
    struct dose *doses = rw_arena_array(arena, FHIR_OUT_PARTS_TIMES_MAX, sizeof *doses, err);
    if (!doses)
        return false;
    for (size_t i = 0; i < roll->bag_count; i++) {
        int64_t milli = amount_at(roll, i, product);
        if (milli > 0 && !add_dose(doses, &count, roll->bags[i].at.wall.minute, milli, err))
            return false;
    }
    json_write_list(json, "dosageInstruction");
    for (size_t i = 0; i < count; i++)
        write_dose(json, roll, product, &doses[i]);
    json_write_list_end(json);
    return true;
}
