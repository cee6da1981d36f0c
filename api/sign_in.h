/* SPDX-License-Identifier: Apache-2.0 */
/* Lets people in by password and second factor, and out again. */
#ifndef RW_API_SIGN_IN_H
#define RW_API_SIGN_IN_H

#include <stdbool.h>
#include <stdint.h>

#include "api/totp.h"
#include "core/base/attributes.h"
#include "core/base/crypto.h"
#include "core/base/error.h"
#include "db/journal.h"
#include "db/scope.h"

struct service;

#define SIGN_IN_PASSWORD_MIN                                                                       \
    12                           /* characters; no rules about their kinds (NIST SP 800-63B 5.1.1) \
                                  */
#define SIGN_IN_PASSWORD_MAX 256 /* bytes */

/* What a person types. Empty texts stand for what was left out. */
struct sign_in_request {
    const char *person;
    const char *password;
    const char *code;         /* of the second factor, or the one-time code */
    const char *new_password; /* when one is chosen */
    const char *session;      /* hash of the session that asks; NULL without one */
    const char *known;        /* of sign_in_result, from the last time in this browser; "" = none */
};
/* A new session: its token goes into the cookie and is kept nowhere. */
struct sign_in_result {
    const char *token;
    bool enrolled;     /* false: the second factor comes next, before anything else */
    const char *known; /* for this browser, in the arena; NULL before the second factor */
};

/* Who guesses at somebody's name makes that person wait nowhere but in browsers where the person
 * never signed in: tries with `known` are counted apart. */
/* Password, and code once the person has a second factor. Every refusal sounds the same, whether
 * the person exists or not: RW_UNAUTHENTICATED, and RW_TOO_MANY after a few tries. */
RW_MUST_USE bool sign_in(struct service *service, const struct scope *who,
                         const struct sign_in_request *request, struct sign_in_result *ret_result,
                         struct rw_error *err);
/* Chooses a password with the one-time code; a second factor that was there is forgotten. */
RW_MUST_USE bool sign_in_by_code(struct service *service, const struct scope *who,
                                 const struct sign_in_request *request,
                                 struct sign_in_result *ret_result, struct rw_error *err);
/* Of a row of the journal: nobody proved to be the person whose name stands as its actor. */
bool sign_in_is_claimed(const struct journal_act *act);
/* Ends this session; NULL: all that the person has, wherever they were begun. */
RW_MUST_USE bool sign_in_out(struct service *service, const struct scope *who, const char *session,
                             struct rw_error *err);

/* The secret of a second factor that this session may enrol; it follows from the session. */
void sign_in_secret(const struct service *service, const char *person, const char *nonce,
                    uint8_t ret_secret[TOTP_SECRET_BYTES]);
/* The person's app gave a code of that secret: from now on it counts. A person who has one already
 * also gives the password. All sessions end and a new one begins. */
RW_MUST_USE bool sign_in_enrol(struct service *service, const struct scope *who,
                               const struct sign_in_request *request,
                               struct sign_in_result *ret_result, struct rw_error *err);
/* Another password for the old one; all sessions end and a new one begins. */
RW_MUST_USE bool sign_in_change(struct service *service, const struct scope *who,
                                const struct sign_in_request *request,
                                struct sign_in_result *ret_result, struct rw_error *err);

#endif
