/* SPDX-License-Identifier: Apache-2.0 */
/* Says why an operation stopped, and at which place of the input. */
#ifndef RW_CORE_BASE_ERROR_H
#define RW_CORE_BASE_ERROR_H

#include <stdbool.h>

#include "core/base/attributes.h"

#define RW_ERROR_AT_MAX 256   /* bytes of a JSON pointer in an error, its NUL included */
#define RW_ERROR_TEXT_MAX 512 /* bytes of an error's sentence, its NUL included */

enum rw_code {
#define RW_CODE(symbol, id, http, exit, sentence) symbol,
#include "core/base/error_codes.def"
#undef RW_CODE
    RW_CODE_COUNT
};

/* Plain bytes on the caller's stack; all zero means no error. The first cause wins: setting an
 * error that is already set changes nothing. Both texts are always NUL-terminated. */
struct rw_error {
    enum rw_code code;
    char at[RW_ERROR_AT_MAX];     /* JSON pointer into the input; "" = the whole of it */
    char text[RW_ERROR_TEXT_MAX]; /* one sentence for a person, no newline */
};

/* Sets the error unless it is set. Always returns false, so that a caller can return it.
 * `err` may be NULL: then only false is returned. A text that is too long is cut at a character. */
bool rw_error_set(struct rw_error *err, enum rw_code code, const char *at, const char *format, ...)
    RW_PRINTF(4, 5);

/* Puts `prefix` before the place of an error that was set by a lower function. */
bool rw_error_prefix(struct rw_error *err, const char *prefix);

/* "invalid" for RW_INVALID and so on; the words of error_codes.def. Never NULL. */
const char *rw_error_id(enum rw_code code);
const char *rw_error_title(enum rw_code code);
int rw_error_http_status(enum rw_code code);
/* The exit status of a program that stops with this code (docs/FORMATS.md). */
int rw_error_exit_status(enum rw_code code);

#endif
