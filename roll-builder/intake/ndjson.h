/* SPDX-License-Identifier: Apache-2.0 */
/* Makes one list of the JSON values that stand behind each other. */
#ifndef RW_ROLL_BUILDER_INTAKE_NDJSON_H
#define RW_ROLL_BUILDER_INTAKE_NDJSON_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

/* Do objects stand behind each other, each on lines of its own, as FHIR writes orders in bulk
 * (application/fhir+ndjson)? No JSON document looks like that. */
bool ndjson_is(const char *bytes, size_t length);
/* The same lines as one list; what is wrong in them stands in the line where it stood. */
RW_MUST_USE bool ndjson_join(const char *bytes, size_t length, struct rw_arena *arena,
                             const char **ret_text, size_t *ret_length, struct rw_error *err);

#endif
