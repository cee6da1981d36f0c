/* SPDX-License-Identifier: Apache-2.0 */
/* The names of the FHIR R4 types and the row of an element. */
#ifndef RW_ROLL_BUILDER_INTAKE_FHIR_TYPE_H
#define RW_ROLL_BUILDER_INTAKE_FHIR_TYPE_H

#include <stdbool.h>
#include <stddef.h>

/* The primitives come first. */
enum fhir_type {
    FHIR_NO_TYPE, /* not checked: a type that no order line needs */
    FHIR_BOOLEAN,
    FHIR_INTEGER,
    FHIR_POSITIVE_INT,
    FHIR_UNSIGNED_INT,
    FHIR_DECIMAL,
    FHIR_STRING,
    FHIR_MARKDOWN,
    FHIR_CODE,
    FHIR_ID,
    FHIR_URI,
    FHIR_URL,
    FHIR_CANONICAL,
    FHIR_OID,
    FHIR_UUID,
    FHIR_DATE,
    FHIR_DATE_TIME,
    FHIR_INSTANT,
    FHIR_TIME,
    FHIR_BASE64,
    FHIR_XHTML,
    FHIR_PRIMITIVES, /* how many there are; no type */
    FHIR_META = FHIR_PRIMITIVES,
    FHIR_NARRATIVE,
    FHIR_EXTENSION,
    FHIR_CODING,
    FHIR_CODEABLE_CONCEPT,
    FHIR_QUANTITY,
    FHIR_SIMPLE_QUANTITY,
    FHIR_RANGE,
    FHIR_RATIO,
    FHIR_PERIOD,
    FHIR_REFERENCE,
    FHIR_IDENTIFIER,
    FHIR_ANNOTATION,
    FHIR_MONEY,
    FHIR_TIMING,
    FHIR_TIMING_REPEAT,
    FHIR_DOSAGE,
    FHIR_DOSE_AND_RATE,
    FHIR_REQUEST,
    FHIR_REQUEST_DISPENSE,
    FHIR_REQUEST_INITIAL_FILL,
    FHIR_REQUEST_SUBSTITUTION,
    FHIR_DISPENSE,
    FHIR_DISPENSE_PERFORMER,
    FHIR_DISPENSE_SUBSTITUTION,
    FHIR_STATEMENT,
    FHIR_MEDICATION,
    FHIR_MEDICATION_INGREDIENT,
    FHIR_MEDICATION_BATCH,
    FHIR_TYPE_COUNT
};

struct fhir_element {
    const char *name;
    enum fhir_type type;
    bool list;
    char choice; /* elements of one type with the same letter exclude each other; 0 = none */
};

#endif
