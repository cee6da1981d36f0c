/* SPDX-License-Identifier: Apache-2.0 */
/* The application identifiers that the program knows, as rows. */
#ifndef RW_CORE_MODEL_GS1_TABLE_H
#define RW_CORE_MODEL_GS1_TABLE_H

#include <stdbool.h>
#include <stddef.h>

/* One row (GS1 General Specifications, section 3). `format` is a list of parts: N6 = six digits,
 * N..8 = one to eight, X = characters of set 82, Y of set 39, Z of base64url; [ ] = may be absent;
 * behind a comma the check of the part: csum, yymmd0, yymmdd, hhmi, piece, zero. */
struct gs1_row {
    const char *ai;
    const char *format;
    bool fixed;           /* predefined length: no separator needed behind it */
    const char *needs;    /* "01,03" = one of them; "01+10" = both; NULL = nothing */
    const char *excludes; /* "02,37"; NULL = nothing */
};

/* NULL when the AI is none of the rows. */
const struct gs1_row *gs1_table_find(const char *ai);
/* The row whose AI stands at the start of these bytes. */
const struct gs1_row *gs1_table_match(const char *bytes, size_t length);

#endif
