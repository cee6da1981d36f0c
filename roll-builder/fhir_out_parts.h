/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of FHIR resources that a roll is written with. */
#ifndef RW_ROLL_BUILDER_FHIR_OUT_PARTS_H
#define RW_ROLL_BUILDER_FHIR_OUT_PARTS_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/json/json_write.h"
#include "core/model/roll.h"
#include "roll-builder/products.h"

#define FHIR_OUT_PARTS_TIMES_MAX 256 /* times and amounts of one product in one roll */

/* The same product of the same batches? */
bool fhir_out_parts_same(const struct bag_content *one, const struct bag_content *other);
/* "identifier" as a list of one, and as R4 has it in a Bundle. */
void fhir_out_parts_identifier(struct json_writer *json, const char *system, const char *value);
void fhir_out_parts_one_identifier(struct json_writer *json, const char *system, const char *value);
/* "contained" with the medication and its batch, as "#medication". */
void fhir_out_parts_medication(struct json_writer *json, const struct bag_content *content,
                               const struct products *products);
/* The extension by which MP9 says that it lies in a roll. */
void fhir_out_parts_gds(struct json_writer *json);
/* Pieces, as MP9 writes them: UCUM with the unit of the G-Standaard beside it. */
void fhir_out_parts_quantity(struct json_writer *json, const char *name, int64_t milli);
/* A planned time as an R4 dateTime, which wants seconds. */
void fhir_out_parts_moment(struct json_writer *json, const char *name, struct rw_stamp at);
/* "dosageInstruction": one for each time of day and amount; each day, or the moments themselves. */
RW_MUST_USE bool fhir_out_parts_dosage(struct json_writer *json, const struct roll *roll,
                                       const struct bag_content *product, struct rw_arena *arena,
                                       struct rw_error *err);

#endif
