/* SPDX-License-Identifier: Apache-2.0 */
/* Counts amounts in thousandths of a unit, exactly. */
#ifndef RW_CORE_MODEL_QUANTITY_H
#define RW_CORE_MODEL_QUANTITY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/attributes.h"

#define QUANTITY_MILLI_MAX 1000000000 /* one million units: no order asks for more */
#define QUANTITY_TEXT_MAX 24

/* How a written decimal was understood. */
enum quantity_reading {
    QUANTITY_MALFORMED, /* no decimal of FHIR (JSON number grammar) */
    QUANTITY_EXACT,     /* whole thousandths */
    QUANTITY_FINER,     /* a decimal, but not whole thousandths */
    QUANTITY_OUT_OF_RANGE,
    QUANTITY_READING_COUNT
};

/* Reads "0.5", "1.50", "5E-1", "-2"; "1,00", "1.", ".5", "+1" and "" are malformed. */
enum quantity_reading quantity_parse(const char *text, int64_t *ret_milli);
/* "1.5", "2", "0.125": no trailing zeros, a zero before the point; for files and messages. */
void quantity_write(int64_t milli, char ret_text[QUANTITY_TEXT_MAX]);
/* False when the sum or product leaves ±QUANTITY_MILLI_MAX. */
RW_MUST_USE bool quantity_add(int64_t left, int64_t right, int64_t *ret_sum);

#endif
