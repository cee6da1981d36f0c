/* SPDX-License-Identifier: Apache-2.0 */
/* Pages of bags: label and picture, the review queue, the lines. */
#include <string.h>

#include "api/handlers.h"
#include "api/judge.h"
#include "api/respond.h"
#include "api/routes.h"
#include "api/service.h"
#include "api/view.h"
#include "core/json/roll_json.h"
#include "labels/pdf.h"
#include "labels/svg.h"

struct reading {
    const char *roll;
    const char *serial; /* NULL: no bag in particular */
    const char *kind;   /* of the file that leaves with it, for the journal; NULL: none does */
    struct rolls_row row;
    struct roll *planned;
    const struct bag *bag;
    struct bags_list bags;
    struct bags_picture picture;
    struct lookups_verdict *verdicts;
    size_t verdict_count;
    struct lookups_doubt *doubts;
    size_t doubt_count;
    struct lookups_line *lines;
    size_t line_count;
};

static bool note_reading(const struct scope *scope, const struct reading *reading,
                         struct rw_error *err)
{
    const struct journal_act act = { .action = "read",
                                     .object_type = "roll",
                                     .object_id = reading->row.number,
                                     .client = reading->row.pseudonym,
                                     .detail = reading->kind ? reading->kind : "" };
    return journal_insert_once(scope, &act, err);
}

static bool read_planned(void *self, const struct scope *scope, struct rw_error *err)
{
    struct reading *reading = self;
    struct rolls_document document;
    if (!rolls_get(scope, reading->roll, false, &reading->row, err) ||
        !rolls_get_version(scope, reading->roll, reading->row.version, &document, err) ||
        !roll_json_read(document.bytes, document.length, scope->arena, &reading->planned, err) ||
        !note_reading(scope, reading, err))
        return false;
    reading->bag = reading->serial ? roll_bag_find(reading->planned, reading->serial) : NULL;
    if (reading->serial && !reading->bag)
        return rw_error_set(err, RW_NOT_FOUND, "", "bag \"%s\" is not in roll %s", reading->serial,
                            reading->roll);
    return true;
}

/* Drawn for each request, one at a time: the fonts serve one thread. */
void handle_console_label_get(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct reading reading = { .roll = exchange->args[0], .serial = exchange->args[1] };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &reading, read_planned };
    const struct layout_desk desk = { .canvas = service->canvas };
    const char *svg = NULL;
    bool done = service_transact(service, &who, &work, &err);
    if (done) {
        (void)pthread_mutex_lock(&service->planning);
        done = svg_write(&desk, reading.planned, reading.bag, exchange->arena, &svg, &err);
        (void)pthread_mutex_unlock(&service->planning);
    }
    if (done)
        exchange_reply_bytes(exchange, "image/svg+xml", svg, strlen(svg));
    else
        respond_error(service, exchange, &err);
}

void handle_console_labels_pdf(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct reading reading = { .roll = exchange->args[0], .kind = "labels.pdf" };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &reading, read_planned };
    const struct layout_desk desk = { .canvas = service->canvas };
    const char *bytes = NULL;
    size_t length = 0;
    bool done = service_transact(service, &who, &work, &err);
    if (done) {
        (void)pthread_mutex_lock(&service->planning);
        done = pdf_write(&desk, reading.planned, exchange->arena, &bytes, &length, &err);
        (void)pthread_mutex_unlock(&service->planning);
    }
    if (done)
        exchange_reply_bytes(exchange, "application/pdf", bytes, length);
    else if (exchange->route->doors & ROUTES_PAGE)
        page_fail(service, exchange, &err);
    else
        respond_error(service, exchange, &err);
}

static bool read_bag(void *self, const struct scope *scope, struct rw_error *err)
{
    struct reading *reading = self;
    return read_planned(self, scope, err) && bags_find(scope, reading->roll, &reading->bags, err) &&
           bags_find_picture(scope, reading->roll, reading->serial, &reading->picture, err) &&
           lookups_verdicts(scope, reading->roll, reading->serial, &reading->verdicts,
                            &reading->verdict_count, err);
}

