/* SPDX-License-Identifier: Apache-2.0 */
/* A folder for the tests of what runs a PostgreSQL of its own. */
#define _GNU_SOURCE
#include "tests/unit/api/cluster_home.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "core/base/crypto.h"

int cluster_home_make(void **state)
{
    static struct cluster_home home;
    struct rw_error err = { 0 };
    if (!scratch_make(home.folder) || !rw_crypto_init(&err))
        return -1;
    home.arena = rw_arena_open((size_t)4 * RW_ARENA_MIB);
    home.clock = rw_clock_system();
    *state = &home;
    return home.arena ? 0 : -1;
}

int cluster_home_remove(void **state)
{
    struct cluster_home *home = *state;
    char command[160];
    rw_arena_close(home->arena);
    (void)snprintf(command, sizeof command, "rm -rf %s", home->folder);
    return system(command);
}

bool cluster_home_open(const struct cluster_home *home, const char *folder,
                       struct private_cluster **ret_cluster, struct rw_error *err)
{
    struct private_cluster *cluster = NULL;
    if (!private_cluster_begin(folder, NULL, &home->clock, home->arena, &cluster, err))
        return false;
    if (!private_cluster_finish(cluster, err)) {
        private_cluster_close(cluster);
        return false;
    }
    *ret_cluster = cluster;
    return true;
}
