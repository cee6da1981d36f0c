/* SPDX-License-Identifier: Apache-2.0 */
/* The page of one roll: all that is known of it, and what may be done. */
#include "api/console_roll.h"

#include "api/routes.h"
#include "api/service.h"
#include "api/view.h"
#include "api/view_change.h"
#include "core/json/roll_json.h"
#include "db/claims.h"
#include "db/orders.h"

#define JOURNAL_LINES_MAX 200

struct reading {
    const char *roll;
    bool renews;      /* the page that is open renews itself: one reading */
    const char *line; /* that holds the roll; NULL = none does */
    struct rolls_row row;
    struct rolls_document document;
    struct roll *planned;
    struct bags_list bags;
    struct rolls_overrides *overrides;
    size_t override_count;
    struct journal_row *journal;
    size_t journal_count;
    struct lookups_dispenser *dispensers;
    size_t dispenser_count;
    struct change change;
    int64_t newer_orders;
};

static bool read_roll(void *self, const struct scope *scope, struct rw_error *err)
{
    struct reading *reading = self;
    if (!rolls_get(scope, reading->roll, false, &reading->row, err) ||
        !rolls_get_version(scope, reading->roll, reading->row.version, &reading->document, err) ||
        !roll_json_read(reading->document.bytes, reading->document.length, scope->arena,
                        &reading->planned, err))
        return false;
    const struct journal_act act = { .action = "read",
                                     .object_type = "roll",
                                     .object_id = reading->roll,
                                     .client = reading->row.pseudonym,
                                     .detail = "" };
    const struct journal_search search = {
        .object_id = reading->roll, .actor = "", .client = "", .limit = JOURNAL_LINES_MAX
    };
    return (reading->renews ? journal_insert_once(scope, &act, err)
                            : journal_insert(scope, &act, err)) &&
           claims_holder(scope, reading->roll, &reading->line, err) &&
           bags_find(scope, reading->roll, &reading->bags, err) &&
           rolls_find_overrides(scope, &reading->row, &reading->overrides, &reading->override_count,
                                err) &&
           journal_find(scope, &search, &reading->journal, &reading->journal_count, err) &&
           lookups_dispensers(scope, &reading->dispensers, &reading->dispenser_count, err) &&
           orders_newer(scope, &reading->row, &reading->newer_orders, err) &&
           (!reading->planned->replaces ||
            change_compare(scope, reading->planned, &reading->change, err));
}

static const struct bags_row *find_row(const struct bags_list *list, const char *serial)
{
    for (size_t i = 0; i < list->count; i++) {
        if (rw_text_equal(list->rows[i].serial, serial))
            return &list->rows[i];
    }
    return NULL;
}

/* Does a line hold the roll, and has it not said yet how it came out? */
static bool is_on_line(const struct reading *reading)
{
    bool is_open = false;
    for (size_t i = 0; i < reading->bags.count && !is_open; i++) {
        const struct bags_row *row = &reading->bags.rows[i];
        is_open = !row->revoked && (!row->verdict || row->glance);
    }
    return is_open && reading->line && reading->row.state == ROLL_PRINTED;
}

static void write_bags(struct page *page, const struct reading *reading)
{
    struct json_writer *json = &page->json;
    int64_t good = 0;
    int64_t open = 0;
    int64_t doubts = 0;
    int64_t glances = 0;
    json_write_list(json, "bags");
    for (size_t i = 0; i < reading->planned->bag_count; i++) {
        const struct bag *bag = &reading->planned->bags[i];
        const struct bags_row *row = find_row(&reading->bags, bag->serial);
        bool judged = row && row->verdict;
        bool pass = judged && rw_text_equal(row->verdict, "pass");
        good += pass;
        open += !judged;
        doubts += judged && !pass;
        glances += row && row->glance && !row->by_person;
        json_write_object(json, NULL);
        view_bag(page, bag, row);
        json_write_object_end(json);
    }
    json_write_list_end(json);
    json_write_int(json, "bag_count", (int64_t)reading->planned->bag_count);
    json_write_int(json, "good_count", good);
    json_write_int(json, "open_count", open);
    json_write_int(json, "doubt_count", doubts);
    json_write_int(json, "glance_count", glances);
}

static void write_overrides(struct page *page, const struct reading *reading)
{
    struct json_writer *json = &page->json;
    json_write_list(json, "overrides");
    for (size_t i = 0; i < reading->override_count; i++) {
        json_write_object(json, NULL);
        json_write_text(json, "id", reading->overrides[i].id);
        json_write_text(json, "actor", reading->overrides[i].actor);
        json_write_text(json, "reason", reading->overrides[i].reason);
        page_time(page, "at", reading->overrides[i].at_ms);
        json_write_object_end(json);
    }
    json_write_list_end(json);
}

