/* SPDX-License-Identifier: Apache-2.0 */
/* Finds out who asks. */
#include "api/access.h"

#include <string.h>
#include <strings.h>

#include "api/enrol.h"
#include "api/routes.h"
#include "api/service.h"
#include "core/base/text.h"
#include "db/devices.h"
#include "db/sessions.h"
#include "db/tokens.h"

#define TOKEN_MAX 512
#define BEARER "Bearer "
#define CSRF_SALT "csrf:"
#define CONTACT_FINE_MS 1000

/* What a credential stands for, asked in the database at each request: revoking acts at once. */
struct credential {
    const char *hash; /* of a token, or of a certificate */
    struct token_row token;
    struct device_row device;
    struct sessions_row session;
};

static bool find_token(void *self, const struct scope *scope, struct rw_error *err)
{
    struct credential *credential = self;
    return tokens_find(scope, credential->hash, &credential->token, err);
}

static bool find_device(void *self, const struct scope *scope, struct rw_error *err)
{
    struct credential *credential = self;
    return devices_find(scope, credential->hash, &credential->device, err);
}

static bool find_session(void *self, const struct scope *scope, struct rw_error *err)
{
    struct credential *credential = self;
    return sessions_find(scope, credential->hash, &credential->session, err);
}

static bool touch_session(void *self, const struct scope *scope, struct rw_error *err)
{
    const struct credential *credential = self;
    return sessions_touch(scope, credential->hash, err);
}

static bool take_caller(struct exchange *exchange, const char *role, const char *name,
                        uint32_t allowed, struct rw_error *err)
{
    uint32_t bit = ROLE_NOBODY;
    if (!role || !role_from_word(role, &bit) || !(bit & allowed))
        return rw_error_set(err, RW_UNAUTHENTICATED, "", "the token or certificate is not valid");
    exchange->caller = (struct exchange_caller){ .role = bit, .name = name };
    return true;
}

static bool take_token(struct exchange *exchange, const struct credential *credential,
                       struct rw_error *err)
{
    struct exchange_caller *caller = &exchange->caller;
    if (!take_caller(exchange, credential->token.role, credential->token.name, ROLE_TOKENS, err))
        return false;
    caller->credential = rw_arena_text(exchange->arena, credential->hash, err);
    if (caller->role & ROLE_FOLLOWERS)
        caller->follower = rw_arena_format(exchange->arena, err, "@%s", caller->name);
    return caller->credential && (caller->follower || !(caller->role & ROLE_FOLLOWERS));
}

/* Each connection is looked up once, and again as soon as any certificate was refused anywhere. */
static bool is_let_in(const struct service *service, const struct exchange *exchange)
{
    const struct exchange_link *link = exchange->link;
    return link->role != ROLE_NOBODY && link->refusals == atomic_load(&service->refusals) &&
           service_is_fed(service, exchange->clock_ms);
}

static bool let_in(struct service *service, struct exchange *exchange, struct rw_error *err)
{
    struct exchange_link *link = exchange->link;
    struct credential credential = { .hash = link->fingerprint };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &credential, find_device };
    int64_t refusals = atomic_load(&service->refusals); /* before it is looked up */
    link->role = ROLE_NOBODY;
    if (!service_read(service, &who, &work, err) ||
        !take_caller(exchange, credential.device.role, credential.device.device_id, ROLE_DEVICES,
                     err) ||
        (credential.device.renewed &&
         !enrol_retire(service, &who, &credential.device, link->fingerprint, err)))
        return false;
    if (rw_text_copy(link->name, sizeof link->name, exchange->caller.name)) {
        link->role = exchange->caller.role;
        link->refusals = refusals;
    }
    return true;
}

/* What is asked again within a second is no news. */
static void note_contact(struct service *service, struct exchange *exchange)
{
    struct exchange_link *link = exchange->link;
    if (exchange->now_ms >= link->noted_ms && exchange->now_ms - link->noted_ms < CONTACT_FINE_MS)
        return;
    link->noted_ms = exchange->now_ms;
    contacts_note(service->contacts, exchange->caller.name);
}

static bool by_certificate(struct service *service, struct exchange *exchange, struct rw_error *err)
{
    const struct exchange_link *link = exchange->link;
    if (!link->fingerprint[0])
        return rw_error_set(err, RW_UNAUTHENTICATED, "", "no certificate was shown");
    if (is_let_in(service, exchange))
        exchange->caller = (struct exchange_caller){ .role = link->role, .name = link->name };
    else if (!let_in(service, exchange, err))
        return false;
    if (exchange->caller.role == ROLE_DISPENSER)
        note_contact(service, exchange);
    return true;
}

/* The value of a cookie among those that the browser sent (RFC 6265 section 4.2); NULL without.
 * `name` ends with its "=". */
static const char *cookie_value(struct exchange *exchange, const char *name, struct rw_error *err)
{
    const char *at = exchange_header(exchange, "cookie");
    while (at) { /* each round goes on behind a separator */
        at += strspn(at, " ");
        size_t length = strcspn(at, ";");
        if (rw_text_starts_with(at, name))
            return rw_arena_text_n(exchange->arena, at + strlen(name), length - strlen(name), err);
        at = at[length] ? at + length + 1 : NULL;
    }
    return NULL;
}

