/* SPDX-License-Identifier: Apache-2.0 */
/* Says a sentence of the program in the language of its reader. */
#ifndef RW_API_SENTENCE_H
#define RW_API_SENTENCE_H

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/json/json_read.h"

#define SENTENCE_GAPS_MAX 6 /* places of one sentence where something was written in */
#define SENTENCE_BYTES_MAX 1024

/* Errors, findings and the journal speak English. A book has a row for each sentence: its name is
 * the English one with "…" where something was written in; its text is the other language's, with
 * {1} for what the first "…" held, or {1:state} for the word "state." and that value. */
struct sentence_book {
    const struct json *rows;  /* NULL for a reader of English */
    const struct json *words; /* of the language (template.h) */
};

/* NULL when no row fits: then what is there is shown, marked as English. A sentence before ": " is
 * also said when what stands behind it is somebody's own words. Where several rows fit, the one
 * with the most words of its own is taken. */
const char *sentence_say(const struct sentence_book *book, const char *english,
                         struct rw_arena *arena);

#endif
