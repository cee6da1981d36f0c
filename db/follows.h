/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps who may follow which client, as the client allowed it. */
#ifndef RW_DB_FOLLOWS_H
#define RW_DB_FOLLOWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/scope.h"

#define FOLLOWS_LISTED_MAX 1000
#define FOLLOWS_TEAM '@' /* a follower that begins so is a team */

struct follows_row {
    const char *client_id;
    const char *pseudonym;
    const char *follower;
    const char *kind; /* "care" or "family" */
    bool medicines;
    bool acknowledges;
    const char *given_by;
    const char *reason;
    int64_t given_ms;
    int64_t ended_ms; /* 0 = it holds */
};
struct follows_list {
    struct follows_row *rows;
    size_t count;
};

/* RW_NOT_FOUND: nothing was ever received for that client. A consent to the same follower that
 * holds ends first. */
RW_MUST_USE bool follows_insert(const struct scope *scope, const struct follows_row *row,
                                struct rw_error *err);
/* 0 or 1 was changed. */
RW_MUST_USE bool follows_end(const struct scope *scope, const char *client_id, const char *follower,
                             int64_t *ret_changed, struct rw_error *err);
/* All of a client, those that ended too, the last first. */
RW_MUST_USE bool follows_of_client(const struct scope *scope, const char *client_id,
                                   struct follows_list *ret_list, struct rw_error *err);
/* What holds for a person, or for the team that the person works in: of one client, or (client_id
 * "") of all. A client that is named twice comes once for each. */
RW_MUST_USE bool follows_of_person(const struct scope *scope, const char *person_id,
                                   const char *client_id, struct follows_list *ret_list,
                                   struct rw_error *err);

/* Did the client let this person, or the person's team, acknowledge alarms? Who may do that may
 * also say what became of a bag, and when the client is away. */
RW_MUST_USE bool follows_acknowledges(const struct scope *scope, const char *person_id,
                                      const char *client_id, bool *ret_may, struct rw_error *err);

#endif
