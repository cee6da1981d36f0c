/* SPDX-License-Identifier: Apache-2.0 */
/* Writes tables as CSV (RFC 4180) for spreadsheets. */
#ifndef RW_API_CSV_H
#define RW_API_CSV_H

#include <stddef.h>

#include "api/exchange.h"
#include "core/base/text.h"

struct service;

/* One line. A cell that a spreadsheet would take for a formula gets an apostrophe before it. */
void csv_row(struct rw_text *text, const char *const *cells, size_t count);
/* Answers with the text as a file of that name. */
void csv_reply(struct service *service, struct exchange *exchange, const struct rw_text *text,
               const char *name);

#endif
