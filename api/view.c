/* SPDX-License-Identifier: Apache-2.0 */
/* Writes rolls, bags and what was done with them for the pages. */
#include "api/view.h"

#include <stdio.h>
#include <string.h>

#include "api/sign_in.h"
#include "core/base/date.h"
#include "core/json/json_read.h"
#include "core/model/alarm.h"
#include "core/model/picture.h"
#include "roll-builder/about.h"

#define POINTS_MAX 256
#define CORNERS 4

static void write_day(struct page *page, const char *name, int32_t day)
{
    json_write_object(&page->json, name);
    page_day(page, day);
    json_write_object_end(&page->json);
}

void view_row(struct page *page, const struct rolls_row *row)
{
    struct json_writer *json = &page->json;
    json_write_text(json, "roll", row->number);
    json_write_text(json, "state", roll_state_word(row->state));
    json_write_text(json, "client", row->client_id);
    json_write_text(json, "client_name", row->client_name);
    json_write_int(json, "version", row->version);
    json_write_int(json, "days", row->days);
    write_day(page, "from", (int32_t)row->from_day);
    write_day(page, "until", (int32_t)(row->from_day + row->days - 1));
    json_write_text(json, "dispenser", row->dispenser_id);
    json_write_text(json, "approved_by", row->approved_by);
    json_write_text(json, "counted_by", row->counted_by);
    json_write_text(json, "released_by", row->released_by);
    page_time(page, "changed", row->changed_ms);
}

void view_stamp(struct page *page, const char *name, const char *stamp)
{
    struct json_writer *json = &page->json;
    char date[RW_DATE_TEXT_MAX];
    char time[6];
    int32_t day = 0;
    if (!stamp || strlen(stamp) < 16)
        return;
    (void)snprintf(date, sizeof date, "%.10s", stamp);
    (void)snprintf(time, sizeof time, "%.5s", stamp + 11);
    json_write_object(json, name);
    json_write_text(json, "iso", stamp);
    json_write_text(json, "time", time);
    if (rw_date_parse(date, &day))
        page_day(page, day);
    json_write_object_end(json);
}

static void write_content(struct page *page, const struct bag_content *content)
{
    struct json_writer *json = &page->json;
    char amount[QUANTITY_TEXT_MAX];
    page_amount(page, content->milli, amount);
    json_write_object(json, NULL);
    json_write_text(json, "amount", amount);
    json_write_text(json, "name", content->name);
    json_write_text(json, "strength", content->strength);
    json_write_text(json, "look", content->look);
    json_write_text(json, "warning", content->warning);
    json_write_object_end(json);
}

void view_bag(struct page *page, const struct bag *bag, const struct bags_row *row)
{
    struct json_writer *json = &page->json;
    char stamp[RW_ZONE_STAMP_MAX];
    const char *verdict = row && row->verdict ? row->verdict : "open";
    rw_stamp_write(bag->at, stamp);
    json_write_text(json, "serial", bag->serial);
    json_write_int(json, "n", bag->n);
    json_write_int(json, "of", bag->of);
    json_write_text(json, "kind", bag_kind_word(bag->kind));
    json_write_bool(json, "dose", bag->kind == BAG_DOSE);
    json_write_text(json, "moment", bag->moment);
    if (bag->parts > 1)
        json_write_int(json, "part", bag->part);
    json_write_int(json, "parts", bag->parts);
    bool is_glanced = row && row->glance && !row->by_person;
    bool is_open = !row || !row->verdict;
    json_write_text(json, "verdict", verdict);
    if (!is_glanced || !is_open)
        json_write_bool(json, verdict, true); /* for what a template shows of one kind alone */
    if (is_glanced) {
        json_write_text(json, "glance", row->glance);
        json_write_object(json, "so_far");
        json_write_bool(json, row->glance, true);
        json_write_object_end(json);
    }
    const char *reason = row ? row->reason : NULL;
    const char *by = row ? row->actor : NULL;
    json_write_text(json, "reason", is_glanced && is_open ? row->glance_reason : reason);
    json_write_text(json, "by", is_glanced && is_open ? row->glance_actor : by);
    json_write_bool(json, "by_person", row && row->by_person);
    view_stamp(page, "at", stamp);
    json_write_list(json, "contents");
    for (size_t i = 0; i < bag->content_count; i++)
        write_content(page, &bag->contents[i]);
    json_write_list_end(json);
}

/* An order of the roll: what the plan calls it, and people. */
struct named {
    const char *label;
    const char *name;
};

static bool stands_in(const char *label, const char *text)
{
    return about_find(label, text) != NULL;
}

static void take_longer(const char *label, const char *name, const char *text,
                        bool (*fits)(const char *, const char *), struct named *best)
{
    if (label[0] && fits(label, text) && (!best->label || strlen(label) > strlen(best->label)))
        *best = (struct named){ label, name };
}

/* The order whose label fits the text best; without one nothing. */
static struct named find_named(const struct roll *roll, const char *text,
                               bool (*fits)(const char *, const char *))
{
    struct named best = { NULL, NULL };
    for (size_t i = 0; roll && i < roll->bag_count; i++) {
        const struct bag *bag = &roll->bags[i];
        for (size_t k = 0; k < bag->content_count; k++)
            take_longer(bag->contents[k].order, bag->contents[k].name, text, fits, &best);
    }
    for (size_t i = 0; roll && i < roll->loose_count; i++)
        take_longer(roll->loose[i].order, roll->loose[i].name, text, fits, &best);
    for (size_t i = 0; roll && i < roll->excluded_count; i++)
        take_longer(roll->excluded[i].order, roll->excluded[i].name, text, fits, &best);
    return best;
}

