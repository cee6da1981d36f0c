/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of elements of the resources, for fhir_types alone. */
#ifndef RW_ROLL_BUILDER_INTAKE_FHIR_ELEMENTS_H
#define RW_ROLL_BUILDER_INTAKE_FHIR_ELEMENTS_H

#include "roll-builder/intake/fhir_type.h"

/* Source: the StructureDefinitions of FHIR 4.0.1. One row is one element; a choice x[y] is a row
 * for each type; END closes a table. */
#define ONE(name, type)      \
    {                        \
        name, type, false, 0 \
    }
#define MANY(name, type)    \
    {                       \
        name, type, true, 0 \
    }
#define EITHER(letter, name, type) \
    {                              \
        name, type, false, letter  \
    }
#define END                          \
    {                                \
        NULL, FHIR_NO_TYPE, false, 0 \
    }

extern const struct fhir_element fhir_elements_dispense[];
extern const struct fhir_element fhir_elements_dispense_performer[];
extern const struct fhir_element fhir_elements_dispense_substitution[];
extern const struct fhir_element fhir_elements_medication[];
extern const struct fhir_element fhir_elements_medication_batch[];
extern const struct fhir_element fhir_elements_medication_ingredient[];
extern const struct fhir_element fhir_elements_request[];
extern const struct fhir_element fhir_elements_request_dispense[];
extern const struct fhir_element fhir_elements_request_initial_fill[];
extern const struct fhir_element fhir_elements_request_substitution[];
extern const struct fhir_element fhir_elements_statement[];

#endif
