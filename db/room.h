/* SPDX-License-Identifier: Apache-2.0 */
/* Tries whether the database's disk has room for more. */
#ifndef RW_DB_ROOM_H
#define RW_DB_ROOM_H

#include <stdbool.h>

#include "db/scope.h"

/* Writes about two megabytes to a temporary file of the server's, which is gone before it answers:
 * beside the tables and without a trace in the log of changes. Fails where no room is left. */
RW_MUST_USE bool room_check(const struct scope *scope, struct rw_error *err);

#endif
