/* SPDX-License-Identifier: Apache-2.0 */
/* Makes and runs a PostgreSQL of the service's own. */
#ifndef RW_API_PRIVATE_CLUSTER_H
#define RW_API_PRIVATE_CLUSTER_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/clock.h"
#include "core/base/error.h"
#include "db/conn.h"

/* A cluster that lives under --state and is a child of this process: reachable only over a socket
 * in a folder that only its account may enter, stopped with the service, and with it when the
 * service is killed. As root it runs under an account without rights. One service a folder. */
struct private_cluster;

/* Starts its server, or the making of the cluster where there is none, and does not wait for it.
 * The thread that calls this must live as long as the cluster, and so must the arena. `wal_archive`
 * is a folder that the account may write, for finished WAL; NULL = none is kept. */
RW_MUST_USE bool private_cluster_begin(const char *state_folder, const char *wal_archive,
                                       const struct rw_clock *clock, struct rw_arena *arena,
                                       struct private_cluster **ret_cluster, struct rw_error *err);
/* Waits until the server answers and makes the database, once and before all that follows. */
RW_MUST_USE bool private_cluster_finish(struct private_cluster *cluster, struct rw_error *err);
/* Where to connect: as the owner of the tables, and as the running service. */
const char *private_cluster_owner(const struct private_cluster *cluster);
const char *private_cluster_app(const struct private_cluster *cluster);
/* The owner's connection that found the database there, once: whoever takes it closes it. */
struct conn *private_cluster_take_conn(struct private_cluster *cluster);
/* Both are for the thread that opened it: whether the server has died, and its next start. */
RW_MUST_USE bool private_cluster_has_ended(struct private_cluster *cluster);
RW_MUST_USE bool private_cluster_restart(struct private_cluster *cluster, struct rw_error *err);
void private_cluster_close(struct private_cluster *cluster); /* NULL is allowed */

#endif
