/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the words of JSON text: strings, numbers, signs. */
#ifndef RW_CORE_JSON_JSON_SCAN_H
#define RW_CORE_JSON_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

/* A place in a text. `pool` has room for every string and number of the text: a decoded string with
 * its NUL is never longer than it was between its quotes. */
struct json_scan {
    const char *start;
    const char *at;
    const char *end;
    char *pool;
    char *pool_start;
};

RW_MUST_USE bool json_scan_begin(struct json_scan *scan, const char *bytes, size_t length,
                                 struct rw_arena *arena, struct rw_error *err);
/* Passes white space and gives the byte behind it; NUL at the end. */
char json_scan_next(struct json_scan *scan);
/* Passes this word, letter for letter; false when another one stands there. */
bool json_scan_word(struct json_scan *scan, const char *word);
/* A string, its opening quote being the next byte. */
RW_MUST_USE bool json_scan_string(struct json_scan *scan, const char **ret_text,
                                  struct rw_error *err);
/* A number as it was written, and whether it has a fraction or an exponent. */
RW_MUST_USE bool json_scan_number(struct json_scan *scan, const char **ret_text, bool *ret_real,
                                  struct rw_error *err);
/* RW_INVALID with line and column of where the scan stands; always returns false. */
bool json_scan_refuse(const struct json_scan *scan, const char *sentence, struct rw_error *err);

#endif
