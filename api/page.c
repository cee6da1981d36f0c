/* SPDX-License-Identifier: Apache-2.0 */
/* One page of the console under construction. */
#include "api/page.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "api/console.h"
#include "api/instant.h"
#include "api/respond.h"
#include "api/role.h"
#include "api/service.h"
#include "api/wall.h"
#include "api/web_files.h"
#include "core/base/date.h"
#include "core/base/zone.h"

#define PLACE_MAX 512
#define MINUTE_MS 60000
#define DAY_MS INT64_C(86400000)
#define HTML_TYPE "text/html; charset=utf-8"

/* Nothing from elsewhere, no script or style inside a page, no page of ours inside another. */
#define CONTENT_POLICY                                                             \
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; " \
    "frame-ancestors 'none'"

struct menu_row {
    const char *word; /* also the name of the page */
    const char *place;
    uint32_t roles;
};

/* The first row that a role has is its home. */
static const struct menu_row menu[] = {
    { "rolls", "/rolls", ROLE_APOTHEKER | ROLE_ASSISTENT | ROLE_OPERATOR },
    { "review", "/review", ROLE_APOTHEKER | ROLE_ASSISTENT | ROLE_OPERATOR },
    { "lines", "/lines", ROLE_APOTHEKER | ROLE_ASSISTENT | ROLE_OPERATOR },
    { "alarms", "/alarms", ROLE_APOTHEKER | ROLE_ASSISTENT },
    { "dispensers", "/dispensers", ROLE_APOTHEKER | ROLE_ASSISTENT | ROLE_OPERATOR },
    { "recalls", "/recalls", ROLE_APOTHEKER | ROLE_ASSISTENT },
    { "followed", "/followed", ROLE_CARE | ROLE_FAMILY },
    { "persons", "/persons", ROLE_ADMINISTRATOR },
    { "messages", "/messages", ROLE_APOTHEKER | ROLE_ADMINISTRATOR | ROLE_OPERATOR },
    { "settings", "/settings", ROLE_APOTHEKER | ROLE_ADMINISTRATOR },
    { "journal", "/journal", ROLE_AUDITOR | ROLE_APOTHEKER | ROLE_ADMINISTRATOR },
    { "account", "/account", ROLE_PERSONS | ROLE_ENROLLING },
};

const char *page_home(uint32_t role)
{
    for (size_t i = 0; i < RW_COUNT(menu); i++) {
        if (menu[i].roles & role)
            return menu[i].place;
    }
    return "/login";
}

static void write_menu(struct page *page)
{
    struct json_writer *json = &page->json;
    json_write_list(json, "menu");
    for (size_t i = 0; i < RW_COUNT(menu); i++) {
        if (!(menu[i].roles & page->exchange->caller.role))
            continue;
        json_write_object(json, NULL);
        json_write_text(json, "word", menu[i].word);
        json_write_text(json, "place", menu[i].place);
        json_write_bool(json, "current", rw_text_equal(menu[i].word, page->name));
        json_write_object_end(json);
    }
    json_write_list_end(json);
}

/* Whom the page may show which buttons. */
static void write_person(struct page *page)
{
    const struct exchange_caller *caller = &page->exchange->caller;
    struct json_writer *json = &page->json;
    json_write_text(json, "csrf", caller->csrf);
    if (!caller->session)
        return;
    json_write_object(json, "person");
    json_write_text(json, "id", caller->name);
    json_write_text(json, "name", caller->person_name);
    json_write_text(json, "role", role_word(caller->role));
    json_write_object_end(json);
    json_write_object(json, "is");
    json_write_bool(json, role_word(caller->role), true);
    json_write_object_end(json);
    write_menu(page);
}

/* Cuts the sentence at the moments in it, so that each is shown as people write it. */
static void write_pieces(struct page *page, const char *sentence)
{
    struct rw_error err = { 0 };
    struct instant next = instant_find(sentence);
    if (!next.at)
        return;
    json_write_list(&page->json, "pieces");
    for (const char *at = sentence; *at; at += next.length) { /* each round goes on by a byte */
        next = instant_find(at);
        bool is_moment = next.at == at;
        if (!is_moment)
            next.length = next.at ? (size_t)(next.at - at) : strlen(at);
        json_write_object(&page->json, NULL);
        json_write_text(&page->json, "words",
                        rw_arena_format(page->exchange->arena, &err, "%.*s", (int)next.length, at));
        if (is_moment)
            page_time(page, "moment", next.utc_ms);
        json_write_object_end(&page->json);
    }
    json_write_list_end(&page->json);
}

void page_amount(const struct page *page, int64_t milli, char ret_text[QUANTITY_TEXT_MAX])
{
    quantity_write(milli, ret_text);
    char *point = strchr(ret_text, '.');
    if (point &&
        rw_text_equal(console_language(page->service->console, page->exchange)->word, "nl"))
        *point = ',';
}

void page_sentence(struct page *page, const char *name, const char *english)
{
    const struct console_language *language =
        console_language(page->service->console, page->exchange);
    const char *said = sentence_say(&language->sentences, english, page->exchange->arena);
    json_write_object(&page->json, name);
    json_write_bool(&page->json, "said", said || !language->sentences.rows);
    json_write_text(&page->json, "text", said ? said : english);
    write_pieces(page, said ? said : english);
    json_write_object_end(&page->json);
}

static void write_trouble(struct page *page, const struct rw_error *trouble)
{
    struct json_writer *json = &page->json;
    if (!trouble || trouble->code == RW_OK)
        return;
    respond_log(page->service, page->exchange, trouble);
    page->exchange->reply.status = rw_error_http_status(trouble->code);
    json_write_object(json, "trouble");
    json_write_text(json, "code", rw_error_id(trouble->code));
    if (rw_error_http_status(trouble->code) >= 500)
        json_write_bool(json, "ours", true); /* what we tell the log is nothing for a reader */
    else
        page_sentence(page, "text", trouble->text);
    json_write_text(json, "at", trouble->at);
    json_write_object_end(json);
}

