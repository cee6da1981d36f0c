/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps messages for others until they are delivered. */
#ifndef RW_DB_OUTBOX_H
#define RW_DB_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/scope.h"

#define OUTBOX_CLAIMED_MAX 8 /* so that slow calls to all of them end within their lease */
#define OUTBOX_LISTED_MAX 500

/* What is written with a change has no exit yet; outbox_split gives each exit a row of its own. */
struct outbox_row {
    const char *outbox_id;
    const char *topic;
    const char *payload;
    int64_t created_ms;
    int64_t attempts;
    const char *exit; /* "" = for all who want the topic */
    int64_t number;   /* of the messages of its exit */
    int64_t next_ms;
    const char *fault;
    int64_t dead_ms; /* 0 = it is still tried */
};
struct outbox_counts {
    int64_t waiting;
    int64_t dead;
    int64_t oldest_ms; /* how long the oldest that waits has waited */
};
/* Whose rows: of one exit, or (NULL) those that are of none of `others`, a list with a newline
 * between two. */
struct outbox_wanted {
    const char *exit;
    const char *others;
};
/* What became of a try. */
struct outbox_try {
    bool done;
    bool dead;
    int64_t next_ms;
    const char *fault; /* "" when it is done */
};

/* `topic` is a word of config_topics; the payload is JSON without names and drugs. */
RW_MUST_USE bool outbox_insert(const struct scope *scope, const char *topic, const char *payload,
                               struct rw_error *err);
/* The same, but it is not sent before that time. */
RW_MUST_USE bool outbox_insert_for(const struct scope *scope, const char *topic,
                                   const char *payload, int64_t from_ms, struct rw_error *err);
/* Takes the rows that are due for `lease_ms`: nobody else gets them meanwhile. */
RW_MUST_USE bool outbox_claim(const struct scope *scope, const struct outbox_wanted *wanted,
                              int64_t lease_ms, struct outbox_row **ret_rows, size_t *ret_count,
                              struct rw_error *err);
/* The clock was set back: what waits for its next try does not wait for the hours to come again. */
RW_MUST_USE bool outbox_hurry(const struct scope *scope, struct rw_error *err);
/* Holds what was claimed for `lease_ms` more. `ret_held` is false when one of the rows is not ours
 * any more. */
RW_MUST_USE bool outbox_renew(const struct scope *scope, struct outbox_row *rows, size_t count,
                              int64_t lease_ms, bool *ret_held, struct rw_error *err);
/* The row becomes one for each exit, and is done itself; once, however often it is asked for. */
RW_MUST_USE bool outbox_split(const struct scope *scope, const struct outbox_row *row,
                              const char *const *exits, size_t count, struct rw_error *err);
RW_MUST_USE bool outbox_settle(const struct scope *scope, const char *outbox_id,
                               const struct outbox_try *tried, struct rw_error *err);
/* Rows that wait for delivery, and rows that were set aside. */
RW_MUST_USE bool outbox_count(const struct scope *scope, struct outbox_counts *ret_counts,
                              struct rw_error *err);
/* What waits or (dead) was set aside, the oldest first; payloads are NULL. */
RW_MUST_USE bool outbox_find(const struct scope *scope, bool dead, struct outbox_row **ret_rows,
                             size_t *ret_count, struct rw_error *err);
/* Has it tried again now. RW_NOT_FOUND when there is none that waits or was set aside. */
RW_MUST_USE bool outbox_revive(const struct scope *scope, const char *outbox_id,
                               struct rw_error *err);
/* The same for all that was set aside. */
RW_MUST_USE bool outbox_revive_dead(const struct scope *scope, int64_t *ret_count,
                                    struct rw_error *err);
/* True for one caller in each `period_ms`, whichever node it is. */
RW_MUST_USE bool outbox_beat(const struct scope *scope, int64_t period_ms, bool *ret_due,
                             struct rw_error *err);

#endif
