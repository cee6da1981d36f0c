/* SPDX-License-Identifier: Apache-2.0 */
/* Lends connections to the threads that serve requests. */
#ifndef RW_DB_POOL_H
#define RW_DB_POOL_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/attributes.h"
#include "core/base/error.h"
#include "db/conn.h"

#define POOL_CONNS_MAX 64

/* Thread-safe. Connections are opened when they are first lent. */
struct pool;

/* The pool lives in the arena. */
RW_MUST_USE bool pool_open(const struct conn_target *target, size_t conn_count,
                           struct rw_arena *arena, struct pool **ret_pool, struct rw_error *err);
/* RW_CONFLICT when connections share a session of the server: a pooler of transactions is between.
 * What a session knows (whose rows it sees, its prepared statements, LISTEN) would be another's. */
RW_MUST_USE bool pool_check_sessions(struct pool *pool, struct rw_arena *arena,
                                     struct rw_error *err);
/* Connects one that is not lent, which is lent next. A failure is told to who is lent it. */
void pool_warm(struct pool *pool);
/* While the server answers nobody within its time, all but one caller a second fail at once. Who
 * waits in vain while others are answered fails alone. */
bool pool_is_silent(const struct pool *pool);
/* No room is left on a disk of the server's: it answers and keeps nothing that is new. So from the
 * first failure that said it until pool_note_room. */
bool pool_is_full(const struct pool *pool);
void pool_note_room(struct pool *pool); /* room was found */
void pool_close(struct pool *pool);     /* all connections must have come back */
/* Runs the work in one transaction on a connection that nobody else uses meanwhile. */
RW_MUST_USE bool pool_transact(struct pool *pool, const struct conn_work *work,
                               struct rw_error *err);
/* Runs one reading statement without a transaction; see conn_read. */
RW_MUST_USE bool pool_read(struct pool *pool, const struct conn_work *work, struct rw_error *err);

#endif
