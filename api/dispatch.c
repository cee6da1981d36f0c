/* SPDX-License-Identifier: Apache-2.0 */
/* Brings each request to its route: who asks, may they, who answers. */
#include "api/dispatch.h"

#include <string.h>

#include "api/access.h"
#include "api/form.h"
#include "api/limiter.h"
#include "api/page.h"
#include "api/repeats.h"
#include "api/respond.h"
#include "api/role.h"
#include "api/routes.h"
#include "api/service.h"
#include "core/base/text.h"
#include "db/journal.h"

#define MEDIA_TYPE_MAX 128

static void count(struct service *service, const struct exchange *exchange)
{
    int32_t class = exchange->reply.status / 100;
    if (class > 0 && class < SERVICE_STATUS_CLASSES)
        atomic_fetch_add(&service->counts.answers[class], 1);
}

static bool is_page(const struct exchange *exchange)
{
    return (exchange->route->doors & ROUTES_PAGE) != 0;
}

static void refuse(struct service *service, struct exchange *exchange, const struct rw_error *err)
{
    if (is_page(exchange))
        page_fail(service, exchange, err);
    else
        respond_error(service, exchange, err);
}

/* By name, or by address where nobody has to say who they are. */
static bool check_rate(struct service *service, struct exchange *exchange, struct rw_error *err)
{
    const char *name = exchange->caller.name;
    int64_t wait_ms = 0;
    if (limiter_take(service->limiter, name ? name : exchange->link->source, exchange->clock_ms,
                     &wait_ms))
        return true;
    return rw_error_set(err, RW_TOO_MANY, "", "there are more requests a second than %lld",
                        (long long)service->config.requests_per_s);
}

/* Who asks for what is not theirs is written down as who gets it is (NEN 7513): by name, once in a
 * while for each thing, so that nobody can fill the journal with it. */
static bool note_refusal(void *self, const struct scope *scope, struct rw_error *err)
{
    const struct exchange *exchange = self;
    const struct route *route = exchange->route;
    const char *detail =
        rw_arena_format(scope->arena, err, "%s %s", exchange->method, route->pattern);
    const struct journal_act act = { .action = "refuse",
                                     .object_type = "address",
                                     .object_id = exchange->args[0],
                                     .client = "",
                                     .detail = detail };
    return detail && journal_insert_once(scope, &act, err);
}

static void journal_refusal(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { exchange, note_refusal };
    if (!service_transact(service, &who, &work, &err))
        respond_log(service, exchange, &err);
}

/* A token, certificate or code that is none: nobody knows whose it is, but the journal knows from
 * where it came, and how often. */
struct stranger {
    const struct exchange *exchange;
    const char *why;
};

static bool note_stranger(void *self, const struct scope *scope, struct rw_error *err)
{
    const struct stranger *stranger = self;
    const char *detail = rw_arena_format(scope->arena, err, "%s %s: %s", stranger->exchange->method,
                                         stranger->exchange->route->pattern, stranger->why);
    const struct journal_act act = { .action = "refuse",
                                     .object_type = "credential",
                                     .object_id = "",
                                     .client = "",
                                     .detail = detail };
    return detail && journal_insert(scope, &act, err);
}

/* Who guesses is held to a rate too, by the address. */
static void turn_away(struct service *service, struct exchange *exchange, struct rw_error *err)
{
    struct rw_error fault = { 0 };
    struct rw_error slower = { 0 };
    struct stranger stranger = { exchange, err->text };
    struct scope who = service_who(service, exchange);
    const struct service_work work = { &stranger, note_stranger };
    if (repeats_add(service->strangers, exchange->link->source,
                    rw_clock_monotonic_ms(&service->clock), &who.source) &&
        !service_transact(service, &who, &work, &fault))
        respond_log(service, exchange, &fault);
    if (!check_rate(service, exchange, &slower))
        *err = slower;
}

/* Those who see a part of the pharmacy are told that the rest is not there. */
static bool is_refused(const struct exchange *exchange)
{
    const bool partly = (exchange->caller.role & (ROLE_FOLLOWERS | ROLE_LINE)) != 0;
    const int32_t status = exchange->reply.status;
    return status == 403 || (status == 404 && partly);
}

