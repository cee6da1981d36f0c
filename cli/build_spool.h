/* SPDX-License-Identifier: Apache-2.0 */
/* A list of records that goes to the disk, and sorts itself there. */
#ifndef RW_CLI_BUILD_SPOOL_H
#define RW_CLI_BUILD_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

#define BUILD_SPOOL_KEPT ((size_t)128 * 1024)             /* bytes that stay in memory */
#define BUILD_SPOOL_RECORD_MAX ((size_t)16 * 1024 * 1024) /* bytes of one record */
#define BUILD_SPOOL_RUN 8192                              /* records that are sorted in memory */
#define BUILD_SPOOL_RUNS_MAX 1024                         /* such parts of a list that are merged */

/* Bytes of which the newest are in memory and the others in a file without a name. */
struct build_tape {
    char *bytes;
    size_t length;
    uint64_t spilled; /* how many went to the file */
    int file;         /* open when some did */
};

/* Records in the order in which they were added. What fits in memory makes no file; the rest lies
 * in $TMPDIR or /var/tmp. Processes that are forked from this one may read it as it was then. */
struct build_spool {
    struct rw_arena *arena; /* lives as long as the spool */
    struct build_tape records;
    struct build_tape ends; /* of each record, as uint64_t */
    size_t count;
};

struct build_record {
    const char *bytes; /* a NUL that is not counted follows them */
    size_t length;
};

/* Allocates nothing yet. */
void build_spool_init(struct build_spool *spool, struct rw_arena *arena);
RW_MUST_USE bool build_spool_add(struct build_spool *spool, const char *bytes, size_t length,
                                 struct rw_error *err);
RW_MUST_USE bool build_spool_get(const struct build_spool *spool, size_t index,
                                 struct rw_arena *arena, struct build_record *ret_record,
                                 struct rw_error *err);
/* By their bytes, and of two that begin alike the shorter one first. */
RW_MUST_USE bool build_spool_sort(const struct build_spool *spool, struct build_spool *sorted,
                                  struct rw_error *err);
void build_spool_close(struct build_spool *spool);

#endif
