/* SPDX-License-Identifier: Apache-2.0 */
/* What rolwacht serve does with journal and keys alone. */
#ifndef RW_CLI_SERVE_JOURNAL_H
#define RW_CLI_SERVE_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/options.h"
#include "db/journal.h"

struct serve_journal {
    const char *file;     /* an export to be checked; NULL = none */
    const char *keys;     /* whom to trust for it; NULL = the list under the state folder */
    bool rotate;          /* a new key for it */
    bool rotate_schedule; /* a new key for schedules … */
    int64_t rotate_days;  /* … that signs from then on */
};

/* Says what a check found; the exit status is 0 for a whole chain, else 1. */
enum options_exit serve_journal_print(const struct options *options,
                                      const struct journal_report *report);
/* Checks a file or makes a new key; neither needs the database. */
enum options_exit serve_journal_run(const struct options *options,
                                    const struct serve_journal *journal, const char *state);

#endif
