/* SPDX-License-Identifier: Apache-2.0 */
/* Reads one Dosage of FHIR R4 into the facts that are judged later. */
#include "roll-builder/intake/fhir_dosage.h"

#include <string.h>

#include "core/base/text.h"
#include "core/model/quantity.h"
#include "roll-builder/intake/fhir_timing.h"
#include "roll-builder/intake/fhir_unit.h"
#include "roll-builder/text_manner.h"

#define NHG_25 "https://referentiemodel.nhg.org/tabellen/nhg-tabel-25-gebruiksvoorschrift"
#define NHG_25_OID "urn:oid:2.16.840.1.113883.2.4.4.5"
#define NHG_25_AS_NEEDED "1137" /* "zo nodig" */
#define MP9_AS_NEEDED_FOR "http://nictiz.nl/fhir/StructureDefinition/ext-Dosage-AsNeededFor"
#define R5_AS_NEEDED "http://hl7.org/fhir/5.0/StructureDefinition/extension-Dosage.asNeeded"

static bool is_as_needed_code(const struct tree *concept)
{
    const struct tree *coding = tree_child(concept, "coding");
    for (; coding != NULL; coding = tree_same(coding)) {
        const char *system = tree_value(coding, "system");
        bool table = system != NULL && (rw_text_starts_with(system, NHG_25) ||
                                        rw_text_starts_with(system, NHG_25_OID));
        if (table && rw_text_equal(tree_value(coding, "code"), NHG_25_AS_NEEDED))
            return true;
    }
    return false;
}

/* asNeeded[x], the extensions that give a reason for it, or the coded instruction (A11). A boolean
 * without a value says that it is not known: only "false" says that the dose is regular. */
static bool is_as_needed(const struct tree *dosage)
{
    const struct tree *said = tree_child(dosage, "asNeededBoolean");
    if ((said != NULL && !rw_text_equal(said->value, "false")) ||
        tree_child(dosage, "asNeededCodeableConcept") != NULL)
        return true;
    for (const struct tree *child = dosage->first; child != NULL; child = child->next) {
        const char *url = tree_value(child, "url");
        bool denied = rw_text_equal(tree_value(child, "valueBoolean"), "false");
        if (strcmp(child->name, "extension") == 0 && url != NULL && !denied &&
            (strcmp(url, MP9_AS_NEEDED_FOR) == 0 || rw_text_starts_with(url, R5_AS_NEEDED)))
            return true;
        if (strcmp(child->name, "additionalInstruction") == 0 && is_as_needed_code(child))
            return true;
    }
    return false;
}

/* Is this word in the text? Letters of ASCII are compared without case. */
static bool mentions(const char *text, const char *word)
{
    size_t length = strlen(word);
    for (; text != NULL && strlen(text) >= length; text++) {
        size_t i = 0;
        while (i < length && (text[i] | 0x20) == word[i])
            i++;
        if (i == length)
            return true;
    }
    return false;
}

static bool tells_of_schedule(const char *text)
{
    return mentions(text, "trombosedienst") || mentions(text, "volgens schema") ||
           mentions(text, "extern schema");
}

static bool is_external(const struct tree *dosage)
{
    if (tells_of_schedule(tree_value(dosage, "text")) ||
        tells_of_schedule(tree_value(dosage, "patientInstruction")))
        return true;
    const struct tree *more = tree_child(dosage, "additionalInstruction");
    for (; more != NULL; more = tree_same(more)) {
        const struct tree *coding = tree_child(more, "coding");
        if (tells_of_schedule(tree_value(more, "text")) ||
            tells_of_schedule(tree_value(coding, "display")))
            return true;
    }
    return false;
}

/* The words that a person would read, in the order of their weight. */
static const char *find_text(const struct tree *dosage)
{
    const char *text = tree_value(dosage, "text");
    if (text == NULL)
        text = tree_value(dosage, "patientInstruction");
    const struct tree *more = tree_child(dosage, "additionalInstruction");
    for (; text == NULL && more != NULL; more = tree_same(more)) {
        text = tree_value(more, "text");
        if (text == NULL)
            text = tree_value(tree_child(more, "coding"), "display");
    }
    return text;
}

static void hear(const char *text, struct text_manner *manner)
{
    struct text_manner said;
    text_manner_find(text, &said);
    manner->as_needed = manner->as_needed || said.as_needed;
    manner->rarer = manner->rarer || said.rarer;
}

static void hear_concept(const struct tree *concept, struct text_manner *manner)
{
    const struct tree *coding = tree_child(concept, "coding");
    hear(tree_value(concept, "text"), manner);
    for (; coding != NULL; coding = tree_same(coding)) {
        hear(tree_value(coding, "display"), manner);
        hear(tree_value(coding, "code"), manner);
    }
}