/* A person knows the medicine, not where its order stands in which document. */
static const char *name_order(const struct roll *roll, const char *text, struct rw_arena *arena)
{
    const struct named named = find_named(roll, text, stands_in);
    if (!named.label || !named.name)
        return text;
    const char *at = about_find(named.label, text);
    const char *said = rw_arena_format(arena, NULL, "%.*s%s%s", (int)(at - text), text, named.name,
                                       at + strlen(named.label));
    return said ? said : text;
}

void view_findings(struct page *page, const struct rw_diag *findings, const struct roll *roll)
{
    struct json_writer *json = &page->json;
    json_write_list(json, "findings");
    for (size_t i = 0; i < findings->count; i++) {
        const struct rw_finding *finding = &findings->findings[i];
        json_write_object(json, NULL);
        json_write_int(json, "number", (int64_t)i);
        json_write_text(json, "id", finding->id);
        json_write_text(json, "severity", rw_severity_letter(finding->severity));
        json_write_bool(json, "asks", finding->severity == RW_OVERRIDABLE);
        json_write_text(json, "reason", finding->reason);
        json_write_text(json, "name",
                        finding->about ? finding->about
                                       : find_named(roll, finding->pointer, about_holds).name);
        page_sentence(page, "text", name_order(roll, finding->text, page->exchange->arena));
        json_write_text(json, "pointer", finding->pointer);
        json_write_object_end(json);
    }
    json_write_list_end(json);
}

static void write_outside(struct page *page, const char *name, const struct roll_outside *lines,
                          size_t count)
{
    struct json_writer *json = &page->json;
    char amount[QUANTITY_TEXT_MAX];
    json_write_list(json, name);
    for (size_t i = 0; i < count; i++) {
        json_write_object(json, NULL);
        json_write_text(json, "name", lines[i].name);
        json_write_text(json, "text", lines[i].text);
        json_write_text(json, "reason", lines[i].reason);
        page_amount(page, lines[i].milli, amount);
        json_write_text(json, "amount", lines[i].milli >= 0 ? amount : NULL);
        json_write_object_end(json);
    }
    json_write_list_end(json);
}

void view_outside(struct page *page, const struct roll *roll)
{
    write_outside(page, "loose", roll->loose, roll->loose_count);
    write_outside(page, "excluded", roll->excluded, roll->excluded_count);
}

/* Of an alarm that was raised its kind, which has a word of its own; else a sentence. */
static void write_detail(struct page *page, const struct journal_act *act)
{
    enum alarm_type type;
    if (rw_text_equal(act->object_type, "alarm") && alarm_type_from_word(act->detail, &type))
        json_write_text(&page->json, "kind", act->detail);
    else if (act->detail[0])
        page_sentence(page, "detail", act->detail);
}

void view_journal(struct page *page, const struct journal_row *rows, size_t count, bool clients)
{
    struct json_writer *json = &page->json;
    json_write_list(json, "journal");
    for (size_t i = 0; i < count; i++) {
        json_write_object(json, NULL);
        page_time(page, "at", rows[i].at_ms);
        json_write_text(json, "actor", rows[i].actor);
        json_write_text(json, "role", rows[i].role);
        json_write_bool(json, "claimed", rows[i].actor[0] && sign_in_is_claimed(&rows[i].act));
        json_write_text(json, "action", rows[i].act.action);
        json_write_text(json, "object_type", rows[i].act.object_type);
        json_write_text(json, "object_id", rows[i].act.object_id);
        json_write_text(json, "client", clients ? rows[i].act.client : "");
        write_detail(page, &rows[i].act);
        json_write_text(json, "source", rows[i].source);
        json_write_object_end(json);
    }
    json_write_list_end(json);
}

/* Width and height stand first in a PNG's first chunk (PNG 3rd edition, 11.2.1). */
static bool png_size(const struct bags_picture *picture, uint32_t ret_size[2])
{
    if (!picture->bytes || picture->length < 24 || !rw_text_equal(picture->media_type, "image/png"))
        return false;
    for (int i = 0; i < 2; i++) {
        const unsigned char *at = (const unsigned char *)picture->bytes + 16 + 4 * i;
        ret_size[i] = (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
    }
    return ret_size[0] <= PICTURE_SIDE_MAX && ret_size[1] <= PICTURE_SIDE_MAX;
}

static bool write_points(const struct json *quad, char ret_points[POINTS_MAX])
{
    size_t held = 0;
    ret_points[0] = '\0';
    if (!quad || quad->kind != JSON_LIST || quad->count != CORNERS)
        return false;
    for (const struct json *corner = quad->first; corner; corner = corner->next) {
        const struct json *x = corner->first;
        const struct json *y = x ? x->next : NULL;
        if (!y || x->kind != JSON_NUMBER || y->kind != JSON_NUMBER)
            return false;
        int length = snprintf(ret_points + held, POINTS_MAX - held, "%s,%s ", x->text, y->text);
        if (length < 0 || (size_t)length >= POINTS_MAX - held)
            return false;
        held += (size_t)length;
    }
    return true;
}

void view_overlay(struct page *page, const struct bags_picture *picture,
                  const struct conn_cell *posted)
{
    struct rw_error err = { 0 };
    const struct json *root = NULL;
    uint32_t size[2];
    char points[POINTS_MAX];
    if (!png_size(picture, size))
        return;
    json_write_object(&page->json, "overlay");
    json_write_int(&page->json, "width", size[0]);
    json_write_int(&page->json, "height", size[1]);
    if (posted->length > 0 &&
        json_parse(page->exchange->arena, posted->bytes, posted->length, &root, &err) &&
        write_points(json_member(root, "quad"), points))
        json_write_text(&page->json, "points", points);
    json_write_object_end(&page->json);
}
