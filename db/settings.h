/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps the pharmacy, its policy and its product table in all versions. */
#ifndef RW_DB_SETTINGS_H
#define RW_DB_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/scope.h"

struct settings_row {
    int64_t version; /* 0 = none was ever given */
    const char *bytes;
    size_t length;
};

/* The pharmacy itself; one that is there stays as it is. */
RW_MUST_USE bool settings_add_pharmacy(const struct scope *scope, struct rw_error *err);
/* `kind` is "policy" or "products". The same bytes as the version that holds make no new one. */
RW_MUST_USE bool settings_insert(const struct scope *scope, const char *kind, const char *bytes,
                                 size_t length, int64_t *ret_version, struct rw_error *err);
/* The version that holds. */
RW_MUST_USE bool settings_find(const struct scope *scope, const char *kind,
                               struct settings_row *ret_row, struct rw_error *err);

#endif
