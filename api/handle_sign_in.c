/* SPDX-License-Identifier: Apache-2.0 */
/* The pages by which a person comes in, and the person's own settings. */
#include <stdio.h>

#include "api/access.h"
#include "api/handlers.h"
#include "api/page.h"
#include "api/respond.h"
#include "api/role.h"
#include "api/service.h"
#include "api/sign_in.h"
#include "api/staff.h"
#include "core/base/text.h"
#include "labels/symbol.h"

#define SECRET_GROUP 4 /* letters between two spaces, as people type them */

void handle_root_get(struct service *service, struct exchange *exchange)
{
    page_go(service, exchange, "%s", page_home(exchange->caller.role));
}

static void show(struct service *service, struct exchange *exchange, const char *name,
                 const struct rw_error *trouble)
{
    struct page page;
    page_begin(&page, service, exchange, name, trouble);
    json_write_text(&page.json, "typed", exchange_field(exchange, "person"));
    page_send(&page);
}

void handle_login_get(struct service *service, struct exchange *exchange)
{
    show(service, exchange, "login", NULL);
}

void handle_setup_get(struct service *service, struct exchange *exchange)
{
    show(service, exchange, "setup", NULL);
}

static struct sign_in_request read_request(struct exchange *exchange)
{
    return (struct sign_in_request){ .person = exchange_field(exchange, "person"),
                                     .password = exchange_field(exchange, "password"),
                                     .code = exchange_field(exchange, "code"),
                                     .new_password = exchange_field(exchange, "new_password"),
                                     .session = exchange->caller.session,
                                     .known = access_known(exchange) };
}

/* On to the first page, with the new session's cookie. */
static void let_in(struct service *service, struct exchange *exchange,
                   const struct sign_in_result *result, const char *place)
{
    struct rw_error err = { 0 };
    const char *cookie = access_cookie(exchange->arena, result->token, &err);
    if (!cookie) {
        respond_error(service, exchange, &err);
        return;
    }
    page_go(service, exchange, "%s", place);
    const char *known =
        result->known ? access_known_cookie(exchange->arena, result->known, &err) : NULL;
    if (known)
        exchange_reply_extra(exchange, "Set-Cookie", known);
    exchange_reply_extra(exchange, "Set-Cookie", cookie);
}

static void add_retry(struct exchange *exchange, const struct rw_error *err)
{
    if (err->code == RW_TOO_MANY)
        exchange_reply_extra(exchange, "Retry-After", "30");
}

void handle_login_post(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct sign_in_result result;
    const struct sign_in_request request = read_request(exchange);
    const struct scope who = service_who(service, exchange);
    if (sign_in(service, &who, &request, &result, &err)) {
        let_in(service, exchange, &result, result.enrolled ? "/" : "/account");
        return;
    }
    show(service, exchange, "login", &err);
    add_retry(exchange, &err);
}

void handle_setup_post(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct sign_in_result result;
    const struct sign_in_request request = read_request(exchange);
    const struct scope who = service_who(service, exchange);
    if (sign_in_by_code(service, &who, &request, &result, &err)) {
        let_in(service, exchange, &result, "/account");
        return;
    }
    show(service, exchange, "setup", &err);
    add_retry(exchange, &err);
}

static void sign_out(struct service *service, struct exchange *exchange, const char *session)
{
    struct rw_error err = { 0 };
    const struct sign_in_result nobody = { 0 };
    const struct scope who = service_who(service, exchange);
    if (!sign_in_out(service, &who, session, &err)) {
        page_fail(service, exchange, &err);
        return;
    }
    let_in(service, exchange, &nobody, "/login");
}

void handle_logout_post(struct service *service, struct exchange *exchange)
{
    sign_out(service, exchange, exchange->caller.session);
}

/* A computer that was left signed in, or a telephone that is gone: this one as well. */
void handle_account_leave(struct service *service, struct exchange *exchange)
{
    sign_out(service, exchange, NULL);
}

/* For the camera of a telephone, with the quiet zone that a reader wants around it. */
static bool write_qr(struct page *page, const char *address, struct rw_error *err)
{
    const char *path = NULL;
    char box[48];
    int32_t side = 0;
    if (!symbol_qr(address, page->exchange->arena, &path, &side, err))
        return false;
    (void)snprintf(box, sizeof box, "-4 -4 %d %d", (int)side + 8, (int)side + 8);
    json_write_text(&page->json, "qr", path);
    json_write_text(&page->json, "qr_box", box);
    return true;
}

/* In groups for the eye, for the camera, and as the address that an app on the same device opens.
 */
static bool write_factor(struct page *page, struct rw_error *err)
{
    const struct exchange_caller *caller = &page->exchange->caller;
    struct rw_text grouped;
    uint8_t secret[TOTP_SECRET_BYTES];
    const char *base32 = NULL;
    const char *text = NULL;
    sign_in_secret(page->service, caller->name, caller->session, secret);
    if (!totp_base32(secret, page->exchange->arena, &base32, err))
        return false;
    rw_crypto_wipe(secret, sizeof secret);
    rw_text_init(&grouped, page->exchange->arena, 2 * TOTP_SECRET_BYTES * SECRET_GROUP);
    for (size_t i = 0; base32[i]; i++)
        rw_text_format(&grouped, "%s%c", i > 0 && i % SECRET_GROUP == 0 ? " " : "", base32[i]);
    const char *address =
        rw_arena_format(page->exchange->arena, err,
                        "otpauth://totp/rolwacht:%s?secret=%s&issuer=rolwacht&algorithm=SHA1"
                        "&digits=%d&period=%d",
                        caller->name, base32, TOTP_DIGITS, TOTP_STEP_S);
    if (!address || !rw_text_finish(&grouped, &text, err))
        return false;
    json_write_text(&page->json, "secret", text);
    json_write_text(&page->json, "otpauth", address);
    return write_qr(page, address, err);
}

static void show_account(struct service *service, struct exchange *exchange,
                         const struct rw_error *trouble)
{
    struct rw_error err = { 0 };
    struct page page;
    page_begin(&page, service, exchange, "account", trouble);
    json_write_bool(&page.json, "enrolled", exchange->caller.role != ROLE_ENROLLING);
    if (!write_factor(&page, &err)) {
        page_fail(service, exchange, &err);
        return;
    }
    page_send(&page);
}

void handle_account_get(struct service *service, struct exchange *exchange)
{
    show_account(service, exchange, NULL);
}

/* The person is the one who is signed in, whatever the form says. */
static void change(struct service *service, struct exchange *exchange, const char *place,
                   bool (*function)(struct service *, const struct scope *,
                                    const struct sign_in_request *, struct sign_in_result *,
                                    struct rw_error *))
{
    struct rw_error err = { 0 };
    struct sign_in_result result;
    struct sign_in_request request = read_request(exchange);
    const struct scope who = service_who(service, exchange);
    request.person = exchange->caller.name;
    if (function(service, &who, &request, &result, &err)) {
        let_in(service, exchange, &result, place);
        return;
    }
    show_account(service, exchange, &err);
    add_retry(exchange, &err);
}

void handle_account_factor(struct service *service, struct exchange *exchange)
{
    change(service, exchange, "/account?done=factor", sign_in_enrol);
}

void handle_account_password(struct service *service, struct exchange *exchange)
{
    change(service, exchange, "/account?done=password", sign_in_change);
}

void handle_account_language(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    const struct scope who = service_who(service, exchange);
    if (staff_set_language(service, &who, exchange_field(exchange, "language"), &err))
        page_go(service, exchange, "/account?done=language");
    else
        show_account(service, exchange, &err);
}
