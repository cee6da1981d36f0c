/* SPDX-License-Identifier: Apache-2.0 */
/* A folder for the tests of what runs a PostgreSQL of its own. */
#ifndef RW_TESTS_UNIT_API_CLUSTER_HOME_H
#define RW_TESTS_UNIT_API_CLUSTER_HOME_H

#include "api/private_cluster.h"
#include "tests/support/scratch.h"

struct cluster_home {
    char folder[SCRATCH_PATH_MAX];
    struct rw_arena *arena;
    struct rw_clock clock;
};

/* For cmocka's setup and teardown of a test: *state is a struct cluster_home. */
int cluster_home_make(void **state);
int cluster_home_remove(void **state);
/* A whole start, in that folder or another. */
bool cluster_home_open(const struct cluster_home *home, const char *folder,
                       struct private_cluster **ret_cluster, struct rw_error *err);

#endif
