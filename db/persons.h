/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps the people who sign in. */
#ifndef RW_DB_PERSONS_H
#define RW_DB_PERSONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/scope.h"

#define PERSONS_LISTED_MAX 1000

struct persons_row {
    const char *person_id;
    const char *name;
    const char *role;
    const char *language;
    const char *team;      /* NULL = none */
    int64_t ended_ms;      /* 0 = may sign in */
    const char *password;  /* Argon2id; NULL until one was chosen */
    const char *code_hash; /* NULL when no one-time code is out */
    int64_t code_expires_ms;
    const char *totp_nonce; /* NULL before the second factor was enrolled */
    int64_t totp_step;      /* whose code was used last */
};
struct persons_list {
    struct persons_row *rows; /* by id */
    size_t count;
};

/* RW_CONFLICT: somebody has, or had, that id. */
RW_MUST_USE bool persons_insert(const struct scope *scope, const struct persons_row *row,
                                struct rw_error *err);
/* Locks the row until the transaction ends. `ret_row->person_id` is NULL when there is none. */
RW_MUST_USE bool persons_find(const struct scope *scope, const char *person_id,
                              struct persons_row *ret_row, struct rw_error *err);
/* Writes all but id and role. */
RW_MUST_USE bool persons_update(const struct scope *scope, const struct persons_row *row,
                                struct rw_error *err);
RW_MUST_USE bool persons_find_all(const struct scope *scope, struct persons_list *ret_list,
                                  struct rw_error *err);

#endif
