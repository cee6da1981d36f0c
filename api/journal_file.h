/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the journal as a file, and checks one without a database. */
#ifndef RW_API_JOURNAL_FILE_H
#define RW_API_JOURNAL_FILE_H

#include <stdbool.h>

#include "api/key_files.h"
#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "db/journal.h"

/* JSON lines: a head with the keys, then rows in their order, then, behind the rows that it covers,
 * each checkpoint. Parts that were fetched one after another make one file. */
#define JOURNAL_FILE_FORMAT "rolwacht/journal/1"
#define JOURNAL_FILE_LINE_MAX (256 * 1024)

void journal_file_add_head(struct rw_text *text, const char *pharmacy, const struct keyring *keys);
void journal_file_add_row(struct rw_text *text, const struct journal_sealed *sealed);
void journal_file_add_checkpoint(struct rw_text *text, const char *signed_head);

/* Recomputes the chain of the file and proves each checkpoint with `keys`, or (NULL) with those
 * that the file itself names, which proves only that it fits together. A broken chain is an answer;
 * a line that is none of the above is an error with its number. */
RW_MUST_USE bool journal_file_check(const char *path, const struct keyring *keys,
                                    struct journal_report *ret_report, struct rw_error *err);

#endif
