/* SPDX-License-Identifier: Apache-2.0 */
/* Shows what a plan changes in the roll that it replaces. */
#include "api/view_change.h"

#include "api/view.h"

#define TIMES_MAX 512
#define MINUTES 60

/* "08:00 1, 18:00 2" */
static const char *write_times(const struct page *page, const struct amend_line *line,
                               struct rw_error *err)
{
    struct rw_text text;
    const char *times = NULL;
    rw_text_init(&text, page->exchange->arena, TIMES_MAX);
    for (size_t i = 0; i < line->times.count; i++) {
        char amount[QUANTITY_TEXT_MAX];
        const struct roll_time *time = &line->times.list[i];
        page_amount(page, time->milli, amount);
        rw_text_format(&text, "%s%02d:%02d %s×", i > 0 ? ", " : "", time->minute / MINUTES,
                       time->minute % MINUTES, amount);
    }
    return rw_text_finish(&text, &times, err) ? times : NULL;
}

static void write_line(struct page *page, const struct amend_line *line)
{
    struct json_writer *json = &page->json;
    struct rw_error err = { 0 }; /* a line that is too long is shown without its times */
    json_write_object(json, NULL);
    json_write_text(json, "change", amend_change_word(line->change));
    json_write_bool(json, amend_change_word(line->change), true);
    json_write_bool(json, "loose", line->loose);
    json_write_text(json, "name", line->name);
    json_write_text(json, "strength", line->strength);
    json_write_text(json, "text", line->text);
    json_write_text(json, "look", line->look);
    json_write_text(json, "times", write_times(page, line, &err));
    json_write_object_end(json);
}

static void write_lines(struct page *page, const struct amendment *amendment, const char *name,
                        bool same)
{
    int64_t count = 0;
    json_write_list(&page->json, name);
    for (size_t i = 0; i < amendment->list_count; i++) {
        if ((amendment->list[i].change == AMEND_SAME) != same)
            continue;
        write_line(page, &amendment->list[i]);
        count++;
    }
    json_write_list_end(&page->json);
    if (same)
        json_write_int(&page->json, "same_count", count);
}

/* The bags that no longer count, with their moments. */
static void write_superseded(struct page *page, const struct change *change)
{
    json_write_list(&page->json, "superseded");
    for (size_t i = 0; i < change->amendment->superseded_count; i++) {
        const struct bag *bag = roll_bag_find(change->old.roll, change->amendment->superseded[i]);
        char stamp[RW_ZONE_STAMP_MAX];
        if (!bag)
            continue;
        rw_stamp_write(bag->at, stamp);
        json_write_object(&page->json, NULL);
        json_write_int(&page->json, "n", bag->n);
        json_write_text(&page->json, "serial", bag->serial);
        view_stamp(page, "at", stamp);
        json_write_object_end(&page->json);
    }
    json_write_list_end(&page->json);
}

void view_change_write(struct page *page, const struct change *change)
{
    struct json_writer *json = &page->json;
    enum amend_action action = change->amendment->action;
    json_write_object(json, "change");
    json_write_text(json, "action", amend_action_word(action));
    json_write_text(json, "old", change->old.row.number);
    json_write_text(json, "old_state", roll_state_word(change->old.row.state));
    json_write_bool(json, "out", change_is_out(change));
    json_write_bool(json, "film", action == AMEND_REPLACE_FROM || action == AMEND_AT_NEXT_ROLL);
    json_write_int(json, "superseded_count", (int64_t)change->amendment->superseded_count);
    write_superseded(page, change);
    write_lines(page, change->amendment, "lines", false);
    write_lines(page, change->amendment, "same", true);
    json_write_object_end(json);
}
