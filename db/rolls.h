/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps rolls: their state, and every version's document. */
#ifndef RW_DB_ROLLS_H
#define RW_DB_ROLLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/model/roll.h"
#include "db/scope.h"

#define ROLLS_UNCOUNTED (-1)

struct rolls_row {
    const char *number;
    const char *client_id;
    const char *pseudonym;
    int64_t version;
    enum roll_state state;
    int64_t from_day;
    int64_t days;
    int64_t policy;   /* version of the policy it was planned with */
    int64_t products; /* version of the product table */
    const char *approved_by;
    const char *printed_by;
    const char *counted_by;
    const char *released_by;
    const char *dispenser_id;
    const char *client_name; /* as printed */
    int64_t changed_ms;      /* when state or version last changed */
    int64_t created_ms;      /* when it was planned */
    int64_t documents; /* with orders of the client, from which; ROLLS_UNCOUNTED: nobody counted */
};
struct rolls_document {
    int64_t version;
    const char *fingerprint;
    const char *bytes;
    size_t length;
};

/* RW_CONFLICT: the number is taken. */
RW_MUST_USE bool rolls_insert(const struct scope *scope, const struct rolls_row *row,
                              struct rw_error *err);
/* The row; RW_NOT_FOUND. With `lock` nobody else changes it until the transaction ends. */
RW_MUST_USE bool rolls_get(const struct scope *scope, const char *number, bool lock,
                           struct rolls_row *ret_row, struct rw_error *err);
/* Writes state, version and the people of the row. */
RW_MUST_USE bool rolls_update(const struct scope *scope, const struct rolls_row *row,
                              struct rw_error *err);
RW_MUST_USE bool rolls_insert_version(const struct scope *scope, const char *number,
                                      const struct rolls_document *document, struct rw_error *err);
/* The document of one version; RW_NOT_FOUND. */
RW_MUST_USE bool rolls_get_version(const struct scope *scope, const char *number, int64_t version,
                                   struct rolls_document *ret_document, struct rw_error *err);

/* Who planned it. */
RW_MUST_USE bool rolls_planned_by(const struct scope *scope, const char *number,
                                  const char **ret_person, struct rw_error *err);
/* Did the person who acts have bags of it made again? */
RW_MUST_USE bool rolls_is_remaker(const struct scope *scope, const char *number, bool *ret_is,
                                  struct rw_error *err);

struct rolls_override {
    int64_t finding; /* its index in the roll's findings */
    const char *id;
    const char *reason;
};
RW_MUST_USE bool rolls_insert_override(const struct scope *scope, const struct rolls_row *row,
                                       const struct rolls_override *override, struct rw_error *err);

#define ROLLS_LISTED_MAX 200
struct rolls_list {
    struct rolls_row *rows;
    size_t count;
};
/* The newest rolls, of one client or (client_id NULL) of all. */
RW_MUST_USE bool rolls_find(const struct scope *scope, const char *client_id,
                            struct rolls_list *ret_list, struct rw_error *err);

/* What a person looks for. Empty texts leave a condition out. */
struct rolls_search {
    const char *text; /* roll number, client id, or a part of the client's name */
    const char *state;
    int64_t limit; /* at most ROLLS_LISTED_MAX */
};
/* What changed last comes first. */
RW_MUST_USE bool rolls_look_for(const struct scope *scope, const struct rolls_search *search,
                                struct rolls_list *ret_list, struct rw_error *err);

struct rolls_overrides {
    const char *id; /* of the finding */
    const char *actor;
    const char *reason;
    int64_t at_ms;
};
/* Why findings of this version were let stand. */
RW_MUST_USE bool rolls_find_overrides(const struct scope *scope, const struct rolls_row *row,
                                      struct rolls_overrides **ret_overrides, size_t *ret_count,
                                      struct rw_error *err);

#endif
