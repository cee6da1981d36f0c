/* SPDX-License-Identifier: Apache-2.0 */
/* Checks and reads the primitive values of FHIR R4. */
#ifndef RW_ROLL_BUILDER_INTAKE_FHIR_VALUE_H
#define RW_ROLL_BUILDER_INTAKE_FHIR_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/zone.h"
#include "core/model/dosing.h"
#include "roll-builder/intake/fhir_types.h"
#include "roll-builder/intake/tree.h"

/* Is the value of this element one of the type, in the form that the type is written in? */
bool fhir_value_is(const struct tree *node, enum fhir_type type);

/* Reads a date or dateTime; false when it is none or names a month or year alone. A time with an
 * offset is turned into the zone's wall time. An end after 2199 is cut to the last day known. */
RW_MUST_USE bool fhir_value_point(const char *text, const struct rw_zone *zone,
                                  struct dosing_point *ret_point);
/* The same for an end: "2026-06" is the last day of that month, "2026" of that year. */
RW_MUST_USE bool fhir_value_end(const char *text, const struct rw_zone *zone,
                                struct dosing_point *ret_point);
/* Minutes of the day of a FHIR time; false when it is none. */
RW_MUST_USE bool fhir_value_time(const char *text, int32_t *ret_minute);

#endif
