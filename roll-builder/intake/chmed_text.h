/* SPDX-License-Identifier: Apache-2.0 */
/* Unwraps an eMediplan: prefix, version, chunks, base64, gzip. */
#ifndef RW_ROLL_BUILDER_INTAKE_CHMED_TEXT_H
#define RW_ROLL_BUILDER_INTAKE_CHMED_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

#define CHMED_UNPACKED_MAX ((size_t)4 * 1024 * 1024) /* bytes of the JSON inside */
#define CHMED_CHUNKS_MAX 64                          /* parts of one CHMED23 document */

/* Does the text begin with "CHMED" and a digit, in letters of any case, or is it the address of an
 * electronic prescription that holds such a text? */
bool chmed_text_is(const char *bytes, size_t length);
/* The address "https://…#CHMED…&…" of a signed prescription, as its QR code has it? */
bool chmed_text_is_signed(const char *bytes, size_t length);
/* `bytes` are one document (or all of its chunks, with white space between them; or the address of
 * one, whose signature is not looked at). Gives the JSON
 * inside and its release year, 16 or 23. */
RW_MUST_USE bool chmed_text_unwrap(const char *bytes, size_t length, struct rw_arena *arena,
                                   const char **ret_json, size_t *ret_length, int *ret_year,
                                   struct rw_error *err);

#endif