/* A button is there when the state and the role both allow the act. */
static void write_may(struct page *page, const struct reading *reading)
{
    static const struct {
        const char *name;
        const char *pattern;
        enum roll_act act;
    } acts[] = {
        { "approve", "/rolls/{roll}/approve", ROLL_ACT_APPROVE },
        { "reject", "/rolls/{roll}/reject", ROLL_ACT_REJECT },
        { "print", "/rolls/{roll}/print", ROLL_ACT_PRINT },
        { "remake", "/rolls/{roll}/remake", ROLL_ACT_REMAKE },
        { "release", "/rolls/{roll}/release", ROLL_ACT_RELEASE },
        { "withdraw", "/rolls/{roll}/withdraw", ROLL_ACT_WITHDRAW },
    };
    enum roll_state state = reading->row.state;
    const struct amendment *change = reading->change.amendment;
    bool without_film =
        change && change_is_out(&reading->change) &&
        (change->action == AMEND_ADD_LOOSE || change->action == AMEND_REMOVE_BY_PHARMACY);
    json_write_object(&page->json, "may");
    for (size_t i = 0; i < RW_COUNT(acts); i++)
        json_write_bool(&page->json, acts[i].name,
                        roll_step_find(state, acts[i].act) &&
                            routes_may(page->exchange, "POST", acts[i].pattern));
    json_write_bool(&page->json, "amend",
                    state == ROLL_APPROVED && without_film &&
                        routes_may(page->exchange, "POST", "/rolls/{roll}/amend"));
    json_write_bool(&page->json, "judge",
                    (state == ROLL_PRINTED || state == ROLL_VERIFIED) &&
                        routes_may(page->exchange, "POST", "/rolls/{roll}/judge"));
    json_write_object_end(&page->json);
}

/* May orders that came in since still change what happens to it? */
static bool is_alive(enum roll_state state)
{
    return state >= ROLL_PLANNED && state <= ROLL_RUNNING;
}

static void write_dispenser(struct json_writer *json, const struct reading *reading,
                            const struct lookups_dispenser *one)
{
    json_write_object(json, NULL);
    json_write_text(json, "id", one->dispenser_id);
    json_write_text(json, "holder", one->client_id);
    json_write_bool(json, "chosen", rw_text_equal(one->client_id, reading->row.client_id));
    json_write_object_end(json);
}

/* The client's own machine is chosen; for a new client nobody's is, so that no click sends a roll
 * to the one that happens to stand first. */
static void write_dispensers(struct page *page, const struct reading *reading)
{
    json_write_list(&page->json, "dispensers");
    for (size_t i = 0; i < reading->dispenser_count; i++)
        write_dispenser(&page->json, reading, &reading->dispensers[i]);
    json_write_list_end(&page->json);
}

void console_roll_show(struct service *service, struct exchange *exchange,
                       const struct rw_error *trouble)
{
    struct rw_error err = { 0 };
    struct page page;
    struct reading reading = { .roll = exchange->args[0],
                               .renews = exchange_query(exchange, "live") != NULL };
    const struct scope who = service_who(service, exchange);
    const struct service_work work = { &reading, read_roll };
    if (!service_transact(service, &who, &work, &err)) {
        page_fail(service, exchange, &err);
        return;
    }
    page_begin(&page, service, exchange, "roll", trouble);
    reading.row.client_name =
        reading.planned->client.name; /* also of one from before it was kept */
    view_row(&page, &reading.row);
    json_write_text(&page.json, "born", reading.planned->client.born);
    json_write_text(&page.json, "media", reading.planned->media);
    json_write_text(&page.json, "replaces", reading.planned->replaces);
    json_write_text(&page.json, "fingerprint", reading.document.fingerprint);
    write_may(&page, &reading);
    json_write_bool(&page.json, "may_pack",
                    reading.row.state == ROLL_APPROVED || reading.row.state == ROLL_PRINTED ||
                        reading.row.state == ROLL_VERIFIED);
    if (is_on_line(&reading))
        json_write_text(&page.json, "line", reading.line);
    write_bags(&page, &reading);
    if (is_alive(reading.row.state))
        json_write_int(&page.json, "newer_orders", reading.newer_orders);
    if (reading.change.amendment)
        view_change_write(&page, &reading.change);
    view_findings(&page, &reading.planned->findings, reading.planned);
    view_outside(&page, reading.planned);
    write_overrides(&page, &reading);
    write_dispensers(&page, &reading);
    view_journal(&page, reading.journal, reading.journal_count, false);
    page_send(&page);
    if (reading.renews && !is_on_line(&reading))
        exchange_reply_extra(exchange, "HX-Refresh", "true");
}
