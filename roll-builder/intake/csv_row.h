/* SPDX-License-Identifier: Apache-2.0 */
/* Turns one row of rolwacht/orders/1 into an order line. */
#ifndef RW_ROLL_BUILDER_INTAKE_CSV_ROW_H
#define RW_ROLL_BUILDER_INTAKE_CSV_ROW_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/base/zone.h"
#include "core/model/order.h"

/* The columns, in the order in which the document names them. */
enum csv_column {
    CSV_ORDER,
    CSV_CLIENT,
    CSV_NAME,
    CSV_BORN,
    CSV_SYSTEM,
    CSV_CODE,
    CSV_PRODUCT,
    CSV_DOSE,
    CSV_UNIT,
    CSV_ROUTE,
    CSV_WHEN,
    CSV_TIME,
    CSV_EXACT,
    CSV_WEEKDAYS,
    CSV_FREQUENCY,
    CSV_PERIOD,
    CSV_START,
    CSV_END,
    CSV_AS_NEEDED,
    CSV_TEXT,
    CSV_COLUMN_COUNT
};
const char *csv_row_column(enum csv_column column);

/* The values of a row by column; NULL where the cell is empty or the column is missing. */
struct csv_values {
    const char *of[CSV_COLUMN_COUNT];
};

/* `order` has its source, pointer and findings; the rest is filled in. */
RW_MUST_USE bool csv_row_read(const struct csv_values *values, const struct rw_zone *zone,
                              struct rw_arena *arena, struct order *order, struct rw_error *err);

#endif
