/* SPDX-License-Identifier: Apache-2.0 */
/* Reads, checks and writes GS1 element strings. */
#ifndef RW_CORE_MODEL_GS1_H
#define RW_CORE_MODEL_GS1_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/attributes.h"
#include "core/base/error.h"

#define GS1_ELEMENTS_MAX 16
#define GS1_VALUE_MAX 91   /* X..90 and the NUL */
#define GS1_TEXT_MAX 512   /* a bracketed element string, NUL included */
#define GS1_SEPARATOR 0x1D /* FNC1 inside a string */

struct gs1_element {
    char ai[5];
    char value[GS1_VALUE_MAX];
};
struct gs1_string {
    struct gs1_element elements[GS1_ELEMENTS_MAX];
    size_t count;
};

/* "(01)…(21)…" -> elements, each checked: format, character set, check digit, date, and the rules
 * which AIs must and must not stand together. An AI that the table lacks is refused as such. */
RW_MUST_USE bool gs1_parse_bracketed(const char *text, struct gs1_string *ret,
                                     struct rw_error *err);
/* The bytes of a symbol after its leading FNC1, separators as 0x1D. */
RW_MUST_USE bool gs1_parse_bytes(const char *bytes, size_t length, struct gs1_string *ret,
                                 struct rw_error *err);
/* Both write NUL-terminated text; `room` at least GS1_TEXT_MAX. The separator stands only where
 * the standard asks for it: after an element of variable length that is not the last. */
void gs1_write_bracketed(const struct gs1_string *string, char *ret_text);
void gs1_write_bytes(const struct gs1_string *string, char *ret_bytes, size_t *ret_length);
/* The check digit of a key without it (mod 10, weights 3 and 1 from the right). */
char gs1_check_digit(const char *digits, size_t length);

#endif
