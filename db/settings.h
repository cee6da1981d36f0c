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

/* One version of old; `ret_row->version` is 0 when there is none of that number. */
RW_MUST_USE bool settings_find_version(const struct scope *scope, const char *kind, int64_t version,
                                       struct settings_row *ret_row, struct rw_error *err);

#define SETTINGS_LISTED_MAX 100
struct settings_version {
    int64_t version;
    int64_t at_ms;
    const char *actor;
    int64_t length; /* bytes of the file */
};
/* The last versions, the one that holds first. */
RW_MUST_USE bool settings_history(const struct scope *scope, const char *kind,
                                  struct settings_version **ret_versions, size_t *ret_count,
                                  struct rw_error *err);

#endif
