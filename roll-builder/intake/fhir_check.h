/* SPDX-License-Identifier: Apache-2.0 */
/* Checks every value of an order line against its FHIR type. */
#ifndef RW_ROLL_BUILDER_INTAKE_FHIR_CHECK_H
#define RW_ROLL_BUILDER_INTAKE_FHIR_CHECK_H

#include "core/base/diag.h"
#include "roll-builder/intake/tree.h"

#define MP9_STOP_TYPE "http://nictiz.nl/fhir/StructureDefinition/ext-StopType"
#define MP9_CYCLE                                \
    "http://nictiz.nl/fhir/StructureDefinition/" \
    "ext-InstructionsForUse.RepeatPeriodCyclicalSchedule"

/* Is this an element that holds a MedicationRequest, -Dispense or -Statement? */
bool fhir_check_is_line(const struct tree *node);
/* Adds a finding `malformed-input` for each value that breaks its type (in the whole resource but
 * not in order lines that it contains), and `unknown-modifier-extension` for each modifier that
 * this program does not understand. */
void fhir_check(struct tree *resource, struct rw_diag *diag);
/* Adds `unknown-modifier-extension` for the modifiers of the entry that the line stands in and for
 * the implicitRules of the whole document, NULL when it has none. An order that contains another
 * line speaks for itself alone. */
void fhir_check_around(const struct tree *resource, const struct tree *rules, struct rw_diag *diag);
/* Adds `unknown-modifier-extension` for the modifiers of a resource that the line refers to. */
void fhir_check_modifiers(const struct tree *resource, struct rw_diag *diag);

#endif