/* All words of the dosage: a person reads "zo nodig" wherever it stands. */
static void hear_words(const struct tree *dosage, struct dosing *dosing)
{
    struct text_manner manner = { 0 };
    const struct tree *more = tree_child(dosage, "additionalInstruction");
    hear(tree_value(dosage, "text"), &manner);
    hear(tree_value(dosage, "patientInstruction"), &manner);
    hear_concept(tree_child(tree_child(dosage, "timing"), "code"), &manner);
    for (; more != NULL; more = tree_same(more))
        hear_concept(more, &manner);
    dosing->words_as_needed = manner.as_needed;
    dosing->words_rarer = manner.rarer;
}

/* An amount of pieces; 0 when it is none, or is not whole thousandths. */
static int64_t read_pieces(const struct tree *quantity)
{
    int64_t milli = 0;
    const char *value = tree_value(quantity, "value");
    if (value == NULL || fhir_unit_judge(quantity) != DOSING_COUNTABLE ||
        quantity_parse(value, &milli) != QUANTITY_EXACT || milli <= 0)
        return 0;
    return milli;
}

static bool is_one_day(const struct tree *duration)
{
    int64_t milli = 0;
    const char *value = tree_value(duration, "value");
    const enum dosing_unit unit = fhir_unit_time(tree_value(duration, "code"));
    return value != NULL && quantity_parse(value, &milli) == QUANTITY_EXACT &&
           ((unit == DOSING_DAY && milli == 1000) || (unit == DOSING_HOUR && milli == 24000));
}

static void read_caps(const struct tree *dosage, struct dosing *dosing)
{
    const struct tree *period = tree_child(dosage, "maxDosePerPeriod");
    const struct tree *once = tree_child(dosage, "maxDosePerAdministration");
    if (once != NULL)
        dosing->cap_dose_milli = read_pieces(once);
    if (is_one_day(tree_child(period, "denominator")))
        dosing->cap_day_milli = read_pieces(tree_child(period, "numerator"));
}

static void read_amount(const struct tree *quantity, const struct fhir_place *place,
                        struct dosing_dose *dose)
{
    const char *value = tree_value(quantity, "value");
    dose->unit_text = tree_value(quantity, "unit");
    if (dose->unit_text == NULL)
        dose->unit_text = tree_value(quantity, "code");
    dose->countable = fhir_unit_judge(quantity);
    if (value == NULL)
        return;
    enum quantity_reading reading = quantity_parse(value, &dose->milli);
    dose->given = true;
    dose->finer = reading == QUANTITY_FINER;
    if (reading == QUANTITY_OUT_OF_RANGE || (reading == QUANTITY_EXACT && dose->milli < 0))
        rw_diag_add(place->diag, "D26", "malformed-input", RW_BLOCKS, dose->pointer,
                    "no one takes \"%.40s\" units at a time", value);
}

static bool read_doses(const struct tree *dosage, const struct fhir_place *place,
                       struct dosing *dosing, struct rw_error *err)
{
    const struct tree *entry = tree_child(dosage, "doseAndRate");
    for (; entry != NULL; entry = tree_same(entry)) {
        const struct tree *amount = tree_child(entry, "doseQuantity");
        const struct tree *range = tree_child(entry, "doseRange");
        for (const struct tree *child = entry->first; child != NULL; child = child->next) {
            if (rw_text_starts_with(child->name, "rate"))
                dosing->dose.has_rate = true;
        }
        if (amount == NULL && range == NULL)
            continue;
        if (dosing->dose_count++ > 0)
            continue;
        if (!tree_pointer_text(amount != NULL ? amount : range, place->arena, &dosing->dose.pointer,
                               err))
            return false;
        dosing->dose.is_range = amount == NULL;
        if (amount != NULL)
            read_amount(amount, place, &dosing->dose);
    }
    return true;
}

bool fhir_dosage_read(const struct tree *dosage, const struct fhir_place *place,
                      struct dosing *ret_dosing, struct rw_error *err)
{
    struct dosing *dosing = ret_dosing;
    *dosing = (struct dosing){ 0 };
    if (!tree_pointer_text(dosage, place->arena, &dosing->pointer, err))
        return false;
    int64_t sequence;
    const char *written = tree_value(dosage, "sequence");
    if (written != NULL && rw_text_to_int(written, INT32_MIN, INT32_MAX, &sequence)) {
        dosing->has_sequence = true;
        dosing->sequence = (int32_t)sequence;
    } else if (tree_child(dosage, "sequence") != NULL) {
        dosing->malformed = "the place in the sequence is stated without a value";
    }
    dosing->as_needed = is_as_needed(dosage);
    hear_words(dosage, dosing);
    read_caps(dosage, dosing);
    dosing->text = find_text(dosage);
    dosing->route = fhir_unit_route(tree_child(dosage, "route"));
    dosing->not_swallowed = fhir_unit_is_not_swallowed(tree_child(dosage, "method"));
    dosing->external_schedule = is_external(dosage);
    if (!read_doses(dosage, place, dosing, err))
        return false;
    const struct tree *timing = tree_child(dosage, "timing");
    if (timing == NULL)
        return true;
    fhir_timing_refuse_unknown(dosage, dosing);
    return fhir_timing_read(timing, place, dosing, err);
}
