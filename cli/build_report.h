/* SPDX-License-Identifier: Apache-2.0 */
/* What a build did: summary.json, and which findings a person overrode. */
#ifndef RW_CLI_BUILD_REPORT_H
#define RW_CLI_BUILD_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/build_inputs.h"
#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/draft.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/json/json_write.h"
#include "core/model/media.h"
#include "core/model/roll.h"
#include "roll-builder/window.h"

#define BUILD_SUMMARY_BYTES_MAX ((size_t)256 * 1024 * 1024) /* rows of one client */

struct build_counts {
    size_t built;
    size_t blocked;
    size_t open; /* findings of severity O that nobody has taken yet */
};

/* summary.json while it is written, client by client: it is never whole in memory. */
struct build_report {
    struct rw_arena *arena; /* of what is on its way to the file */
    struct rw_text text;
    struct json_writer writer;
    struct rw_draft draft;
    bool copies; /* the same bytes to standard output */
    struct build_counts counts;
};

/* One client: its roll (which has no bags when it is blocked) and what was written of it. */
struct build_result {
    const struct roll *roll;
    bool blocked;
    const char *file; /* NULL when nothing was written */
    const char *fingerprint;
};
/* The rolls of one client, one after the other in time. */
struct build_results {
    struct build_result *list;
    size_t count;
};

/* One row of the summary, as JSON; counts what it says. */
RW_MUST_USE bool build_report_row(const struct build_result *result, struct rw_arena *arena,
                                  struct build_counts *counts, const char **ret_json,
                                  struct rw_error *err);

/* What all rolls of the run share. */
struct build_common {
    const char *pharmacy_id;
    const struct media *media;
    const struct window *window;
};
RW_MUST_USE bool build_report_begin(struct build_report *report, const char *path,
                                    const struct build_common *common, struct rw_error *err);
RW_MUST_USE bool build_report_add(struct build_report *report, const char *json,
                                  struct rw_error *err);
/* Lists the agreements whose client is not known, and gives the file its name. */
RW_MUST_USE bool build_report_end(struct build_report *report, const struct build_inputs *inputs,
                                  struct rw_error *err);

#endif
