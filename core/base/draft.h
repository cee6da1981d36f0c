/* SPDX-License-Identifier: Apache-2.0 */
/* A file that appears whole or not at all, made piece by piece. */
#ifndef RW_CORE_BASE_DRAFT_H
#define RW_CORE_BASE_DRAFT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/attributes.h"
#include "core/base/error.h"

#define RW_DRAFT_PATH_MAX 4096 /* bytes of a path, NUL included */

/* For writers that make their bytes piece by piece: `rw_draft_begin`, writes to `descriptor`, then
 * `rw_draft_commit` or `rw_draft_abandon`. */
struct rw_draft {
    int descriptor;
    bool is_straight; /* a device, a pipe or standard output: written as it comes */
    char path[RW_DRAFT_PATH_MAX];
    char draft[RW_DRAFT_PATH_MAX]; /* its name until it has its own; empty where it has none */
};
RW_MUST_USE bool rw_draft_begin(struct rw_draft *draft, const char *path, int mode,
                                struct rw_error *err);
RW_MUST_USE bool rw_draft_commit(struct rw_draft *draft, struct rw_error *err);
/* Writes the bytes; on failure the draft is abandoned. */
RW_MUST_USE bool rw_draft_fill(struct rw_draft *draft, const void *bytes, size_t length,
                               struct rw_error *err);
/* Commits many drafts of one folder for little more than the price of one: each is synced before
 * any is renamed, and the folder once. On failure some may have appeared, each of them whole. */
RW_MUST_USE bool rw_draft_commit_all(struct rw_draft *drafts, size_t count, struct rw_error *err);
void rw_draft_abandon(struct rw_draft *draft);

#endif
