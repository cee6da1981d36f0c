/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the order lines of a FHIR R4 document. */
#ifndef RW_ROLL_BUILDER_INTAKE_FHIR_H
#define RW_ROLL_BUILDER_INTAKE_FHIR_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/base/zone.h"
#include "core/model/order.h"
#include "roll-builder/intake/tree.h"

struct fhir_file {
    const char *source;
    const struct rw_zone *zone;
    bool heads; /* of each line only source, resource, id, pointer, kind and client */
};

/* Appends a line for each MedicationRequest, MedicationDispense and MedicationStatement, in the
 * order of the document, also for those that are contained in another. */
RW_MUST_USE bool fhir_read(const struct fhir_file *file, struct tree *root, struct rw_arena *arena,
                           struct order_list *list, struct rw_error *err);

#endif
