/* SPDX-License-Identifier: Apache-2.0 */
/* Finds PostgreSQL and makes the files of the service's own cluster. */
#ifndef RW_API_CLUSTER_FILES_H
#define RW_API_CLUSTER_FILES_H

#include <stdbool.h>
#include <sys/types.h>

#include "api/child.h"
#include "core/base/attributes.h"
#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/file.h"

/* Where the cluster lies and who it belongs to. `lock` is held as long as these are open: one
 * service a folder. */
struct cluster_files {
    struct rw_clock clock;
    struct child_account account;
    char bin[RW_FILE_PATH_MAX];  /* folder of postgres and initdb */
    char base[RW_FILE_PATH_MAX]; /* holds the folder data, the log and the lock */
    char data[RW_FILE_PATH_MAX];
    char log[RW_FILE_PATH_MAX];
    char draft[RW_FILE_PATH_MAX]; /* what initdb makes */
    pid_t initdb;                 /* 0 = none runs */
    int lock;                     /* -1 = not held */
};

/* `clock` is set, `lock` is -1. Where there is no cluster yet, starts to make one (initdb). */
RW_MUST_USE bool cluster_files_begin(struct cluster_files *files, const char *state_folder,
                                     struct rw_error *err);
/* Waits for that; then the cluster is whole and a server can start. For the same thread. */
RW_MUST_USE bool cluster_files_finish(struct cluster_files *files, struct rw_error *err);
void cluster_files_close(struct cluster_files *files);

#endif
