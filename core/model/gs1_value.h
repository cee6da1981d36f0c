/* SPDX-License-Identifier: Apache-2.0 */
/* Checks one value against the format of its application identifier. */
#ifndef RW_CORE_MODEL_GS1_VALUE_H
#define RW_CORE_MODEL_GS1_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/model/gs1_table.h"

/* RW_INVALID names the AI and what is wrong with its value. */
RW_MUST_USE bool gs1_value_check(const struct gs1_row *row, const char *value,
                                 struct rw_error *err);
/* The check digit of a key without it (mod 10, weights 3 and 1 from the right). */
char gs1_value_check_digit(const char *digits, size_t length);

#endif
