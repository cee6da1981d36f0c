/* SPDX-License-Identifier: Apache-2.0 */
/* Writes tables as CSV (RFC 4180) for programs and for spreadsheets. */
#ifndef RW_API_CSV_H
#define RW_API_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "api/exchange.h"
#include "core/base/text.h"

#define CSV_MAX (16 * RW_ARENA_MIB) /* bytes of one table */

struct service;

/* A table under construction. Who asks with ?for=sheet opens it in a spreadsheet of a country that
 * writes 1,5: it gets a byte order mark, semicolons and decimal commas, and each name that is made
 * of digits as ="0042", so that it stays what it is. Programs get RFC 4180. */
struct csv {
    struct rw_text text;
    bool for_sheet;
};

/* Begins with the line of the columns. */
void csv_begin(struct csv *csv, struct exchange *exchange, const char *const *names, size_t count);
/* One line. A cell that a spreadsheet would take for a formula gets an apostrophe before it; a
 * plain number stays one. */
void csv_row(struct csv *csv, const char *const *cells, size_t count);
/* Answers with the table as a file of that name. */
void csv_reply(struct service *service, struct exchange *exchange, const struct csv *csv,
               const char *name);

#endif
