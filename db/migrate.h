/* SPDX-License-Identifier: Apache-2.0 */
/* Brings a database to the schema that this program knows. */
#ifndef RW_DB_MIGRATE_H
#define RW_DB_MIGRATE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/attributes.h"
#include "core/base/embedded.h"
#include "core/base/error.h"
#include "db/conn.h"

#define MIGRATE_FILES_MAX 999
#define MIGRATE_STATEMENT_MS 600000 /* one statement may rewrite a table of years */

/* db/migrations in the order of their numbers, and the grants. */
extern const struct rw_embedded migrate_files[];
extern const struct rw_embedded migrate_grants[];
extern const struct rw_embedded migrate_fences[];

/* Applies what is missing, all files in one transaction: one that fails leaves the database to the
 * program that it was good for. Several services may do it at the same time. A file that was
 * applied and has changed since, or a database that is ahead of this program, is RW_CONFLICT:
 * nothing is done. `files` ends with a row without a name. */
RW_MUST_USE bool migrate_run(struct conn *conn, const struct rw_embedded *files, int64_t now_ms,
                             int32_t *ret_applied, struct rw_error *err);
/* Makes the database itself refuse a connection the rows of any pharmacy but its own, in each table
 * that has them, for the owner as well. Tables that are so already are not touched. */
RW_MUST_USE bool migrate_fence(struct conn *conn, struct rw_error *err);
/* Gives the role of the running service its rights, where that role exists. */
RW_MUST_USE bool migrate_grant(struct conn *conn, struct rw_error *err);

#endif
