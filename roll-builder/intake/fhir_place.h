/* SPDX-License-Identifier: Apache-2.0 */
/* What the reading of one FHIR order line needs beside its tree. */
#ifndef RW_ROLL_BUILDER_INTAKE_FHIR_PLACE_H
#define RW_ROLL_BUILDER_INTAKE_FHIR_PLACE_H

#include "core/base/arena.h"
#include "core/base/diag.h"
#include "core/base/zone.h"

/* All borrowed. */
struct fhir_place {
    const struct rw_zone *zone;
    struct rw_arena *arena;
    struct rw_diag *diag; /* the findings of the line */
};

#endif
