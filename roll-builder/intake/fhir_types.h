/* SPDX-License-Identifier: Apache-2.0 */
/* The elements of the FHIR R4 types that an order is made of. */
#ifndef RW_ROLL_BUILDER_INTAKE_FHIR_TYPES_H
#define RW_ROLL_BUILDER_INTAKE_FHIR_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

/* NULL when the type has no such element. */
const struct fhir_element *fhir_types_element(enum fhir_type owner, const char *name);
/* The type of "valueQuantity" and so on; NULL for what no extension may hold. */
const struct fhir_element *fhir_types_value(const char *name);
/* FHIR_NO_TYPE for a resource that is no order and no medicine. */
enum fhir_type fhir_types_resource(const char *resource);
const char *fhir_types_word(enum fhir_type type); /* "positiveInt" */

#endif
