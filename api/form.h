/* SPDX-License-Identifier: Apache-2.0 */
/* Reads what a page's form sends. */
#ifndef RW_API_FORM_H
#define RW_API_FORM_H

#include <stdbool.h>

#include "api/exchange.h"
#include "core/base/attributes.h"

#define FORM_FIELDS_MAX 600 /* a reason for each finding of a roll, and a few more */

/* Fills the exchange's fields from a body of application/x-www-form-urlencoded (WHATWG URL 5.1) or
 * multipart/form-data (RFC 7578); the value of a file is its bytes. A body of another type has no
 * fields. Texts are UTF-8 without control characters but line ends, else RW_INVALID. */
RW_MUST_USE bool form_read(struct exchange *exchange, struct rw_error *err);

#endif
