/* SPDX-License-Identifier: Apache-2.0 */
/* Builds the clients of a run, by one process or by several. */
#ifndef RW_CLI_BUILD_WORK_H
#define RW_CLI_BUILD_WORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/build_client.h"
#include "cli/build_inputs.h"
#include "cli/build_progress.h"
#include "cli/build_report.h"
#include "cli/options.h"
#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

#define BUILD_TOLD_BYTES_MAX ((size_t)16 * 1024 * 1024) /* said about one client */

/* All that the work needs; filled by the caller. */
struct build_work {
    struct build_plant *plant;
    struct build_inputs *inputs;
    struct build_report *report;
    const struct options *options;
    struct rw_arena *arena; /* of one client */
    size_t jobs;            /* processes; 0 = one for each processor, where it is worth it */
    struct build_progress progress;
    struct build_spool numbers; /* of each client's first roll */
    const char *failed;         /* client that the error speaks of, or NULL */
};

/* Writes the rolls, the rows of the summary and what people read, in the order of the clients: the
 * same bytes by however many processes. */
RW_MUST_USE bool build_work_run(struct build_work *work, struct rw_error *err);

#endif
