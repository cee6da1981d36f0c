/* SPDX-License-Identifier: Apache-2.0 */
/* Reads one Dosage of FHIR R4 into the facts that are judged later. */
#ifndef RW_ROLL_BUILDER_INTAKE_FHIR_DOSAGE_H
#define RW_ROLL_BUILDER_INTAKE_FHIR_DOSAGE_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/diag.h"
#include "core/base/error.h"
#include "core/base/zone.h"
#include "core/model/dosing.h"
#include "roll-builder/intake/tree.h"

/* What the reading of one order line needs; all borrowed. */
struct fhir_place {
    const struct rw_zone *zone;
    struct rw_arena *arena;
    struct rw_diag *diag; /* the findings of the line */
};

RW_MUST_USE bool fhir_dosage_read(const struct tree *dosage, const struct fhir_place *place,
                                  struct dosing *ret_dosing, struct rw_error *err);
/* A Duration; NULL, or why it cannot be used. */
const char *fhir_dosage_duration(const struct tree *duration, struct dosing_duration *ret_duration);

#endif
