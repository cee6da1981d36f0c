/* SPDX-License-Identifier: Apache-2.0 */
/* The elements of the FHIR R4 types that an order is made of. */
#include "roll-builder/intake/fhir_types.h"

#include <string.h>

#include "core/base/text.h"
#include "roll-builder/intake/fhir_elements.h"

static const struct fhir_element meta[] = {
    ONE("versionId", FHIR_ID),
    ONE("lastUpdated", FHIR_INSTANT),
    ONE("source", FHIR_URI),
    MANY("profile", FHIR_CANONICAL),
    MANY("security", FHIR_CODING),
    MANY("tag", FHIR_CODING),
    END,
};
static const struct fhir_element narrative[] = {
    ONE("status", FHIR_CODE),
    ONE("div", FHIR_XHTML),
    END,
};
static const struct fhir_element coding[] = {
    ONE("system", FHIR_URI),     ONE("version", FHIR_STRING),       ONE("code", FHIR_CODE),
    ONE("display", FHIR_STRING), ONE("userSelected", FHIR_BOOLEAN), END,
};
static const struct fhir_element codeable_concept[] = {
    MANY("coding", FHIR_CODING),
    ONE("text", FHIR_STRING),
    END,
};
static const struct fhir_element quantity[] = {
    ONE("value", FHIR_DECIMAL), ONE("comparator", FHIR_CODE), ONE("unit", FHIR_STRING),
    ONE("system", FHIR_URI),    ONE("code", FHIR_CODE),       END,
};
static const struct fhir_element simple_quantity[] = {
    ONE("value", FHIR_DECIMAL),
    ONE("unit", FHIR_STRING),
    ONE("system", FHIR_URI),
    ONE("code", FHIR_CODE),
    END,
};
static const struct fhir_element range[] = {
    ONE("low", FHIR_SIMPLE_QUANTITY),
    ONE("high", FHIR_SIMPLE_QUANTITY),
    END,
};
static const struct fhir_element ratio[] = {
    ONE("numerator", FHIR_QUANTITY),
    ONE("denominator", FHIR_QUANTITY),
    END,
};
static const struct fhir_element period[] = {
    ONE("start", FHIR_DATE_TIME),
    ONE("end", FHIR_DATE_TIME),
    END,
};
static const struct fhir_element reference[] = {
    ONE("reference", FHIR_STRING),
    ONE("type", FHIR_URI),
    ONE("identifier", FHIR_IDENTIFIER),
    ONE("display", FHIR_STRING),
    END,
};
static const struct fhir_element identifier[] = {
    ONE("use", FHIR_CODE),
    ONE("type", FHIR_CODEABLE_CONCEPT),
    ONE("system", FHIR_URI),
    ONE("value", FHIR_STRING),
    ONE("period", FHIR_PERIOD),
    ONE("assigner", FHIR_REFERENCE),
    END,
};
static const struct fhir_element annotation[] = {
    EITHER('a', "authorReference", FHIR_REFERENCE),
    EITHER('a', "authorString", FHIR_STRING),
    ONE("time", FHIR_DATE_TIME),
    ONE("text", FHIR_MARKDOWN),
    END,
};
static const struct fhir_element money[] = {
    ONE("value", FHIR_DECIMAL),
    ONE("currency", FHIR_CODE),
    END,
};
static const struct fhir_element timing[] = {
    MANY("event", FHIR_DATE_TIME),
    ONE("repeat", FHIR_TIMING_REPEAT),
    ONE("code", FHIR_CODEABLE_CONCEPT),
    END,
};
static const struct fhir_element timing_repeat[] = {
    EITHER('b', "boundsDuration", FHIR_QUANTITY),
    EITHER('b', "boundsRange", FHIR_RANGE),
    EITHER('b', "boundsPeriod", FHIR_PERIOD),
    ONE("count", FHIR_POSITIVE_INT),
    ONE("countMax", FHIR_POSITIVE_INT),
    ONE("duration", FHIR_DECIMAL),
    ONE("durationMax", FHIR_DECIMAL),
    ONE("durationUnit", FHIR_CODE),
    ONE("frequency", FHIR_POSITIVE_INT),
    ONE("frequencyMax", FHIR_POSITIVE_INT),
    ONE("period", FHIR_DECIMAL),
    ONE("periodMax", FHIR_DECIMAL),
    ONE("periodUnit", FHIR_CODE),
    MANY("dayOfWeek", FHIR_CODE),
    MANY("timeOfDay", FHIR_TIME),
    MANY("when", FHIR_CODE),
    ONE("offset", FHIR_UNSIGNED_INT),
    END,
};
static const struct fhir_element dosage[] = {
    ONE("sequence", FHIR_INTEGER),
    ONE("text", FHIR_STRING),
    MANY("additionalInstruction", FHIR_CODEABLE_CONCEPT),
    ONE("patientInstruction", FHIR_STRING),
    ONE("timing", FHIR_TIMING),
    EITHER('n', "asNeededBoolean", FHIR_BOOLEAN),
    EITHER('n', "asNeededCodeableConcept", FHIR_CODEABLE_CONCEPT),
    ONE("site", FHIR_CODEABLE_CONCEPT),
    ONE("route", FHIR_CODEABLE_CONCEPT),
    ONE("method", FHIR_CODEABLE_CONCEPT),
    MANY("doseAndRate", FHIR_DOSE_AND_RATE),
    ONE("maxDosePerPeriod", FHIR_RATIO),
    ONE("maxDosePerAdministration", FHIR_SIMPLE_QUANTITY),
    ONE("maxDosePerLifetime", FHIR_SIMPLE_QUANTITY),
    END,
};
static const struct fhir_element dose_and_rate[] = {
    ONE("type", FHIR_CODEABLE_CONCEPT),
    EITHER('d', "doseRange", FHIR_RANGE),
    EITHER('d', "doseQuantity", FHIR_SIMPLE_QUANTITY),
    EITHER('r', "rateRatio", FHIR_RATIO),
    EITHER('r', "rateRange", FHIR_RANGE),
    EITHER('r', "rateQuantity", FHIR_SIMPLE_QUANTITY),
    END,
};
/* What stands in every element and in every resource. */
static const struct fhir_element any_element[] = {
    ONE("id", FHIR_STRING),
    MANY("extension", FHIR_EXTENSION),
    /* R4 knows it on some types alone; wherever it stands it is judged as a modifier. */
    MANY("modifierExtension", FHIR_EXTENSION),
    END,
};
static const struct fhir_element any_resource[] = {
    ONE("meta", FHIR_META),      ONE("implicitRules", FHIR_URI),  ONE("language", FHIR_CODE),
    ONE("text", FHIR_NARRATIVE), MANY("contained", FHIR_NO_TYPE), END,
};
static const struct fhir_element extension[] = {
    ONE("url", FHIR_URI),
    END,
};

