/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps every bag made for a roll, its verdicts and its pictures. */
#ifndef RW_DB_BAGS_H
#define RW_DB_BAGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/model/roll.h"
#include "db/scope.h"

/* A bag with the verdict that holds: the one that counting_verdict of the database tells, as in
 * every list (db/lookups.h). */
struct bags_row {
    const char *serial;
    int64_t n;
    bool revoked;
    const char *verdict; /* NULL when nobody judged it yet */
    const char *judged;  /* "code order print" */
    bool by_person;
    const char *actor;
    const char *reason;
    const char *glance; /* what a line saw since its last verdict, of code and print; or NULL */
    const char *glance_actor;
    const char *glance_reason;
};
struct bags_list {
    struct bags_row *rows; /* by serial */
    size_t count;
};
struct bags_verdict {
    const char *roll;
    const char *serial;
    const char *verdict_id;
    bool by_person;
    const char *verdict;
    const char *judged;
    const char *reason;
    const char *bytes;
    size_t length;
};
struct bags_picture {
    const char *roll;
    const char *serial;
    const char *picture_id;
    const char *media_type;
    const char *bytes;
    size_t length;
};

/* Makes the bags of the roll known that are not yet, as made by the roll's version, and revokes
 * those that the roll no longer has. */
RW_MUST_USE bool bags_replace(const struct scope *scope, const struct roll *roll,
                              struct rw_error *err);
/* This bag no longer counts, though nothing takes its place in its roll. */
RW_MUST_USE bool bags_revoke(const struct scope *scope, const char *roll, int64_t version,
                             const char *serial, struct rw_error *err);
/* All bags of a roll, revoked ones too, each with the verdict that holds: the last one, but what a
 * person refused only a person takes back. */
RW_MUST_USE bool bags_find(const struct scope *scope, const char *roll, struct bags_list *ret_list,
                           struct rw_error *err);
/* Is it, byte for byte, the last one that this actor gave about the bag? */
RW_MUST_USE bool bags_is_repeat(const struct scope *scope, const struct bags_verdict *verdict,
                                bool *ret_repeat, struct rw_error *err);
RW_MUST_USE bool bags_insert_verdict(const struct scope *scope, const struct bags_verdict *verdict,
                                     struct rw_error *err);
RW_MUST_USE bool bags_insert_picture(const struct scope *scope, const struct bags_picture *picture,
                                     struct rw_error *err);
/* The same of a picture. */
RW_MUST_USE bool bags_is_picture_repeat(const struct scope *scope,
                                        const struct bags_picture *picture, bool *ret_repeat,
                                        struct rw_error *err);
/* The last picture of a bag; `ret_picture->bytes` is NULL when there is none. */
RW_MUST_USE bool bags_find_picture(const struct scope *scope, const char *roll, const char *serial,
                                   struct bags_picture *ret_picture, struct rw_error *err);

#endif
