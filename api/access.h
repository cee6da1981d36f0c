/* SPDX-License-Identifier: Apache-2.0 */
/* Finds out who asks. */
#ifndef RW_API_ACCESS_H
#define RW_API_ACCESS_H

#include <stdbool.h>

#include "api/exchange.h"
#include "api/role.h"
#include "core/base/attributes.h"
#include "core/base/error.h"

struct service;

/* The prefix makes browsers refuse it from other hosts and over plain HTTP (RFC 6265bis 4.1.3.2).
 */
#define ACCESS_KNOWN_COOKIE "__Host-rolwacht-known"
#define ACCESS_KNOWN_S 31536000 /* a year */
#define ACCESS_COOKIE "__Host-rolwacht"

/* Finds who asks: at the people's door by the bearer token or else by the cookie of a session, at
 * the devices' by the certificate. No token at all, and a session that is over, is ROLE_NOBODY and
 * no error; a wrong token is RW_UNAUTHENTICATED. */
RW_MUST_USE bool access_authenticate(struct service *service, struct exchange *exchange,
                                     struct rw_error *err);
/* A browser sends a cookie by itself, so a request that changes something must show that a page of
 * ours sent it: by its Origin, and by the session's token in a field "csrf" or a header
 * X-CSRF-Token. A form of a `page` shows its origin also before anybody is signed in. */
RW_MUST_USE bool access_check_forgery(const struct exchange *exchange, bool page,
                                      struct rw_error *err);
/* The value of Set-Cookie for a session's token; NULL ends it. */
const char *access_cookie(struct rw_arena *arena, const char *token, struct rw_error *err);

/* For the browser in which a person signed in: proof of it, for the next time. */
const char *access_known_cookie(struct rw_arena *arena, const char *known, struct rw_error *err);
/* What that cookie says; "" without. */
const char *access_known(struct exchange *exchange);

#endif
