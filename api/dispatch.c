/* SPDX-License-Identifier: Apache-2.0 */
/* Brings each request to its route: who asks, may they, who answers. */
#include "api/dispatch.h"

#include "api/access.h"
#include "api/form.h"
#include "api/limiter.h"
#include "api/page.h"
#include "api/respond.h"
#include "api/routes.h"
#include "api/service.h"

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
    if (limiter_take(service->limiter, name ? name : exchange->link->source,
                     rw_clock_monotonic_ms(&service->clock), &wait_ms))
        return true;
    return rw_error_set(err, RW_TOO_MANY, "", "there are more than %lld requests a second",
                        (long long)service->config.requests_per_s);
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
    bool known = exchange->route->roles == 0 || access_authenticate(service, exchange, &err);
    if (!known || !routes_check(exchange, &err) || !check_rate(service, exchange, &err)) {
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

static void answer(void *self, struct exchange *exchange)
{
    struct service *service = self;
    struct rw_error err = { 0 };
    bool page = is_page(exchange);
    if ((page && !form_read(exchange, &err)) || !access_check_forgery(exchange, page, &err))
        refuse(service, exchange, &err);
    else
        exchange->route->answer(service, exchange);
    count(service, exchange);
}

struct http_port dispatch_port(struct service *service)
{
    return (struct http_port){ .self = service, .admit = admit, .answer = answer };
}
