/* SPDX-License-Identifier: Apache-2.0 */
/* Recognises an input by its content and reads its order lines. */
#ifndef RW_ROLL_BUILDER_INTAKE_INTAKE_H
#define RW_ROLL_BUILDER_INTAKE_INTAKE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/base/zone.h"
#include "core/model/order.h"

/* Appends every line of the input to `list` (also those that are no orders; a file without any
 * gives one line of kind ORDER_OTHER with `refused` = "not-an-order"). An error means that the
 * file as a whole could not be parsed (exit status 3). */
RW_MUST_USE bool intake_read(const char *source, const char *bytes, size_t length,
                             const struct rw_zone *zone, struct rw_arena *arena,
                             struct order_list *list, struct rw_error *err);
/* The same lines and the same errors, but of a line perhaps no more than its source, resource, id,
 * pointer, kind and client: enough to know whose a file is, for a fraction of the time. */
RW_MUST_USE bool intake_look(const char *source, const char *bytes, size_t length,
                             const struct rw_zone *zone, struct rw_arena *arena,
                             struct order_list *list, struct rw_error *err);

#endif
