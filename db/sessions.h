/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps who is signed in, and slows down those who guess. */
#ifndef RW_DB_SESSIONS_H
#define RW_DB_SESSIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "db/scope.h"

/* Our own choices, in line with NIST SP 800-63B section 4.2.3 (AAL2: at most 12 hours, 30 minutes
 * without activity). */
#define SESSIONS_IDLE_MS (INT64_C(30) * 60 * 1000)
#define SESSIONS_AGE_MS (INT64_C(12) * 3600 * 1000)
/* A session that was begun or seen so far ahead of now is over: the clock was set back, and it
 * would outlive its hours by as much. */
#define SESSIONS_AHEAD_MS (INT64_C(5) * 60 * 1000)
#define SESSIONS_FINE_MS (INT64_C(60) * 1000) /* a row is written once a minute at most */

struct sessions_row {
    const char *person_id; /* NULL when there is no such session, or no more */
    const char *name;
    const char *role;
    const char *language;
    bool enrolled; /* the person has a second factor */
    int64_t seen_ms;
};

/* A new session; those of this person that are over go. */
RW_MUST_USE bool sessions_insert(const struct scope *scope, const char *hash, const char *person_id,
                                 struct rw_error *err);
/* Neither idle nor old, of a person who may sign in. */
RW_MUST_USE bool sessions_find(const struct scope *scope, const char *hash,
                               struct sessions_row *ret_row, struct rw_error *err);
RW_MUST_USE bool sessions_touch(const struct scope *scope, const char *hash, struct rw_error *err);
RW_MUST_USE bool sessions_end(const struct scope *scope, const char *hash, struct rw_error *err);
/* All of the person. */
RW_MUST_USE bool sessions_end_all(const struct scope *scope, const char *person_id,
                                  struct rw_error *err);

/* Of these credentials, which stand for nobody any more: of a session, as above, or of a token. */
RW_MUST_USE bool sessions_find_over(const struct scope *scope, const char *const *hashes,
                                    size_t count, const char ***ret_over, size_t *ret_count,
                                    struct rw_error *err);

/* Counts a try under this key before it is known whether it succeeds, so that tries at the same
 * time do not pass for one. After `free` of them each costs a wait, twice as long as the one
 * before; `ret_wait_ms` is what is left of it, and while it is not 0 no try is taken. */
RW_MUST_USE bool sessions_try(const struct scope *scope, const char *key_hash, int64_t free,
                              int64_t *ret_wait_ms, struct rw_error *err);
/* It succeeded: `all` of the tries are forgotten, or only this one. */
RW_MUST_USE bool sessions_forgive(const struct scope *scope, const char *key_hash, bool all,
                                  struct rw_error *err);

#endif
