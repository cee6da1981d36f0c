/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps the hashes of bearer tokens and who they stand for. */
#ifndef RW_DB_TOKENS_H
#define RW_DB_TOKENS_H

#include <stdbool.h>
#include <stdint.h>

#include "db/scope.h"

struct token_row {
    const char *role; /* NULL when no such token is valid */
    const char *name;
};

/* RW_CONFLICT: a valid token has that name already. */
RW_MUST_USE bool tokens_insert(const struct scope *scope, const char *hash, const char *role,
                               const char *name, struct rw_error *err);
RW_MUST_USE bool tokens_find(const struct scope *scope, const char *hash, struct token_row *ret_row,
                             struct rw_error *err);
/* How many valid tokens there are of this role. */
RW_MUST_USE bool tokens_count(const struct scope *scope, const char *role, int64_t *ret_count,
                              struct rw_error *err);
/* Is there a valid token of that name and role? */
RW_MUST_USE bool tokens_has(const struct scope *scope, const char *name, const char *role,
                            bool *ret_has, struct rw_error *err);
/* Has a valid token that name? */
RW_MUST_USE bool tokens_has_name(const struct scope *scope, const char *name, bool *ret_has,
                                 struct rw_error *err);
/* Refuses the token of that name from now on; 0 or 1 was changed. */
RW_MUST_USE bool tokens_revoke(const struct scope *scope, const char *name, int64_t *ret_changed,
                               struct rw_error *err);

#endif