static void write_verdicts(struct page *page, const struct reading *reading)
{
    struct json_writer *json = &page->json;
    json_write_list(json, "verdicts");
    for (size_t i = 0; i < reading->verdict_count; i++) {
        const struct lookups_verdict *verdict = &reading->verdicts[i];
        json_write_object(json, NULL);
        page_time(page, "at", verdict->at_ms);
        json_write_text(json, "verdict", verdict->verdict);
        json_write_text(json, "reason", verdict->reason);
        json_write_text(json, "by", verdict->actor);
        json_write_bool(json, "by_person", verdict->by_person);
        json_write_object_end(json);
    }
    json_write_list_end(json);
}

/* The verdict of a line that came last: it says where in the picture the symbol lay. */
static struct conn_cell last_posted(const struct reading *reading)
{
    for (size_t i = 0; i < reading->verdict_count; i++) {
        if (!reading->verdicts[i].by_person)
            return reading->verdicts[i].posted;
    }
    return (struct conn_cell){ 0 };
}

void handle_console_bag_get(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct page page;
    struct reading reading = { .roll = exchange->args[0], .serial = exchange->args[1] };
    const struct bags_row *row = NULL;
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &reading, read_bag };
    reading.picture = (struct bags_picture){ .roll = reading.roll, .serial = reading.serial };
    if (!service_transact(service, &who, &work, &err)) {
        page_fail(service, exchange, &err);
        return;
    }
    for (size_t i = 0; i < reading.bags.count; i++) {
        if (rw_text_equal(reading.bags.rows[i].serial, reading.serial))
            row = &reading.bags.rows[i];
    }
    const struct conn_cell posted = last_posted(&reading);
    page_begin(&page, service, exchange, "bag", NULL);
    json_write_text(&page.json, "roll", reading.roll);
    json_write_text(&page.json, "client_name", reading.planned->client.name);
    view_bag(&page, reading.bag, row);
    json_write_bool(&page.json, "picture", reading.picture.bytes != NULL);
    view_overlay(&page, &reading.picture, &posted);
    write_verdicts(&page, &reading);
    json_write_bool(&page.json, "may_mark",
                    (reading.row.state == ROLL_RELEASED || reading.row.state == ROLL_RUNNING) &&
                        reading.bag->kind == BAG_DOSE &&
                        routes_may(exchange, "POST", "/bags/{serial}/mark"));
    json_write_bool(&page.json, "may_judge",
                    (reading.row.state == ROLL_PRINTED || reading.row.state == ROLL_VERIFIED) &&
                        routes_may(exchange, "POST", "/rolls/{roll}/judge"));
    page_send(&page);
}

static bool read_doubts(void *self, const struct scope *scope, struct rw_error *err)
{
    struct reading *reading = self;
    if (!lookups_doubts(scope, &reading->doubts, &reading->doubt_count, err))
        return false;
    const char **clients = rw_arena_array(scope->arena, reading->doubt_count, sizeof *clients, err);
    for (size_t i = 0; clients && i < reading->doubt_count; i++)
        clients[i] = reading->doubts[i].pseudonym;
    return clients && journal_insert_list(scope, "bag", clients, reading->doubt_count, err);
}

void handle_console_review_get(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    struct page page;
    struct reading reading = { 0 };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &reading, read_doubts };
    if (!service_transact(service, &who, &work, &err)) {
        page_fail(service, exchange, &err);
        return;
    }
    page_begin(&page, service, exchange, "review", NULL);
    json_write_bool(&page.json, "may_judge", routes_may(exchange, "POST", "/rolls/{roll}/judge"));
    json_write_bool(&page.json, "may_remake", routes_may(exchange, "POST", "/rolls/{roll}/remake"));
    json_write_list(&page.json, "doubts");
    for (size_t i = 0; i < reading.doubt_count; i++) {
        const struct lookups_doubt *doubt = &reading.doubts[i];
        json_write_object(&page.json, NULL);
        json_write_text(&page.json, "roll", doubt->roll);
        json_write_text(&page.json, "serial", doubt->serial);
        json_write_int(&page.json, "n", doubt->n);
        json_write_text(&page.json, "verdict", doubt->verdict);
        json_write_bool(&page.json, doubt->verdict, true);
        json_write_text(&page.json, "reason", doubt->reason);
        json_write_text(&page.json, "by", doubt->actor);
        json_write_text(&page.json, "client_name", doubt->client_name);
        json_write_bool(&page.json, "picture", doubt->has_picture);
        page_time(&page, "at", doubt->at_ms);
        json_write_object_end(&page.json);
    }
    json_write_list_end(&page.json);
    page_send(&page);
}