static const struct {
    const char *word;
    const struct fhir_element *elements;
    bool is_resource;
} types[FHIR_TYPE_COUNT] = {
    [FHIR_NO_TYPE] = { "", NULL, false },
    [FHIR_BOOLEAN] = { "boolean", NULL, false },
    [FHIR_INTEGER] = { "integer", NULL, false },
    [FHIR_POSITIVE_INT] = { "positiveInt", NULL, false },
    [FHIR_UNSIGNED_INT] = { "unsignedInt", NULL, false },
    [FHIR_DECIMAL] = { "decimal", NULL, false },
    [FHIR_STRING] = { "string", NULL, false },
    [FHIR_MARKDOWN] = { "markdown", NULL, false },
    [FHIR_CODE] = { "code", NULL, false },
    [FHIR_ID] = { "id", NULL, false },
    [FHIR_URI] = { "uri", NULL, false },
    [FHIR_URL] = { "url", NULL, false },
    [FHIR_CANONICAL] = { "canonical", NULL, false },
    [FHIR_OID] = { "oid", NULL, false },
    [FHIR_UUID] = { "uuid", NULL, false },
    [FHIR_DATE] = { "date", NULL, false },
    [FHIR_DATE_TIME] = { "dateTime", NULL, false },
    [FHIR_INSTANT] = { "instant", NULL, false },
    [FHIR_TIME] = { "time", NULL, false },
    [FHIR_BASE64] = { "base64Binary", NULL, false },
    [FHIR_XHTML] = { "xhtml", NULL, false },
    [FHIR_META] = { "Meta", meta, false },
    [FHIR_NARRATIVE] = { "Narrative", narrative, false },
    [FHIR_EXTENSION] = { "Extension", extension, false },
    [FHIR_CODING] = { "Coding", coding, false },
    [FHIR_CODEABLE_CONCEPT] = { "CodeableConcept", codeable_concept, false },
    [FHIR_QUANTITY] = { "Quantity", quantity, false },
    [FHIR_SIMPLE_QUANTITY] = { "SimpleQuantity", simple_quantity, false },
    [FHIR_RANGE] = { "Range", range, false },
    [FHIR_RATIO] = { "Ratio", ratio, false },
    [FHIR_PERIOD] = { "Period", period, false },
    [FHIR_REFERENCE] = { "Reference", reference, false },
    [FHIR_IDENTIFIER] = { "Identifier", identifier, false },
    [FHIR_ANNOTATION] = { "Annotation", annotation, false },
    [FHIR_MONEY] = { "Money", money, false },
    [FHIR_TIMING] = { "Timing", timing, false },
    [FHIR_TIMING_REPEAT] = { "Timing.repeat", timing_repeat, false },
    [FHIR_DOSAGE] = { "Dosage", dosage, false },
    [FHIR_DOSE_AND_RATE] = { "Dosage.doseAndRate", dose_and_rate, false },
    [FHIR_REQUEST] = { "MedicationRequest", fhir_elements_request, true },
    [FHIR_REQUEST_DISPENSE] = { "dispenseRequest", fhir_elements_request_dispense, false },
    [FHIR_REQUEST_INITIAL_FILL] = { "initialFill", fhir_elements_request_initial_fill, false },
    [FHIR_REQUEST_SUBSTITUTION] = { "substitution", fhir_elements_request_substitution, false },
    [FHIR_DISPENSE] = { "MedicationDispense", fhir_elements_dispense, true },
    [FHIR_DISPENSE_PERFORMER] = { "performer", fhir_elements_dispense_performer, false },
    [FHIR_DISPENSE_SUBSTITUTION] = { "substitution", fhir_elements_dispense_substitution, false },
    [FHIR_STATEMENT] = { "MedicationStatement", fhir_elements_statement, true },
    [FHIR_MEDICATION] = { "Medication", fhir_elements_medication, true },
    [FHIR_MEDICATION_INGREDIENT] = { "ingredient", fhir_elements_medication_ingredient, false },
    [FHIR_MEDICATION_BATCH] = { "batch", fhir_elements_medication_batch, false },
};

