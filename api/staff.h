/* SPDX-License-Identifier: Apache-2.0 */
/* Decides who may sign in, and with which role. */
#ifndef RW_API_STAFF_H
#define RW_API_STAFF_H

#include <stdbool.h>

#include "core/base/attributes.h"
#include "core/base/error.h"
#include "db/persons.h"
#include "db/scope.h"

struct service;

#define STAFF_NAME_MAX 100 /* characters, as the table holds */
#define STAFF_CODE_DAYS 7
#define STAFF_FIRST "admin" /* "administrator" is the first token */

struct staff_request {
    const char *person;
    const char *name;
    const char *role;
    const char *language;
    const char *team; /* NULL or "" = none */
};

/* A new person, who chooses a password with the code that is given here and nowhere again.
 * RW_CONFLICT: a person or a valid token has, or had, that id. */
RW_MUST_USE bool staff_add(struct service *service, const struct scope *who,
                           const struct staff_request *request, const char **ret_code,
                           struct rw_error *err);
/* Another code for a person who forgot the password or lost the second factor: both are void from
 * now on, and so are the person's sessions. */
RW_MUST_USE bool staff_invite(struct service *service, const struct scope *who, const char *person,
                              const char **ret_code, struct rw_error *err);
/* The person signs in no more; the id stays with that person. */
RW_MUST_USE bool staff_end(struct service *service, const struct scope *who, const char *person,
                           struct rw_error *err);
RW_MUST_USE bool staff_set_language(struct service *service, const struct scope *who,
                                    const char *language, struct rw_error *err);
RW_MUST_USE bool staff_list(struct service *service, const struct scope *who,
                            struct persons_list *ret_list, struct rw_error *err);

/* At the start: the pharmacy, the first token and the first administrator, unless they are there.
 * Token and code lie in the folder of keys; an administrator who has not chosen a password yet
 * gets a new code at each start. */
RW_MUST_USE bool staff_open(struct service *service, struct rw_error *err);

#endif
