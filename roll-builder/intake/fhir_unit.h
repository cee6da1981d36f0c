/* SPDX-License-Identifier: Apache-2.0 */
/* Decides on codes whether a dose counts pieces and goes orally. */
#ifndef RW_ROLL_BUILDER_INTAKE_FHIR_UNIT_H
#define RW_ROLL_BUILDER_INTAKE_FHIR_UNIT_H

#include "core/model/dosing.h"
#include "roll-builder/intake/tree.h"

/* `quantity` is a Quantity, perhaps with the PQ-translation of the G-Standaard, which outranks
 * UCUM "1" (docs/DOSING.md). */
enum dosing_countable fhir_unit_judge(const struct tree *quantity);
/* `concept` is the CodeableConcept of Dosage.route, NULL when absent. */
enum dosing_route fhir_unit_route(const struct tree *concept);
/* Does Dosage.method name something that is not swallowed: to inject, to apply, to instil? */
bool fhir_unit_is_not_swallowed(const struct tree *concept);
/* The unit of time of a Duration or a code of repeat.periodUnit; DOSING_NO_UNIT for others. */
enum dosing_unit fhir_unit_time(const char *code);
/* Does the text of a Duration name another unit of time than its code? */
bool fhir_unit_time_conflicts(const char *text, enum dosing_unit unit);

#endif
