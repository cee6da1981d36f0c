/* SPDX-License-Identifier: Apache-2.0 */
/* Whose records a statement may touch, in which transaction, for whom. */
#ifndef RW_DB_SCOPE_H
#define RW_DB_SCOPE_H

#include <stdint.h>

#include "core/base/arena.h"
#include "db/conn.h"

/* What every table function is handed. The pharmacy stands in each key, so no statement crosses
 * from one pharmacy to another. Answers live in `arena`. */
struct scope {
    struct conn *conn;
    const char *pharmacy;
    struct rw_arena *arena;
    int64_t now_ms;     /* UTC milliseconds, the same throughout one transaction */
    const char *actor;  /* name of the token or id of the device */
    const char *role;   /* in which role */
    const char *source; /* address of the caller */
};

#endif