static const struct fhir_element *find(const struct fhir_element *elements, const char *name)
{
    for (; elements->name != NULL; elements++) {
        if (rw_text_equal(elements->name, name))
            return elements;
    }
    return NULL;
}

const struct fhir_element *fhir_types_element(enum fhir_type owner, const char *name)
{
    const struct fhir_element *found = NULL;
    if (types[owner].elements != NULL)
        found = find(types[owner].elements, name);
    if (found == NULL)
        found = find(any_element, name);
    if (found == NULL && types[owner].is_resource)
        found = find(any_resource, name);
    return found;
}

const struct fhir_element *fhir_types_value(const char *name)
{
    static const struct fhir_element values[] = {
        EITHER('v', "valueBoolean", FHIR_BOOLEAN),
        EITHER('v', "valueInteger", FHIR_INTEGER),
        EITHER('v', "valuePositiveInt", FHIR_POSITIVE_INT),
        EITHER('v', "valueUnsignedInt", FHIR_UNSIGNED_INT),
        EITHER('v', "valueDecimal", FHIR_DECIMAL),
        EITHER('v', "valueString", FHIR_STRING),
        EITHER('v', "valueMarkdown", FHIR_MARKDOWN),
        EITHER('v', "valueCode", FHIR_CODE),
        EITHER('v', "valueId", FHIR_ID),
        EITHER('v', "valueUri", FHIR_URI),
        EITHER('v', "valueUrl", FHIR_URL),
        EITHER('v', "valueCanonical", FHIR_CANONICAL),
        EITHER('v', "valueOid", FHIR_OID),
        EITHER('v', "valueUuid", FHIR_UUID),
        EITHER('v', "valueDate", FHIR_DATE),
        EITHER('v', "valueDateTime", FHIR_DATE_TIME),
        EITHER('v', "valueInstant", FHIR_INSTANT),
        EITHER('v', "valueTime", FHIR_TIME),
        EITHER('v', "valueBase64Binary", FHIR_BASE64),
        EITHER('v', "valueMeta", FHIR_META),
        EITHER('v', "valueCoding", FHIR_CODING),
        EITHER('v', "valueCodeableConcept", FHIR_CODEABLE_CONCEPT),
        EITHER('v', "valueQuantity", FHIR_QUANTITY),
        EITHER('v', "valueDuration", FHIR_QUANTITY),
        EITHER('v', "valueAge", FHIR_QUANTITY),
        EITHER('v', "valueCount", FHIR_QUANTITY),
        EITHER('v', "valueDistance", FHIR_QUANTITY),
        EITHER('v', "valueRange", FHIR_RANGE),
        EITHER('v', "valueRatio", FHIR_RATIO),
        EITHER('v', "valuePeriod", FHIR_PERIOD),
        EITHER('v', "valueReference", FHIR_REFERENCE),
        EITHER('v', "valueIdentifier", FHIR_IDENTIFIER),
        EITHER('v', "valueAnnotation", FHIR_ANNOTATION),
        EITHER('v', "valueMoney", FHIR_MONEY),
        EITHER('v', "valueTiming", FHIR_TIMING),
        EITHER('v', "valueDosage", FHIR_DOSAGE),
        EITHER('v', "valueAddress", FHIR_NO_TYPE),
        EITHER('v', "valueAttachment", FHIR_NO_TYPE),
        EITHER('v', "valueContactPoint", FHIR_NO_TYPE),
        EITHER('v', "valueContactDetail", FHIR_NO_TYPE),
        EITHER('v', "valueContributor", FHIR_NO_TYPE),
        EITHER('v', "valueDataRequirement", FHIR_NO_TYPE),
        EITHER('v', "valueExpression", FHIR_NO_TYPE),
        EITHER('v', "valueHumanName", FHIR_NO_TYPE),
        EITHER('v', "valueParameterDefinition", FHIR_NO_TYPE),
        EITHER('v', "valueRelatedArtifact", FHIR_NO_TYPE),
        EITHER('v', "valueSampledData", FHIR_NO_TYPE),
        EITHER('v', "valueSignature", FHIR_NO_TYPE),
        EITHER('v', "valueTriggerDefinition", FHIR_NO_TYPE),
        EITHER('v', "valueUsageContext", FHIR_NO_TYPE),
        END,
    };
    return find(values, name);
}

enum fhir_type fhir_types_resource(const char *resource)
{
    for (int type = 0; resource != NULL && type < FHIR_TYPE_COUNT; type++) {
        if (types[type].is_resource && strcmp(types[type].word, resource) == 0)
            return (enum fhir_type)type;
    }
    return FHIR_NO_TYPE;
}

const char *fhir_types_word(enum fhir_type type)
{
    return types[type].word;
}
