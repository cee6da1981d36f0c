/* SPDX-License-Identifier: Apache-2.0 */
/* Shows a person at a terminal how far a long run is. */
#ifndef RW_CLI_BUILD_PROGRESS_H
#define RW_CLI_BUILD_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/options.h"

/* One line on standard error that is written over itself, where that is a terminal. */
struct build_progress {
    const char *what; /* "files read" */
    size_t count;     /* at the end */
    bool shown;       /* whether anybody looks */
    bool written;     /* the line stands there */
    bool mixed;       /* standard output goes to a terminal as well */
    int64_t began_ms;
    int64_t told_ms;
};

void build_progress_begin(struct build_progress *progress, const struct options *options,
                          const char *what, size_t count);
void build_progress_tell(struct build_progress *progress, size_t done);
/* Before anything else is said, and at the end. */
void build_progress_clear(struct build_progress *progress);

#endif
