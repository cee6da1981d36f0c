/* SPDX-License-Identifier: Apache-2.0 */
/* Reads one Dosage of FHIR R4 into the facts that are judged later. */
#ifndef RW_ROLL_BUILDER_INTAKE_FHIR_DOSAGE_H
#define RW_ROLL_BUILDER_INTAKE_FHIR_DOSAGE_H

#include <stdbool.h>

#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/dosing.h"
#include "roll-builder/intake/fhir_place.h"
#include "roll-builder/intake/tree.h"

RW_MUST_USE bool fhir_dosage_read(const struct tree *dosage, const struct fhir_place *place,
                                  struct dosing *ret_dosing, struct rw_error *err);

#endif
