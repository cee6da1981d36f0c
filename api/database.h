/* SPDX-License-Identifier: Apache-2.0 */
/* Opens the database that the service works on. */
#ifndef RW_API_DATABASE_H
#define RW_API_DATABASE_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

struct private_cluster;
struct service;

/* Each brings the schema up to date and opens the service's pool, which lives in the arena; on
 * failure the pool may be open. Here one that is there, by connection strings that live as long as
 * the service: its own, and that of who owns the tables (NULL = the same). */
RW_MUST_USE bool database_open(struct service *service, const char *text, const char *owner,
                               struct rw_arena *arena, struct rw_error *err);
/* The service's own, that was begun. */
RW_MUST_USE bool database_open_own(struct service *service, struct private_cluster *cluster,
                                   struct rw_arena *arena, struct rw_error *err);
/* Can a service run on this one? See conninfo_check and pool_check_sessions. */
RW_MUST_USE bool database_check(const char *text, struct rw_arena *arena, struct rw_error *err);

#endif
