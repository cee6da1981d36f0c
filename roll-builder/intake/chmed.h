/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the order lines of an eMediplan, CHMED16A or CHMED23A. */
#ifndef RW_ROLL_BUILDER_INTAKE_CHMED_H
#define RW_ROLL_BUILDER_INTAKE_CHMED_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/base/zone.h"
#include "core/json/json_read.h"
#include "core/model/order.h"

/* Is this the bare JSON of a medication? */
bool chmed_is(const struct json *root);
/* Appends a line for each position, and one for a medicament that has none. The pointers are those
 * of the JSON, also when it was wrapped. */
RW_MUST_USE bool chmed_read(const char *source, const struct json *root, const struct rw_zone *zone,
                            struct rw_arena *arena, struct order_list *list, struct rw_error *err);
/* Does the text begin like a wrapped eMediplan? And the reading of one. */
bool chmed_is_wrapped(const char *bytes, size_t length);
RW_MUST_USE bool chmed_read_wrapped(const char *source, const char *bytes, size_t length,
                                    const struct rw_zone *zone, struct rw_arena *arena,
                                    struct order_list *list, struct rw_error *err);

#endif