static bool is_let_in(struct service *service, struct exchange *exchange, struct rw_error *err)
{
    if (exchange->route->roles != 0 && !access_authenticate(service, exchange, err)) {
        if (err->code == RW_UNAUTHENTICATED)
            turn_away(service, exchange, err);
        return false;
    }
    if (!check_rate(service, exchange, err))
        return false;
    if (routes_check(exchange, err))
        return true;
    if (err->code != RW_UNAUTHENTICATED && exchange->caller.role != ROLE_ENROLLING)
        journal_refusal(service, exchange);
    return false;
}

/* Who asks whether the body may come (Expect) is told at once that it is too large; who sends it
 * all the same would not hear, and is told behind it. */
static bool may_come(const struct exchange *exchange, struct rw_error *err)
{
    const char *length = exchange_header(exchange, "content-length");
    int64_t announced = 0;
    if (!exchange_header(exchange, "expect") || !length ||
        !rw_text_to_int(length, 0, INT64_MAX, &announced) ||
        (uint64_t)announced <= exchange->route->body_max)
        return true;
    return rw_error_set(err, RW_TOO_LARGE, "",
                        "the body is longer than the %zu bytes that this address takes",
                        exchange->route->body_max);
}

static bool admit(void *self, struct exchange *exchange, size_t *ret_body_max)
{
    struct service *service = self;
    struct rw_error err = { 0 };
    char allow[64];
    if (!routes_find(exchange, allow, &err)) {
        exchange_reply_error(exchange, &err, NULL);
        if (allow[0]) {
            const char *methods = rw_arena_text(exchange->arena, allow, &err);
            if (methods)
                exchange_reply_extra(exchange, "Allow", methods);
        }
        count(service, exchange);
        return false;
    }
    if (!is_let_in(service, exchange, &err) || !may_come(exchange, &err)) {
        refuse(service, exchange, &err);
        if (err.code == RW_TOO_MANY)
            exchange_reply_extra(exchange, "Retry-After", "1");
        else if (exchange->route->doors & ROUTES_QUIET)
            exchange_reply_extra(exchange, "HX-Refresh",
                                 "true"); /* it shows that its session ended */
        count(service, exchange);
        return false;
    }
    *ret_body_max = exchange->route->body_max;
    return true;
}

/* What a request says of its body must not be something else than the address takes. Nothing said,
 * and what curl says unasked, are taken for what the address takes; so is a file of bytes. */
static bool is_of_a_kind(const struct exchange *exchange, struct rw_error *err)
{
    static const char *const good[] = { "application/json", "application/octet-stream",
                                        "application/x-www-form-urlencoded" };
    char kind[MEDIA_TYPE_MAX];
    if (exchange->body_length == 0 || is_page(exchange) ||
        (exchange->route->doors & ROUTES_ANY_BODY))
        return true;
    const char *said = exchange_header(exchange, "content-type");
    if (!said)
        return true;
    const size_t length = strcspn(said, "; \t");
    if (length < sizeof kind) {
        memcpy(kind, said, length);
        kind[length] = '\0';
        for (size_t i = 0; i < RW_COUNT(good); i++) {
            if (rw_text_equal_nocase(kind, good[i]))
                return true;
        }
        if (length > 5 && rw_text_equal_nocase(kind + length - 5, "+json"))
            return true;
    }
    return rw_error_set(err, RW_UNSUPPORTED, "", "this address takes application/json");
}

static void answer(void *self, struct exchange *exchange)
{
    struct service *service = self;
    struct rw_error err = { 0 };
    bool page = is_page(exchange);
    if ((page && !form_read(exchange, &err)) || !access_check_forgery(exchange, page, &err) ||
        !is_of_a_kind(exchange, &err))
        refuse(service, exchange, &err);
    else
        exchange->route->answer(service, exchange);
    if (is_refused(exchange) && exchange->caller.role != ROLE_NOBODY)
        journal_refusal(service, exchange);
    else if (is_refused(exchange) && !page)
        turn_away(service, exchange, &(struct rw_error){ .text = "the code cannot be used" });
    count(service, exchange);
}

struct http_port dispatch_port(struct service *service)
{
    return (struct http_port){ .self = service, .admit = admit, .answer = answer };
}