/* It follows from the cookie, so nothing is kept of it, and the cookie does not follow from it. */
static const char *csrf_of(struct exchange *exchange, const char *token, struct rw_error *err)
{
    char hash[RW_HEX_SHA256_MAX];
    const char *salted = rw_arena_format(exchange->arena, err, CSRF_SALT "%s", token);
    if (!salted)
        return NULL;
    secrets_hash(salted, hash);
    return rw_arena_text(exchange->arena, hash, err);
}

static bool take_session(struct exchange *exchange, const struct credential *credential,
                         const char *token, struct rw_error *err)
{
    const struct sessions_row *row = &credential->session;
    uint32_t role = ROLE_NOBODY;
    if (!role_from_word(row->role, &role) || !(role & ROLE_PERSONS))
        return rw_error_set(err, RW_BUG, "", "\"%s\" is not a role of a person", row->role);
    const char *hash = rw_arena_text(exchange->arena, credential->hash, err);
    exchange->caller =
        (struct exchange_caller){ .role = row->enrolled ? role : ROLE_ENROLLING,
                                  .name = row->person_id,
                                  .credential = hash,
                                  .session = hash,
                                  .csrf = csrf_of(exchange, token, err),
                                  .person_name = row->name,
                                  .follower = role & ROLE_FOLLOWERS ? row->person_id : NULL,
                                  .language = row->language };
    return exchange->caller.session && exchange->caller.csrf;
}

/* A cookie that stands for nobody any more is as good as none: its owner signs in again. */
static bool by_cookie(struct service *service, struct exchange *exchange, struct rw_error *err)
{
    const char *token = cookie_value(exchange, ACCESS_COOKIE "=", err);
    char hash[RW_HEX_SHA256_MAX];
    if (!token || strlen(token) > TOKEN_MAX)
        return err->code == RW_OK;
    secrets_hash(token, hash);
    struct credential credential = { .hash = hash };
    const struct scope who = service_who(service, exchange);
    const struct service_work find = { &credential, find_session };
    const struct service_work touch = { &credential, touch_session };
    if (!service_read(service, &who, &find, err))
        return false;
    if (!credential.session.person_id)
        return true;
    if (!(exchange->route->doors & ROUTES_QUIET) &&
        exchange->now_ms - credential.session.seen_ms >= SESSIONS_FINE_MS &&
        !service_transact(service, &who, &touch, err))
        return false;
    return take_session(exchange, &credential, token, err);
}

bool access_authenticate(struct service *service, struct exchange *exchange, struct rw_error *err)
{
    exchange->caller = (struct exchange_caller){ 0 };
    if (exchange->listener == EXCHANGE_DEVICES)
        return by_certificate(service, exchange, err);
    const char *header = exchange_header(exchange, "authorization");
    if (!header)
        return by_cookie(service, exchange, err);
    char hash[RW_HEX_SHA256_MAX];
    /* The name of a scheme has no case (RFC 9110 section 11.1). */
    if (strlen(header) > TOKEN_MAX || strncasecmp(header, BEARER, strlen(BEARER)) != 0)
        return rw_error_set(err, RW_UNAUTHENTICATED, "", "the authorization is no bearer token");
    secrets_hash(header + strlen(BEARER), hash);
    struct credential credential = { .hash = hash };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &credential, find_token };
    return service_read(service, &who, &work, err) && take_token(exchange, &credential, err);
}

static bool is_same_origin(const struct exchange *exchange)
{
    const char *origin = exchange_header(exchange, "origin");
    const char *host = exchange_header(exchange, "host");
    return origin && host && rw_text_starts_with(origin, "https://") &&
           rw_text_equal_nocase(origin + strlen("https://"), host);
}

bool access_check_forgery(const struct exchange *exchange, bool page, struct rw_error *err)
{
    const char *wanted = exchange->caller.csrf;
    if (rw_text_equal(exchange->method, "GET") || rw_text_equal(exchange->method, "HEAD") ||
        (!page && !wanted))
        return true;
    const char *sent = exchange_header(exchange, "x-csrf-token");
    if (!is_same_origin(exchange))
        return rw_error_set(err, RW_DENIED, "", "the request does not come from a page of ours");
    sent = sent ? sent : exchange_field(exchange, "csrf");
    if (wanted &&
        (strlen(sent) != strlen(wanted) || !rw_crypto_equal(sent, wanted, strlen(wanted))))
        return rw_error_set(err, RW_DENIED, "", "the page is too old; open it again");
    return true;
}

const char *access_known(struct exchange *exchange)
{
    struct rw_error ignored = { 0 };
    const char *known = cookie_value(exchange, ACCESS_KNOWN_COOKIE "=", &ignored);
    return known ? known : "";
}

const char *access_known_cookie(struct rw_arena *arena, const char *known, struct rw_error *err)
{
    return rw_arena_format(arena, err,
                           ACCESS_KNOWN_COOKIE
                           "=%s; Max-Age=%d; Path=/; Secure; HttpOnly; SameSite=Strict",
                           known, ACCESS_KNOWN_S);
}

const char *access_cookie(struct rw_arena *arena, const char *token, struct rw_error *err)
{
    static const char attributes[] = "Path=/; Secure; HttpOnly; SameSite=Strict";
    if (!token)
        return rw_arena_format(arena, err, ACCESS_COOKIE "=; Max-Age=0; %s", attributes);
    return rw_arena_format(arena, err, ACCESS_COOKIE "=%s; %s", token, attributes);
}
