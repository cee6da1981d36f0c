/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps when clients are not at home. */
#ifndef RW_DB_PAUSES_H
#define RW_DB_PAUSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/scope.h"

#define PAUSES_LISTED_MAX 100
#define PAUSES_OPEN INT64_C(0) /* `until_ms` of a pause that somebody has to end */

/* The moment from which a pause covers nothing more: its own end, or when somebody ended it. */
#define PAUSES_END(p)                                                  \
    "least(coalesce(" p ".until_ms, 9223372036854775807), coalesce(" p \
    ".ended_ms, 9223372036854775807))"

struct pauses_row {
    const char *pause_id;
    const char *client_id;
    const char *kind; /* "away" or "pause" */
    int64_t from_ms;
    int64_t until_ms; /* PAUSES_OPEN */
    const char *reason;
    const char *actor;
    int64_t at_ms;
    int64_t ended_ms; /* 0 = nobody ended it */
    const char *ended_by;
    const char *ended_reason;
};
struct pauses_list {
    struct pauses_row *rows;
    size_t count;
};

/* `ret_new` is false when another pause of the client has a moment in common with it. */
RW_MUST_USE bool pauses_insert(const struct scope *scope, const struct pauses_row *row,
                               bool *ret_new, struct rw_error *err);
/* Ends one that is not over, now. `ret_row->pause_id` is NULL when there is none to end. */
RW_MUST_USE bool pauses_end(const struct scope *scope, const char *client_id, const char *pause_id,
                            const char *reason, struct pauses_row *ret_row, struct rw_error *err);
/* All of a client, the last first. */
RW_MUST_USE bool pauses_of_client(const struct scope *scope, const char *client_id,
                                  struct pauses_list *ret_list, struct rw_error *err);
/* Those that cover a moment after `since_ms`, by pseudonym: the last `max` of them. */
RW_MUST_USE bool pauses_after(const struct scope *scope, const char *pseudonym, int64_t since_ms,
                              int64_t max, struct pauses_list *ret_list, struct rw_error *err);
/* Is the client of a roll away at that moment? */
RW_MUST_USE bool pauses_cover(const struct scope *scope, const char *roll, int64_t at_ms,
                              bool *ret_away, struct rw_error *err);

#endif
