/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a Duration of FHIR. */
#ifndef RW_ROLL_BUILDER_INTAKE_FHIR_DURATION_H
#define RW_ROLL_BUILDER_INTAKE_FHIR_DURATION_H

#include "core/model/dosing.h"
#include "roll-builder/intake/tree.h"

/* NULL, or why the duration cannot be used. */
const char *fhir_duration_read(const struct tree *duration, struct dosing_duration *ret_duration);

#endif
