/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps who did what and why, and seals it with a chain of hashes. */
#ifndef RW_DB_JOURNAL_H
#define RW_DB_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/crypto.h"
#include "core/model/chain.h"
#include "db/scope.h"

#define JOURNAL_PAGE 500             /* rows sealed or checked at once */
#define JOURNAL_LISTED_MAX 500       /* clients of one list */
#define JOURNAL_LATE_MS (600 * 1000) /* a transaction may commit this long after its row's time */

/* One act. Actor, role, source and time are the scope's. No names, no drugs. */
struct journal_act {
    const char *action;      /* "approve" */
    const char *object_type; /* "roll" */
    const char *object_id;
    const char *client; /* pseudonym; "" when none is concerned */
    const char *detail; /* "" when there is nothing to say */
};
/* The end of the chain. */
struct journal_head {
    int64_t seq; /* 0 = nothing is sealed yet */
    char hash[RW_HEX_SHA256_MAX];
};
struct journal_report {
    struct journal_head head;
    int64_t checked;     /* seals that were recomputed and found good */
    int64_t unsealed;    /* rows that wait for their seal */
    int64_t broken;      /* first seq that is wrong; 0 = the chain is whole */
    int64_t checkpoints; /* signed places that lie on the chain */
    int64_t signed_to;   /* the last row that one of them covers */
    char why[128];
};

/* A row with its place in the chain. */
struct journal_sealed {
    int64_t seq;
    const char *hash;
    struct chain_row row;
};

/* In the transaction of the act itself: no journal, no act. */
RW_MUST_USE bool journal_insert(const struct scope *scope, const struct journal_act *act,
                                struct rw_error *err);
/* A list was read: one row that names each client of whom it told, once. */
RW_MUST_USE bool journal_insert_list(const struct scope *scope, const char *object_type,
                                     const char *const *clients, size_t count,
                                     struct rw_error *err);
/* The same, unless this actor did the same with the same thing in the last JOURNAL_ONCE_MS: a page
 * that shows forty pictures of one roll is one reading. */
#define JOURNAL_ONCE_MS (600 * 1000)
RW_MUST_USE bool journal_insert_once(const struct scope *scope, const struct journal_act *act,
                                     struct rw_error *err);

/* Rows for people, newest first. Empty texts and 0 leave a condition out. */
struct journal_search {
    const char *object_id;
    const char *actor;
    const char *client; /* pseudonym */
    int64_t from_ms;
    int64_t to_ms;
    int64_t limit;
};
struct journal_row {
    int64_t at_ms;
    struct journal_act act;
    const char *actor;
    const char *role;
    const char *source;
};
#define JOURNAL_FOUND_MAX 100000 /* rows of one export */
RW_MUST_USE bool journal_find(const struct scope *scope, const struct journal_search *search,
                              struct journal_row **ret_rows, size_t *ret_count,
                              struct rw_error *err);
/* Seals at most JOURNAL_PAGE rows that are not older than `since_ms`; `ret_sealed` = how many. Two
 * services that seal at the same time: one gets RW_CONFLICT and does nothing. */
RW_MUST_USE bool journal_seal(const struct scope *scope, int64_t since_ms, int64_t *ret_sealed,
                              struct journal_head *ret_head, struct rw_error *err);
/* The end of the chain as it is. */
RW_MUST_USE bool journal_last(const struct scope *scope, struct journal_head *ret_head,
                              struct rw_error *err);
/* Sealed rows behind `after`, in their order, at most JOURNAL_PAGE. */
RW_MUST_USE bool journal_page(const struct scope *scope, int64_t after,
                              struct journal_sealed **ret_rows, size_t *ret_count,
                              struct rw_error *err);
/* Recomputing a chain row by row, wherever the rows come from. */
void journal_begin(struct journal_report *report);
void journal_follow(struct journal_report *report, const struct journal_sealed *sealed);
/* Recomputes the whole chain. A chain that is broken is an answer, not an error. */
RW_MUST_USE bool journal_check(const struct scope *scope, struct journal_report *ret_report,
                               struct rw_error *err);
/* The hash at one place of the chain, to be compared with an exported head; false when absent. */
RW_MUST_USE bool journal_hash(const struct scope *scope, int64_t seq, const char **ret_hash,
                              struct rw_error *err);

#endif