/* What the page before did, but only in words that we have: the address comes from anywhere. */
static void write_done(struct page *page, const struct json *words)
{
    const char *done = exchange_query(page->exchange, "done");
    char word[TEMPLATE_NAME_MAX];
    int length = snprintf(word, sizeof word, "done.%s", done ? done : "");
    if (done && length > 0 && (size_t)length < sizeof word && template_word(words, word))
        json_write_text(&page->json, "done", done);
}

void page_begin(struct page *page, struct service *service, struct exchange *exchange,
                const char *name, const struct rw_error *trouble)
{
    const struct console_language *language = console_language(service->console, exchange);
    *page = (struct page){ .service = service, .exchange = exchange, .name = name };
    exchange->reply = (struct exchange_reply){ .status = 200 };
    rw_text_init(&page->text, exchange->arena, PAGE_BYTES_MAX);
    json_write_init(&page->json, &page->text);
    json_write_object(&page->json, NULL);
    json_write_text(&page->json, "page", name);
    json_write_text(&page->json, "language", language->word);
    json_write_text(&page->json, "assets", service->console->version);
    json_write_bool(&page->json, "script", service->console->has_script);
    write_person(page);
    write_trouble(page, trouble);
    write_done(page, language->words);
}

void page_day(struct page *page, int32_t day)
{
    const struct rw_civil civil = rw_date_civil(day);
    const struct rw_civil now = rw_date_civil((int32_t)(page->exchange->now_ms / DAY_MS));
    json_write_int(&page->json, "weekday", rw_date_weekday(day));
    json_write_int(&page->json, "mday", civil.day);
    json_write_int(&page->json, "month", civil.month);
    if (civil.year != now.year)
        json_write_int(&page->json, "year", civil.year);
}

void page_time(struct page *page, const char *name, int64_t utc_ms)
{
    struct rw_error err = { 0 };
    char iso[RW_CLOCK_TEXT_MAX];
    char text[RW_ZONE_STAMP_MAX];
    if (utc_ms == 0 ||
        (!page->zone && !wall_open(page->service, page->exchange, &page->zone, &err)))
        return;
    rw_clock_write_utc(utc_ms, iso);
    const struct rw_stamp wall = rw_zone_at(page->zone, utc_ms / MINUTE_MS);
    rw_stamp_write(wall, text);
    text[16] = '\0';
    json_write_object(&page->json, name);
    json_write_text(&page->json, "iso", iso);
    page_day(page, wall.wall.day);
    json_write_text(&page->json, "time", text + 11); /* behind "…T" */
    iso[19] = '\0';
    json_write_text(&page->json, "seconds", iso + 16); /* ":07": a zone is whole minutes off */
    json_write_object_end(&page->json);
}

static bool fill(struct page *page, struct rw_text *html, struct rw_error *err)
{
    struct exchange *exchange = page->exchange;
    const struct template_shelf shelf = {
        .files = web_files,
        .words = console_language(page->service->console, exchange)->words,
    };
    const struct json *values = NULL;
    const char *json = NULL;
    const char *file = rw_arena_format(exchange->arena, err, "%s.html", page->name);
    json_write_object_end(&page->json);
    rw_text_init(html, exchange->arena, PAGE_BYTES_MAX);
    return file && rw_text_finish(&page->text, &json, err) &&
           json_parse(exchange->arena, json, page->text.length, &values, err) &&
           template_fill(&shelf, file, values, html, err);
}

static void add_policy(struct exchange *exchange)
{
    exchange_reply_extra(exchange, "Content-Security-Policy", CONTENT_POLICY);
    exchange_reply_extra(exchange, "Referrer-Policy", "same-origin");
}

void page_send(struct page *page)
{
    struct exchange *exchange = page->exchange;
    struct rw_error err = { 0 };
    struct rw_text html;
    int32_t status = exchange->reply.status;
    rw_zone_close(page->zone);
    page->zone = NULL;
    if (!fill(page, &html, &err)) {
        respond_error(page->service, exchange, &err);
        return;
    }
    exchange_reply_bytes(exchange, HTML_TYPE, html.bytes, html.length);
    exchange->reply.status = status;
    add_policy(exchange);
}

void page_fail(struct service *service, struct exchange *exchange, const struct rw_error *trouble)
{
    struct page page;
    if (exchange_header(exchange, "authorization")) { /* no browser sends one unasked */
        respond_error(service, exchange, trouble);
        return;
    }
    if (trouble->code == RW_UNAUTHENTICATED) {
        page_go(service, exchange, "/login");
        return;
    }
    if (exchange->caller.role == ROLE_ENROLLING && trouble->code == RW_DENIED) {
        page_go(service, exchange, "/account");
        return;
    }
    page_begin(&page, service, exchange, "failure", trouble);
    page_send(&page);
}

void page_go(struct service *service, struct exchange *exchange, const char *format, ...)
{
    struct rw_error err = { 0 };
    struct rw_text place;
    const char *text = NULL;
    va_list list;
    rw_text_init(&place, exchange->arena, PLACE_MAX);
    va_start(list, format);
    rw_text_format_v(&place, format, list);
    va_end(list);
    if (!rw_text_finish(&place, &text, &err)) {
        respond_error(service, exchange, &err);
        return;
    }
    exchange_reply_empty(exchange, 303);
    exchange_reply_extra(exchange, "Location", text);
    add_policy(exchange);
}