static bool read_lines(void *self, const struct scope *scope, struct rw_error *err)
{
    struct reading *reading = self;
    return lookups_lines(scope, reading->serial ? reading->serial : "", &reading->lines,
                         &reading->line_count, err);
}

/* What the operator sees from across the hall: go, look, or stop. */
static const char *light_of(const struct lookups_line *line)
{
    if (!line->roll || !line->verdict)
        return "wait";
    if (rw_text_equal(line->verdict, "pass"))
        return "go";
    return rw_text_equal(line->verdict, "unsure") ? "look" : "stop";
}

static void write_line(struct page *page, const struct lookups_line *line)
{
    struct json_writer *json = &page->json;
    const char *light = light_of(line);
    json_write_text(json, "line", line->line_id);
    json_write_text(json, "light", light);
    json_write_bool(json, light, true);
    json_write_text(json, "roll", line->roll);
    json_write_text(json, "serial", line->serial);
    json_write_int(json, "n", line->n);
    json_write_text(json, "verdict", line->verdict);
    json_write_text(json, "reason", line->reason);
    json_write_int(json, "judged", line->judged);
    json_write_int(json, "bag_count", line->bags);
    json_write_int(json, "doubt_count", line->doubts);
    json_write_bool(json, "so_far", line->glances > 0);
    json_write_bool(json, "picture", line->has_picture);
    page_time(page, "at", line->at_ms);
}

static void show_lines(struct service *service, struct exchange *exchange, const char *name,
                       const char *line)
{
    struct rw_error err = { 0 };
    struct page page;
    struct reading reading = { .serial = line };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &reading, read_lines };
    if (service_transact(service, &who, &work, &err) && line && reading.line_count != 1)
        (void)rw_error_set(&err, RW_NOT_FOUND, "", "there is no line \"%s\"", line);
    if (err.code != RW_OK) {
        page_fail(service, exchange, &err);
        return;
    }
    page_begin(&page, service, exchange, name, NULL);
    if (line) {
        write_line(&page, &reading.lines[0]);
    } else {
        json_write_list(&page.json, "lines");
        for (size_t i = 0; i < reading.line_count; i++) {
            json_write_object(&page.json, NULL);
            write_line(&page, &reading.lines[i]);
            json_write_object_end(&page.json);
        }
        json_write_list_end(&page.json);
    }
    page_send(&page);
}

void handle_console_lines_list(struct service *service, struct exchange *exchange)
{
    show_lines(service, exchange, "lines", NULL);
}

void handle_console_line_get(struct service *service, struct exchange *exchange)
{
    show_lines(service, exchange, "line", exchange->args[0]);
}

/* The part of that page that renews itself. */
void handle_console_line_now(struct service *service, struct exchange *exchange)
{
    show_lines(service, exchange, "line-now", exchange->args[0]);
}

/* A word to the page that there is something new; it then asks for the part above. */
void handle_console_line_stream(struct service *service, struct exchange *exchange)
{
    struct rw_error err = { 0 };
    const char *key = rw_arena_format(exchange->arena, &err, JUDGE_LINE_KEY, exchange->args[0]);
    if (!key) {
        respond_error(service, exchange, &err);
        return;
    }
    exchange_reply_bytes(exchange, "text/event-stream", NULL, 0);
    exchange->reply.hold = EXCHANGE_STREAM;
    exchange->reply.stream_key = key;
    exchange->reply.stream_version = exchange->now_ms;
}
