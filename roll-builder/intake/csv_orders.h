/* SPDX-License-Identifier: Apache-2.0 */
/* Reads orders from our own comma-separated values, rolwacht/orders/1. */
#ifndef RW_ROLL_BUILDER_INTAKE_CSV_ORDERS_H
#define RW_ROLL_BUILDER_INTAKE_CSV_ORDERS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/base/zone.h"
#include "core/model/order.h"

/* Does the text begin with the name of the format, in any version? */
bool csv_orders_is(const char *bytes, size_t length);
/* Appends a line for each row (docs/CSV.md). A fault of one row refuses that row, with a pointer
 * like /row/3/dose; a fault of the table is an error. */
RW_MUST_USE bool csv_orders_read(const char *source, const char *bytes, size_t length,
                                 const struct rw_zone *zone, struct rw_arena *arena,
                                 struct order_list *list, struct rw_error *err);

#endif
