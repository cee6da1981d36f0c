/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the Timing of a Dosage: events, repeat and code. */
#ifndef RW_ROLL_BUILDER_INTAKE_FHIR_TIMING_H
#define RW_ROLL_BUILDER_INTAKE_FHIR_TIMING_H

#include <stdbool.h>

#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/dosing.h"
#include "roll-builder/intake/fhir_place.h"
#include "roll-builder/intake/tree.h"

/* Fills the part of `dosing` that speaks of time. */
RW_MUST_USE bool fhir_timing_read(const struct tree *timing, const struct fhir_place *place,
                                  struct dosing *dosing, struct rw_error *err);
/* Extensions of this element that are not known and speak of time make the timing invalid: they may
 * say until when the medicine is taken. */
void fhir_timing_refuse_unknown(const struct tree *holder, struct dosing *dosing);

#endif
