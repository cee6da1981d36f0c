/* SPDX-License-Identifier: Apache-2.0 */
/* Reads what the Dutch MP9 adds to FHIR: periods, stops, treatments. */
#ifndef RW_ROLL_BUILDER_INTAKE_MP9_H
#define RW_ROLL_BUILDER_INTAKE_MP9_H

#include <stdbool.h>

#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/order.h"
#include "roll-builder/intake/fhir_place.h"
#include "roll-builder/intake/tree.h"

/* What the resource is, by its category (and for a plain request by the lack of one). */
enum order_kind mp9_kind(const struct tree *resource);
/* Fills period of use, cycle, stop type, treatment, registration, GDS and wishes of the order.
 * What cannot be used becomes a finding of the line. */
RW_MUST_USE bool mp9_read(const struct tree *resource, const struct fhir_place *place,
                          struct order *order, struct rw_error *err);
/* "SYSTEM|VALUE" of an Identifier; NULL without a value. */
RW_MUST_USE bool mp9_identifier(const struct tree *identifier, struct rw_arena *arena,
                                const char **ret_text, struct rw_error *err);

#endif
