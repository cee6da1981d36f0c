/* SPDX-License-Identifier: Apache-2.0 */
/* The elements of the FHIR R4 types that an order is made of. */
#ifndef RW_ROLL_BUILDER_INTAKE_FHIR_TYPES_H
#define RW_ROLL_BUILDER_INTAKE_FHIR_TYPES_H

#include "roll-builder/intake/fhir_type.h"

/* NULL when the type has no such element. */
const struct fhir_element *fhir_types_element(enum fhir_type owner, const char *name);
/* The type of "valueQuantity" and so on; NULL for what no extension may hold. */
const struct fhir_element *fhir_types_value(const char *name);
/* FHIR_NO_TYPE for a resource that is no order and no medicine. */
enum fhir_type fhir_types_resource(const char *resource);
const char *fhir_types_word(enum fhir_type type); /* "positiveInt" */

#endif
