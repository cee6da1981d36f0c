/* SPDX-License-Identifier: Apache-2.0 */
/* Tries whether the database's disk has room for more. */
#include "db/room.h"

/* What a function in FROM gives is kept as a whole, and beyond work_mem in a file: 100,000 numbers
 * are 171 blocks of it, 1.4 MB (EXPLAIN (ANALYZE, BUFFERS) of PostgreSQL 15). */
bool room_check(const struct scope *scope, struct rw_error *err)
{
    return conn_script(scope->conn, "SET LOCAL work_mem = '64kB'", err) &&
           conn_run(scope->conn, "SELECT count(*) FROM generate_series(1, 100000)", NULL, 0,
                    scope->arena, NULL, err);
}
