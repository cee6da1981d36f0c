/* SPDX-License-Identifier: Apache-2.0 */
/* The absences of a client as the pages show them. */
#include "api/client_pauses.h"

#include "api/publication.h"
#include "api/view.h"
#include "core/base/date.h"
#include "core/base/text.h"

#define MINUTE_MS INT64_C(60000)
#define DAY_MS INT64_C(86400000)
#define OPEN_DAYS 60 /* bags of an open pause are shown so far ahead */

static int64_t end_of(const struct pauses_row *row)
{
    int64_t end_ms = row->until_ms == PAUSES_OPEN ? INT64_MAX : row->until_ms;
    return row->ended_ms > 0 && row->ended_ms < end_ms ? row->ended_ms : end_ms;
}

/* May the bag leave its dispenser early, as the schedule there says? */
static bool goes_along(const struct schedule *schedule, const char *serial)
{
    const struct schedule_bag *bag = schedule_bag_find(schedule, serial);
    if (!bag && schedule->before)
        bag = schedule_bag_find(schedule->before, serial);
    return bag && bag->early;
}

static bool lies_in(const struct lookups_moment *moment, const struct client_pauses_row *one)
{
    struct rw_stamp at;
    if (!rw_stamp_parse(moment->at, &at) || rw_text_equal(moment->state, "ended"))
        return false;
    int64_t ms = rw_stamp_utc_minute(at) * MINUTE_MS;
    return ms >= one->row->from_ms && ms < end_of(one->row);
}

/* The moments of the days that the pause touches, in any zone. */
static bool read_moments(const struct scope *scope, const struct pauses_row *row,
                         struct lookups_moment **ret_moments, size_t *ret_count,
                         struct rw_error *err)
{
    char from[RW_DATE_TEXT_MAX];
    char before[RW_DATE_TEXT_MAX];
    int64_t end_ms = end_of(row);
    if (end_ms > row->from_ms + OPEN_DAYS * DAY_MS)
        end_ms = row->from_ms + OPEN_DAYS * DAY_MS;
    rw_date_write((int32_t)(row->from_ms / DAY_MS) - 1, from);
    rw_date_write((int32_t)(end_ms / DAY_MS) + 2, before);
    return lookups_moments(scope, row->client_id, from, before, ret_moments, ret_count, err);
}

static bool read_bags(struct service *service, const struct scope *scope,
                      struct client_pauses_row *one, struct rw_error *err)
{
    struct lookups_moment *moments = NULL;
    size_t count = 0;
    struct schedule *schedule = NULL;
    const char *dispenser = "";
    if (!read_moments(scope, one->row, &moments, &count, err))
        return false;
    one->bags = rw_arena_array(scope->arena, count, sizeof *one->bags, err);
    if (!one->bags)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!lies_in(&moments[i], one))
            continue;
        if (!rw_text_equal(moments[i].dispenser_id, dispenser) &&
            !publication_read(service, scope, moments[i].dispenser_id, &schedule, err))
            return false;
        dispenser = moments[i].dispenser_id;
        one->bags[one->count++] =
            (struct client_pauses_bag){ &moments[i],
                                        schedule && goes_along(schedule, moments[i].serial) };
    }
    return true;
}

bool client_pauses_read(struct service *service, const struct scope *scope, const char *client_id,
                        struct client_pauses *ret_pauses, struct rw_error *err)
{
    struct pauses_list list;
    *ret_pauses = (struct client_pauses){ 0 };
    if (!pauses_of_client(scope, client_id, &list, err))
        return false;
    for (size_t i = 0; i < list.count && i < CLIENT_PAUSES_MAX; i++) {
        struct client_pauses_row *one = &ret_pauses->rows[ret_pauses->count++];
        *one = (struct client_pauses_row){ .row = &list.rows[i],
                                           .is_over = end_of(&list.rows[i]) <= scope->now_ms,
                                           .has_begun = list.rows[i].from_ms <= scope->now_ms };
        if (!one->is_over && !read_bags(service, scope, one, err))
            return false;
    }
    return true;
}

static void write_bag(struct page *page, const struct client_pauses_row *one,
                      const struct client_pauses_bag *bag)
{
    struct json_writer *json = &page->json;
    bool away = rw_text_equal(one->row->kind, "away");
    bool waits = rw_text_equal(bag->moment->state, "waiting");
    const char *fate = !waits       ? bag->moment->state
                       : !away      ? "withhold"
                       : bag->along ? "along"
                                    : "ask";
    json_write_object(json, NULL);
    json_write_text(json, "roll", bag->moment->roll);
    json_write_int(json, "n", bag->moment->n);
    view_stamp(page, "at", bag->moment->at);
    json_write_text(json, "fate", fate);
    json_write_object_end(json);
}

void client_pauses_write(struct page *page, const struct client_pauses *pauses)
{
    struct json_writer *json = &page->json;
    json_write_list(json, "pauses");
    for (size_t i = 0; i < pauses->count; i++) {
        const struct client_pauses_row *one = &pauses->rows[i];
        json_write_object(json, NULL);
        json_write_text(json, "pause", one->row->pause_id);
        json_write_text(json, "kind", one->row->kind);
        json_write_text(json, "reason", one->row->reason);
        json_write_text(json, "by", one->row->actor);
        json_write_bool(json, "holds", !one->is_over);
        json_write_bool(json, "begun", one->has_begun);
        page_time(page, "since", one->row->from_ms);
        page_time(page, "until", one->row->until_ms);
        page_time(page, "ended", one->row->ended_ms);
        json_write_text(json, "ended_by", one->row->ended_by);
        json_write_text(json, "ended_reason", one->row->ended_reason);
        json_write_list(json, "bags");
        for (size_t k = 0; k < one->count; k++)
            write_bag(page, one, &one->bags[k]);
        json_write_list_end(json);
        json_write_object_end(json);
    }
    json_write_list_end(json);
}
